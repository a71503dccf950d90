"""What the pages of a wave show."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.conf.locale import LANG_INFO
from django.db.models import Count, Q

from apps.analysis.models import Case
from apps.awareness.models.wave import Gone, Wave, WaveLetter, WaveText
from apps.awareness.services.waves import letters_of, texts_of, words_for

SAMPLES = 3
LOOKED_AT = 2_000  # letters of a wave that went out, for their languages
ANSWERS = 50


@dataclass(frozen=True)
class Sample:
    """One letter as a customer would read it; `language` is "" for the wave's own words."""

    to: str
    language: str
    subject: str
    text: str


@dataclass(frozen=True)
class Readers:
    """Customers who write one language ("": nobody knows which), and whether they are written to in it."""

    language: str
    name: str
    customers: int
    is_written: bool


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
    texts: list[WaveText]
    readers: list[Readers]
    answers: list[WaveLetter]

    @property
    def addressed(self) -> int:
        return self.to_send + self.sent


def wave_page(wave: Wave, *, at: datetime) -> WavePage:
    """Before it starts: of the customers it would be for; afterwards: of its letters. A fixed number of queries."""
    letters = (
        letters_of(wave, at)
        if wave.is_draft
        else list(wave.letters.select_related("customer", "ticket").order_by("pk")[:LOOKED_AT])
    )
    texts = texts_of(wave)
    counted = _counted(wave)
    to_send = counted["to_send"]
    skipped = dict(wave.letters.exclude(skipped="").order_by().values_list("skipped").annotate(Count("pk")))
    if wave.is_draft:
        skipped = {}
        for letter in letters:
            if letter.skipped:
                skipped[letter.skipped] = skipped.get(letter.skipped, 0) + 1
        to_send = len(letters) - sum(skipped.values())
    to_read = [letter for letter in letters if not letter.skipped]
    return WavePage(
        wave=wave, to_send=to_send, skipped=skipped, sent=counted["sent"], gone=counted["gone"],
        still=counted["still"],
        samples=_samples(wave, to_read, texts), texts=list(texts.values()), readers=_readers(to_read, texts),
        answers=list(
            # Who still has it first: they wait for somebody.
            wave.letters.exclude(answer="").select_related("customer").order_by("-answer", "-answered_at")[:ANSWERS]
        ),
    )  # fmt: skip


def _samples(wave: Wave, letters: list[WaveLetter], texts: dict[str, WaveText]) -> list[Sample]:
    """A few in the wave's own words, and one in each language it was written in."""
    shown: dict[str, list[Sample]] = {}
    for letter in letters:
        language = letter.language if letter.language in texts else ""
        if len(shown.get(language, ())) < (1 if language else SAMPLES):
            words = words_for(wave, letter, texts)
            sample = Sample(letter.customer.email or "", language, words.subject, words.text)
            shown.setdefault(language, []).append(sample)
    return [sample for language in sorted(shown) for sample in shown[language]]


def _readers(letters: list[WaveLetter], texts: dict[str, WaveText]) -> list[Readers]:
    """The languages most write first; a text that nobody would read is named too."""
    counted = Counter(letter.language for letter in letters)
    rows = [Readers(one, name_of(one), n, one in texts) for one, n in counted.most_common()]
    return rows + [Readers(one, name_of(one), 0, True) for one in texts if one not in counted]


def name_of(language: str) -> str:
    known = LANG_INFO.get(language, {})
    return str(known.get("name_local") or language)


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
