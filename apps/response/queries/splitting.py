"""What could be split off a ticket, and what was."""

from django.db.models import Q

from apps.response.models.splitting import Split
from helpdesk.models import Message, Ticket, User


def was_split_off(ticket: Ticket) -> bool:
    """Whether the ticket was opened for messages of another: its customer knows that they were heard. One query."""
    return Split.objects.filter(target=ticket, opened=True).exists()


def said_on(ticket: Ticket) -> list[Message]:
    """The messages that could go elsewhere, oldest first. One query."""
    rows = Message.objects.filter(ticket=ticket, withdrawn_at=None).select_related("author", "customer")
    return list(rows.defer("search", "html").order_by("at", "pk"))


def splits_of(ticket: Ticket, *, user: User) -> list[Split]:
    """Splits from and to this ticket that this person may undo, newest first. One query."""
    visible = Ticket.objects.visible_to(user).values("pk")
    rows = Split.objects.filter(Q(source=ticket) | Q(target=ticket), undone_at=None)
    return list(
        rows.filter(source__in=visible, target__in=visible).select_related("source", "target", "made_by")
    )
