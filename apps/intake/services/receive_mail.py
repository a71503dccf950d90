"""A mail comes in: stored first, then read; it becomes a ticket, an answer, or waits for a person."""

import errno
import hashlib
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from django.db import DatabaseError, IntegrityError, InterfaceError, connection, transaction
from django.db.models import F

from apps.intake import mail as reading
from apps.intake.fingerprint import fingerprint
from apps.intake.mail import Letter
from apps.intake.models import InboundMail, MailState
from apps.intake.screening import Kind, Screening
from apps.intake.services.answerable import verdict_on
from apps.intake.services.mail_acts import Told, act_on, mailbox_of, report_bounce
from helpdesk import events
from helpdesk.away import is_passing
from helpdesk.each import each
from helpdesk.errors import DomainError
from helpdesk.models import Direction, Message, User
from helpdesk.permissions import require
from helpdesk.sentences import Words, said

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
FORM = "form"  # the mailbox of words that came through the public form
FLOOD, FLOOD_WINDOW = 60, timedelta(hours=1)  # mails of one sender: the cap that holds when two machines talk
SAME_WITHIN = timedelta(days=7)  # how long one mail may take through its several mailboxes
ANOTHER_WAY = said("It came through another mailbox as well.")
WAIT_BEFORE_AGAIN = timedelta(minutes=1)


class Poisoned(DomainError):
    """This mail could not be taken; it waits in quarantine with the reason."""

    code = "quarantined"

    def __init__(self, mail: InboundMail) -> None:
        super().__init__(str(mail.reason))
        self.mail = mail


class NotHeldBack(DomainError):
    """This mail is not held back: it was taken already."""

    code = "not-held-back"


def receive_mail(*, raw: bytes, mailbox: str, by: User, at: datetime) -> InboundMail:
    """Take one mail from one mailbox; the same mail again changes nothing. What becomes of it is in its state.

    The raw bytes are committed before the first of them is read. Raises Poisoned once a mail that could not be taken
    is safe in quarantine, and lets a database that is away and a full disk pass (OperationalError, OSError): then the
    mail stays `received` and `read_waiting_mail` reads it later.
    """
    require(by, "intake.receive")
    return read_mail(mail=_store(raw, mailbox.strip().lower()[:254], at), by=by, at=at)


def read_mail(*, mail: InboundMail, by: User, at: datetime) -> InboundMail:
    """Read a stored mail and do what follows from it; one that was read before is left alone. Raises Poisoned."""
    require(by, "intake.receive")
    if mail.state != MailState.RECEIVED:
        return mail
    InboundMail.objects.filter(pk=mail.pk).update(attempts=F("attempts") + 1)
    if mail.attempts >= MAX_ATTEMPTS:
        often = said("Reading it stopped the program %(times)s times.", times=mail.attempts)
        return _set_aside(mail, often, by=by, at=at)
    try:
        letter = reading.read(bytes(mail.raw), received_at=mail.received_at)
        mail.sender = letter.sender.key[:320] if letter.sender else ""
        mail.subject = letter.subject[:500]
        return _take_in(mail, letter, by=by, at=at)
    except Exception as error:
        if _is_ours(error):
            _forget_attempt(mail)
            raise  # try again later
        # Whatever a stranger's bytes break: kept with the reason, said aloud, and no harm to the next mail.
        logger.exception("mail %s could not be taken", mail.pk)
        raise Poisoned(_set_aside(mail, _in_words(error), by=by, at=at)) from error


def read_waiting_mail(*, by: User, at: datetime) -> int:
    """Read what was stored but not read for a minute, oldest first. Returns how many.

    Raises the faults once every mail had its turn; those mails wait for the next run.
    """
    require(by, "intake.receive")
    waiting = InboundMail.objects.waiting(at - WAIT_BEFORE_AGAIN).order_by("received_at")
    return len(each(waiting.values_list("pk", flat=True), lambda number: _read_again(number, by=by, at=at)))


def _read_again(number: int, *, by: User, at: datetime) -> None:
    try:
        read_mail(mail=InboundMail.objects.defer("raw").get(pk=number), by=by, at=at)
    except Poisoned as poisoned:
        logger.warning("mail %s: %s", number, poisoned.detail)


@transaction.atomic
def restore_mail(*, mail: InboundMail, by: User, at: datetime) -> InboundMail:
    """A person says that this mail is for us after all: it becomes a ticket or an answer, whatever screening said.

    Raises NotHeldBack, NotAllowed.
    """
    require(by, "intake.quarantine")
    mail = InboundMail.objects.select_for_update(of=("self",), no_key=True).get(pk=mail.pk)
    if not mail.is_held_back:
        raise NotHeldBack
    letter = reading.read(bytes(mail.raw), received_at=mail.received_at)
    _take_turns(mail, letter)
    if stored := _stored(letter):
        mail.take(stored, reason=ANOTHER_WAY)
    else:
        told = Told(letter, mailbox_of(mail=mail), Screening(Kind.OK, said("Restored by a person.")))
        act_on(mail=mail, told=told, restored=True, by=User.objects.system(), at=at)
    events.record("mail.restored", ticket=mail.ticket, about=f"mail:{mail.pk}", by=by, at=at)
    return mail


@transaction.atomic
def hold_back(*, email: str, body: str, by: User, at: datetime) -> InboundMail:
    """A program filled in the public form, by all appearance: its words are kept like a mail, and can be restored."""
    require(by, "intake.receive")
    letter = EmailMessage()
    letter["From"], letter["Subject"] = email or "nobody@invalid", "Form"
    letter["Date"] = at
    letter.set_content(body)
    mail = _store(letter.as_bytes(), FORM, at)
    if mail.state == MailState.RECEIVED:
        mail.sender, mail.subject = email.casefold()[:320], body.strip()[:90]
        mail.screen_out(said("The field that no person sees was filled in."), by=by, at=at)
    return mail


# --- storing ------------------------------------------------------------------------------------------


def _store(raw: bytes, mailbox: str, at: datetime) -> InboundMail:
    digest = hashlib.sha256(raw).hexdigest()
    row = InboundMail(mailbox=mailbox, raw=raw, size=len(raw), sha256=digest, received_at=at)
    InboundMail.objects.bulk_create([row], ignore_conflicts=True)
    return InboundMail.objects.defer("raw").get(mailbox=mailbox, sha256=digest)


@transaction.atomic
def _set_aside(mail: InboundMail, reason: Words, *, by: User, at: datetime) -> InboundMail:
    locked = _locked(mail)
    if locked.state == MailState.RECEIVED:
        locked.quarantine(reason, by=by, at=at)
    return locked


def _locked(mail: InboundMail) -> InboundMail:
    """The row as it stands now, with what we have read of it in the meantime."""
    locked: InboundMail = (
        InboundMail.objects.defer("raw").select_for_update(of=("self",), no_key=True).get(pk=mail.pk)
    )
    locked.sender, locked.subject = mail.sender, mail.subject
    return locked


def _is_ours(error: Exception) -> bool:
    """The database is away or busy, or the disk is full: no fault of the mail, and over some day."""
    return is_passing(error) or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT))


def _forget_attempt(mail: InboundMail) -> None:
    with suppress(DatabaseError, InterfaceError):
        InboundMail.objects.filter(pk=mail.pk).update(attempts=F("attempts") - 1)


def _in_words(error: Exception) -> Words:
    if isinstance(error, DomainError):
        return error.words
    return said("It could not be taken: %(error)s", error=repr(error)[:1_000])


# --- reading ------------------------------------------------------------------------------------------


@transaction.atomic
def _take_in(mail: InboundMail, letter: Letter, *, by: User, at: datetime) -> InboundMail:
    mail = _locked(mail)
    if mail.state != MailState.RECEIVED:
        return mail  # somebody else read it while we waited
    if same := _same_mail(mail, letter):
        mail.note_duplicate(ticket_id=same.ticket_id, reason=same.reason)
    elif letter.unreadable:
        mail.quarantine(letter.unreadable, by=by, at=at)
    elif _is_flood(mail):
        flood = said("More than %(many)s mails of this sender within an hour.", many=FLOOD)
        mail.quarantine(flood, by=by, at=at)
    else:
        _judge(mail, letter, by=by, at=at)
    return mail


def _judge(mail: InboundMail, letter: Letter, *, by: User, at: datetime) -> None:
    verdict = verdict_on(mail=mail, letter=letter)
    told = Told(letter, mailbox_of(mail=mail), verdict)
    if verdict.kind is Kind.BOUNCE and verdict.bounce is not None:
        report_bounce(mail=mail, told=told, bounce=verdict.bounce, by=by, at=at)
    elif verdict.kind in (Kind.OWN_MAIL, Kind.SPAM):
        mail.screen_out(verdict.reason, by=by, at=at)
    else:
        act_on(mail=mail, told=told, restored=False, by=by, at=at)


@dataclass(frozen=True, slots=True)
class _Same:
    ticket_id: int | None
    reason: Words


def _same_mail(mail: InboundMail, letter: Letter) -> _Same | None:
    """The mail that this one repeats: on another way to the same mailbox, or to another mailbox of ours."""
    _take_turns(mail, letter)
    known = fingerprint(letter)
    try:
        with transaction.atomic():  # the constraint judges, also between two readers at once
            InboundMail.objects.filter(pk=mail.pk).update(fingerprint=known)
    except IntegrityError:
        first = InboundMail.objects.filter(mailbox=mail.mailbox, fingerprint=known).defer("raw").get()
        return _Same(first.ticket_id, said("It is the same mail as number %(number)s.", number=first.pk))
    if stored := _stored(letter):
        return _Same(stored.ticket_id, ANOTHER_WAY)
    # A colleague's answer left under an id of ours, a report became no message: the mail itself is remembered.
    lately = InboundMail.objects.filter(
        sender=mail.sender, received_at__gt=mail.received_at - SAME_WITHIN, state=MailState.DONE
    )
    twin = lately.filter(fingerprint=known).exclude(pk=mail.pk).defer("raw").first()
    return _Same(twin.ticket_id, ANOTHER_WAY) if twin else None


def _take_turns(mail: InboundMail, letter: Letter) -> None:
    """Two mailboxes that bring the same mail at once are read one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s))", [f"mail {letter.message_id or mail.sha256}"]
        )


def _stored(letter: Letter) -> Message | None:
    """What a customer said in this very mail, when we have it already."""
    if not letter.message_id:
        return None
    return Message.objects.filter(message_id=letter.message_id[:400], direction=Direction.IN).first()


def _is_flood(mail: InboundMail) -> bool:
    since = mail.received_at - FLOOD_WINDOW
    return (
        bool(mail.sender)
        and InboundMail.objects.filter(sender=mail.sender, received_at__gt=since).count() > FLOOD
    )
