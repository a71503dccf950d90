"""From the record to the verdict: every step that the plan froze, in order, and nothing that looks elsewhere.

1. Observed against expected. Where the exposure is not known, beside all other contacts; where it is known but
   the baseline is too short to tell the season, both ways; where the baseline was coded otherwise since the plan
   was frozen, with both. Of several answers the one that speaks least for a change decides.
2. The level of this look, and the false-discovery rate over the quarter's decisions.
3. The rules of `verdict.py`.
4. The coders: a proof that they alone could have made is withheld.
5. The customers: a proof that those who were asked contradict is held back (`voices.py`).
6. What the text model counted on all tickets, coded or not, beside it. It confirms or contradicts; it does not decide.
"""

from dataclasses import dataclass
from math import hypot, log

import numpy as np

from apps.analysis.proof import coding
from apps.analysis.proof.coding import Correction
from apps.analysis.proof.quarter import q_value
from apps.analysis.proof.ratio import Z90, Finding, Windows, change_words, compare, placebo_variance
from apps.analysis.proof.record import Record
from apps.analysis.proof.verdict import Judgement, coding_changed, doubted, judge
from apps.analysis.proof.voices import Voices
from apps.analysis.series import Calendar, Floats
from helpdesk.sentences import Words, said

_RECODED = 0.02  # a baseline that lost or gained less than this is the same baseline


@dataclass(frozen=True)
class Decision:
    """The verdict with everything it rests on. `p` is corrected for the looks; `remarks` are plain sentences."""

    judged: Judgement
    after: Finding
    during: Finding
    neighbours: Finding | None
    wander: float
    level: float
    p: float
    q: float
    family: int
    corrected: Correction | None
    texts: Finding | None
    voices: Voices | None
    remarks: tuple[Words, ...]


def decide(record: Record) -> Decision:
    """Judge what was recorded. Pure: the same record gives the same decision, to the last digit."""
    bench = Bench(record)
    after, remarks = bench.after()
    p = min(1.0, after.p_fewer * record.alpha / record.level)
    q = q_value(p, decided=record.decided, still_due=record.still_due)
    during = bench.finding(record.tickets, bench.windows.during(*record.detected))
    neighbours = bench.finding(record.neighbours) if any(record.neighbours) else None
    judged = judge(
        after, promised=record.promised, during=during, neighbours=neighbours, q=q, level=record.level
    )
    corrected = None
    if record.coded_before and record.coded_after:
        corrected = coding.correct(
            after, record.contacts, before=record.coded_before, after=record.coded_after
        )
    if corrected is not None:
        remarks += (coding.sentence(corrected, after),)
        if judged.verdict.is_proven and corrected.coders_alone_could:
            judged = coding_changed(judged, after, record.promised)
    if record.voices is not None:
        remarks += (record.voices.sentence,)
        if judged.verdict.is_proven and record.voices.contradict(promised=record.promised, ratio=after.ratio):
            judged = doubted(judged, after, record.voices)
    texts = None if record.texts is None else bench.finding(record.texts)
    if texts is not None:
        remarks += (agreement(after, texts, record.level),)
    if record.actions > 1:
        remarks += (
            said(
                "One verdict for %(actions)s actions together: which of them did it can't be told.",
                actions=record.actions,
            ),
        )
    family = 1 + len(record.decided) + record.still_due
    return Decision(
        judged, after, during, neighbours, bench.wander, record.level, p, q, family, corrected, texts, record.voices,
        remarks,
    )  # fmt: skip


def agreement(codes: Finding, texts: Finding, level: float) -> Words:
    """Whether what customers write tells the same as what coders coded."""
    change = change_words(texts.ratio)
    apart = Z90 * hypot(codes.error, texts.error)
    if abs(log(codes.ratio) - log(texts.ratio)) > apart:
        return said(
            "The words of all tickets, coded or not, say %(change)s: they contradict the codes.",
            change=change,
        )
    if codes.is_below(level) == texts.is_below(level):
        return said(
            "The words of all tickets, coded or not, say %(change)s: they agree with the codes.",
            change=change,
        )
    return said(
        "The words of all tickets, coded or not, say %(change)s: too unsure to agree or to contradict.",
        change=change,
    )


class Bench:
    """A record laid out as arrays. `wander`: where it was learnt already."""

    def __init__(self, record: Record, wander: float | None = None) -> None:
        self.record = record
        self.calendar = Calendar.of_days(record.first, len(record.tickets), record.holidays)
        self.windows = Windows(0, record.baseline_end, *record.after)
        self.offset: Floats | None = None if record.offset is None else np.array(record.offset)
        self.others = np.array([record.others], np.float64)
        self.wander = self._learnt() if wander is None else wander

    def _learnt(self) -> float:
        everything = np.array(self.record.everything, np.float64).reshape(-1, len(self.record.tickets))
        return placebo_variance(everything, self.calendar, self.windows, offset=self.offset)

    def after(self) -> tuple[Finding, tuple[Words, ...]]:
        """The finding that decides, and what must be said about it."""
        record = self.record
        found, remarks = self._told_from_season(record.tickets)
        recoded = self._recoded()
        if recoded is not None:
            then, now = sum(record.frozen or ()), sum(record.tickets[: record.baseline_end])
            found = _least_sure(found, self._told_from_season(recoded)[0])
            remarks += (
                said(
                    "Since the plan was frozen the baseline was coded otherwise: %(then)s tickets then, %(now)s now. "
                    "The more cautious of the two decides.",
                    then=int(then),
                    now=int(now),
                ),
            )
        return found, remarks

    def finding(self, counts: tuple[int, ...], windows: Windows | None = None) -> Finding:
        """Against exposure where it is known, else beside all other contacts."""
        return self._compared(counts, windows or self.windows, beside=self.offset is None)

    def _told_from_season(self, counts: tuple[int, ...]) -> tuple[Finding, tuple[Words, ...]]:
        found = self.finding(counts)
        if self.windows.tells_season(self.calendar):
            return found, ()
        days = self.record.baseline_end
        if not self.others.any():
            alone = said(
                "The baseline of %(days)s days does not know the season, and no other contacts stand beside it.",
                days=int(days),
            )
            return found, (alone,)
        beside = said(
            "The baseline of %(days)s days does not know the season: all other contacts stand beside it.",
            days=int(days),
        )
        if self.offset is not None:
            found = _least_sure(found, self._compared(counts, self.windows, beside=True))
        return found, (beside,)

    def _compared(self, counts: tuple[int, ...], windows: Windows, *, beside: bool) -> Finding:
        control = self.others if beside and self.others.any() else None
        table = np.array([counts], np.float64)
        compared = compare(
            table, self.calendar, windows, offset=self.offset, control=control, wander=self.wander
        )
        return compared.finding()

    def _recoded(self) -> tuple[int, ...] | None:
        """The series with the baseline as it was frozen, where it is another one now."""
        frozen, end = self.record.frozen, self.record.baseline_end
        if frozen is None or len(frozen) != end:
            return None
        moved = sum(abs(one - other) for one, other in zip(frozen, self.record.tickets, strict=False))
        if moved <= _RECODED * max(sum(frozen), 1):
            return None
        return frozen + self.record.tickets[end:]


def _least_sure(one: Finding, other: Finding) -> Finding:
    """The finding that is nearer to "nothing changed", measured in its own error."""
    return min(one, other, key=lambda found: abs(log(found.ratio)) / found.error)
