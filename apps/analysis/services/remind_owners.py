from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format

from apps.analysis import ladder
from apps.analysis.deadlines import company_hours, today
from apps.analysis.models import ActionState, Case, CaseState, Reminder, Step
from apps.analysis.queries.cases import OWNER_VERBS
from apps.analysis.queries.ownership import sponsors_of
from apps.analysis.services.access import locked
from apps.analysis.services.expire_risk import accepted_risks, mind_risk
from apps.analysis.services.notify import tell
from apps.analysis.services.stand_in import cases_to_cover, cover_case
from apps.control import clock
from helpdesk.each import each
from helpdesk.models import User
from helpdesk.permissions import require

STILL_TO_DO = (ActionState.PROPOSED, ActionState.ASSIGNED, ActionState.ACCEPTED, ActionState.IN_PROGRESS)


def remind_owners(*, by: User, at: datetime) -> int:
    """Everything that waiting brings about: somebody stands in for who is away, accepted risks are asked about again,
    and each case that waits for its owner climbs the rung of the day. Returns how many things happened.

    Only while the company's calendar is open: nobody is written to at night or on a holiday. May be called at any
    time and as often as one likes. Raises the faults once every case had its turn.
    """
    require(by, "analysis.run")
    if clock.open_until(at, company_hours(today(at))) is None:
        return 0
    work: list[Callable[[], object]] = [
        *(partial(cover_case, number=number, by=by, at=at) for number in cases_to_cover(at=at)),
        *(partial(mind_risk, number=number, by=by, at=at) for number in accepted_risks()),
        *(partial(remind_owner, number=number, by=by, at=at) for number in waiting_cases()),
    ]
    return sum(bool(done) for done in each(work, _do))


def _do(work: Callable[[], object]) -> object:
    return work()


def waiting_cases() -> list[int]:
    """The cases in which the next move is the owner's, by a day. Reads only."""
    rows = Case.objects.filter(state__in=OWNER_VERBS, due_on__isnull=False, owner__isnull=False)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def remind_owner(*, number: int, by: User, at: datetime) -> Reminder | None:
    """Climb the rung of today for one case, if there is one: its row, its letters and its level, or none of them."""
    require(by, "analysis.run")
    case, day = locked(Case(pk=number)), today(at)
    due_on = _due_day(case)
    if case.state not in OWNER_VERBS or due_on is None:
        return None
    climbed = {
        row.step: today(row.at) for row in case.reminders.filter(entered_at=case.state_since, due_on=due_on)
    }
    rung = ladder.next_rung(
        due_on=due_on, entered_on=today(case.state_since), today=day, climbed=climbed,
        calendar=company_hours(day),
    )  # fmt: skip
    if rung is None:
        return None
    step = Step(rung.step)
    told = _people(case, step)
    reminder = Reminder.climb(case=case, step=step, due_on=due_on, told=told, by=by, at=at)
    case.escalate(rung.level)
    if step != Step.SPONSOR:  # sponsors read it in their weekly digest
        subject, lines = _letter(case, step, due_on)
        tell(case, told, subject, lines, by=by, at=at)
    return reminder


def _due_day(case: Case) -> date | None:
    """While a case is being fixed, the last day of what is still to be done: it moves as the actions' days move, each
    with a reason. None once all of it is done, and waits to be confirmed."""
    if case.state != CaseState.FIXING:
        return case.due_on
    last: date | None = case.actions.filter(state__in=STILL_TO_DO).aggregate(last=Max("due_on"))["last"]
    return last


def _people(case: Case, step: Step) -> list[User]:
    """Who hears of it on this rung; the head who is the owner knows it already."""
    match step:
        case Step.HEAD:
            head = case.owner_department.head if case.owner_department else None
            return [head] if head is not None and head not in case.answerers else []
        case Step.SPONSOR:
            return sponsors_of(case)
    return case.answerers


WAITS_FOR = {
    CaseState.ROUTED: "answer",
    CaseState.INVESTIGATING: "cause",
    CaseState.PLANNING: "plan",
    CaseState.FIXING: "fix",
}


def _letter(case: Case, step: Step, due_on: date) -> tuple[str, list[str]]:
    what, day = WAITS_FOR[CaseState(case.state)], date_format(due_on, "l, j F")
    owner = case.owner.name if case.owner else ""
    match step:
        case Step.DUE_SOON:
            return f"{case.title}: your {what} is due on {day}", [case.statement]
        case Step.HEAD:
            why = f"{owner} was told before that day and after it. As head of the department you may answer as well."
            return f"{case.title}: {owner}'s {what} was due on {day}", [why, case.statement]
    return f"{case.title}: your {what} was due on {day}", [_what_comes(case), case.statement]


def _what_comes(case: Case) -> str:
    head = case.owner_department.head if case.owner_department else None
    if head is None or head in case.answerers:
        return "If it waits for four more working days, the sponsor reads of it."
    return f"If it waits for two more working days, {head.name} hears of it as head of the department."
