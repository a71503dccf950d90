"""The verdict on a fix, by rules fixed before it: seven words, and one sentence of reason.

The promise, the windows and the neighbours are frozen with the plan. The first rule that holds decides:

1. worse: proven above the baseline, and above the detection window where there was one;
2. displaced: proven below the baseline, but neighbours (sister issues, "no fitting code") rose by at least
   half of what went missing, beyond chance;
3. effective: proven below the baseline, and at least 80 % of the promised cut is there;
4. partially effective: proven below the baseline, but short of the promise;
5. back to normal only: below the surge that raised the case, but not below the baseline;
6. ineffective: not proven, although the promised cut would have shown with a power of 80 %, and lies outside
   the interval; or still clearly above the baseline while the surge goes on;
7. inconclusive: anything else; monitoring is extended.

*Proven* is a 90 % interval wholly on one side of 1, an exact tail below 5 %, and, when given, a
false-discovery rate of 5 % over all actions judged together.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, hypot, log

from scipy.stats import norm

from apps.analysis.proof.ratio import Z90, Finding

PROMISE_MET = 0.8
_ENOUGH_POWER = 0.8
_ALPHA = 0.05
# A neighbour that took over everything shows, give or take noise, as much as went missing; one that took
# nothing shows none. Half is the fairest line between the two.
_DISPLACED_SHARE = 0.5


class Verdict(StrEnum):
    """What became of the problem after the fix."""

    EFFECTIVE = "effective"
    PARTIALLY_EFFECTIVE = "partially effective"
    BACK_TO_NORMAL = "back to normal only"
    DISPLACED = "displaced"
    INEFFECTIVE = "ineffective"
    INCONCLUSIVE = "inconclusive"
    WORSE = "worse"

    @property
    def is_proven(self) -> bool:
        return self in (Verdict.EFFECTIVE, Verdict.PARTIALLY_EFFECTIVE)


@dataclass(frozen=True)
class Judgement:
    """The verdict, its reason in one sentence, the cut found with its 90 % interval, and the power there was
    to see the promised one. Cuts are shares: 0.5 for half, negative for a rise.
    """

    verdict: Verdict
    reason: str
    cut: float
    cut_low: float
    cut_high: float
    power: float


def judge(
    after: Finding,
    *,
    promised: float,
    during: Finding | None = None,
    neighbours: Finding | None = None,
    q: float | None = None,
) -> Judgement:
    """Judge one action.

    `after` compares the window after the action with the baseline; `promised` is the cut the plan promised;
    `during` compares the detection window with the same baseline, where a surge raised the case; `neighbours`
    is `after` for the sum of neighbour issues; `q` is this action's false-discovery rate among those judged
    together.
    """
    if not 0 < promised < 1:
        raise ValueError("the promised cut lies between 0 and 1")
    power = _power(after, promised)
    verdict = _verdict(after, promised, during, neighbours, q, power)
    return Judgement(
        verdict,
        _reason(verdict, after, promised, neighbours),
        1 - after.ratio,
        1 - after.high,
        1 - after.low,
        power,
    )


def _verdict(
    after: Finding,
    promised: float,
    during: Finding | None,
    neighbours: Finding | None,
    q: float | None,
    power: float,
) -> Verdict:
    below = after.high < 1 and after.p_fewer < _ALPHA and (q is None or q <= _ALPHA)
    above = after.low > 1 and after.p_more < _ALPHA
    surged = during is not None and during.low > 1
    if above and not (during is not None and surged and not _exceeds(after, during)):
        return Verdict.WORSE
    if below and neighbours is not None and _took_over(after, neighbours):
        return Verdict.DISPLACED
    if below:
        met = 1 - after.ratio >= PROMISE_MET * promised
        return Verdict.EFFECTIVE if met else Verdict.PARTIALLY_EFFECTIVE
    if above:
        return Verdict.INEFFECTIVE
    if during is not None and surged and _exceeds(during, after):
        return Verdict.BACK_TO_NORMAL
    if power >= _ENOUGH_POWER and after.low > 1 - promised and not after.high < 1:
        return Verdict.INEFFECTIVE
    return Verdict.INCONCLUSIVE


def _power(after: Finding, promised: float) -> float:
    """Chance that the promised cut, had it happened, would have been proven with these tickets."""
    if after.expected <= 0:
        return 0.0
    due = after.expected * (1 - promised)
    rest = max(after.error**2 - after.dispersion / max(after.observed, 0.5), 0.0)
    error = (after.dispersion / due + rest) ** 0.5
    return float(norm.cdf(-log(1 - promised) / error - Z90))


def _exceeds(one: Finding, other: Finding) -> bool:
    """Whether the first ratio is clearly larger than the second; both rest on the same baseline."""
    return one.ratio > other.ratio * exp(Z90 * hypot(one.error, other.error))


def _took_over(after: Finding, neighbours: Finding) -> bool:
    missing, extra = after.expected - after.observed, neighbours.observed - neighbours.expected
    return neighbours.p_more < _ALPHA and extra >= _DISPLACED_SHARE * missing


def _reason(verdict: Verdict, after: Finding, promised: float, neighbours: Finding | None) -> str:
    counted = f"{after.observed:.0f} tickets where {after.expected:.0f} were to be expected"
    cut = f"{1 - after.ratio:.0%} fewer (promised {promised:.0%}; 9 in 10 sure it is {_range(after)})"
    match verdict:
        case Verdict.EFFECTIVE:
            return f"{counted}: {cut}."
        case Verdict.PARTIALLY_EFFECTIVE:
            return f"{counted}: {cut}. Better, but short of the promise."
        case Verdict.DISPLACED:
            extra = 0.0 if neighbours is None else neighbours.observed - neighbours.expected
            moved = "the complaint moved, it did not go away"
            return f"{counted}, but neighbour issues rose by {extra:.0f}: {moved}."
        case Verdict.BACK_TO_NORMAL:
            return f"{counted}: the surge is over, but there are no fewer than before it began."
        case Verdict.INEFFECTIVE:
            if after.low > 1:
                return f"{counted}: the surge goes on, {after.ratio - 1:.0%} above the level before it."
            return f"{counted}: no effect, and the promised {promised:.0%} would have shown."
        case Verdict.WORSE:
            return f"{counted}: {after.ratio - 1:.0%} more than before."
        case Verdict.INCONCLUSIVE:
            return f"{counted}: too few tickets to tell; {_range(after)} are all possible."


def _range(found: Finding) -> str:
    if found.low < 1 < found.high:
        return f"anything from {1 - found.low:.0%} fewer to {found.high - 1:.0%} more"
    if found.high <= 1:
        return f"between {1 - found.high:.0%} and {1 - found.low:.0%}"
    return f"between {found.low - 1:.0%} and {found.high - 1:.0%} more"
