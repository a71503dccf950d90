from datetime import datetime

from apps.analysis.models import Case
from apps.staff import services
from helpdesk.models import Event, User


def assign(*, event: Event, by: User, at: datetime) -> None:
    """A ticket came, got its code or changed its department: if nobody has it, somebody gets it."""
    if event.ticket is None:
        raise ValueError(f"{event} is about no ticket, so there is nobody to find for it.")
    services.assign(ticket=event.ticket, by=by, at=at)


def tell_of_case(*, event: Event, by: User, at: datetime) -> None:
    """A case moved on: those whose suggestion led to it hear of it."""
    noun, _, number = event.about.partition(":")
    if noun != "case":
        raise ValueError(f"{event} is about no case, so there is nobody to tell.")
    services.tell_of_case(case=Case.objects.get(pk=number), event=event, by=by, at=at)


def tell_of_issues(*, event: Event, by: User, at: datetime) -> None:
    """The taxonomy was published: issues that were suggested may be in it."""
    services.tell_of_issues(by=by, at=at)
