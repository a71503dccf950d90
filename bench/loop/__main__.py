"""`python -m bench.loop [part ...] [--seed N]`: run the benchmarks and print their table."""

import argparse
import sys
from collections.abc import Callable, Iterator

from bench.loop import surge
from bench.loop.table import Measure, printed

PARTS: dict[str, Callable[[int], Iterator[Measure]]] = {"surge": surge.run}


def main() -> int:
    """Print the table; the exit code says whether every target was reached."""
    reader = argparse.ArgumentParser(prog="python -m bench.loop", description=__doc__)
    reader.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts to run (all by default)")
    reader.add_argument("--seed", type=int, default=1)
    chosen = reader.parse_args()
    measures = [measure for part in chosen.parts or PARTS for measure in PARTS[part](chosen.seed)]
    print(printed(measures))
    return 0 if all(measure.reached for measure in measures) else 1


if __name__ == "__main__":
    sys.exit(main())
