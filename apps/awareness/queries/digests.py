"""What each person has to know this week."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from apps.analysis.deadlines import midnight, today
from apps.analysis.models import Action, Case, CaseState, Verdict
from apps.analysis.models.action import STILL_TO_DO
from apps.analysis.queries.reminders import sponsors_told
from apps.awareness.digest import Line
from apps.awareness.models import Digest
from helpdesk.marked import inside
from helpdesk.models import Role, User
from helpdesk.sentences import Share

# In these the owner has the next move; before, the case manager has it; then each action has a line of its own, and
# after them the count.
OWNERS_MOVE = (CaseState.ROUTED, CaseState.INVESTIGATING, CaseState.PLANNING)
COMING = timedelta(days=7)
PEOPLE_OF_CASE = ("case__owner", "case__stand_in", "case__owner_department__head")

Row = Case | Action | Verdict


@dataclass(frozen=True)
class Matter:
    """A row that somebody has to know of. Its words are found for each reader apart, so that a row of which nothing
    can be said keeps the letters of its readers and of nobody else."""

    row: Row
    day: date


def matters_by_person(*, at: datetime) -> dict[User, list[Matter]]:
    """Everybody with something to know, and all of it, in six queries. Sponsors read of what was carried up to them."""
    day = today(at)
    leads: dict[int | None, list[User]] = defaultdict(list)
    for lead in User.objects.filter(role=Role.LEAD, is_active=True).order_by("pk"):
        leads[lead.department_id].append(lead)
    found: dict[User, list[Matter]] = defaultdict(list)
    sponsors = sponsors_told()
    rows: list[Row] = [*_waiting_cases(day), *_due_actions(day), *_verdicts(day)]
    for row in rows:
        case = row if isinstance(row, Case) else row.case
        doer = row.assignee if isinstance(row, Action) else None
        head = case.owner_department.head if case.owner_department else None
        team = leads[case.owner_department_id] if case.owner_department_id else []
        above = [] if isinstance(row, Verdict) else sponsors.get(row, [])
        for person in dict.fromkeys(filter(None, (doer, case.owner, case.stand_in, head, *team, *above))):
            if person.is_active:
                found[person].append(Matter(row, day))
    return dict(found)


def line_of(matter: Matter, person: User) -> Line:
    """What this row says to this person."""
    match matter.row:
        case Case():
            return _case_line(matter.row, person, matter.day)
        case Action():
            return _action_line(matter.row, person, matter.day)
        case Verdict():
            return _verdict_line(matter.row)


def last_digests() -> dict[int, Digest]:
    """The latest digest of each person, sent or not."""
    newest = Digest.objects.order_by("owner_id", "-year", "-week").distinct("owner_id")
    return {digest.owner_id: digest for digest in newest}


def week_of(at: datetime) -> tuple[int, int]:
    """ISO year and week here."""
    year, week, _ = today(at).isocalendar()
    return year, week


def _waiting_cases(day: date) -> QuerySet[Case]:
    """Cases that wait for their owner's answer, and cases whose day has passed."""
    waiting = Q(state=CaseState.ROUTED) | Q(state__in=OWNERS_MOVE, due_on__lt=day)
    return (
        Case.objects.filter(waiting)
        .select_related("owner", "stand_in", "owner_department__head")
        .order_by("pk")
    )


def _due_actions(day: date) -> QuerySet[Action]:
    """Actions due in a week, or due already: for whoever does them, and for who answers for the case."""
    actions = Action.objects.filter(state__in=STILL_TO_DO, due_on__lte=day + COMING).exclude(
        case__state__in=[CaseState.CLOSED, CaseState.ON_HOLD]
    )
    return actions.select_related(
        "assignee", "case__owner", "case__stand_in", "case__owner_department__head"
    ).order_by("pk")


def _verdicts(day: date) -> QuerySet[Verdict]:
    """The verdicts of last week."""
    monday = midnight(day - timedelta(days=day.weekday()))
    verdicts = Verdict.objects.filter(
        decided_at__gte=midnight(day - timedelta(days=day.weekday() + 7)), decided_at__lt=monday
    )
    return verdicts.select_related(
        "plan", "case__owner", "case__stand_in", "case__owner_department__head"
    ).order_by("pk")


def _case_line(case: Case, person: User, day: date) -> Line:
    late, is_routed = case.is_overdue(day), case.state == CaseState.ROUTED
    whose = gettext("Your") if person == case.owner else f"{case.owner}'s"
    step = (
        "answer"
        if is_routed
        else gettext("next step (%(state)s)") % {"state": inside(case.get_state_display())}
    )
    key = f"{'late' if late else 'waits'}:{case.pk}:{case.state}:{case.due_on}"
    button = gettext("Open the case") if person != case.owner or not is_routed else pgettext("act", "Answer")
    return _line(case, key, f"{whose} {step}{_by(case.due_on, late)}.", button, is_late=late)


def _action_line(action: Action, person: User, day: date) -> Line:
    late = action.due_on is not None and action.due_on < day
    whose = (
        gettext("Your action")
        if person == action.assignee
        else gettext("The action of %(assignee)s") % {"assignee": action.assignee or "nobody"}
    )
    key = f"action:{action.pk}:{action.due_on}:{'late' if late else 'coming'}"
    says = f"{whose}{_by(action.due_on, late)}: {action.title}"
    return _line(action.case, key, says, gettext("Say how it stands"), is_late=late)


def _verdict_line(verdict: Verdict) -> Line:
    """What was promised against what was proven."""
    return Line(
        key=f"verdict:{verdict.pk}",
        case=verdict.case_id,
        title=str(verdict.case),
        says=gettext("Promised: %(expected_cut)s fewer. %(proven)s")
        % {"expected_cut": Share(verdict.plan.expected_cut), "proven": _proven(verdict)},
        button=gettext("See the proof"),
        money=verdict.saved_likely if verdict.is_proven else verdict.case.money_likely,
        money_is="saved a quarter" if verdict.is_proven else gettext("at risk a quarter"),
    )


def _proven(verdict: Verdict) -> str:
    label = inside(verdict.get_verdict_display())
    return (
        gettext("Proven: %(measured)s.") % {"measured": verdict.measured}
        if verdict.is_proven
        else gettext("Not proven, %(label)s: %(measured)s.") % {"label": label, "measured": verdict.measured}
    )


def _by(day: date | None, late: bool) -> str:
    if day is None:
        return ""
    return f" {gettext('was due on') if late else gettext('is due on')} {date_format(day, 'j F')}"


def _line(case: Case, key: str, says: str, button: str, *, is_late: bool) -> Line:
    return Line(
        key=key, case=case.pk, title=str(case), says=says, button=button, money=case.money_likely,
        money_is=gettext("at risk a quarter"), is_late=is_late,
    )  # fmt: skip
