"""What departments are given for prevention: the company's rule, and the statements of the last whole quarter."""

from datetime import timedelta
from decimal import Decimal

from apps.evaluation.models import Statement
from apps.evaluation.services import draft_due_statements, issue_statement, set_bonus_rule
from config.demo.load.house import House
from config.demo.rows import World

WORDS = (
    "For removing the causes of our customers' trouble: shared by everybody of the department in equal parts, and paid "
    "with the salary of the month after."
)
LEAST, FULL = 40, Decimal(6_000)
LATELY = timedelta(hours=3)


def reward(world: World, house: House) -> None:
    """The statements are drafted; those without a doubt are issued, the others wait for the administrator."""
    set_bonus_rule(words=WORDS, least=LEAST, full=FULL, by=house.admin, at=house.opened_at)
    at = world.now - LATELY
    drafted = draft_due_statements(by=house.system, at=at)
    for statement in Statement.objects.with_acts().filter(pk__in=[one.pk for one in drafted]):
        if not statement.broken and statement.score is not None:
            issue_statement(statement=statement, by=house.admin, at=at)
