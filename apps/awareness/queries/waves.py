"""What the pages of a wave show."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from apps.analysis.models import Case
from apps.awareness.merge_fields import filled
from apps.awareness.models.wave import Gone, Wave, WaveLetter
from apps.awareness.services.waves import letters_of, text_of

SAMPLES = 3
ANSWERS = 50


@dataclass(frozen=True)
class Sample:
    """One letter as a customer would read it."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class WavePage:
    """How far a wave is: how many it is for, left out and why, sent, and answered; letters as they read."""

    wave: Wave
    to_send: int
    skipped: dict[str, int]
    sent: int
    gone: int
    still: int
    samples: list[Sample]
    answers: list[WaveLetter]

    @property
    def addressed(self) -> int:
        return self.to_send + self.sent


def wave_page(wave: Wave, *, at: datetime) -> WavePage:
    """Before it starts: of the customers it would be for; afterwards: of its letters. A fixed number of queries."""
    letters = (
        letters_of(wave, at)
        if wave.is_draft
        else list(wave.letters.select_related("customer", "ticket")[:SAMPLES])
    )
    counted = _counted(wave)
    to_send = counted["to_send"]
    skipped = dict(wave.letters.exclude(skipped="").order_by().values_list("skipped").annotate(Count("pk")))
    if wave.is_draft:
        skipped = {}
        for letter in letters:
            if letter.skipped:
                skipped[letter.skipped] = skipped.get(letter.skipped, 0) + 1
        to_send = len(letters) - sum(skipped.values())
    shown = [letter for letter in letters if not letter.skipped][:SAMPLES]
    return WavePage(
        wave=wave, to_send=to_send, skipped=skipped, sent=counted["sent"], gone=counted["gone"],
        still=counted["still"],
        samples=[
            Sample(letter.customer.email or "", filled(wave.subject, letter, wave.case), text_of(wave, letter))
            for letter in shown
        ],
        answers=list(
            wave.letters.exclude(answer="").select_related("customer").order_by("-answered_at")[:ANSWERS]
        ),
    )  # fmt: skip


def waves_of(case: Case) -> list[tuple[Wave, dict[str, int]]]:
    """The waves of a case, each with its counts."""
    waves = Wave.objects.filter(case=case).annotate(
        sent=Count("letters", filter=Q(letters__sent_at__isnull=False)),
        gone=Count("letters", filter=Q(letters__answer=Gone.GONE)),
        still=Count("letters", filter=Q(letters__answer=Gone.STILL)),
    )
    return [(wave, {"sent": wave.sent, "gone": wave.gone, "still": wave.still}) for wave in waves]


def _counted(wave: Wave) -> dict[str, int]:
    counts: dict[str, int] = wave.letters.aggregate(
        to_send=Count("pk", filter=Q(sent_at=None, skipped="")),
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        gone=Count("pk", filter=Q(answer=Gone.GONE)),
        still=Count("pk", filter=Q(answer=Gone.STILL)),
    )
    return counts
