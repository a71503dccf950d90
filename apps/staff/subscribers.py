from datetime import datetime

from apps.staff import services
from helpdesk.models import Event, User


def assign(*, event: Event, by: User, at: datetime) -> None:
    """A ticket came, got its code or changed its department: if nobody has it, somebody gets it."""
    if event.ticket is None:
        raise ValueError(f"{event} is about no ticket, so there is nobody to find for it.")
    services.assign(ticket=event.ticket, by=by, at=at)
