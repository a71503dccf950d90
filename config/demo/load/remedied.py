"""What customers were given, row by row, what may be given, and an approval that waits for the lead."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection

from apps.control import services as control
from apps.response import services
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import Ticket

AGO = timedelta(days=90)
# One row for what each issue was given, and an apology or an explanation beside the money: the more often, the happier
# the customer was with it.
GIVEN = """
    INSERT INTO response_givenremedy
        (ticket_id, issue_id, remedy, amount, currency, reason, given_by_id, given_at, struck_why)
    SELECT coded.ticket_id, coded.issue_id, kind.remedy, kind.amount, %(currency)s, '', ticket.assignee_id,
           coalesce(ticket.solved_at, coded.coded_at), ''
    FROM helpdesk_ticketissue coded JOIN helpdesk_ticket ticket ON ticket.id = coded.ticket_id
    CROSS JOIN LATERAL (
        SELECT coded.remedy, coded.remedy_amount
        UNION ALL
        SELECT CASE WHEN coded.id %% 2 = 0 THEN 'apology' ELSE 'explanation' END, NULL
        WHERE coded.remedy_amount IS NOT NULL AND hashint8(coded.id) & 15 <
            CASE ticket.outcome WHEN 'satisfied' THEN 12 WHEN 'mollified' THEN 9 WHEN '' THEN 8 ELSE 4 END
    ) kind (remedy, amount)
    WHERE coded.remedy <> ''
"""
PROMISED = ("Call back with the courier's answer", "Send the corrected invoice", "Say when the part arrives")
OFFERS = (
    ("charged-twice", "refund", "The second charge, at once", 60, 300),
    ("charged-twice", "credit", "A month's fee as a credit", 15, 60),
    ("charged-twice", "apology", "An apology by the name of the agent", 0, 0),
    ("refund-not-arrived", "refund", "Release what was approved", 150, 400),
    ("refund-not-arrived", "credit", "A credit for the wait", 20, 60),
)


def give(world: World, house: House) -> None:
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, {"currency": str(settings.CURRENCY)[:8]})
    lead, at = house.people["lena@warmfold.example"], world.now - AGO
    for place, (code, remedy, words, agent, most) in enumerate(OFFERS):
        if code in house.issues:
            services.save_offer(
                issue=house.issues[code], remedy=remedy, words=words, agent_limit=Decimal(agent),
                lead_limit=Decimal(most), position=place, by=lead, at=at,
            )  # fmt: skip
    services.set_remedy_ceiling(per_day=Decimal(500), per_customer=Decimal(400), by=lead, at=at)
    _ask(world, house)
    _promise(world, house)
    _ask_outside(world, house)


def _ask(world: World, house: House) -> None:
    """Ana wants to give more than she may."""
    ana = house.people["ana@warmfold.example"]
    lead = house.people["lena@warmfold.example"]
    seen = Ticket.objects.open().filter(assignee=ana, primary_issue__isnull=False, merged_into=None)
    seen = seen.filter(department=lead.department)
    ticket = seen.order_by("-opened_at", "-pk").first()
    if ticket is not None:
        services.ask_approval(
            ticket=ticket, remedy="refund", amount=Decimal("218.40"), by=ana, at=world.now - timedelta(hours=2),
            why="Third letter about it, and the bank took a fee of 18.40 as well.",
        )  # fmt: skip


def _promise(world: World, house: House) -> None:
    """Some that were kept, one that was broken, and some to keep."""
    tickets = (
        Ticket.objects.open().filter(assignee__isnull=False, merged_into=None).select_related("assignee")
    )
    for number, ticket in enumerate(tickets.order_by("-opened_at", "-pk")[:24]):
        by, at = (
            ticket.assignee,
            max(ticket.opened_at, world.now - timedelta(hours=30)) + timedelta(minutes=1),
        )
        if by is None or at >= world.now:
            continue
        row = control.make_promise(
            ticket=ticket, text=PROMISED[number % len(PROMISED)], due_at=at + timedelta(hours=4 + 3 * number),
            is_public=number % 3 == 0, by=by, at=at,
        )  # fmt: skip
        if number % 4 in (1, 2) and number < 16:
            control.keep_promise(promise=row, by=by, at=min(world.now, at + timedelta(hours=3)))
    control.tick_promises(by=house.system, at=world.now)


def _ask_outside(world: World, house: House) -> None:
    """The courier has a question of ours."""
    hands = Ticket.objects.open().filter(assignee__isnull=False, merged_into=None, status="open")
    ticket = hands.select_related("assignee").order_by("-opened_at", "-pk").first()
    if ticket is not None and ticket.assignee is not None:
        control.refer(
            ticket=ticket, outside_name="Fleet Parcel", outside_email="claims@fleetparcel.example",
            reference="FP-20814", question="Where was it left, and who signed for it?", by=ticket.assignee,
            at=world.now - timedelta(hours=3),
        )  # fmt: skip
