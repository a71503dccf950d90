from typing import Any

from django.db.models import QuerySet

from helpdesk.models.attachment import Attachment
from helpdesk.models.message import Message, Note
from helpdesk.models.ticket import Ticket
from helpdesk.search import search_query


def numbers_matching(text: str, *, notes: bool) -> QuerySet[Any]:
    """The numbers of the tickets that hold these words. One set, made from an index each: conditions on several tables
    joined by OR would read every ticket instead."""
    query = search_query(text)
    said = Message.objects.filter(search=query, withdrawn_at=None)
    enclosed = Attachment.objects.filter(search=query, message__withdrawn_at=None, message__isnull=False)
    sets: list[QuerySet[Any]] = [
        said.order_by().values("ticket_id"),
        enclosed.order_by().values("message__ticket_id"),
    ]
    if notes:
        kept = Attachment.objects.filter(search=query, note__isnull=False)
        sets += [
            Note.objects.filter(search=query).order_by().values("ticket_id"),
            kept.order_by().values("note__ticket_id"),
        ]
    return Ticket.objects.filter(search=query).order_by().values("pk").union(*sets)
