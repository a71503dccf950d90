"""What a customer says on a ticket that is there already."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.intake.files import File, check_files, keep_files
from apps.intake.queries import standing
from apps.intake.services.contact import Contact
from apps.intake.services.open_ticket import MAX_BODY, join
from helpdesk import statements
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Direction, Message, Ticket, User
from helpdesk.permissions import require


class AlreadySolved(DomainError):
    """This request is solved already. Write to us if it is not: your words open it again."""

    code = "already-solved"


@transaction.atomic
def follow_up(
    *,
    ticket: Ticket,
    body: str,
    by: User,
    at: datetime,
    sender: Contact | None = None,
    channel: str | None = None,
    html: str = "",
    attachments: Sequence[File] = (),
    cc: Sequence[Contact] = (),
    message_id: str | None = None,
    in_reply_to: str = "",
    is_automatic: bool = False,
    joins: bool = True,
) -> Message:
    """Add what the customer, or somebody who takes part, said; on a merged ticket it goes where the ticket went.

    Told as `message.received`, by which others reopen, resume and answer. An automatic message (out of office) is
    kept and told to nobody: it is no answer of the customer. Who is not the customer takes part from then on, and gets
    what we answer, unless they do not join. Raises Invalid, FileTooLarge, TooManyFiles, NotAllowed.
    """
    require(by, "intake.follow_up", ticket)
    check_files(attachments)
    if len(body) > MAX_BODY:
        raise Invalid(
            _("At most %(max_body)s characters. Attach the rest as a file.") % {"max_body": f"{MAX_BODY:,}"},
            pointer="body",
        )
    if not body.strip() and not attachments:
        raise Invalid(_("Say something, or attach a file."), pointer="body")
    ticket = standing(ticket)
    sender = sender or Contact(ticket.customer.email or "", ticket.customer.name)
    is_customer = not sender.email or ticket.customer.speaks_from(sender.email)
    said = {
        "channel": channel or ticket.channel,
        "sender_name": sender.name[:200],
        "sender_email": sender.email[:254],
        "html": html,
        "message_id": message_id,
        "in_reply_to": in_reply_to,
    }
    customer = ticket.customer if is_customer else None
    if is_automatic:
        message = Message(
            ticket=ticket,
            direction=Direction.IN,
            customer=customer,
            body=body,
            at=at,
            is_automatic=True,
            **said,
        )
        statements.insert(message)
    else:
        message = Message.receive(ticket=ticket, customer=customer, body=body, by=by, at=at, **said)
        join(ticket=ticket, people=[*cc, *([] if is_customer or not joins else [sender])], at=at)
    keep_files(message, attachments)
    return message


@transaction.atomic
def confirm_solved(*, ticket: Ticket, by: User, at: datetime) -> Ticket:
    """The customer says it is solved: nobody needs to look at it again. Raises AlreadySolved, NotAllowed."""
    require(by, "intake.follow_up", ticket)
    ticket = Ticket.objects.select_for_update(of=("self",), no_key=True).get(pk=standing(ticket).pk)
    if not ticket.is_open:
        raise AlreadySolved
    ticket.resolve(by=by, at=at)
    return ticket
