"""The verdict on a fix, by rules fixed before it: eight words, and one sentence of reason.

The promise, the windows and the neighbours are frozen with the plan. The first rule that holds decides:

1. worse: proven above the baseline, and above the detection window where there was one;
2. displaced: proven below the baseline, but neighbours (sister issues, "no fitting code") rose by at least
   half of what went missing, beyond chance;
3. effective: proven below the baseline, and at least 80 % of the promised cut is there;
4. partially effective: proven below the baseline, but short of the promise;
5. back to normal only: below the surge that raised the case, but not below the baseline, and the promised cut
   lies outside the interval (while it may still be there, counting goes on);
6. ineffective: not proven, although the promised cut would have shown with a power of 80 %, and lies outside
   the interval; or still clearly above the baseline while the surge goes on;
7. inconclusive: anything else; monitoring is extended.

*Proven* is an exact tail below the level of this look (5 % where there is but one, see `spending.py`), an
interval at that level wholly on one side of 1, and, when given, a false-discovery rate of 5 % over the quarter's
decisions (`quarter.py`). The eighth word, *coding changed*, withholds a proof that the coders alone could have
made; `decide.py` gives it, for it needs what the double-coded samples say.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, hypot, log

from scipy.stats import norm

from apps.analysis.proof.ratio import Z90, Finding, counted_words, sure
from apps.analysis.proof.voices import Voices
from helpdesk.sentences import Number, Share, Words, in_a_row, said

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
    CODING_CHANGED = "coding changed"

    @property
    def is_proven(self) -> bool:
        return self in (Verdict.EFFECTIVE, Verdict.PARTIALLY_EFFECTIVE)


@dataclass(frozen=True)
class Judgement:
    """The verdict, its reason in one sentence, the cut found with its 90 % interval, and the power there was
    to see the promised one. Cuts are shares: 0.5 for half, negative for a rise.
    """

    verdict: Verdict
    reason: Words
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
    level: float = _ALPHA,
) -> Judgement:
    """Judge one action.

    `after` compares the window after the action with the baseline; `promised` is the cut the plan promised;
    `during` compares the detection window with the same baseline, where a surge raised the case; `neighbours`
    is `after` for the sum of neighbour issues; `q` is this action's false-discovery rate among those judged
    together; `level` is how sure this look must be.
    """
    if not 0 < promised < 1:
        raise ValueError("the promised cut lies between 0 and 1")
    power = _power(after, promised, level)
    below = after.is_below(level) and (q is None or q <= _ALPHA)
    verdict = _verdict(after, promised, during, neighbours, below, power)
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
    below: bool,
    power: float,
) -> Verdict:
    above = after.is_above(_ALPHA)
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
    if after.high < 1 or after.low <= 1 - promised:
        return Verdict.INCONCLUSIVE
    if during is not None and surged and _exceeds(during, after):
        return Verdict.BACK_TO_NORMAL
    if power >= _ENOUGH_POWER:
        return Verdict.INEFFECTIVE
    return Verdict.INCONCLUSIVE


def _power(after: Finding, promised: float, level: float) -> float:
    """Chance that the promised cut, had it happened, would have been proven with these tickets."""
    if after.expected <= 0:
        return 0.0
    due = after.expected * (1 - promised)
    rest = max(after.error**2 - after.dispersion / max(after.observed, 0.5), 0.0)
    error = (after.dispersion / due + rest) ** 0.5
    return float(norm.cdf(-log(1 - promised) / error - norm.isf(level)))


def _exceeds(one: Finding, other: Finding) -> bool:
    """Whether the first ratio is clearly larger than the second; both rest on the same baseline."""
    return one.ratio > other.ratio * exp(Z90 * hypot(one.error, other.error))


def _took_over(after: Finding, neighbours: Finding) -> bool:
    missing, extra = after.expected - after.observed, neighbours.observed - neighbours.expected
    return neighbours.p_more < _ALPHA and extra >= _DISPLACED_SHARE * missing


def _reason(verdict: Verdict, after: Finding, promised: float, neighbours: Finding | None) -> Words:
    counted, more = counted_words(after), Share(after.ratio - 1)
    match verdict:
        case Verdict.EFFECTIVE:
            return _kept(after, promised)
        case Verdict.PARTIALLY_EFFECTIVE:
            return in_a_row([_kept(after, promised), said("Better, but short of the promise.")])
        case Verdict.DISPLACED:
            extra = 0.0 if neighbours is None else neighbours.observed - neighbours.expected
            return said(
                "%(counted)s, but neighbour issues rose by %(extra)s: the complaint moved, it did not go away.",
                counted=counted, extra=Number(extra),
            )  # fmt: skip
        case Verdict.BACK_TO_NORMAL:
            return said(
                "%(counted)s: the surge is over, but there are no fewer than before it began.",
                counted=counted,
            )
        case Verdict.INEFFECTIVE:
            if after.low > 1:
                return said(
                    "%(counted)s: the surge goes on, %(more)s above the level before it.",
                    counted=counted,
                    more=more,
                )
            return said(
                "%(counted)s: no effect, and the promised %(promised)s would have shown.",
                counted=counted, promised=Share(promised),
            )  # fmt: skip
        case Verdict.WORSE:
            return said("%(counted)s: %(more)s more than before.", counted=counted, more=more)
        case Verdict.INCONCLUSIVE:
            return said("%(counted)s: not sure enough yet; %(sure)s.", counted=counted, sure=sure(after))
        case Verdict.CODING_CHANGED:
            return said(
                "%(counted)s, but tickets are coded otherwise than before: the coders alone could have made the fall.",
                counted=counted,
            )


def _kept(after: Finding, promised: float) -> Words:
    """The promise beside what came of it."""
    return said(
        "%(counted)s: %(cut)s fewer, promised %(promised)s; %(sure)s.",
        counted=counted_words(after),
        cut=Share(1 - after.ratio),
        promised=Share(promised),
        sure=sure(after),
    )


def coding_changed(judged: Judgement, after: Finding, promised: float) -> Judgement:
    """The same judgement, withheld because the coders alone could have made the fall."""
    withheld = Verdict.CODING_CHANGED
    return replace(judged, verdict=withheld, reason=_reason(withheld, after, promised, None))


def doubted(judged: Judgement, after: Finding, voices: Voices) -> Judgement:
    """The same judgement, held back because customers who were asked say that it is not gone."""
    reason = said(
        "%(counted)s, %(cut)s fewer, but %(still)s of %(answered)s customers who answered still have it (%(low)s at "
        "least): more than a proven fix would leave.",
        counted=counted_words(after),
        cut=Share(1 - after.ratio),
        still=voices.still,
        answered=voices.answered,
        low=Share(voices.low),
    )
    return replace(judged, verdict=Verdict.INCONCLUSIVE, reason=reason)
