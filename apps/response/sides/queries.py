"""Reads of side conversations."""

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from helpdesk.models import Attachment, Message, SideConversation, SideLetter, Ticket


def sides_of(ticket: Ticket) -> list[SideConversation]:
    """Each with its letters, and who wrote them. Three queries at most."""
    letters = SideLetter.objects.select_related("author").order_by("at", "pk")
    rows = SideConversation.objects.filter(ticket=ticket).select_related("opened_by")
    said = Count("letters", filter=Q(letters__withdrawn_at=None))
    counted = rows.annotate(said=said, newest=Max("letters__at"))
    return list(counted.prefetch_related(Prefetch("letters", queryset=letters)))


def files_to_forward(ticket: Ticket, messages: list[int]) -> QuerySet[Attachment]:
    """Files of its messages, or of those chosen."""
    said = Message.objects.filter(ticket=ticket, withdrawn_at=None)
    rows = Attachment.objects.filter(message__in=said.filter(pk__in=messages) if messages else said)
    return rows.order_by("pk")
