"""The suggestion of issues: learnt once on the way, so that there is one at first sight."""

from apps.intake.services import suggest_issue, train_suggestions
from config.demo.load.house import House
from config.demo.load.step import Step
from config.demo.rows import World
from helpdesk.models import Ticket

# Enough for nine right in ten, and learnt from words alone in seconds; the first night learns from all of them, and
# what they mean.
TICKETS_TO_LEARN_FROM = 600


def first_lesson(world: World, house: House) -> Step:
    """Learn when so many tickets had come, or half of them."""
    place = min(TICKETS_TO_LEARN_FROM, len(world.tickets) // 2)
    return Step(
        world.tickets[place].opened_at, lambda at: train_suggestions(by=house.system, at=at, encode_most=0)
    )


def suggest(world: World, house: House) -> None:
    """What an agent finds beside every open ticket that nobody has coded."""
    for ticket in Ticket.objects.open().uncoded().order_by("pk"):
        suggest_issue(ticket=ticket, by=house.system, at=world.now)
