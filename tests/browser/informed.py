"""What a colleague was told."""

from apps.output.services import NewsItem, inform
from helpdesk.models import Ticket, User
from tests.factories import NOW


def inform_of(ticket: Ticket, ana: User) -> None:
    """Twice of a ticket, and once of something that is none."""
    system = User.objects.system()
    for kind, said in (("answered", "Zoe wrote."), ("mentioned", "Lena mentions you in a note.")):
        inform(item=NewsItem(kind=kind, key=kind, title=said, ticket=ticket), to=ana, by=system, at=NOW)
    course = NewsItem(
        kind="training", key="t", title="A course for you", url="/training/", about="training:1"
    )
    inform(item=course, to=ana, by=system, at=NOW)
