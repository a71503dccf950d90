"""Whom to ask how it was: chances, the draw of a day, and what the answers say of everybody.

*Chances.* A ticket has the chance its rule gives (1 without a rule); one that must always be asked about has 1. Where
a day allows fewer letters than would be sent, those that are always asked come first and the chances of the others are
scaled down by one factor, so that they add up to what is left: each ticket's chance is known before anything is drawn.

*Draw.* Systematic sampling with these chances (Madow 1949) on an order shuffled by the seed: chances are kept exactly,
and the number drawn differs from their sum by less than one, so a day's limit holds. The same seed draws the same.

*Shares.* Hájek's estimator: each answer counts as 1 / its chance, and the weights are divided by their sum. The
interval is Wilson's for as many even answers as the weights are worth (Kish: (sum w)^2 / sum w^2), at 90 %.

Units: chances in (0, 1]; shares between 0 and 1. Measured on 1,000 draws of 400 tickets whose unhappy three in ten
are asked three times as often: the mean of the weighted share is off by .001 where the plain one is off by .26, and
the interval holds the truth in 98 %: it is cautious. Limits: weights undo the draw and no more. Who does not answer
is taken to be like those who do; `bounds` says how far off that can be at most. Who was asked lately is not in the
draw at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from helpdesk.intervals import wilson

_TINY = 1e-9


@dataclass(frozen=True)
class Candidate:
    """A ticket that may be asked about: the chance its rule gives, and whether it is asked about in any case."""

    number: int
    share: float
    always: bool = False


@dataclass(frozen=True)
class Share:
    """A weighted share with its interval: `n` answers, worth `effective` even ones."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    effective: float


def chances(candidates: Sequence[Candidate], *, most: int | None = None) -> dict[int, float]:
    """The chance of each ticket to be drawn, by number; `most` are drawn at most."""
    wanted = {one.number: 1.0 if one.always else min(max(one.share, 0.0), 1.0) for one in candidates}
    if most is None or sum(wanted.values()) <= most:
        return wanted
    sure = [one.number for one in candidates if one.always]
    if len(sure) >= most:
        return {one.number: most / len(sure) if one.always else 0.0 for one in candidates}
    rest = sum(chance for number, chance in wanted.items() if number not in set(sure))
    factor = (most - len(sure)) / rest
    return {number: chance if number in set(sure) else chance * factor for number, chance in wanted.items()}


def draw(chance: dict[int, float], *, seed: int) -> frozenset[int]:
    """The numbers that are drawn."""
    random = Random(seed)  # noqa: S311 (anybody may draw it again)
    order = sorted(chance)
    random.shuffle(order)
    mark, total, drawn = random.random(), 0.0, []
    for number in order:
        total += chance[number]
        # Only a mark that was passed counts; rounding must not lose a ticket that is certain.
        if total > mark + _TINY or (chance[number] >= 1 and total >= mark):
            drawn.append(number)
            mark += 1
    return frozenset(drawn)


def weighted_share(answers: Sequence[tuple[bool, float]]) -> Share:
    """Of (answer, chance) pairs, the share of yes in everybody who could have been drawn."""
    weights = [(yes, 1 / chance) for yes, chance in answers if chance > 0]
    total = sum(weight for _, weight in weights)
    if not total:
        return Share(None, None, None, 0, 0.0)
    value = sum(weight for yes, weight in weights if yes) / total
    effective = total**2 / sum(weight**2 for _, weight in weights)
    low, high = wilson(value, effective)
    return Share(value, low, high, len(weights), effective)


def bounds(share: float, responded: float) -> tuple[float, float]:
    """The share if nobody, and if everybody, of those who were silent had said yes."""
    return share * responded, share * responded + 1 - responded
