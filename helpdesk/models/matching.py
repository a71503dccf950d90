from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from helpdesk.models.attachment import Attachment
from helpdesk.models.message import Message, Note
from helpdesk.models.side import SideLetter
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
            SideLetter.objects.filter(search=query, withdrawn_at=None).order_by().values("side__ticket_id"),
            kept.order_by().values("note__ticket_id"),
        ]
    return Ticket.objects.filter(search=query).order_by().values("pk").union(*sets)


def matches_words(text: str, *, notes: bool) -> Q:
    """The same, to be asked of one ticket after the other in the indexes of what belongs to it."""
    query = search_query(text)
    said = Message.objects.filter(ticket=OuterRef("pk"), search=query, withdrawn_at=None)
    files = Attachment.objects.filter(search=query)
    sets: list[QuerySet[Any]] = [
        said,
        files.filter(message__ticket=OuterRef("pk"), message__withdrawn_at=None),
    ]
    if notes:
        sets += [
            Note.objects.filter(ticket=OuterRef("pk"), search=query),
            SideLetter.objects.filter(side__ticket=OuterRef("pk"), search=query, withdrawn_at=None),
            files.filter(note__ticket=OuterRef("pk")),
        ]
    return reduce(or_, (Q(Exists(rows)) for rows in sets), Q(search=query))
