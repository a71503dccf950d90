"""Letters to the customers of a case: one that asked whether it is gone, with answers, and one being prepared."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice

from apps.analysis.models import Case, CaseState, CustomerVoice
from apps.awareness.models import Gone, WaveKind, WaveLetter, WaveState
from apps.awareness.services import draft_wave, edit_wave, write_wave_text
from apps.awareness.services.waves import letters_of
from config.demo.load.house import House
from config.demo.planned import Heard
from config.demo.rows import World
from helpdesk.models import User

PREPARED = "sensor-wrong"  # its fix is measured for some weeks, and nobody was asked yet
APART = timedelta(seconds=18)  # two hundred an hour
SUBJECT = "Is it gone for you? The sensor beside the radiator"
BODY = (
    "Hello {name},\n\non {date} you wrote to us: “{subject}”. Since the end of October every box holds a guide to the"
    " place of the sensor, and the app shows a film about it. Whether that helped you see better than we do.\n\n"
    "If the room still stays cold, say so below: your request is opened again, and a person looks at it."
)
GERMAN_SUBJECT = "Ist es bei Ihnen behoben? Der Fühler neben dem Heizkörper"
GERMAN_BODY = (
    "Guten Tag {name},\n\nam {date} schrieben Sie uns: „{subject}“. Seit Ende Oktober liegt jeder Lieferung eine"
    " Anleitung bei, wohin der Fühler gehört, und die App zeigt einen Film dazu. Ob das geholfen hat, sehen Sie besser"
    " als wir.\n\nBleibt das Zimmer kalt, sagen Sie es unten: Ihre Anfrage wird wieder geöffnet, und ein Mensch sieht"
    " nach."
)
GERMAN_QUESTION = "Ist es bei Ihnen behoben? Die Seite fragt noch einmal, bevor sie zählt:"
STILL_SAID = (
    "I changed back in May, and again there are two lines on the bill.",
    "Not for me: the old plan is on it again.",
)
GONE_SAID = (
    "One invoice, and the right one. Thank you.",
    "",
    "",
    "Yes. I checked the last two bills.",
    "",
    "I did not expect an answer months later. Thank you for writing.",
    "",
)


def ask(case: Case, heard: Heard, *, by: User, at: datetime) -> None:
    """Everybody whose ticket is evidence is asked, and some answer within the week. Rows at once: to send each would
    cost half a dozen queries."""
    wave = draft_wave(case=case, kind=WaveKind.ASKING, by=by, at=at - timedelta(hours=3))
    wave.move(WaveState.SENDING, by=by, at=at)
    letters = letters_of(wave, at)
    written_to = [letter for letter in letters if not letter.skipped]
    for place, letter in enumerate(written_to):
        letter.sent_at = at + APART * place
    for place, (letter, said) in enumerate(zip(written_to, _answers(heard), strict=False)):
        letter.answer, letter.comment = said
        letter.answered_at = at + timedelta(hours=2 + 5 * place)
    WaveLetter.objects.bulk_create(letters)
    CustomerVoice.objects.bulk_create(
        CustomerVoice(
            case=case, customer=letter.customer, asked_at=letter.sent_at or at, said_at=letter.answered_at,
            is_gone=letter.answer == Gone.GONE if letter.answer else None,
        )
        for letter in written_to
    )  # fmt: skip
    wave.move(WaveState.SENT, by=by, at=at + APART * len(written_to))


def _answers(heard: Heard) -> Iterator[tuple[str, str]]:
    """Who still has it answers at once."""
    for answer, number, words in ((Gone.STILL, heard.still, STILL_SAID), (Gone.GONE, heard.gone, GONE_SAID)):
        for comment in islice(cycle(words), number):
            yield answer, comment


def prepare(world: World, house: House) -> None:
    """The analyst is writing to the customers of a fix that is measured, in two languages. A dozen queries."""
    case = Case.objects.filter(issue__code=PREPARED, state=CaseState.MONITORING).first()
    if case is None:  # short worlds have no such past
        return
    analyst = next(person for email, person in house.people.items() if email.startswith("priya"))
    at = world.now - timedelta(hours=3)
    wave = draft_wave(case=case, kind=WaveKind.ASKING, by=analyst, at=at)
    edit_wave(wave=wave, subject=SUBJECT, body=BODY, an_hour=60, by=analyst, at=at + timedelta(minutes=12))
    write_wave_text(
        wave=wave, language="de", subject=GERMAN_SUBJECT, body=GERMAN_BODY, question=GERMAN_QUESTION, by=analyst,
        at=at + timedelta(minutes=31),
    )  # fmt: skip
