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
from apps.response.reopening.models import LateAnswer, ReopenPolicy, ReturnsTo
from apps.response.reopening.queries import is_heard_on, policy_for, went_on_as
from apps.response.reopening.refusing import refuse
from apps.response.reopening.words import WORDING
from apps.response.services.splitting import move_messages
from apps.response.services.state import reopen
from apps.response.thanks import is_mere_thanks
from apps.response.wording.words import Texts
from helpdesk.errors import Invalid
from helpdesk.models import Absence, Channel, Department, Direction, Event, Message, Status, Ticket, User
from helpdesk.permissions import require, require_own
from helpdesk.rows import held
from helpdesk.signing import signed

# Two machines that answer each other must not reopen a ticket for ever.
MAX_REOPENINGS, REOPENING_WINDOW = 5, timedelta(minutes=180)
LONGEST = 3_650  # days
WROTE_AGAIN = "The customer wrote again"


@transaction.atomic
def hear(*, message: Message, by: User, at: datetime) -> None:
    """The customer wrote: what waited for them goes on; what was over is open again, goes on as a new ticket, or is
    over for good, and they are asked to write anew.

    What a machine wrote changes nothing, nor does a message that a person of ours has answered meanwhile, nor the
    sixth message within three hours that would reopen the same ticket. A mere thank-you leaves what is over as it is.
    """
    ticket = held(message.ticket)
    if message.is_automatic or ticket.merged_into_id is not None or _is_answered(message):
        return
    if ticket.status == Status.WAITING_CUSTOMER:
        ticket.begin(by=by, at=at)
    elif not ticket.is_open:
        _hear_on_what_is_over(ticket, message, by=by, at=at)


def _hear_on_what_is_over(ticket: Ticket, message: Message, *, by: User, at: datetime) -> None:
    # Read under the lock of the ticket: another worker may have heard the same news.
    message.refresh_from_db(fields=["ticket", "is_thanks", "refused_at"])
    if message.ticket_id != ticket.pk or message.refused_at is not None:
        return
    message.ticket = ticket
    if not _only_thanks(message, ticket):
        _wake(ticket, message, by=by, at=at)
    elif message.is_thanks is None:
        message.judge_thanks(True, by=by, at=at)


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
    if is_heard_on(ticket, policy, at=message.at):
        if not _reopens_too_often(ticket, at):
            ticket.reopen(reason=WROTE_AGAIN, by=by, at=at)
            _give_back(ticket, policy, by=by, at=at)
    elif (further := _further(ticket, message)) is not None:
        move_messages([message], ticket, further, by=by, at=at)
        message.refresh_from_db()
        hear(message=message, by=by, at=at)
    elif policy.refuses:
        refuse(ticket=ticket, message=message, policy=policy, by=by, at=at)
    else:
        _go_on_elsewhere(ticket, message, by=by, at=at)


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


def _further(ticket: Ticket, message: Message) -> Ticket | None:
    """The ticket that was opened for what the customer wrote before, if it can go on."""
    known = went_on_as(ticket)
    target = held(known) if known else None
    heard = target and is_heard_on(target, policy_for(target.department_id), at=message.at)
    return target if heard else None


def _go_on_elsewhere(ticket: Ticket, message: Message, *, by: User, at: datetime) -> None:
    """The message, with its files, moves to a ticket that is opened for it and goes on from this one."""
    target = _opened(ticket, message, by=by)
    move_messages([message], ticket, target, by=by, at=at)
    tie(ticket=target, other=ticket, meant=RELATIONS["follow_up_of"], by=by, at=at)
    people = [Contact(one.email, one.name) for one in ticket.participants.order_by("pk")]
    join(ticket=target, people=people, at=at)


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
    ticket = held(message.ticket)
    message = held(message, "ticket")
    if not message.is_thanks:
        raise transitions.NotNow(gettext("This message was not taken for a mere thank-you."))
    message.judge_thanks(False, by=by, at=at)
    if ticket.is_open:
        return ticket
    return reopen(ticket=ticket, reason="More than a thank-you", by=by, at=at)


# --- what is to come of it --------------------------------------------------------------------------------


@transaction.atomic
@signed
def save_policy(
    *, department: Department | None, days: int | None, returns_to: str = ReturnsTo.ASSIGNEE,
    late_answer: str = LateAnswer.NEW_TICKET, texts: Texts | None = None, by: User,
) -> ReopenPolicy:  # fmt: skip
    """Say for how many days an answer opens a ticket again (None: always, 0: never), who gets it then, and what becomes
    of a later one, with the words of a refusal.

    Without a department for all that have no policy of their own. Raises Invalid, NotAllowed.
    """
    require_own(by, "response.manage", department)
    if days is not None and not 0 <= days <= LONGEST:
        raise Invalid(
            gettext("From 0 to %(longest)s days, or nothing: always.") % {"longest": LONGEST}, pointer="days"
        )
    for name, given, known in (
        ("returns_to", returns_to, ReturnsTo), ("late_answer", late_answer, LateAnswer),
    ):  # fmt: skip
        if given not in known.values:
            said = gettext("Choose one of: %(values)s.") % {"values": ", ".join(known.values)}
            raise Invalid(said, pointer=name)
    row, _ = ReopenPolicy.objects.update_or_create(
        department=department,
        defaults={
            "days": days,
            "returns_to": returns_to,
            "late_answer": late_answer,
            "texts": WORDING.kept(texts or {}),
        },
    )
    return row


@transaction.atomic
def forget_policy(*, department: Department | None, by: User) -> None:
    """The department does as the company does; the company as it was at first. Nothing where it does so already."""
    require_own(by, "response.manage", department)
    ReopenPolicy.objects.filter(department=department).delete()
