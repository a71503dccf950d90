"""What a colleague was told."""

from apps.output.services import inform
from helpdesk.models import Ticket, User
from tests.factories import NOW


def inform_of(ticket: Ticket, ana: User) -> None:
    """Twice of a ticket, and once of something that is none."""
    system = User.objects.system()
    for kind, said in (("answered", "Zoe wrote."), ("mentioned", "Lena mentions you in a note.")):
        inform(to=ana, kind=kind, key=kind, title=said, ticket=ticket, by=system, at=NOW)
    inform(
        to=ana, kind="training", key="t", title="A course for you", url="/training/", about="training:1",
        by=system, at=NOW,
    )  # fmt: skip
