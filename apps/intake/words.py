"""What a ticket says, as the engines read it: its subject and what the customer wrote first."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Left

from helpdesk.models import Direction, Message, Ticket

TEXT_CHARS = 2_000  # a complaint names its reason early


def with_first_words(tickets: QuerySet[Ticket], chars: int = TEXT_CHARS) -> QuerySet[Any]:
    """Annotated with `said`, the beginning of the first message of the customer."""
    first = Message.objects.filter(ticket=OuterRef("pk"), direction=Direction.IN).order_by("at", "id")
    return tickets.annotate(said=Subquery(first.values_list(Left("body", chars))[:1]))


def joined(subject: str, said: str) -> str:
    """The subject is often the first words of the message: once is enough."""
    start = subject.removesuffix(" ...")
    return said[:TEXT_CHARS] if said.strip().startswith(start) else f"{subject}\n{said}"[:TEXT_CHARS]
