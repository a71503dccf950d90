"""A customer writes on a ticket, perhaps on one that is over; and what is to come of that is decided beforehand."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from apps.intake.mail.trim import trim_text
from apps.intake.services.contact import Contact
from apps.intake.services.open_ticket import join
from apps.response import transitions
from apps.response.links.models import RELATIONS
from apps.response.links.services import tie
from apps.response.reopening.models import ReopenPolicy, ReturnsTo
from apps.response.reopening.queries import policy_for, went_on_as
from apps.response.services.rows import lock
from apps.response.services.splitting import move_messages
from apps.response.services.state import reopen
from apps.response.thanks import is_mere_thanks
from helpdesk.errors import Invalid
from helpdesk.models import Absence, Channel, Department, Direction, Event, Message, Status, Ticket, User
from helpdesk.permissions import require, require_own

# Two machines that answer each other must not reopen a ticket for ever.
MAX_REOPENINGS, REOPENING_WINDOW = 5, timedelta(minutes=180)
LONGEST = 3_650  # days
WROTE_AGAIN = "The customer wrote again"


@transaction.atomic
def hear(*, message: Message, by: User, at: datetime) -> None:
    """The customer wrote: what waited for them goes on; what was over is open again, or goes on as a new ticket.

    What a machine wrote changes nothing, nor does a message that a person of ours has answered meanwhile, nor the
    sixth message within three hours that would reopen the same ticket. A mere thank-you leaves what is over as it is.
    """
    ticket = lock(message.ticket)
    if message.is_automatic or ticket.merged_into_id is not None or _is_answered(message):
        return
    if ticket.status == Status.WAITING_CUSTOMER:
        ticket.begin(by=by, at=at)
    elif not ticket.is_open and _only_thanks(message, ticket):
        if message.is_thanks is None:  # the same news twice tells of it once
            message.judge_thanks(True, by=by, at=at)
    elif not ticket.is_open:
        _wake(ticket, message, by=by, at=at)


def _is_answered(message: Message) -> bool:
    ours = Message.objects.filter(ticket_id=message.ticket_id, direction=Direction.OUT, is_automatic=False)
    return ours.filter(at__gt=message.at, withdrawn_at__isnull=True).exists()


def _only_thanks(message: Message, ticket: Ticket) -> bool:
    if message.is_thanks is False or message.attachments.exists():
        return False
    text = trim_text(message.body).visible if message.channel == Channel.EMAIL else message.body
    ours = ticket.messages.filter(direction=Direction.OUT, is_automatic=False).order_by("-pk")
    writers = ours.select_related("author")[:1]
    names = [one.author.name for one in writers if one.author]
    return is_mere_thanks(text, names=[*names, ticket.customer.name, message.sender_name])


def _wake(ticket: Ticket, message: Message, *, by: User, at: datetime) -> None:
    policy = policy_for(ticket.department_id)
    over_since = ticket.solved_at or ticket.updated_at
    if not policy.opens(ticket, age=message.at - over_since):
        _go_on_elsewhere(ticket, message, by=by, at=at)
    elif not _reopens_too_often(ticket, at):
        ticket.reopen(reason=WROTE_AGAIN, by=by, at=at)
        _give_back(ticket, policy, by=by, at=at)


def _reopens_too_often(ticket: Ticket, at: datetime) -> bool:
    reopened = Event.objects.filter(ticket=ticket, kind="ticket.reopened", at__gt=at - REOPENING_WINDOW)
    return reopened.count() >= MAX_REOPENINGS


def _give_back(ticket: Ticket, policy: ReopenPolicy, *, by: User, at: datetime) -> None:
    """Nobody waits for somebody who is not there: without them it stands with the department, to be given anew."""
    last = ticket.assignee
    if last is None or (policy.returns_to == ReturnsTo.ASSIGNEE and _is_there(last, ticket, at)):
        return
    ticket.assign(None, by=by, at=at)


def _is_there(user: User, ticket: Ticket, at: datetime) -> bool:
    return (
        user.is_active
        and user.department_id in (None, ticket.department_id)
        and not Absence.objects.at(at).filter(user=user).exists()
    )


def _go_on_elsewhere(ticket: Ticket, message: Message, *, by: User, at: datetime) -> None:
    """The message, with its files, moves to the ticket that goes on from this one; the first of them opens it."""
    known = went_on_as(ticket)
    target = lock(known) if known else None
    if target is None or (target.merged_into_id or not (target.is_open or _opens(target, message))):
        target = _opened(ticket, message, by=by)
        move_messages([message], ticket, target, by=by, at=at)
        tie(ticket=target, other=ticket, meant=RELATIONS["follow_up_of"], by=by, at=at)
        people = [Contact(one.email, one.name) for one in ticket.participants.order_by("pk")]
        join(ticket=target, people=people, at=at)
        return
    move_messages([message], ticket, target, by=by, at=at)
    message.refresh_from_db()
    hear(message=message, by=by, at=at)


def _opens(ticket: Ticket, message: Message) -> bool:
    since = ticket.solved_at or ticket.updated_at
    return policy_for(ticket.department_id).opens(ticket, age=message.at - since)


def _opened(ticket: Ticket, message: Message, *, by: User) -> Ticket:
    """It counts from when the customer wrote, so that no minute of theirs is given away."""
    return Ticket.open(
        subject=ticket.subject,
        customer=ticket.customer,
        department=ticket.department,
        channel=message.channel or ticket.channel,
        contact_type=ticket.contact_type,
        severity=ticket.severity,
        product=ticket.product,
        product_version=ticket.product_version,
        language=ticket.language,
        custom=ticket.custom,
        by=by,
        at=message.at,
    )


@transaction.atomic
def deny_thanks(*, message: Message, by: User, at: datetime) -> Ticket:
    """It was no mere thank-you: the ticket is open again. Raises NotNow where it was not taken for one."""
    require(by, "response.reopen", message.ticket)
    ticket = lock(message.ticket)
    rows = Message.objects.select_for_update(of=("self",), no_key=True)
    message = rows.select_related("ticket").get(pk=message.pk)
    if not message.is_thanks:
        raise transitions.NotNow(gettext("This message was not taken for a mere thank-you."))
    message.judge_thanks(False, by=by, at=at)
    if ticket.is_open:
        return ticket
    return reopen(ticket=ticket, reason="More than a thank-you", by=by, at=at)


# --- what is to come of it --------------------------------------------------------------------------------


@transaction.atomic
def save_policy(
    *, department: Department | None, days: int | None, returns_to: str = ReturnsTo.ASSIGNEE, by: User
) -> ReopenPolicy:
    """Say for how many days an answer opens a ticket again (None: always, 0: never), and who gets it then.

    Without a department for all that have no policy of their own. Raises Invalid, NotAllowed.
    """
    require_own(by, "response.manage", department)
    if days is not None and not 0 <= days <= LONGEST:
        raise Invalid(
            gettext("From 0 to %(longest)s days, or nothing: always.") % {"longest": LONGEST}, pointer="days"
        )
    if returns_to not in ReturnsTo.values:
        raise Invalid(
            gettext("Choose one of: %(values)s.") % {"values": ", ".join(ReturnsTo.values)},
            pointer="returns_to",
        )
    row, _ = ReopenPolicy.objects.update_or_create(
        department=department, defaults={"days": days, "returns_to": returns_to}
    )
    return row


@transaction.atomic
def forget_policy(*, department: Department | None, by: User) -> None:
    """The department does as the company does; the company as it was at first. Nothing where it does so already."""
    require_own(by, "response.manage", department)
    ReopenPolicy.objects.filter(department=department).delete()
