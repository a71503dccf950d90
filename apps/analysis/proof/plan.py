"""What a fix must do to be provable, told before the work starts.

For the logarithm of a rate ratio the variance is dispersion x (1 / tickets before + 1 / tickets after). With
equal windows and a cut to (1 - cut), the tickets needed before are

    (z_alpha + z_power)^2 x dispersion x (1 + 1 / (1 - cut)) / ln(1 - cut)^2.

At dispersion 2, one-sided 5 % and 80 % power: 559 for a cut of a fifth, 237 for 30 %, 78 for half, 37 for 70
%. Limits: the normal approximation is good from about ten expected tickets after the action on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log, sqrt

from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from helpdesk.sentences import Share, Words, in_a_row, said, short

CUTS = (0.2, 0.3, 0.5, 0.7)
ENOUGH_POWER = 0.8
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
    z = float(ndtri(1 - alpha) + ndtri(power))
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
    return float(ndtr(-log(1 - cut) / error + ndtri(alpha)))


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
    weekly: float, *, cuts: tuple[float, ...] = CUTS, dispersion: float = 2.0
) -> tuple[Feasibility, ...]:
    """The table shown before the work starts: tickets and weeks for each cut, at `weekly` tickets a week."""
    return tuple(
        Feasibility(
            cut, tickets_needed(cut, dispersion=dispersion), weeks_needed(weekly, cut, dispersion=dispersion)
        )
        for cut in cuts
    )


@dataclass(frozen=True)
class Outlook:
    """What counting for `days` after the fix can show: the power for each cut, and the smallest cut with enough
    of it (None when none has).
    """

    days: int
    powers: tuple[tuple[float, float], ...]
    smallest: float | None

    def power(self, cut: float) -> float:
        return dict(self.powers)[cut]


def outlook(
    daily: float,
    *,
    before_days: int,
    days: int,
    dispersion: float,
    wander: float = 0.0,
    level: float = 0.05,
    cuts: tuple[float, ...] = CUTS,
) -> Outlook:
    """For `daily` tickets a day in a baseline of `before_days`, counted for `days` after the fix."""
    given = {"before": daily * before_days, "due": daily * days, "dispersion": dispersion}
    given |= {"wander": wander, "alpha": level}
    powers = tuple((cut, power_of(cut, **given)) for cut in cuts)
    return Outlook(days, powers, smallest_provable_cut(**given))


def outlook_sentence(daily: float, rows: Sequence[Outlook], *, cuts: tuple[float, ...] = (0.5, 0.3)) -> Words:
    """“With 2 tickets a day you need 56 days to confirm 50% fewer; 30% could not be shown (power .48 in 84).”"""
    parts = []
    for cut in cuts:
        enough = next((row.days for row in rows if row.power(cut) >= ENOUGH_POWER), None)
        if enough is not None:
            parts.append(said("you need %(days)s days to confirm %(cut)s fewer", days=enough, cut=Share(cut)))
        else:
            parts.append(
                said(
                    "%(cut)s fewer could not be shown (power .%(hundredths)s in %(days)s days)",
                    cut=Share(cut), hundredths=_hundredths(rows[-1].power(cut)), days=rows[-1].days,
                )
            )  # fmt: skip
    return said("With %(daily)s tickets a day %(parts)s.", daily=short(daily, 2), parts=in_a_row(parts, "; "))


def advice(cut: float, power: float, chosen: Outlook, others: Sequence[tuple[int, float]]) -> Words:
    """What to say before a plan is frozen that can probably not be proven; "" for one that can.

    `power` is for this cut and the chosen days, `others` the power of other numbers of days.
    """
    if power >= ENOUGH_POWER:
        return ""
    parts = [
        said(
            "%(cut)s fewer could not be shown in %(days)s days (power .%(hundredths)s)",
            cut=Share(cut), days=chosen.days, hundredths=_hundredths(power),
        )
    ]  # fmt: skip
    parts += [
        said("in %(days)s days the power is .%(hundredths)s", days=days, hundredths=_hundredths(better))
        for days, better in others
        if days > chosen.days
    ]
    if chosen.smallest is not None:
        parts.append(
            said(
                "the smallest cut that %(days)s days can show is %(cut)s",
                days=chosen.days, cut=Share(chosen.smallest),
            )
        )  # fmt: skip
    return said("%(parts)s.", parts=in_a_row(parts, "; "))


def _hundredths(power: float) -> str:
    """48 of .48, and never a certainty."""
    return f"{min(power, 0.99):.2f}"[2:]


def sentence(weekly: float, rows: tuple[Feasibility, ...]) -> Words:
    """“At 9 a week a cut of 50 % can be proven in 9 weeks; a cut of 20 % not within a year.”"""
    parts = [
        said("a cut of %(cut)s can be proven in %(weeks)s weeks", cut=Share(row.cut), weeks=row.weeks)
        if row.within_a_year
        else said("a cut of %(cut)s not within a year", cut=Share(row.cut))
        for row in sorted(rows, key=lambda row: -row.cut)
    ]
    return said("At %(weekly)s a week %(parts)s.", weekly=short(weekly, 6), parts=in_a_row(parts, "; "))


def _check(cut: float, dispersion: float) -> None:
    if not 0 < cut < 1:
        raise ValueError("a cut lies between 0 and 1")
    if dispersion < 1:
        raise ValueError("dispersion is at least 1")
