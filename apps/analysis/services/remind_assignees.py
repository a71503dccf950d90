from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.analysis import ladder
from apps.analysis.deadlines import company_hours, today
from apps.analysis.models import Action, Case, CaseState, Reminder, Step
from apps.analysis.models.action import STILL_TO_DO
from apps.analysis.queries.ownership import sponsors_of
from apps.analysis.services.access import locked
from apps.analysis.services.notify import tell
from helpdesk.models import User
from helpdesk.permissions import require

AT_REST = (CaseState.ON_HOLD, CaseState.CLOSED)
LEVELS = {rung.step: rung.level for rung in ladder.UPWARDS}


def actions_to_do() -> list[int]:
    """The actions somebody has promised by a day, of cases that are at work. Reads only."""
    rows = Action.objects.filter(state__in=STILL_TO_DO, due_on__isnull=False).exclude(case__state__in=AT_REST)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def remind_assignee(*, number: int, by: User, at: datetime) -> Reminder | None:
    """Climb the rung of today for one action, if there is one: before its day whoever does it hears of it, after it
    who answers for the case as well, then the head of the department and the sponsor."""
    require(by, "analysis.run")
    case = locked(Case(pk=Action.objects.values_list("case", flat=True).get(pk=number)))
    action = Action.objects.select_related("assignee").get(pk=number)
    if action.due_on is None or action.state not in STILL_TO_DO or case.state in AT_REST:
        return None
    climbed = {
        row.step: today(row.at)
        for row in action.reminders.filter(entered_at=action.added_at, due_on=action.due_on)
    }
    rung = ladder.next_rung(
        due_on=action.due_on, entered_on=today(action.added_at), today=today(at), climbed=climbed,
        calendar=company_hours(today(at)),
    )  # fmt: skip
    if rung is None:
        return None
    step = Step(rung.step)
    told = _people(case, action, step)
    reminder = Reminder.climb(
        case=case, action=action, step=step, due_on=action.due_on, told=told, by=by, at=at
    )
    case.escalate(max(case.escalation, rung.level))
    if step != Step.SPONSOR:
        due_on = action.due_on
        tell(case, told, lambda: _letter(case, action, step, due_on), by=by, at=at)
    return reminder


def _people(case: Case, action: Action, step: Step) -> list[User]:
    """The one who does it; then who answers for the case; then whoever was not told yet above them."""
    doer = [action.assignee] if action.assignee else []
    match step:
        case Step.DUE_SOON:
            return doer
        case Step.OVERDUE:
            return list(dict.fromkeys([*doer, *case.answerers]))
        case Step.HEAD:
            head = case.owner_department.head if case.owner_department else None
            above = head is not None and head.is_active and head not in [*doer, *case.answerers]
            return [head] if head is not None and above else []
    return sponsors_of(case)


def _letter(case: Case, action: Action, step: Step, due_on: date) -> tuple[str, list[str]]:
    day = date_format(due_on, "l, j F")
    name = action.assignee.name if action.assignee else ""
    what = _("It is part of the fix of “%(title)s”.") % {"title": case.title}
    if step == Step.DUE_SOON:
        return _("%(title)s: due on %(day)s") % {"title": action.title, "day": day}, [
            what,
            _("Say how it stands, or what holds you up."),
        ]
    said = _("Say how it stands, or move the day and say why.")
    return _("%(title)s: it was due on %(day)s") % {"title": action.title, "day": day}, [
        _("%(name)s does it. %(what)s") % {"name": name, "what": what},
        said,
    ]


def follow_actions(*, case: Case) -> None:
    """Part of other use cases: while a case is being fixed it is due when the next of its actions is, and known as far
    up as one of these is that is still to be done. Where all are done it waits for who confirms them, without a day."""
    case = locked(case)
    if case.state != CaseState.FIXING:
        return
    todo = [action for action in case.actions.all() if action.state in STILL_TO_DO and action.due_on]
    days = {action.pk: action.due_on for action in todo}
    climbed = case.reminders.filter(action__in=days).values_list("action", "due_on", "step")
    level = max((LEVELS.get(step, 0) for pk, day, step in climbed if days[pk] == day), default=0)
    due_on: date | None = min(filter(None, days.values()), default=None)
    if (due_on, level) != (case.due_on, case.escalation):
        case.wait_for(due_on, escalation=level)
