"""What a fix must do to be provable, told before the work starts.

For the logarithm of a rate ratio the variance is dispersion x (1 / tickets before + 1 / tickets after). With
equal windows and a cut to (1 - cut), the tickets needed before are

    (z_alpha + z_power)^2 x dispersion x (1 + 1 / (1 - cut)) / ln(1 - cut)^2.

At dispersion 2, one-sided 5 % and 80 % power: 559 for a cut of a fifth, 237 for 30 %, 78 for half, 37 for 70
%. Limits: the normal approximation is good from about ten expected tickets after the action on.
"""

from dataclasses import dataclass
from math import ceil, log, sqrt

from scipy.optimize import brentq
from scipy.stats import norm

_WEEKS_A_YEAR = 52


@dataclass(frozen=True)
class Feasibility:
    """For one cut (0.5 for half): tickets the baseline needs, and weeks of equal windows at this rate."""

    cut: float
    tickets: int
    weeks: int

    @property
    def within_a_year(self) -> bool:
        return self.weeks <= _WEEKS_A_YEAR


def tickets_needed(cut: float, *, dispersion: float = 2.0, alpha: float = 0.05, power: float = 0.8) -> int:
    """Baseline tickets for the given power to prove a cut, one-sided, with windows of equal length."""
    _check(cut, dispersion)
    z = float(norm.isf(alpha) + norm.ppf(power))
    return ceil(z**2 * dispersion * (1 + 1 / (1 - cut)) / log(1 - cut) ** 2)


def weeks_needed(
    weekly: float, cut: float, *, dispersion: float = 2.0, alpha: float = 0.05, power: float = 0.8
) -> int:
    """Weeks after the action (and as many before) until a cut can be proven at `weekly` tickets a week."""
    if weekly <= 0:
        raise ValueError("an issue without tickets cannot be proven to have fewer")
    return ceil(tickets_needed(cut, dispersion=dispersion, alpha=alpha, power=power) / weekly)


def power_of(
    cut: float,
    *,
    before: float,
    due: float,
    dispersion: float = 2.0,
    wander: float = 0.0,
    alpha: float = 0.05,
) -> float:
    """Chance that a true cut is proven with `before` baseline tickets and `due` tickets expected after the
    action.

    `wander` is extra variance of the log ratio (see `ratio.placebo_variance`).
    """
    _check(cut, dispersion)
    if before <= 0 or due <= 0:
        return 0.0
    error = sqrt(dispersion * (1 / before + 1 / (due * (1 - cut))) + wander)
    return float(norm.cdf(-log(1 - cut) / error - norm.isf(alpha)))


def smallest_provable_cut(
    *,
    before: float,
    due: float,
    dispersion: float = 2.0,
    wander: float = 0.0,
    alpha: float = 0.05,
    power: float = 0.8,
) -> float | None:
    """The smallest cut that these tickets can prove with the given power; None when not even 95 % can be."""

    def lacking(cut: float) -> float:
        return (
            power_of(cut, before=before, due=due, dispersion=dispersion, wander=wander, alpha=alpha) - power
        )

    # Beyond its best point power falls again, because hardly any ticket is left to count: hence the scan.
    cuts = [step / 100 for step in range(1, 96)]
    reached = next((cut for cut in cuts if lacking(cut) >= 0), None)
    if reached is None or reached == cuts[0]:
        return reached
    return float(brentq(lacking, reached - 0.01, reached, xtol=1e-4))


def feasibility(
    weekly: float, *, cuts: tuple[float, ...] = (0.2, 0.3, 0.5, 0.7), dispersion: float = 2.0
) -> tuple[Feasibility, ...]:
    """The table shown before the work starts: tickets and weeks for each cut, at `weekly` tickets a week."""
    return tuple(
        Feasibility(
            cut, tickets_needed(cut, dispersion=dispersion), weeks_needed(weekly, cut, dispersion=dispersion)
        )
        for cut in cuts
    )


def sentence(weekly: float, rows: tuple[Feasibility, ...]) -> str:
    """“At 9 a week a cut of 50 % can be proven in 9 weeks; a cut of 20 % not within a year.”"""
    parts = [
        f"a cut of {row.cut:.0%} can be proven in {row.weeks} weeks"
        if row.within_a_year
        else f"a cut of {row.cut:.0%} not within a year"
        for row in sorted(rows, key=lambda row: -row.cut)
    ]
    return f"At {weekly:g} a week {'; '.join(parts)}."


def _check(cut: float, dispersion: float) -> None:
    if not 0 < cut < 1:
        raise ValueError("a cut lies between 0 and 1")
    if dispersion < 1:
        raise ValueError("dispersion is at least 1")
