"""The desk as it stands today: clocks that run, rest or have run out, letters told of it, questions to departments."""

from datetime import datetime, timedelta
from random import Random

from django.db import connection
from django.db.models import F

from apps.control.models import Clock
from apps.control.queries import policy_for
from apps.control.services import refer, start_clocks, tick
from apps.intake.services import follow_up
from apps.output.models import Delivery, State
from apps.response.closing.services import save_rule
from apps.response.reopening.services import hear, save_policy
from apps.response.statuses.services import save_status
from apps.staff.services import enter_absence
from config.demo import asides
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import Event, Status, Ticket

# What it is called, its category, whose it is, what the customer reads, its colour.
STATES = (
    ("Waiting for a part", "waiting_owner", "devices", "A spare part is on its way to us", "wait"),
    ("With the carrier", "waiting_owner", "delivery", "The carrier is looking for your parcel", "bad"),
    ("With the bank", "waiting_owner", "billing", "The bank is looking at your payment", "wait"),
    ("Photo asked for", "waiting_customer", None, "We wait for your photo", "new"),
)
FRESH = timedelta(hours=1)
TO_ACKNOWLEDGE = timedelta(seconds=20)
SECOND = timedelta(seconds=1)
NEXT_MOMENT = """
    SELECT least(
        (SELECT min(warn_at) FROM control_clock WHERE state = 'running' AND warned_at IS NULL),
        (SELECT min(due_at) FROM control_clock WHERE state = 'running'),
        (SELECT min(next_rung_at) FROM control_clock WHERE next_rung_at IS NOT NULL)
    )
"""


def open_desk(world: World, house: House) -> None:
    """Start the clocks of what is open, hand questions on, and let time pass until now."""
    random = Random(world.seed + 1)
    opened = list(Ticket.objects.open().select_related("assignee", "department").order_by("opened_at", "pk"))
    Clock.objects.bulk_create(clock for ticket in opened if (clock := _acknowledged(ticket)))
    for ticket in opened:
        start_clocks(ticket=ticket, kinds=(Clock.Kind.FIRST_REPLY, Clock.Kind.RESOLVE), at=ticket.opened_at)
        if ticket.status == Status.WAITING_OWNER and ticket.assignee and ticket.first_replied_at:
            _ask_another(ticket, house, random)
    _name_states(opened, house)
    _tag()
    _end_by_themselves(house)
    _let_time_pass(house, until=world.now)
    _thank(world, house)
    _come_too_late(world, house)
    _holiday(world, house)


def _name_states(opened: list[Ticket], house: House) -> None:
    """What the departments call some of their waiting: for a part, for the carrier, for a photo of the damage."""
    for place, (label, category, slug, told, tone) in enumerate(STATES, start=1):
        department = house.departments[slug] if slug else None
        word = save_status(
            status=None, label=label, category=category, customer_label=told, tone=tone, order=place * 10,
            department=department, by=house.admin,
        )  # fmt: skip
        waiting = [
            one.pk for one in opened if one.status == category and department in (None, one.department)
        ]
        Ticket.objects.filter(pk__in=waiting[::2]).update(own_status=word)


def _tag() -> None:
    """A few words that no field has room for; one of them in two spellings, to be made one."""
    asked = Ticket.objects.filter(merged_into=None)
    for tag, tickets in (
        ("callback", asked.filter(channel="phone").order_by("-pk")[:160]),
        ("call-back", asked.filter(channel="email").order_by("-pk")[:14]),
        ("press", asked.filter(channel="form").order_by("-pk")[:5]),
    ):
        Ticket.objects.filter(pk__in=list(tickets.values_list("pk", flat=True))).update(tags=[tag])


def _end_by_themselves(house: House) -> None:
    """Rules that somebody is about to switch on, and answers that open what is over for a month."""
    Ticket.objects.filter(status=Status.WAITING_CUSTOMER).update(status_since=F("updated_at"))
    save_rule(rule=None, department=None, remind_after=3, warn_after=7, close_after=10, by=house.admin)
    save_rule(
        rule=None, department=house.departments["billing"], remind_after=5, warn_after=None, close_after=14,
        ends_as="closed", by=house.admin,
    )  # fmt: skip
    save_policy(department=None, days=30, by=house.admin)
    save_policy(department=house.departments["devices"], days=90, returns_to="department", by=house.admin)
    save_policy(
        department=house.departments["billing"], days=60, late_answer="refuse", by=house.admin
    )  # the books are closed by then


def _thank(world: World, house: House) -> None:
    """Somebody says thank you for the newest answer that solved something: it stays solved."""
    solved = Ticket.objects.filter(status=Status.SOLVED, department=house.departments["billing"])
    for ticket in solved.order_by("-solved_at")[:1]:
        at = world.now - timedelta(minutes=20)
        said = follow_up(ticket=ticket, body="Thank you very much, it works now!", by=house.system, at=at)
        hear(message=said, by=house.system, at=at)


def _come_too_late(world: World, house: House) -> None:
    """Somebody writes to Billing about an invoice of last season: it stays over, and they are asked to write anew."""
    at = world.now - timedelta(minutes=35)
    over = Ticket.objects.filter(
        status__in=[Status.SOLVED, Status.CLOSED], department=house.departments["billing"], language="en",
        channel="email", merged_into=None, customer__email__isnull=False, solved_at__lt=at - timedelta(days=61),
    )  # fmt: skip
    for ticket in over.order_by("-solved_at")[:1]:
        said = follow_up(ticket=ticket, body=asides.TOO_LATE, by=house.system, at=at)
        hear(message=said, by=house.system, at=at)


def _holiday(world: World, house: House) -> None:
    """Somebody of Customer Care is away on the first days of next week: the forecast of people shows it."""
    today = world.now.date()
    monday = today + timedelta(days=7 - today.weekday())
    hanne, dele = house.people["hanne@warmfold.example"], house.people["dele@warmfold.example"]
    enter_absence(
        user=hanne,
        first=monday,
        last=monday + timedelta(days=2),
        stand_in=dele,
        by=hanne,
        at=world.now - timedelta(days=3),
    )


def settle(world: World) -> None:
    """What was recorded along the way is past: its letters have left, and it owes nobody any more."""
    past = Delivery.objects.filter(created_at__lt=world.now - FRESH)
    past.filter(state=State.QUEUED).update(state=State.SENDING, claimed_at=F("created_at"))
    past.filter(state=State.SENDING).update(state=State.SENT, sent_at=F("created_at"), attempts=1)
    Event.objects.owing().update(owes=[])


def _acknowledged(ticket: Ticket) -> Clock | None:
    """A machine did that, within seconds."""
    policy = policy_for(ticket)
    if policy is None or policy.acknowledge_minutes is None:
        return None
    met_at = ticket.opened_at + TO_ACKNOWLEDGE
    return Clock(
        ticket=ticket, policy=policy, kind=Clock.Kind.ACKNOWLEDGE, state=Clock.State.MET,
        minutes=policy.acknowledge_minutes, started_at=ticket.opened_at, met_at=met_at,
    )  # fmt: skip


def _ask_another(ticket: Ticket, house: House, random: Random) -> None:
    """Whoever waits for a department has asked it something."""
    if ticket.assignee is None or ticket.first_replied_at is None:
        return
    owner = ticket.primary_issue.owner_department if ticket.primary_issue else None
    others = [
        one for slug, one in house.departments.items() if slug in ("billing", "software", "installation")
    ]
    department = owner if owner and owner != ticket.department else None
    department = department or random.choice([one for one in others if one != ticket.department])
    refer(
        ticket=ticket, department=department, question=random.choice(asides.QUESTIONS), by=ticket.assignee,
        at=ticket.first_replied_at,
    )  # fmt: skip


def _let_time_pass(house: House, *, until: datetime) -> None:
    """Tick at every moment at which a clock has something to say."""
    while (moment := _next_moment()) is not None and moment < until:
        tick(by=house.system, at=moment + SECOND)


def _next_moment() -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_MOMENT)
        found: datetime | None = cursor.fetchone()[0]
    return found
