"""What a parent does for its children: opening one for another department, and answering all of them at once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.intake.files import MAX_FILES
from apps.intake.services import open_ticket
from apps.response import macros
from apps.response.links.models import RELATIONS, JointAnswer, JointAnswerTicket
from apps.response.links.queries import children_of
from apps.response.links.services.linking import VERB, tie
from apps.response.models import Then
from apps.response.queries.ticket import macro_facts
from apps.response.services.answer import reply
from apps.response.transitions import check_not_merged
from helpdesk.each import each
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Attachment, Department, Direction, Message, Note, Status, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held

AT_ONCE = 20  # replies written while a person waits; what is more is a worker's
BATCH = 200


@transaction.atomic
def open_child(
    *,
    ticket: Ticket,
    department: Department,
    subject: str,
    task: str,
    messages: Sequence[Message],
    by: User,
    at: datetime,
) -> Ticket:
    """A part of the work becomes a ticket of another department, as a child of this one.

    It begins with the messages chosen, as they were written; what is asked of the department is a note, which no
    customer ever reads. It is acknowledged to nobody: the customer knows of one request. Raises Invalid, TicketMerged.
    """
    require(by, VERB, ticket)
    ticket = held(ticket)
    check_not_merged(ticket)
    if not task.strip():
        raise Invalid(_("Say what they should do."), pointer="task")
    chosen = [one for one in messages if one.ticket_id == ticket.pk and one.direction == Direction.IN]
    if not chosen:
        raise Invalid(_("Choose at least one message of the customer."), pointer="messages")
    child = open_ticket(
        subject=subject.strip() or ticket.subject,
        body="\n\n".join(one.body.strip() for one in chosen),
        customer=ticket.customer,
        channel=ticket.channel,
        department=department,
        product=ticket.product,
        product_version=ticket.product_version,
        severity=ticket.severity,
        contact_type=ticket.contact_type,
        language=ticket.language,
        campaign=ticket.campaign,
        is_automatic=True,
        by=by,
        at=at,
    )
    _copy_files(chosen, child.messages.get())
    Note.add(ticket=child, body=f"{task.strip()}\n\n(Opened from #{ticket.pk})", by=by, at=at)
    # Whoever asks may not see the other department's tickets: they know this one by its number.
    tie(ticket=child, other=ticket, meant=RELATIONS["child_of"], by=by, at=at)
    return child


def _copy_files(chosen: Sequence[Message], first: Message) -> None:
    """The same bytes under a second row: what is kept by its hash costs its room once."""
    for file in Attachment.objects.filter(message__in=chosen).order_by("pk")[:MAX_FILES]:
        file.pk, file.message, file.content_id = None, first, ""
        file.save(force_insert=True)


@transaction.atomic
def answer_children(
    *, ticket: Ticket, body: str, children: Collection[int], then: str = Then.STAY, by: User, at: datetime
) -> JointAnswer:
    """Write one reply to the customer of each child chosen, through the normal reply; up to 20 at once, others later.

    Raises Invalid for no text, no child, and for a number that is no child of this ticket.
    """
    require(by, "response.reply", ticket)
    text = body.replace("\0", "").strip()
    if not text:
        raise Invalid(_("Write what they should read."), pointer="body")
    if unknown := macros.unknown_fields(text):
        raise Invalid(_("There is no field %(unknown)s.") % {"unknown": unknown[0]}, pointer="body")
    chosen = sorted(set(children))
    known = {child.pk for child in children_of(ticket, user=by)}
    if not chosen or not known.issuperset(chosen):
        raise Invalid(_("Choose among the children of this ticket."), pointer="children")
    answer = JointAnswer.objects.create(parent=ticket, body=text, then=Then(then), asked_by=by, asked_at=at)
    rows = [JointAnswerTicket(answer=answer, ticket_id=number) for number in chosen]
    JointAnswerTicket.objects.bulk_create(rows)
    if len(rows) <= AT_ONCE:
        for row in answer.rows.order_by("ticket_id"):
            _write(row.pk, at=at)
    return answer


def answer_waiting_children(*, at: datetime) -> int:
    """Write the replies that were left to the worker, each in a transaction of its own. Returns how many.

    Raises the faults once every child had its turn.
    """
    waiting = (
        JointAnswerTicket.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True)[:BATCH]
    )
    return len(each(waiting, lambda pk: _write(pk, at=at)))


@transaction.atomic
def _write(pk: int, *, at: datetime) -> None:
    rows = JointAnswerTicket.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    row = rows.select_related("answer__asked_by").filter(pk=pk, done_at=None).first()
    if row is None:
        return  # somebody else has it
    by = row.answer.asked_by
    related = ("customer", "department", "product", "primary_issue")
    child = Ticket.objects.select_related(*related).get(pk=row.ticket_id)
    filled = macros.fill(row.answer.body, macro_facts(child, by))
    try:
        if filled.missing:
            raise Invalid(
                _("%(missing)s is not known of this ticket.") % {"missing": ", ".join(filled.missing)}
            )
        with transaction.atomic():
            said = reply(ticket=child, body=filled.text, then=_then(child, row.answer.then), by=by, at=at)
    except DomainError as refused:
        row.end(why_not=refused.detail, at=at)
    else:
        row.end(message=said, at=at)


def _then(child: Ticket, then: str) -> str:
    """A child that is solved stays so: the news is no reason to open it again."""
    return Then.SOLVE if child.status in (Status.SOLVED, Status.CLOSED) else then
