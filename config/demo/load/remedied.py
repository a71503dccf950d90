"""What customers were given, row by row, what may be given, and an approval that waits for the lead."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection

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


def _ask(world: World, house: House) -> None:
    """Ana wants to give more than she may."""
    ana = house.people["ana@warmfold.example"]
    seen = Ticket.objects.open().filter(assignee=ana, primary_issue__isnull=False, merged_into=None)
    ticket = seen.order_by("-opened_at", "-pk").first()
    if ticket is not None:
        services.ask_approval(
            ticket=ticket, remedy="refund", amount=Decimal("218.40"), by=ana, at=world.now - timedelta(hours=2),
            why="Third letter about it, and the bank took a fee of 18.40 as well.",
        )  # fmt: skip
