"""Reading data sets from CSV files: every fault is told with its file, line and column."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apps.analysis.series import Floats, Ints


class DataError(Exception):
    """A file that can't be read as a data set; the text says which, and where."""


@dataclass(frozen=True)
class Sheet:
    """A CSV file with a header: its columns by name, as text."""

    path: Path
    columns: dict[str, list[str]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def text(self, column: str) -> list[str]:
        if column not in self.columns:
            raise DataError(f"{self.path}: line 1: there is no column “{column}”")
        return self.columns[column]

    def numbers(self, column: str) -> Floats:
        """A column of finite numbers; an empty cell is a fault."""
        cells = self.text(column)
        try:
            numbers = np.array(cells, np.float64)
        except ValueError:
            numbers = np.array([_number(cell) for cell in cells], np.float64)
        if (wrong := np.flatnonzero(~np.isfinite(numbers))).size:
            raise self.fault(int(wrong[0]), column, "a number")
        return numbers

    def counts(self, column: str) -> Floats:
        """A column of numbers that are not negative."""
        numbers = self.numbers(column)
        if (wrong := np.flatnonzero(numbers < 0)).size:
            raise self.fault(int(wrong[0]), column, "a number that is not negative")
        return numbers

    def codes(self, columns: Sequence[str]) -> tuple[Ints, list[list[str]]]:
        """Values of text columns as numbers (n, columns), and the value each number stands for, by column."""
        pairs = [np.unique(self.text(column), return_inverse=True) for column in columns]
        return np.stack([code for _, code in pairs], 1), [names.tolist() for names, _ in pairs]

    def fault(self, row: int, column: str, wanted: str) -> DataError:
        cell = self.columns[column][row]
        return DataError(f"{self.path}: line {row + 2}: column “{column}” should be {wanted}, not “{cell}”")


def read(path: Path) -> Sheet:
    """Raises DataError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            header = [name.strip() for name in next(lines, [])]
            rows = []
            for row in lines:
                if len(row) != len(header) and row:
                    raise DataError(
                        f"{path}: line {lines.line_num}: has {len(row)} cells, the header has {len(header)}"
                    )
                if row:
                    rows.append(row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: can't be read as CSV in UTF-8: {error}") from error
    if not rows or len(set(header)) < len(header):
        raise DataError(f"{path}: line 1: needs a header with different names, and rows below it")
    return Sheet(
        path, {name: list(cells) for name, cells in zip(header, zip(*rows, strict=True), strict=True)}
    )


def sheets(folder: Path) -> list[Path]:
    """The CSV files in a folder and below, by name. Raises DataError when there are none."""
    found = sorted(folder.rglob("*.csv"))
    if not found:
        raise DataError(f"{folder}: holds no CSV file")
    return found


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")
