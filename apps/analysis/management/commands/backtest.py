"""Play history to the detectors before they are switched on: what they would have raised, when, and how often falsely.

    backtest
    backtest --from 2026-01-01 --to 2026-06-30 --every 7
    backtest --worlds 10 --seed 3

Nothing is written but the counted days. Every night sees its past only. How many may be false is counted on worlds with
the same lines in which nothing happens (--worlds 0 leaves that out).
"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from apps.analysis import services
from apps.analysis.backtest import Raised, World, false_alarms, replay
from apps.analysis.deadlines import yesterday
from apps.analysis.management.bar import Bar
from apps.analysis.queries.contacts import first_counted_or_opened
from apps.analysis.queries.night import Night, read_history, subject
from apps.analysis.services.find_signals import screen_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", type=date.fromisoformat, dest="first", help="the first night (12 weeks in)"
        )
        parser.add_argument("--to", type=date.fromisoformat, dest="last", help="the last night (yesterday)")
        parser.add_argument(
            "--every", type=int, default=1, metavar="NIGHTS", help="look every so many nights (1)"
        )
        parser.add_argument("--worlds", type=int, default=3, help="quiet worlds to count false ones on (3)")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        now, self.bar = timezone.now(), Bar()
        begin, last = first_counted_or_opened(), options["last"] or yesterday(now)
        if begin is None or begin >= last:
            raise CommandError("There is no history to play.")
        if options["every"] < 1:
            raise CommandError("--every is at least 1.")
        services.count_series(first=begin, last=last, at=now, progress=self._show("Counting the days"))
        night = read_history(begin, last)
        start = night.contacts.index(options["first"] or night.contacts.first)
        with threadpool_limits(limits=1):
            self._play(night, max(start, 0), options)

    def _play(self, night: Night, start: int, options: dict[str, Any]) -> None:
        world = World(night.lines, night.calendar, night.offset)
        span = {"start": start, "stop": night.contacts.days, "every": options["every"]}
        raised = replay(
            world,
            night.contacts,
            night.subjects,
            screen_of(night),
            **span,
            progress=self._show("Playing the nights"),
        )
        self.bar.end()
        self._table(raised, night)
        false = [
            false_alarms(world, **span, seed=options["seed"] + n, progress=self._show(f"Quiet world {n + 1}"))
            for n in range(options["worlds"])
        ]
        self.bar.end()
        self._sum_up(raised, false)

    def _show(self, name: str) -> Callable[[int, int], None]:
        return lambda done, of: self.bar.show(name, done, of)

    def _table(self, raised: list[Raised], night: Night) -> None:
        row = "{:<11} {:<11} {:>6}  {:<10} {:<44} {:>8} {:>8}  {}"
        head = ("raised", "last seen", "nights", "kind", "issue and place", "seen", "expected", "")
        self.stdout.write(row.format(*head))
        for one in raised:
            found = one.found
            name = str(subject(night.lines.lines[_row(night, one)], night.taxonomy))[:44]
            seen, expected = f"{found.observed:.0f}", f"{found.expected:.1f}"
            kind = found.kind.replace("_", " ")
            told = (str(one.on), str(one.last), one.nights, kind, name, seen, expected, str(found.where))
            self.stdout.write(row.format(*told).rstrip())

    def _sum_up(self, raised: list[Raised], false: list[Counter[str]]) -> None:
        self.stdout.write(f"\n{len(raised)} would have been raised.")
        real = Counter(one.found.kind for one in raised)
        for kind in ("surge", "slow_burn") if false else ():
            counts = [one[kind] for one in false]
            mean, name = sum(counts) / len(counts), kind.replace("_", " ")
            share = (
                f": of {real[kind]} raised about {min(mean / real[kind], 1):.0%} may be false"
                if real[kind]
                else ""
            )
            self.stdout.write(
                f"{name.capitalize()}s in {len(false)} worlds with the same lines in which nothing happens: "
                f"{', '.join(map(str, counts))}{share}."
            )
        if real["chronic"]:
            self.stdout.write(f"{real['chronic']} chronic: always too high, which no chance brings about.")


def _row(night: Night, one: Raised) -> int:
    return next(
        row
        for row, line in enumerate(night.lines.lines)
        if line.issue == one.found.issue and line.place == one.found.place
    )
