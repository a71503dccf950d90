"""Which lines a person gets, and whether they are news.

Method: one line for each thing somebody has to do or to know; most money first, a date that has passed before one
that has not, at most seven: a list that can be read standing. What a line is about is its `key`; a week whose
keys were all in the last digest says nothing new and is not sent.
Units: money is a quarter's, in the company's currency; None when it is not known, and such lines come last.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

AT_MOST = 7


@dataclass(frozen=True)
class Line:
    """One thing: what it is about, what it says, what it is worth, and the button that leads there."""

    key: str
    case: int
    title: str
    says: str
    button: str
    money: Decimal | None = None
    # What the money is: "at risk a quarter" or "saved a quarter".
    money_is: str = ""
    is_late: bool = False


def by_money(lines: Sequence[Line]) -> list[Line]:
    return sorted(
        lines,
        key=lambda line: (line.money is None, -(line.money or 0), not line.is_late, line.case, line.key),
    )


def is_news(lines: Sequence[Line], known: Collection[str]) -> bool:
    """Whether any line was not there last time; that something is settled is no reason to write."""
    return any(line.key not in known for line in lines)


def shares(lines: Sequence[Line]) -> list[int | None]:
    """How long each line's bar is, in per cent of the longest; None where the money is not known."""
    most = max((line.money for line in lines if line.money), default=None)
    return [None if line.money is None else round(100 * line.money / most) if most else 0 for line in lines]
