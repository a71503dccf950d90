"""What departments are given for prevention, and whom the company asks how it was."""

import secrets
from datetime import timedelta
from decimal import Decimal
from random import Random

from apps.awareness.maturity import look
from apps.awareness.queries.maturity import evidence
from apps.awareness.services import assess_maturity
from apps.control.models import FollowUp, Survey
from apps.control.services import set_ask_limits, set_ask_rule
from apps.evaluation.models import Statement
from apps.evaluation.services import draft_due_statements, issue_statement, set_bonus_rule
from config.demo import asides
from config.demo.load.house import House
from config.demo.load.table import Table
from config.demo.rows import World
from helpdesk.models import Outcome, Ticket

WORDS = (
    "For removing the causes of our customers' trouble: shared by everybody of the department in equal parts, and paid "
    "with the salary of the month after."
)
LEAST, FULL = 40, Decimal(6_000)
SILENT = 0.75  # of those who did not answer, how many were asked
ASKED_AFTER, ANSWERED_WITHIN = timedelta(days=2), timedelta(days=3)
LATELY, WEEK, QUARTER = timedelta(hours=3), timedelta(days=7), timedelta(days=91)


def reward(world: World, house: House) -> None:
    """The statements are drafted; those without a doubt are issued, the others wait for the administrator."""
    set_bonus_rule(words=WORDS, least=LEAST, full=FULL, by=house.admin, at=house.opened_at)
    at = world.now - LATELY
    drafted = draft_due_statements(by=house.system, at=at)
    for statement in Statement.objects.with_acts().filter(pk__in=[one.pk for one in drafted]):
        if not statement.broken and statement.score is not None:
            issue_statement(statement=statement, by=house.admin, at=at)


def ask(world: World, house: House) -> None:
    """Rules and limits as they are since this week, and the customers who were not happy with it."""
    at = world.now - LATELY
    set_ask_limits(rest_days=30, most_a_day=60, always=["complaint", "reopened"], by=house.admin, at=at)
    set_ask_rule(share=0.5, channel="phone", order=20, by=house.admin, at=at)
    _ask_the_silent(world)
    unhappy = list(Survey.objects.filter(outcome=Outcome.DISSATISFIED, answered_at__gt=world.now - WEEK))
    for place, survey in enumerate(unhappy):
        survey.comment = asides.NOT_HAPPY[place % len(asides.NOT_HAPPY)]
    Survey.objects.bulk_update(unhappy, ["comment"])
    FollowUp.objects.bulk_create(FollowUp(survey=row, opened_at=row.answered_at or at) for row in unhappy)


def _ask_the_silent(world: World) -> None:
    """Most who are asked do not answer: of the quarters that the page of surveys looks at."""
    random = Random(world.seed + 9)
    solved = Ticket.objects.filter(
        solved_at__gt=world.now - 2 * QUARTER, solved_at__lt=world.now - ANSWERED_WITHIN
    )
    unasked = solved.exclude(pk__in=Survey.objects.values("ticket")).exclude(customer__email=None)
    table = Table(Survey, "ticket_id", "key", "send_at", "sent_at")
    for ticket, solved_at in unasked.order_by("pk").values_list("pk", "solved_at"):
        if random.random() < SILENT:
            sent_at = (solved_at or world.now) + ASKED_AFTER
            table.add(ticket, secrets.token_urlsafe(32), sent_at, sent_at)
    table.copy()


def assess(world: World, house: House) -> None:
    """A quarter ago the company graded itself by what its desk showed, and now again."""
    for at in (world.now - QUARTER, world.now - LATELY):
        found = {one.activity.code: one.suggested.value for one in look(evidence(at=at))}
        assess_maturity(grades=found, notes={}, by=house.admin, at=at)
