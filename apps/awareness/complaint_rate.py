"""What share of the customers with a problem tell us: counted among those who answered an aided list.

A share with its Jeffreys interval at 90 %, and the multiplier that is its inverse. "Before" are those who had told
us by themselves; "after" also those who wrote to us with their answer. Limits: who answers a campaign tells more
readily than who does not, so the rate is rather too high and the multiplier rather too low; memory fades over the days
asked about.
"""

from dataclasses import dataclass

from scipy.stats import beta

from apps.analysis.market import multiplier_interval

LEVEL = 0.9
FEWEST = 10  # customers with the problem, before a share is shown as a proposal


@dataclass(frozen=True)
class Share:
    """So many of so many, with the range in which the true share probably lies."""

    told: int
    asked: int

    @property
    def value(self) -> float:
        return self.told / self.asked

    @property
    def low(self) -> float:
        return _quantile(self.told, self.asked, (1 - LEVEL) / 2) if self.told else 0.0

    @property
    def high(self) -> float:
        return _quantile(self.told, self.asked, (1 + LEVEL) / 2) if self.told < self.asked else 1.0


@dataclass(frozen=True)
class ComplaintRate:
    """Of `had` customers with a problem, how many had told us before we asked, and how many have by now."""

    had: int
    told_before: int
    told_after: int

    @property
    def before(self) -> Share | None:
        return Share(self.told_before, self.had) if self.had else None

    @property
    def after(self) -> Share | None:
        return Share(self.told_after, self.had) if self.had else None

    @property
    def multiplier(self) -> tuple[float, float, float] | None:
        """Customers with the problem for each who told us by themselves: low, likely, high; None where nobody did."""
        if not self.told_before:
            return None
        low, high = multiplier_interval(self.told_before, self.had, LEVEL)
        return low, self.had / self.told_before, high or self.had / self.told_before

    @property
    def can_be_proposed(self) -> bool:
        return self.had >= FEWEST and self.told_before > 0


def _quantile(told: int, asked: int, p: float) -> float:
    return float(beta.ppf(p, told + 0.5, asked - told + 0.5))
