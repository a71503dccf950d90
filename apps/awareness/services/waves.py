"""Closing the loop with the customers of a case, in waves: a holding message, "is it gone for you?" while the fix is
measured, then "fixed because you told us"."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import gettext

from apps.analysis.deadlines import midnight, today
from apps.analysis.models import Case, CaseState
from apps.analysis.queries.voices import counted_from
from apps.analysis.services import ask_customers, hear_customer, tell_customers
from apps.awareness.merge_fields import KNOWN, filled, unknown_fields
from apps.awareness.models.wave import OPEN, Gone, Wave, WaveKind, WaveLetter, WaveState, WaveText
from apps.intake.language import LANGUAGES
from apps.intake.services import follow_up
from apps.output.services import send_notice
from helpdesk.each import each
from helpdesk.errors import DomainError, Invalid
from helpdesk.links import absolute
from helpdesk.marked import inside
from helpdesk.models import Customer, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Number

MAX_SUBJECT, MAX_BODY, MAX_AN_HOUR, MAX_QUESTION = 200, 5_000, 10_000, 200
TURNS_AN_HOUR = 60  # the task runs every minute
CHANGE_WITHIN = timedelta(days=30)


class WaveUnderWay(DomainError):
    """A message of this kind is being prepared or sent for this case already."""

    code = "wave-under-way"


class NotADraft(DomainError):
    """This message has begun to go out: its words can't be changed any more. Stop it, and write another."""

    code = "not-a-draft"


class NothingToTell(DomainError):
    """Nothing to tell yet: first an open case, then a fix in place for some days, at last a fix that is proven.

    The holding message needs the first, the question the second, the last message the third.
    """

    code = "nothing-to-tell"


class NobodyToTell(DomainError):
    """No customer of this case can be written to, or all of them were told already."""

    code = "nobody-to-tell"


class WaveStands(DomainError):
    """This message is not going out. Look at it again."""

    code = "wave-stands"


class AnswerClosed(DomainError):
    """Your answer has been counted and can't be changed any more. Write to us to tell us more."""

    code = "answer-closed"


@transaction.atomic
def draft_wave(*, case: Case, kind: str, by: User, at: datetime) -> Wave:
    """Begin a message to the customers of a case, in words that are good after one look.

    Raises NothingToTell, WaveUnderWay, Invalid for an unknown kind.
    """
    require(by, "awareness.publish")
    require(by, "analysis.view", case)
    if kind not in WaveKind.values:
        raise Invalid(
            gettext("Choose one of: %(labels)s.") % {"labels": ", ".join(map(str, WaveKind.labels))},
            pointer="kind",
        )
    case = held(case, "issue")
    _require_something_to_tell(case, kind, at)
    if Wave.objects.filter(case=case, kind=kind, state__in=OPEN).exists():
        raise WaveUnderWay
    facts = {"name": case.issue.label if case.issue else case.title, "case": case}
    subject, _, body = render_to_string(f"awareness/mail/wave_{kind}.txt", facts).strip().partition("\n\n")
    return Wave.draft(case=case, kind=kind, subject=subject[:MAX_SUBJECT], body=body, by=by, at=at)


@transaction.atomic
def edit_wave(*, wave: Wave, subject: str, body: str, an_hour: int, by: User, at: datetime) -> Wave:
    """Better words, another pace. Raises NotADraft, Invalid for empty words, unknown fields and a pace out of range."""
    require(by, "awareness.publish")
    wave = _locked_draft(wave)
    subject, body = _good(subject, body)
    if not 1 <= an_hour <= MAX_AN_HOUR:
        raise Invalid(
            gettext("Between 1 and %(max_an_hour)s an hour.")
            % {"max_an_hour": Number(MAX_AN_HOUR, grouped=True)},
            pointer="an_hour",
        )
    wave.write(subject=subject, body=body, an_hour=an_hour, by=by, at=at)
    return wave


@transaction.atomic
def write_wave_text(
    *, wave: Wave, language: str, subject: str, body: str, question: str = "", by: User, at: datetime
) -> WaveText:
    """Its words in one more language, for those who write it. Raises NotADraft, Invalid as `edit_wave`."""
    require(by, "awareness.publish")
    wave = _locked_draft(wave)
    if language not in LANGUAGES.split():
        raise Invalid(
            gettext("Languages are %(split)s.") % {"split": ", ".join(LANGUAGES.split())}, pointer="language"
        )
    subject, body = _good(subject, body)
    question = " ".join(question.split())
    if len(question) > MAX_QUESTION or unknown_fields(question, ()):
        raise Invalid(
            gettext("Up to %(max_question)s characters, without fields.") % {"max_question": MAX_QUESTION},
            pointer="question",
        )
    given = {"subject": subject, "body": body, "question": question}
    text, _ = WaveText.objects.update_or_create(wave=wave, language=language, defaults=given)
    wave.record("wave.edited", by=by, at=at, language=language)
    return text


@transaction.atomic
def remove_wave_text(*, wave: Wave, language: str, by: User, at: datetime) -> None:
    """Who writes this language gets the words of the wave itself. Raises NotADraft."""
    require(by, "awareness.publish")
    wave = _locked_draft(wave)
    gone, _ = wave.texts.filter(language=language).delete()
    if gone:
        wave.record("wave.edited", by=by, at=at, language=language, removed=True)


@transaction.atomic
def start_wave(*, wave: Wave, by: User, at: datetime) -> Wave:
    """Let it go out, or go on; whom it is for is settled when it starts.

    Raises NothingToTell, NobodyToTell, WaveStands.
    """
    require(by, "awareness.publish")
    wave = _locked(wave)
    if wave.state not in (WaveState.DRAFT, WaveState.STOPPED):
        raise WaveStands(gettext("This message is %(state)s.") % {"state": inside(wave.get_state_display())})
    _require_something_to_tell(wave.case, wave.kind, at)
    if wave.is_draft and not _address(wave, at):
        raise NobodyToTell
    wave.move(WaveState.SENDING, by=by, at=at, letters=wave.letters.filter(skipped="").count())
    return wave


@transaction.atomic
def stop_wave(*, wave: Wave, by: User, at: datetime) -> Wave:
    """No letter leaves any more until it is started again. Raises WaveStands."""
    require(by, "awareness.publish")
    wave = _locked(wave)
    if wave.state != WaveState.SENDING:
        raise WaveStands
    wave.move(WaveState.STOPPED, by=by, at=at)
    return wave


def send_waves(*, by: User, at: datetime) -> int:
    """A minute's letters of every wave that goes out; returns how many left. Many workers may send at once."""
    going = Wave.objects.filter(state=WaveState.SENDING).order_by("pk").values_list("pk", flat=True)
    return sum(each(going, lambda number: _send_some(number, by=by, at=at)))


@transaction.atomic
def answer_wave(*, letter: WaveLetter, answer: str, comment: str = "", by: User, at: datetime) -> WaveLetter:
    """Keep what a customer says; whoever still has it is heard on their ticket. Raises Invalid, AnswerClosed."""
    if answer not in Gone.values:
        raise Invalid(gettext("Choose one of the two answers."), pointer="answer")
    letter = held(letter, "wave__case", "ticket__customer")
    if letter.answered_at is not None and at - letter.answered_at > CHANGE_WITHIN:
        raise AnswerClosed
    heard_before = letter.answer == Gone.STILL
    comment = comment.strip()[:2_000]
    letter.say(answer=answer, comment=comment, by=by, at=at)
    if answer == Gone.STILL and not heard_before:
        words = (gettext("It is still there. %(comment)s") % {"comment": comment}).strip()
        follow_up(ticket=letter.ticket, body=words, by=by, at=at)
    # After the ticket: tickets are locked before cases.
    hear_customer(
        case=letter.wave.case, customer=letter.customer_id, is_gone=answer == Gone.GONE, by=by, at=at
    )
    return letter


def _locked(wave: Wave) -> Wave:
    return held(wave, "case")


def _locked_draft(wave: Wave) -> Wave:
    wave = _locked(wave)
    if not wave.is_draft:
        raise NotADraft
    return wave


def _good(subject: str, body: str) -> tuple[str, str]:
    subject, body = " ".join(subject.split()), body.strip()
    for pointer, text, longest in (("subject", subject, MAX_SUBJECT), ("body", body, MAX_BODY)):
        if not text or len(text) > longest:
            raise Invalid(
                gettext("Between 1 and %(longest)s characters.") % {"longest": Number(longest, grouped=True)},
                pointer=pointer,
            )
        if strangers := unknown_fields(text):
            raise Invalid(
                gettext("Unknown: %(strangers)s. Known: %(known)s.")
                % {"strangers": ", ".join(strangers), "known": KNOWN},
                pointer=pointer,
            )
    return subject, body


def _require_something_to_tell(case: Case, kind: str, at: datetime) -> None:
    verdict = case.verdicts.last()
    proven = verdict is not None and verdict.is_proven
    match kind:
        case WaveKind.HOLDING:
            ready = case.is_open
        case WaveKind.ASKING:
            since = counted_from(case, case.plans.last(), verdict)
            ready = case.is_open and not proven and since is not None and today(at) >= since
        case _:
            ready = proven and case.state in (CaseState.MONITORING, CaseState.CLOSED)
    if not ready:
        raise NothingToTell


def _address(wave: Wave, at: datetime) -> int:
    """A row for each customer it is for; returns how many can be written to."""
    letters = letters_of(wave, at)
    WaveLetter.objects.bulk_create(letters, batch_size=1_000)
    return sum(not letter.skipped for letter in letters)


def letters_of(wave: Wave, at: datetime) -> list[WaveLetter]:
    """A letter, not kept, for each customer who told us and was not told yet, about their latest ticket."""
    told = WaveLetter.objects.filter(wave__case=wave.case, wave__kind=wave.kind, sent_at__isnull=False)
    if wave.kind == WaveKind.ASKING and wave.case.monitoring_from:
        # After another fix they are asked again.
        told = told.filter(sent_at__gte=midnight(wave.case.monitoring_from))
    evidence = wave.case.evidence.filter(excluded_at=None).exclude(
        ticket__customer__in=told.values("customer")
    )
    latest = evidence.order_by().values("ticket__customer").annotate(latest=Max("ticket")).values("latest")
    tickets = Ticket.objects.filter(pk__in=latest).select_related("customer").order_by("customer_id")
    return [
        WaveLetter(
            wave=wave, customer=ticket.customer, ticket=ticket, key=secrets.token_urlsafe(32),
            skipped=_reason_to_skip(ticket.customer, at),
        )
        for ticket in tickets
    ]  # fmt: skip


def _reason_to_skip(customer: Customer, at: datetime) -> str:
    if not customer.email or customer.anonymised_at is not None:
        return gettext("no address")
    return gettext("mail comes back") if customer.bounces(at) else ""


@transaction.atomic
def _send_some(number: int, *, by: User, at: datetime) -> int:
    """A minute's share of one wave; the wave is sent when none is left. Whoever comes second leaves it alone."""
    wave = (
        Wave.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("case")
        .filter(pk=number, state=WaveState.SENDING)
        .first()
    )
    if wave is None:
        return 0
    waiting = wave.letters.filter(sent_at=None, skipped="").select_related("customer", "ticket__department")
    share = max(round(wave.an_hour / TURNS_AN_HOUR), 1)
    letters, texts = list(waiting.order_by("pk")[:share]), texts_of(wave)
    for letter in letters:
        _send(wave, letter, words_for(wave, letter, texts), by=by, at=at)
    if wave.asks and letters:
        ask_customers(case=wave.case, customers=[letter.customer_id for letter in letters], by=by, at=at)
    if not waiting.exists():
        wave.move(WaveState.SENT, by=by, at=at)
        if wave.kind == WaveKind.FIXED and not wave.case.is_told:
            tell_customers(case=wave.case, by=by, at=at)
    return len(letters)


def _send(wave: Wave, letter: WaveLetter, words: "Words", *, by: User, at: datetime) -> None:
    letter.delivery = send_notice(
        to=letter.customer.email or "", subject=words.subject, text=words.text,
        html="".join(f'<p dir="auto">{escape(part)}</p>' for part in words.text.split("\n\n")),
        ticket=letter.ticket, about=f"wave:{wave.pk}", key=f"wave:{wave.pk}:{letter.customer_id}", by=by, at=at,
    )  # fmt: skip
    letter.sent_at = at
    letter.save(update_fields=["delivery", "sent_at"])


@dataclass(frozen=True)
class Words:
    """What one customer reads; `language` is "" where it is the wave's own."""

    language: str
    subject: str
    text: str


def texts_of(wave: Wave) -> dict[str, WaveText]:
    """By language; one query."""
    return {text.language: text for text in wave.texts.all()}


def words_for(wave: Wave, letter: WaveLetter, texts: Mapping[str, WaveText]) -> Words:
    """In the customer's language where it was written in it, else in the wave's own words."""
    said = texts.get(letter.language)
    subject, body = (said.subject, said.body) if said else (wave.subject, wave.body)
    language = said.language if said else ""
    text = filled(body, letter, wave.case, language=language or "en")
    if wave.asks:
        question = (said.question if said else "") or gettext(
            "Is it gone for you? The page asks before it counts:"
        )
        text = f"{text}\n\n{question}\n{absolute('gone', key=letter.key)}"
    return Words(language, filled(subject, letter, wave.case, language=language or "en"), text)
