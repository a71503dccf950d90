from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.analysis.deadlines import company_hours, today
from apps.analysis.ladder import risk_ends_soon
from apps.analysis.models import Case, CaseState, Outcome, Reminder, Step
from apps.analysis.services.access import locked
from apps.analysis.services.approve_risk import bring_back, is_unconfirmed
from apps.analysis.services.notify import tell
from apps.analysis.services.open_case import weigh_money
from helpdesk.models import User
from helpdesk.permissions import require


def accepted_risks() -> list[int]:
    """The cases that are closed because somebody accepted the risk until a day. Reads only."""
    rows = Case.objects.filter(
        state=CaseState.CLOSED, outcome=Outcome.RISK_ACCEPTED, risk_expires_on__isnull=False
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def mind_risk(*, number: int, by: User, at: datetime) -> str:
    """Ask in time whether an accepted risk is still accepted, and bring its case back on the day it runs out.

    One that nobody stood by with their name in time comes back as well. Returns "asked", "back" or "" for neither.
    However often it is called, each happens once.
    """
    require(by, "analysis.run")
    case = locked(Case(pk=number))
    if (
        case.state != CaseState.CLOSED
        or case.outcome != Outcome.RISK_ACCEPTED
        or case.risk_expires_on is None
    ):
        return ""
    if case.risk_expires_on <= today(at):
        weigh_money(case=case, by=by, at=at)  # what it costs by now
        bring_back(case, why="expired", by=by, at=at)
        return "back"
    if is_unconfirmed(case, at):
        bring_back(case, why="unconfirmed", by=by, at=at)
        return "back"
    return "asked" if _ask_again(case, by=by, at=at) else ""


def _ask_again(case: Case, *, by: User, at: datetime) -> bool:
    expires_on, day = case.risk_expires_on, today(at)
    assert expires_on is not None  # noqa: S101 (asked by the caller)
    if not risk_ends_soon(expires_on=expires_on, today=day, calendar=company_hours(day)):
        return False
    if case.reminders.filter(due_on=expires_on, step=Step.RISK_ENDS, entered_at=case.state_since).exists():
        return False
    people = [person for person in dict.fromkeys([*case.answerers, case.risk_approved_by]) if person]
    Reminder.climb(case=case, step=Step.RISK_ENDS, due_on=expires_on, told=people, by=by, at=at)

    def words() -> tuple[str, list[str]]:
        said = {
            "title": case.title, "until": date_format(expires_on, "j F"), "outcome_note": case.outcome_note,
        }  # fmt: skip
        return _("%(title)s: the accepted risk runs out on %(until)s") % said, [
            _("The risk of it was accepted until %(until)s: %(outcome_note)s") % said,
            _("Accept it for longer, or do nothing: it comes back to be decided on that day."),
        ]

    tell(case, people, words, by=by, at=at)
    return True
