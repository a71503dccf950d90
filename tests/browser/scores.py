"""What the full desk holds of scores: a department's statement, rules of whom to ask, and a customer who is unhappy."""

from decimal import Decimal

from apps.awareness.maturity import look
from apps.awareness.queries.maturity import evidence
from apps.awareness.services import assess_maturity
from apps.control.models import Survey
from apps.control.services import answer_survey, set_ask_limits, set_ask_rule
from apps.evaluation.queries.quarters import last_whole
from apps.evaluation.services import draft_statement, issue_statement, set_bonus_rule
from helpdesk.models import Ticket
from tests.factories import NOW, Cast


def reward(cast: Cast) -> int:
    """What a score is worth, the statement of the last quarter, and how far the company says it has come."""
    set_bonus_rule(words="For removing causes.", least=50, full=Decimal(2_000), by=cast.ada, at=NOW)
    suggested = {one.activity.code: one.suggested.value for one in look(evidence(at=NOW))}
    assess_maturity(grades=suggested, notes={"storage": "Paper is kept in the cellar."}, by=cast.ada, at=NOW)
    made = draft_statement(department=cast.billing, quarter=last_whole(NOW), by=cast.ada, at=NOW)
    return issue_statement(statement=made, by=cast.ada, at=NOW).pk


def ask_and_hear(cast: Cast, ticket: Ticket) -> None:
    """A rule of whom to ask, and a customer who is not happy."""
    set_ask_limits(rest_days=30, most_a_day=50, always=["complaint"], by=cast.ada, at=NOW)
    set_ask_rule(share=0.25, channel="phone", by=cast.ada, at=NOW)
    answer_survey(
        survey=Survey.objects.get(ticket=ticket), outcome="dissatisfied", would_buy_again=False,
        comment="It came back the next day.", by=cast.system, at=NOW,
    )  # fmt: skip
