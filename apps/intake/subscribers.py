from datetime import datetime

from apps.intake import services
from helpdesk.models import Event, User


def suggest(*, event: Event, by: User, at: datetime) -> None:
    if event.ticket is not None:
        services.suggest_issue(ticket=event.ticket, by=by, at=at)


def encode(*, event: Event, by: User, at: datetime) -> None:
    if event.ticket is not None:
        services.encode_ticket(ticket=event.ticket, by=by, at=at)
