"""Tickets of the desk that hang together: one outage with its children, a doubtful twin, and what blocks what."""

from collections import defaultdict
from datetime import timedelta

from apps.response.links.services import add_link
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import Ticket

SOON = timedelta(minutes=20)
TIES = ("child_of", "child_of", "child_of", "related_to", "duplicate_of")


def tie_tickets(world: World, house: House) -> None:
    """The newest open tickets of the issue that most of them are about belong to the oldest of them."""
    about = defaultdict(list)
    rows = Ticket.objects.open().filter(primary_issue__isnull=False, opened_at__lt=world.now - 2 * SOON)
    for ticket in rows.order_by("opened_at", "pk"):
        about[ticket.primary_issue_id, ticket.department_id].append(ticket)
    if not about:
        return
    first, *others = max(about.values(), key=lambda found: (len(found), found[0].pk))
    for ticket, as_ in zip(others[-len(TIES) :], TIES, strict=False):
        add_link(ticket=ticket, other=first, as_=as_, by=house.admin, at=ticket.opened_at + SOON)
