"""The answer nobody writes: we have your message."""

from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string

from apps.response.queries.splitting import was_split_off
from apps.response.reopening.queries import follows
from apps.response.services.automatic import may_write_back
from helpdesk.locales import as_written_to
from helpdesk.models import Channel, Direction, Message, Ticket, User

ANSWERED_CHANNELS = (Channel.FORM, Channel.EMAIL, Channel.API)


@transaction.atomic
def acknowledge(*, ticket: Ticket, by: User, at: datetime) -> Message | None:
    """Tell the customer that we have their message; the outbox delivers it as it does any other.

    Not to those who spoke with a colleague, nor to machines and lists, nor to addresses of ours or ones that bounced,
    and at most ten times in three hours to one address: then None. Asking twice writes once.
    """
    customer = ticket.customer
    if ticket.channel not in ANSWERED_CHANNELS or not may_write_back(customer=customer, at=at):
        return None
    if was_split_off(ticket) or _first_was_automatic(ticket) or _is_acknowledged(ticket):
        return None
    words = {"ticket": ticket, "customer": customer, "follows": follows(ticket)}
    with as_written_to(customer, language=ticket.language):
        body = render_to_string("output/acknowledgement.txt", words).strip()
    return Message.write(ticket=ticket, body=body, by=by, at=at, channel="email", is_automatic=True)


def _first_was_automatic(ticket: Ticket) -> bool:
    first = ticket.messages.order_by("pk").first()
    return first is not None and first.is_automatic


def _is_acknowledged(ticket: Ticket) -> bool:
    return ticket.messages.filter(direction=Direction.OUT, is_automatic=True).exists()
