"""Who is told and who is held back, and what telling prevented.

A customer is held back by a hash of the seed and their number: the same always, whoever computes it, in whatever order.
Contacts with the issue are compared as counts per customer told and per customer held back, in the same days for both,
by the exact conditional test of two Poisson rates: of all contacts the share that came from the told is binomial
(Przyborowski and Wilenski 1940), its Clopper-Pearson limits give those of the ratio. One customer may write twice, so
both counts are divided by the mean square of contacts per customer over their mean, at least 1. The number prevented is
the difference of the rates times those told, its limits from those of each rate (MOVER, Zou and Donner 2008).
What can be seen beforehand uses the test on square roots (Huffman 1984): one-sided 5 %, power 80 %.

Limits: who was told and tells a neighbour who was held back makes the difference look smaller, never larger. Everybody
drawn counts as drawn, also whom the letter did not reach.
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from math import ceil, sqrt

from scipy.stats import beta, chi2, norm

LEVEL = 0.9
Z = float(norm.ppf(0.95) + norm.ppf(0.8))
HALVED = 0.5  # who can't see even that has too few
WHOLE = 2.0**64


def is_held(seed: str, customer: int, share: float) -> bool:
    """Whether this customer is held back, at this share of all."""
    drawn = int.from_bytes(sha256(f"{seed}:{customer}".encode()).digest()[:8])
    return drawn / WHOLE < share


@dataclass(frozen=True)
class Arm:
    """Customers drawn into one of the two groups, their contacts with the issue, and the sum of each one's square."""

    customers: int
    contacts: int
    squares: int = 0

    @property
    def rate(self) -> float:
        return self.contacts / self.customers if self.customers else 0.0

    @property
    def per_thousand(self) -> float:
        return 1_000 * self.rate


class Finding(StrEnum):
    EARLY = "too early"
    FEW = "too few"
    PREVENTED = "prevented"
    NONE = "no difference seen"
    MORE = "more contacts"


@dataclass(frozen=True)
class Prevented:
    """What telling did: the ratio of the rates with its interval (high is None without an upper end), and contacts that
    did not come, low, likely, high; below nought are contacts that came because of the letter."""

    told: Arm
    held: Arm
    ratio: float | None
    low: float
    high: float | None
    avoided: tuple[float, float, float]
    finding: Finding


def compare(told: Arm, held: Arm, *, days_left: int = 0) -> Prevented:
    """What the counts say; nothing is said before the window is over."""
    scatter = dispersion(told, held)
    low, high = _limits(told, held, scatter)
    ratio = told.rate / held.rate if held.rate else None
    return Prevented(told, held, ratio, low, high, _avoided(told, held, scatter),
                     _finding(told, held, low, high, scatter, days_left))  # fmt: skip


def dispersion(*arms: Arm) -> float:
    """How much more contacts scatter than if nobody wrote twice."""
    contacts, squares = sum(arm.contacts for arm in arms), sum(arm.squares for arm in arms)
    return max(squares / contacts, 1.0) if contacts else 1.0


def visible_cut(told: int, held: int, rate: float, scatter: float = 1.0) -> float | None:
    """The smallest share of contacts that must be prevented to be seen; None where not even all would be enough."""
    if min(told, held) < 1 or rate <= 0:
        return None
    reach = Z / 2 * sqrt((1 / told + 1 / held) * scatter / rate)
    return 1 - (1 - reach) ** 2 if reach < 1 else None


def needed_customers(cut: float, rate: float, share: float, scatter: float = 1.0) -> int | None:
    """How many customers in all it takes to see this cut, holding back this share."""
    if not 0 < cut < 1 or rate <= 0 or not 0 < share < 1:
        return None
    return ceil((Z / 2) ** 2 * scatter * (1 / share + 1 / (1 - share)) / (rate * (1 - sqrt(1 - cut)) ** 2))


def _limits(told: Arm, held: Arm, scatter: float) -> tuple[float, float | None]:
    x, y, tail = told.contacts / scatter, held.contacts / scatter, (1 - LEVEL) / 2
    if not told.customers or not held.customers:
        return 0.0, None
    low = float(beta.ppf(tail, x, y + 1)) if x else 0.0
    high = float(beta.ppf(1 - tail, x + 1, y)) if y else 1.0
    weight = held.customers / told.customers
    return low / (1 - low) * weight, high / (1 - high) * weight if high < 1 else None


def _avoided(told: Arm, held: Arm, scatter: float) -> tuple[float, float, float]:
    if not told.customers or not held.customers:
        return 0.0, 0.0, 0.0
    difference = held.rate - told.rate
    (told_low, told_high), (held_low, held_high) = _rate_limits(told, scatter), _rate_limits(held, scatter)
    below = sqrt((held.rate - held_low) ** 2 + (told_high - told.rate) ** 2)
    above = sqrt((held_high - held.rate) ** 2 + (told.rate - told_low) ** 2)
    low, likely, high = (told.customers * one for one in (difference - below, difference, difference + above))
    return low, likely, high


def _rate_limits(arm: Arm, scatter: float) -> tuple[float, float]:
    """Exact limits of a Poisson rate (Garwood 1936)."""
    count, tail = arm.contacts / scatter, (1 - LEVEL) / 2
    low = float(chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    high = float(chi2.ppf(1 - tail, 2 * count + 2)) / 2
    return low * scatter / arm.customers, high * scatter / arm.customers


def _finding(told: Arm, held: Arm, low: float, high: float | None, scatter: float, days_left: int) -> Finding:
    if days_left > 0:
        return Finding.EARLY
    if high is not None and high < 1:
        return Finding.PREVENTED
    if low > 1:
        return Finding.MORE
    visible = visible_cut(told.customers, held.customers, max(held.rate, told.rate), scatter)
    return Finding.NONE if visible is not None and visible <= HALVED else Finding.FEW
