"""`python -m bench.loop [part ...] [--seed N ...] [--data DIR]`: run the benchmarks and print their table."""

import argparse
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django.conf import settings

from bench.loop.files import DataError
from bench.loop.table import Measure, gathered, printed

PARTS = ("surge", "localise", "suggest", "similar", "alike", "emerging", "proof", "relapse", "ranking")
FOLDERS = (  # of --data, and the part that reads them
    ("suggest", "suggest"),
    ("suggest", "similar"),
    ("suggest", "emerging"),
    ("signals", "surge"),
    ("localise", "localise"),
)


def main() -> int:
    """Print the table; the exit code says whether every target was reached (1: no, 2: a file can't be read)."""
    reader = argparse.ArgumentParser(prog="python -m bench.loop", description=__doc__)
    reader.add_argument("parts", nargs="*", metavar="part", help=f"any of {', '.join(PARTS)}; all by default")
    reader.add_argument("--seed", type=int, nargs="+", default=[1])
    reader.add_argument("--data", type=Path, help="a folder of data sets instead (see bench/loop/README.md)")
    chosen = reader.parse_args()
    parts = chosen.parts or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        reader.error(f"there is no part {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    # The engines ask for no setting but this one; the benchmarks need no database and no secrets.
    settings.configure(TEXT_ENCODER=os.environ.get("TEXT_ENCODER", ""))
    try:
        found = _from_files(parts, chosen.data) if chosen.data else _simulated(parts, chosen.seed)
        rows = gathered(found)
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    print(printed(rows))
    return 0 if all(row.reached for row in rows) else 1


def _simulated(parts: list[str], seeds: list[int]) -> Iterator[Measure]:
    for part in parts:
        for seed in seeds:
            yield from import_module(f"bench.loop.{part}").run(seed)


def _from_files(parts: list[str], folder: Path) -> Iterator[Measure]:
    present = [(name, part) for name, part in FOLDERS if (folder / name).is_dir() and part in parts]
    if not present:
        names = ", ".join(dict.fromkeys(name for name, _ in FOLDERS))
        raise DataError(f"{folder}: has none of the folders {names} for the parts chosen")
    for name, part in present:
        yield from import_module(f"bench.loop.{part}").run_data(folder / name)


if __name__ == "__main__":
    sys.exit(main())
