"""Answers are put off, changed, taken back, held back and sent."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from apps.intake.files import File, check_files
from apps.intake.uploads import keep
from apps.response import transitions
from apps.response.macros.services import NotUsable, reply_using
from apps.response.models import Draft, DraftKind, LaterReply, LaterState, Macro, Then
from apps.response.services.answer import checked_words
from apps.response.services.copies import checked_copies
from apps.response.services.drafts import Composer, settle_drafts
from helpdesk import events
from helpdesk.each import each
from helpdesk.errors import DomainError, Invalid
from helpdesk.locales import as_read_by
from helpdesk.models import Message, Ticket, User
from helpdesk.models.attachment import place_of
from helpdesk.permissions import may, require
from helpdesk.rows import held
from helpdesk.sentences import Words, said

LONGEST, MOST, AT_ONCE = timedelta(days=366), 20, 200


class NotWaiting(DomainError):
    """This answer has gone out, or was taken back, meanwhile."""

    code = "not-waiting"


class NotYourAnswer(DomainError):
    """Only its author, or a lead, changes an answer that waits."""

    code = "not-your-answer"
    status = 403


@transaction.atomic
def send_later(
    *,
    ticket: Ticket,
    body: str,
    due_at: datetime,
    holds: bool = True,
    then: str = Then.STAY,
    macro: Macro | None = None,
    cc: Sequence[str] | None = None,
    attachments: Sequence[File] = (),
    composer: Composer | None = None,
    by: User,
    at: datetime,
) -> LaterReply:
    """Keep an answer until it is due. With `holds` it waits for its author if somebody writes before that.

    Raises NothingSaid, FileTooLarge, CantBeCopied, TicketMerged, NotUsable, and Invalid for a time that is no good.
    """
    require(by, "response.reply", ticket)
    text = checked_words(body)
    check_files(attachments)
    _check_time(due_at, at)
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    if macro and not Macro.objects.usable_in(ticket.department_id, by=by).filter(pk=macro.pk).exists():
        raise NotUsable(pointer="macro")
    if LaterReply.objects.filter(ticket=ticket, state=LaterState.WAITING).count() >= MOST:
        raise Invalid(_("%(n)s answers wait on this ticket already.") % {"n": MOST}, pointer="due_at")
    row = LaterReply.objects.create(
        ticket=ticket, by=by, body=text, files=[asdict(keep(file)) for file in attachments],
        cc=checked_copies(ticket, cc), then=Then(then), macro=macro, due_at=due_at, holds=holds,
        seen=_newest(ticket), made_at=at,
    )  # fmt: skip
    settle_drafts(
        ticket=ticket, kind=DraftKind.REPLY, sent=text, files=attachments, composer=composer, by=by, at=at
    )
    _record("reply.scheduled", row, by, at, due_at=due_at.isoformat())
    return row


def _check_time(due_at: datetime, at: datetime) -> None:
    if not at < due_at <= at + LONGEST:
        raise Invalid(_("Choose a time to come, within a year."), pointer="due_at")


def _newest(ticket: Ticket) -> int:
    return Message.objects.filter(ticket=ticket).order_by("-pk").values_list("pk", flat=True).first() or 0


@transaction.atomic
def change_time(*, later: LaterReply, due_at: datetime, holds: bool, by: User, at: datetime) -> LaterReply:
    """Let it go at another time; one that was held back waits again. Raises NotWaiting, NotYourAnswer, Invalid."""
    row = _mine(later, by)
    _check_time(due_at, at)
    row.due_at, row.holds, row.seen = due_at, holds, _newest(row.ticket)
    row.save(update_fields=["due_at", "holds", "seen"])
    if row.state == LaterState.HELD:
        row.settle(LaterState.WAITING)
    _record("reply.scheduled", row, by, at, due_at=due_at.isoformat())
    return row


@transaction.atomic
def send_now(*, later: LaterReply, by: User, at: datetime) -> Message:
    """Let it go at once, whoever wrote meanwhile. Raises NotWaiting, NotYourAnswer, and whatever `reply` raises."""
    row = _mine(later, by)
    return _send(row, seen=None, at=at)


@transaction.atomic
def take_back_later(*, later: LaterReply, by: User, at: datetime) -> Draft:
    """It does not go out: its words and files are a draft of its author's again. Raises NotWaiting, NotYourAnswer."""
    row = _mine(later, by)
    row.settle(LaterState.TAKEN_BACK)
    _record("reply.unscheduled", row, by, at)
    draft, _new = Draft.objects.update_or_create(
        user=row.by, ticket=row.ticket, kind=DraftKind.REPLY, writer=f"later-{row.pk}",
        defaults={"text": row.body, "files": row.files, "cc": row.cc, "macro": row.macro, "at": at},
    )  # fmt: skip
    return draft


def _mine(later: LaterReply, by: User) -> LaterReply:
    require(by, "response.reply", later.ticket)
    row = _held(later.pk)
    if row.by_id != by.pk and not may(by, "response.manage"):
        raise NotYourAnswer
    if not row.is_unsent:
        raise NotWaiting
    return row


def _held(number: int) -> LaterReply:
    """The row as it is now, with its ticket, both until the transaction ends. The ticket first, as everywhere."""
    ticket = held(LaterReply.objects.select_related("ticket").get(pk=number).ticket)
    rows = LaterReply.objects.select_related("by", "macro").select_for_update(of=("self",), no_key=True)
    row: LaterReply = rows.get(pk=number)
    row.ticket = ticket
    return row


def _send(row: LaterReply, *, seen: int | None, at: datetime) -> Message:
    files = [_file(one) for one in row.files]
    message = reply_using(
        ticket=row.ticket, macro=row.macro, body=row.body, then=row.then, cc=row.cc, attachments=files,
        seen=seen, by=row.by, at=at,
    )  # fmt: skip
    row.settle(LaterState.SENT, message=message)
    return message


def _file(kept: dict[str, str]) -> File:
    with default_storage.open(place_of(kept["sha256"])) as content:
        return File(kept["name"], kept["content_type"], content.read())


# --- by themselves ----------------------------------------------------------------------------------------


def send_due_replies(*, by: User, at: datetime) -> int:
    """Let those go whose time has come; returns how many left. Any number may run at once."""
    due = LaterReply.objects.filter(state=LaterState.WAITING, due_at__lte=at).order_by("due_at", "pk")
    numbers = list(due.values_list("pk", flat=True)[:AT_ONCE])
    return sum(each(numbers, lambda number: _send_due(number, by=by, at=at)))


@transaction.atomic
def _send_due(number: int, *, by: User, at: datetime) -> bool:
    row = _held(number)
    if row.state != LaterState.WAITING or row.due_at > at:
        return False  # somebody else was there first
    try:
        with as_read_by(row.by), transaction.atomic():
            _send(row, seen=row.seen if row.holds else None, at=at)
    except DomainError as error:
        _hold(row, error.words, by=by, at=at)
        return False
    return True


@transaction.atomic
def hold_back(*, ticket: Ticket, by: User, at: datetime) -> int:
    """The customer wrote: answers that were meant to wait for their author then do so; returns how many."""
    ticket = held(ticket)
    rows = LaterReply.objects.filter(ticket=ticket, state=LaterState.WAITING, holds=True)
    found = list(rows.select_for_update(of=("self",), no_key=True).select_related("ticket"))
    newest = _newest(ticket) if found else 0
    outrun = [row for row in found if row.seen < newest]
    for row in outrun:
        _hold(row, said("The customer wrote. Read it, then send this or take it back."), by=by, at=at)
    return len(outrun)


def _hold(row: LaterReply, why: Words, *, by: User, at: datetime) -> None:
    row.settle(LaterState.HELD, why=why)
    _record("reply.held", row, by, at)


def _record(kind: str, row: LaterReply, by: User, at: datetime, **more: str) -> None:
    events.record(kind, ticket=row.ticket, by=by, at=at, data={"later": row.pk, **more})
