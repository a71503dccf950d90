"""What a sent form tells points further right: that a visit of the help centre ended in a request."""

from datetime import datetime

from django.db import transaction

from helpdesk import events
from helpdesk.models import Ticket, User
from helpdesk.permissions import require


@transaction.atomic
def tell_of_form(*, ticket: Ticket, visit: str, article: int | None, by: User, at: datetime) -> None:
    """Two pieces of news that don't know of each other: a visit stays nobody's. `article`: what did not help them."""
    require(by, "intake.open")
    if visit:
        events.record("visit.wrote", about="visit", by=by, at=at, data={"visit": visit})
    if article is not None:
        events.record("request.sent", ticket=ticket, by=by, at=at, data={"article": article})
