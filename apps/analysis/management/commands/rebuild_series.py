"""Count the days the analysis rests on again, from the tickets.

    rebuild_series                              every day there is
    rebuild_series --from 2026-01-01 --to 2026-01-31
    rebuild_series --changed                    only days that are marked as changed, as every night does

Safe while work goes on. Broken off, it has kept the months it was through; the others stay marked, and --changed (or
the next night) goes on with them.
"""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.analysis import services
from apps.analysis.deadlines import yesterday
from apps.analysis.management.bar import Bar
from apps.analysis.queries.contacts import first_counted_or_opened


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", type=date.fromisoformat, dest="first", help="the first ticket's day")
        parser.add_argument("--to", type=date.fromisoformat, dest="last", help="yesterday")
        parser.add_argument("--changed", action="store_true", help="go on with what is marked as changed")

    def handle(self, *args: Any, **options: Any) -> None:
        now, bar = timezone.now(), Bar()
        last = options["last"] or yesterday(now)
        first = options["first"] or first_counted_or_opened()
        if first is None:
            self.stdout.write("There are no tickets yet.")
            return
        if first > last:
            raise CommandError(f"There is no day from {first} to {last}.")
        if not options["changed"]:
            services.mark_days(first=first, last=last)
        counted = services.count_series(
            first=first, last=last, at=now, progress=lambda done, of: bar.show("Counting the days", done, of)
        )
        bar.end()
        self.stdout.write(f"{counted:,} days counted, {first} to {last}.")
