"""Did the problem become rarer, or only its code?

Coders miss some tickets that have the issue and give its code to some that do not. Where a sample was coded
twice, both shares are known, before and after. With sensitivity s, false-positive share f and N contacts, c
coded tickets stand for (c - f N) / (s - f) true ones (Rogan and Gladen 1978); corrected ratio: true ones after,
over true ones expected. Its interval comes from draws: s and f from their Beta posteriors (Jeffreys prior), the
counts log-normal with the error found; 90 %, fixed seed.

*Drift* is what the code would have shown had nothing changed but the coders: sensitivity and false positives of
the time after, on the true number expected. Where the corrected interval reaches 1, the coders alone could have
made the fall.
Limits: each period needs 30 double-coded tickets with the issue and 30 without; errors are taken as the same
for all tickets of a period. A sample that was drawn by its code must be weighted back before it is given here.
"""

from dataclasses import dataclass

import numpy as np

from apps.analysis.proof.ratio import Finding, change_words
from apps.analysis.series import Floats
from helpdesk.sentences import Words, said

ENOUGH = 30
_DRAWS, _SEED = 20_000, 1
_NINE_IN_TEN = (5, 50, 95)  # per cent


@dataclass(frozen=True)
class Audit:
    """A double-coded sample: of `true` tickets with the issue `found` had its code, of `others` `mistaken` had."""

    true: int
    found: int
    others: int
    mistaken: int

    def __post_init__(self) -> None:
        if not (0 <= self.found <= self.true and 0 <= self.mistaken <= self.others):
            raise ValueError("of so many tickets at most so many can have the code")

    @property
    def is_enough(self) -> bool:
        return min(self.true, self.others) >= ENOUGH

    @property
    def sensitivity(self) -> float:
        return self.found / self.true if self.true else 0.0

    @property
    def false_share(self) -> float:
        return self.mistaken / self.others if self.others else 0.0


@dataclass(frozen=True)
class Correction:
    """The ratio as it would be with faultless coding, its 90 % interval, and the ratio the coders alone make."""

    ratio: float
    low: float
    high: float
    drift: float

    @property
    def coders_alone_could(self) -> bool:
        """Whether no fall at all is left once the coders' errors are taken out."""
        return self.high >= 1


def correct(found: Finding, contacts: float, *, before: Audit, after: Audit) -> Correction | None:
    """The corrected ratio of a finding among `contacts` in the window after; None while too few are double-coded,
    or where a code says nothing (true tickets get it no oftener than others).
    """
    if not (before.is_enough and after.is_enough):
        return None
    if before.sensitivity <= before.false_share or after.sensitivity <= after.false_share:
        return None
    chance = np.random.default_rng(_SEED)
    counted = found.dispersion / max(found.observed, 0.5)
    rest = max(found.error**2 - counted, 0.0)
    observed = (found.observed + 0.5) * np.exp(chance.normal(0, np.sqrt(counted), _DRAWS))
    expected = (found.expected + 0.5) * np.exp(chance.normal(0, np.sqrt(rest), _DRAWS))
    then = _true(expected, contacts, *_drawn(before, chance))
    now = _true(observed, contacts, *_drawn(after, chance))
    low, ratio, high = np.percentile(now / then, _NINE_IN_TEN)
    return Correction(float(ratio), float(low), float(high), _drift(found.expected, contacts, before, after))


def corrected_for_coding(coded: float, contacts: float, *, recall: float, false_share: float) -> float:
    """Tickets that truly have the issue, out of those coded with it (Rogan and Gladen 1978).

    `recall` is the share of true ones that get the code, `false_share` the share of all others that get it
    wrongly. Raises ValueError when a code says nothing.
    """
    if recall <= false_share:
        raise ValueError("the code says nothing: true tickets get it no more often than others")
    return min(max((coded - false_share * contacts) / (recall - false_share), 0.0), contacts)


def sentence(corrected: Correction, raw: Finding) -> Words:
    """“Corrected for coding errors 47% fewer instead of 52% (9 in 10 sure it is between 31% and 60%).”"""
    if corrected.coders_alone_could:
        return said(
            "Corrected for coding errors it may be no fall at all: the coders alone account for %(alone)s, counted "
            "were %(raw)s.",
            alone=change_words(corrected.drift),
            raw=change_words(raw.ratio),
        )
    return said(
        "Corrected for coding errors %(corrected)s instead of %(raw)s (9 in 10 sure it is between %(low)s and "
        "%(high)s).",
        corrected=change_words(corrected.ratio),
        raw=change_words(raw.ratio),
        low=change_words(corrected.high),
        high=change_words(corrected.low),
    )


def _drawn(audit: Audit, chance: np.random.Generator) -> tuple[Floats, Floats]:
    found = chance.beta(audit.found + 0.5, audit.true - audit.found + 0.5, _DRAWS)
    mistaken = chance.beta(audit.mistaken + 0.5, audit.others - audit.mistaken + 0.5, _DRAWS)
    return found, mistaken


def _true(coded: Floats, contacts: float, sensitivity: Floats, false_share: Floats) -> Floats:
    """True tickets behind the coded ones; at least half a ticket, for a ratio needs something to stand on."""
    apart = np.maximum(sensitivity - false_share, 1e-3)
    true: Floats = np.clip((coded - false_share * contacts) / apart, 0.5, max(contacts, 1.0))
    return true


def _drift(expected: float, contacts: float, before: Audit, after: Audit) -> float:
    true = corrected_for_coding(expected, contacts, recall=before.sensitivity, false_share=before.false_share)
    shown = after.sensitivity * true + after.false_share * max(contacts - true, 0.0)
    return shown / max(expected, 0.5)
