"""Eight weeks of second readings, through the services: colleagues agree mostly, and differ where issues are near."""

from datetime import datetime, timedelta
from random import Random

from apps.intake.services import suggest_issue
from apps.response.models import SecondReading
from apps.response.services import draw_readings, read_again, settle_reading
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import Issue, IssueKind, Role, User

WEEKS = 5  # in which is drawn; the first draw makes good three more
AGREE, AGREE_ON_OTHER = 0.86, 0.6
NEIGHBOUR = 0.8  # of those who differ, how many take the same wrong one
SETTLED, FIRST_WAS_RIGHT = 0.8, 0.6
SECONDS = (6, 75)
LEFT_UNREAD = timedelta(days=8)
SUGGESTED = 3  # every third: the suggestion takes its time


def tell_readings(world: World, house: House) -> None:
    """What was drawn each Monday, read in the days after; the newest sample still waits."""
    random = Random(world.seed + 2)
    monday = world.now - timedelta(days=world.now.weekday())
    for back in range(WEEKS - 1, -1, -1):
        drawn_at = monday - timedelta(weeks=back) + timedelta(hours=2)
        for place, reading in enumerate(draw_readings(by=house.system, at=drawn_at)):
            if place % SUGGESTED == 0:
                _suggest(reading, house)
            if drawn_at < world.now - LEFT_UNREAD:
                _read(reading, house, random, drawn_at + timedelta(hours=random.randrange(7, 110)))


def _suggest(reading: SecondReading, house: House) -> None:
    """What the suggestion would have said when the ticket came."""
    guesses = suggest_issue(ticket=reading.ticket, by=house.system, at=reading.first_at)
    if guesses:
        reading.suggested = guesses[0].issue
        reading.save(update_fields=["suggested"])


def _read(reading: SecondReading, house: House, random: Random, at: datetime) -> None:
    first = reading.first_issue
    agree = AGREE if first.kind == IssueKind.REASON else AGREE_ON_OTHER
    second = first if random.random() < agree else _near(first, house, random)
    reader, third = _others(reading, house, random)
    read_again(reading=reading, issue=second, seconds=random.randint(*SECONDS), by=reader, at=at)
    if second != first and random.random() < SETTLED:
        right = first if random.random() < FIRST_WAS_RIGHT else second
        settle_reading(reading=reading, issue=right, by=third, at=at + timedelta(days=1))


def _near(issue: Issue, house: House, random: Random) -> Issue:
    """The one beside it in the tree; without a reason, one of its department's reasons."""
    beside = [one for one in house.issues.values() if one.parent_id == issue.parent_id and one != issue]
    if issue.kind == IssueKind.REASON and beside:
        return beside[0] if random.random() < NEIGHBOUR else random.choice(beside)
    inner = {one.parent_id for one in house.issues.values()}
    leaves = [one for one in house.issues.values() if one.pk not in inner and one.kind == IssueKind.REASON]
    return random.choice(leaves)


def _others(reading: SecondReading, house: House, random: Random) -> tuple[User, User]:
    """A colleague of whoever coded it first, and an analyst to settle."""
    people = list(house.people.values())
    analyst = next(one for one in people if one.role == Role.ANALYST)
    department = reading.ticket.department_id
    colleagues = [
        one
        for one in people
        if one.department_id == department
        and one.role in (Role.AGENT, Role.LEAD)
        and one.pk != reading.first_by_id
    ]
    return (random.choice(colleagues), analyst) if colleagues else (house.admin, analyst)
