"""Is it there, and not elsewhere? A predicted place held against the tickets of a case ("is / is not").

A cause that is bound to a place (a product, a version, a region, a kind of customer) must show there and not
elsewhere. Counted are four numbers a week: the case's tickets inside and outside the place, and all other contacts
inside and outside. Were the place nothing special, the case would be spread over it as the other contacts of the same
weeks are. What is told is the Mantel-Haenszel odds ratio over the weeks, with the variance of Robins, Breslow and
Greenland, so that neither growth nor season of the place counts for it. Weeks that differ by more than chance (one
customer who writes ten times) widen the interval by their dispersion, which is pulled to 1 by ten weeks' worth of
doubt.

Some issues always live in one place: every login problem is one of the app. So where the prediction says since when,
and the issue had enough tickets before, what counts is by how much the odds have *risen*, after over before. And if it
rose elsewhere as well, the place can't be the whole cause: that is told beside it.

Units: counts a week, arrays (K,). The interval is 90 %: each end is a one-sided 5 % bound. Supported when the lower
end is above 1 and the ratio at least 1.5; spoken against when even the upper end is below 1.5; else there are too few
tickets to tell, as always under ten.
Measured on 12 weeks of 3 to 10 tickets: a place that is nothing special passes for one that is in 4 to 6 % of 1,500
draws, in 9 % where whole weeks cling to one place; one with three to four times the odds is found in 98 to 99 %.
Limits: contacts are what it is held against, since nobody keeps exposure by place; a place that other problems avoid
looks worse than it is. Two places that are the same on these tickets can't be told apart.
Sources: Mantel and Haenszel 1959; Robins, Breslow and Greenland 1986; Kepner and Tregoe 1965 for "is / is not".
"""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, inf, log, sqrt

import numpy as np
from scipy.stats import norm

from apps.analysis.series import Floats
from helpdesk.sentences import Number, Value, Words, in_a_row, said

MATTERS = 1.5
LEAST_TICKETS = 10
Z90 = 1.645
_DOUBT_WEEKS = 10
_ELSEWHERE_ROSE = 1.25


class Finding(StrEnum):
    """What tickets say of a prediction; whether the cause is verified remains for a person to judge."""

    SUPPORTS = "supports"
    AGAINST = "against"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Fourfold:
    """Counts a week (K,): tickets of the case and other contacts, inside the place and outside."""

    inside: Floats
    outside: Floats
    others_inside: Floats
    others_outside: Floats

    @property
    def tickets(self) -> float:
        return float(self.inside.sum() + self.outside.sum())

    @property
    def expected(self) -> float:
        """Tickets inside, were they spread as the other contacts of the same weeks."""
        others = self.others_inside + self.others_outside
        share = self.others_inside / np.maximum(others, 1.0)
        return float(((self.inside + self.outside) * share).sum())


@dataclass(frozen=True)
class Odds:
    """An odds ratio, and the error of its logarithm."""

    ratio: float
    error: float

    @property
    def low(self) -> float:
        return exp(log(self.ratio) - Z90 * self.error)

    @property
    def high(self) -> float:
        return exp(log(self.ratio) + Z90 * self.error)

    def over(self, other: "Odds") -> "Odds":
        return Odds(self.ratio / other.ratio, sqrt(self.error**2 + other.error**2))


@dataclass(frozen=True)
class Contrast:
    """What was found: `odds` is what the finding rests on, the rise where `is_rise`; `elsewhere` by how much the issue
    rose outside, per other contact, None where there is nothing before to compare with."""

    finding: Finding
    inside: float
    tickets: float
    expected: float
    odds: Odds
    is_rise: bool
    p: float
    dispersion: float
    elsewhere: Odds | None

    @property
    def rose_elsewhere(self) -> bool:
        return (
            self.elsewhere is not None and self.elsewhere.low > 1 and self.elsewhere.ratio > _ELSEWHERE_ROSE
        )


def contrast(since: Fourfold, before: Fourfold | None = None) -> Contrast:
    """Hold a place against the weeks `since` the predicted day, and against those `before` where there is enough."""
    own, dispersion = odds_ratio(since)
    earlier = before if before is not None and _tells(before) else None
    odds = own
    if earlier is not None:
        usual, spread = odds_ratio(earlier)
        odds, dispersion = own.over(usual), max(dispersion, spread)
    return Contrast(
        finding=_judged(since, odds),
        inside=float(since.inside.sum()),
        tickets=since.tickets,
        expected=since.expected,
        odds=odds,
        is_rise=earlier is not None,
        p=float(norm.sf(log(odds.ratio) / odds.error)),
        dispersion=dispersion,
        elsewhere=_elsewhere(since, earlier, dispersion) if earlier is not None else None,
    )


def odds_ratio(table: Fourfold) -> tuple[Odds, float]:
    """The Mantel-Haenszel odds ratio over the weeks, and their dispersion."""
    a, b, c, d = table.inside, table.outside, table.others_inside, table.others_outside
    n = np.maximum(a + b + c + d, 1.0)
    if (a * d / n).sum() == 0 or (b * c / n).sum() == 0:
        # Nothing on one side: all weeks as one, half a ticket in each cell (Haldane).
        a, b, c, d = (np.array([cell.sum() + 0.5]) for cell in (a, b, c, d))
        n = a + b + c + d
    r, s = a * d / n, b * c / n
    agree, differ = (a + d) / n, (b + c) / n
    total_r, total_s = float(r.sum()), float(s.sum())
    variance = (
        float((agree * r).sum()) / (2 * total_r**2)
        + float((agree * s + differ * r).sum()) / (2 * total_r * total_s)
        + float((differ * s).sum()) / (2 * total_s**2)
    )
    ratio = total_r / total_s
    dispersion = _dispersion(table, ratio)
    return Odds(ratio, sqrt(dispersion * variance)), dispersion


def sentence(found: Contrast, place: Words) -> Words:
    """“63 of 80 tickets are in version hub 4.2, where the other contacts of the same weeks lead to expect 21 ...”"""
    where = said(
        "%(inside)s of %(tickets)s tickets are in %(place)s, where the other contacts of the same weeks lead to "
        "expect %(expected)s.",
        inside=Number(found.inside),
        tickets=Number(found.tickets),
        place=place,
        expected=Number(found.expected),
    )
    if found.tickets < LEAST_TICKETS:
        return in_a_row([where, said("Under %(least)s tickets nothing can be told.", least=LEAST_TICKETS)])
    odds: dict[str, Value] = {"times": _times(found.odds.ratio), "range": _range(found.odds)}
    if found.is_rise:
        how = said(
            "Its odds against elsewhere have changed by a factor of %(times)s (90 %% sure: %(range)s).",
            **odds,
        )
    else:
        how = said("Its odds against elsewhere are a factor of %(times)s (90 %% sure: %(range)s).", **odds)
    return in_a_row([where, how, _but_elsewhere(found)])


def _but_elsewhere(found: Contrast) -> Words:
    if found.elsewhere is None or not found.rose_elsewhere:
        return ""
    return said(
        "But elsewhere it rose as well, by a factor of %(times)s (%(range)s): this is not the whole cause.",
        times=_times(found.elsewhere.ratio),
        range=_range(found.elsewhere),
    )


def _judged(since: Fourfold, odds: Odds) -> Finding:
    if since.tickets < LEAST_TICKETS:
        return Finding.TOO_FEW
    if odds.low > 1 and odds.ratio >= MATTERS:
        return Finding.SUPPORTS
    return Finding.AGAINST if odds.high < MATTERS else Finding.TOO_FEW


def _tells(before: Fourfold) -> bool:
    """A version that was not there yet tells nothing of what is usual for it."""
    return before.tickets >= LEAST_TICKETS and before.others_inside.sum() > 0


def _elsewhere(since: Fourfold, before: Fourfold, dispersion: float) -> Odds:
    """Tickets outside per other contact outside, after over before."""
    after, earlier = float(since.outside.sum()) + 0.5, float(before.outside.sum()) + 0.5
    others_after = float(since.others_outside.sum()) + 0.5
    others_earlier = float(before.others_outside.sum()) + 0.5
    error = sqrt(dispersion * (1 / after + 1 / earlier + 1 / others_after + 1 / others_earlier))
    return Odds(after / others_after / (earlier / others_earlier), error)


def _dispersion(table: Fourfold, ratio: float) -> float:
    """By how much more than chance the weeks differ from one common odds ratio; at least 1."""
    tickets = table.inside + table.outside
    odds = ratio * table.others_inside
    share = odds / np.maximum(odds + table.others_outside, 1e-9)
    others = np.maximum(table.others_inside + table.others_outside, 1.0)
    # The others' share is itself a sample, and as large a one as they are many.
    variance = tickets * share * (1 - share) * (1 + tickets / others)
    told = variance > 0
    if told.sum() < 2:
        return 1.0
    freedom = int(told.sum()) - 1
    pearson = float((((table.inside - tickets * share)[told]) ** 2 / variance[told]).sum()) / freedom
    return max(1.0, (freedom * pearson + _DOUBT_WEEKS) / (freedom + _DOUBT_WEEKS))


def _times(ratio: float) -> Words:
    return Number(ratio, digits=1) if ratio < 100 else said("over 100")


def _range(odds: Odds) -> Words:
    if odds.high == inf or odds.high > 1000:
        return said("%(low)s to any", low=_times(odds.low))
    return said("%(low)s to %(high)s", low=_times(odds.low), high=_times(odds.high))
