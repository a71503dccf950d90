"""The demo company from other seeds: is all that is planted in it found, and how many alarms are false?

    .venv/bin/python -m bench.demo_seeds --seed 11 12 13

Each seed is loaded into a throw-away database, nights of its eighteen months are run, and one line a truth says what
was found (docs/demo.md says what is planted). The exit code is 1 when a truth was missed or a trap taken for one.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from bench.ground import empty_helpdesk

if TYPE_CHECKING:
    from config.demo.nights import Nights

END = date(2025, 11, 20)
SEEDS = tuple(range(11, 21))
# Before the last one, counted back: a year's worth of looks, and the days after the surge began.
NIGHTS = (300, 260, 235, 180, 90, 21, 7)


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--seed", type=int, nargs="+", default=SEEDS)
    options.add_argument("--end", type=date.fromisoformat, default=END, help="the last day of the worlds")
    options.add_argument(
        "--nights", type=int, nargs="+", default=NIGHTS, help="so many days before the last, falling"
    )
    asked = options.parse_args()
    missed = 0
    with empty_helpdesk():
        for seed in asked.seed:
            with nights_of(seed, asked.end, asked.nights) as nights:
                missed += tell(seed, nights)
    print(f"{missed} missed" if missed else "all found")
    return 1 if missed else 0


@contextmanager
def nights_of(seed: int, end: date, before: Sequence[int]) -> Iterator["Nights"]:
    """The nights over one company. It is gone from the database afterwards."""
    from django.db import transaction

    from config.demo import world
    from config.demo.load import load
    from config.demo.nights import run_nights
    from config.demo.progress import Progress

    company = world.build(end=end, seed=seed)
    with transaction.atomic():
        load(company, progress=Progress(quiet=True))
        yield run_nights(company, before)
        transaction.set_rollback(True)


def tell(seed: int, nights: "Nights") -> int:
    """Print what was found; how many truths were missed."""
    from config.demo.found import answers

    told, named = answers(nights), f"seed {seed:<5}"
    for answer in told:
        print(named, f"{answer.about:19} {answer.issue_code:23} {answer.says}")
        for fault in answer.faults:
            print(f"{'':12}MISSED: {fault}")
    for line in false_alarms(nights):
        print(named, line)
    sys.stdout.flush()
    return sum(bool(answer.faults) for answer in told)


def false_alarms(nights: "Nights") -> Iterator[str]:
    """How many of all that was reported night by night, and each signal once, as it stood on its first night."""
    reported, false = sum(len(report.signals) for report in nights.reports), list(nights.false_alarms())
    yield f"{'false alarms':19} {len(false)} of {reported} reports in {len(nights.reports)} nights"
    on_nights = Counter(signal.pk for _, signal in false)
    for day, signal in {signal.pk: (day, signal) for day, signal in reversed(false)}.values():
        counts = f"{signal.observed:.0f} for {signal.expected:.1f}, {on_nights[signal.pk]} nights"
        yield f"{'':6}{day} {signal.kind}: {signal.label}: {counts}"


if __name__ == "__main__":
    sys.exit(main())
