"""What was merged into a ticket, and what came for it since."""

from dataclasses import dataclass
from datetime import datetime

from apps.intake.queries import number_in_own_id
from apps.response.models.merging import Merge
from helpdesk.models import Direction, Message, Status, Ticket, User

MAX_OTHERS = 50


def came_for(ticket: Ticket, *, on: Ticket, since: datetime) -> list[Message]:
    """Messages on the other ticket that answer this one: what they answer was sent from it, or said on it."""
    rows = Message.objects.filter(ticket=on, direction=Direction.IN, at__gte=since).exclude(in_reply_to="")
    heard = list(rows.only("in_reply_to", "ticket", "at"))
    ids = {one.in_reply_to for one in heard}
    own = set(Message.objects.filter(ticket=ticket, message_id__in=ids).values_list("message_id", flat=True))
    return [one for one in heard if one.in_reply_to in own or number_in_own_id(one.in_reply_to) == ticket.pk]


@dataclass(frozen=True)
class Joined:
    """A ticket that is part of this one, and whether it can be parted again."""

    ticket: Ticket
    merge: Merge | None
    can_be_undone: bool


def merged_into(numbers: set[int], *, user: User, at: datetime) -> list[Joined]:
    """The tickets of these that are merged and that this person may see. Two queries."""
    if not numbers:
        return []
    live = {row.ticket_id: row for row in Merge.objects.filter(ticket__in=numbers, undone_at=None)}
    tickets = Ticket.objects.visible_to(user).filter(pk__in=numbers, merged_into__isnull=False)
    found = []
    for ticket in tickets.only("subject", "merged_into").order_by("pk"):
        row = live.get(ticket.pk)
        found.append(Joined(ticket, row, row is not None and row.can_be_undone(at)))
    return found


def others_to_merge(ticket: Ticket, *, user: User) -> list[Ticket]:
    """The customer's other tickets that could become part of this one, the newest first. One query."""
    rows = Ticket.objects.visible_to(user).filter(customer=ticket.customer_id, merged_into=None)
    return list(
        rows.exclude(pk=ticket.pk).exclude(status=Status.CLOSED).order_by("-pk").defer("search")[:MAX_OTHERS]
    )
