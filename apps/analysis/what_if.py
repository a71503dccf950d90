"""Numbers that somebody tries out beside those that are kept: written into the address of a page, and read from it.

`multiplier:2:3:5,customer_value:50:60:80`: the name of an assumption with its lowest, likely and highest value. Such a
number stands for everybody; what an issue, a channel or a segment has of its own stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

# What can be tried on the page, in the order of the money model.
TRIED = (
    "customer_value", "multiplier", "loss_satisfied", "loss_mollified", "loss_dissatisfied", "loss_silent",
    "customer_base",
)  # fmt: skip
SHARES = frozenset(name for name in TRIED if name.startswith("loss_"))
LARGEST = Decimal(10) ** 9


@dataclass(frozen=True)
class Supposed:
    """One number, supposed to be another than the one that is kept."""

    parameter: str
    low: Decimal
    likely: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if self.parameter not in TRIED:
            raise ValueError(
                _("%(chosen)s is none of %(known)s") % {"chosen": self.parameter, "known": ", ".join(TRIED)}
            )
        if not 0 <= self.low <= self.likely <= self.high <= LARGEST:
            raise ValueError(_("Low, likely and high must be in order, and not negative."))
        if self.parameter in SHARES and self.high > 1:
            raise ValueError(_("A share lies between 0 and 1."))
        if self.parameter == "multiplier" and self.low < 1:
            raise ValueError(
                _("At least the customer who tells us has the problem: the multiplier is 1 or more.")
            )

    @property
    def numbers(self) -> tuple[Decimal, Decimal, Decimal]:
        return self.low, self.likely, self.high


def read(written_down: str) -> tuple[Supposed, ...]:
    """In the order of the model, each number once. Raises ValueError."""
    found: dict[str, Supposed] = {}
    for each in filter(None, written_down.split(",")):
        name, *numbers = each.split(":")
        if len(numbers) != 3:
            raise ValueError(_("%(part)s: a name, and low, likely and high") % {"part": each})
        low, likely, high = (number(text) for text in numbers)
        found[name] = Supposed(name, low, likely, high)
    return tuple(found[name] for name in TRIED if name in found)


def written(supposed: Iterable[Supposed]) -> str:
    return ",".join(":".join([one.parameter, *map(plain, one.numbers)]) for one in supposed)


def plain(value: Decimal) -> str:
    """Without the noughts a column fills it up with."""
    return f"{value.normalize():f}"


def number(text: str) -> Decimal:
    """Raises ValueError for what is no number with at most four places."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text}) from None
    if not value.is_finite() or abs(value) > LARGEST or value != round(value, 4):
        raise ValueError(_("“%(text)s” is too large, or has more than four places.") % {"text": text})
    return value


def changed(
    tried: Sequence[Supposed], kept: dict[str, tuple[Decimal, Decimal, Decimal]]
) -> tuple[Supposed, ...]:
    """Those that are other numbers than the kept ones."""
    return tuple(one for one in tried if kept.get(one.parameter) != one.numbers)
