"""What awareness reads: what each person has to know this week."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format

from apps.analysis.models import Action, ActionState, Case, CaseState, Verdict
from apps.awareness.digest import Line
from apps.awareness.models import Digest
from helpdesk.models import User

# In these the owner has the next move; before, the case manager has it, and after, the count.
OWNERS_MOVE = (CaseState.ROUTED, CaseState.INVESTIGATING, CaseState.PLANNING, CaseState.FIXING)
STILL_TO_DO = (ActionState.ASSIGNED, ActionState.ACCEPTED, ActionState.IN_PROGRESS)
COMING = timedelta(days=7)

Told = tuple[User | None, Line]


def lines_by_person(*, at: datetime) -> dict[User, list[Line]]:
    """Everybody with something to know, and all their lines, in three queries."""
    day = at.astimezone(_zone()).date()
    found: dict[User, list[Line]] = defaultdict(list)
    for told in (_case_lines(day), _action_lines(day), _verdict_lines(day)):
        for person, line in told:
            if person is not None and person.is_active:
                found[person].append(line)
    return dict(found)


def last_digests() -> dict[int, Digest]:
    """The latest digest of each person, sent or not."""
    newest = Digest.objects.order_by("owner_id", "-year", "-week").distinct("owner_id")
    return {digest.owner_id: digest for digest in newest}


def week_of(at: datetime) -> tuple[int, int]:
    """ISO year and week here."""
    year, week, _ = at.astimezone(_zone()).isocalendar()
    return year, week


def _case_lines(day: date) -> Iterator[Told]:
    """Cases that wait for their owner's answer, and cases whose day has passed."""
    waiting = Q(state=CaseState.ROUTED) | Q(state__in=OWNERS_MOVE, due_on__lt=day)
    cases = Case.objects.filter(waiting).select_related("owner", "owner_department__head")
    for case in cases.order_by("pk"):
        late, is_routed = case.is_overdue(day), case.state == CaseState.ROUTED
        for person in _answerable(case):
            whose = "Your" if person == case.owner else f"{case.owner}'s"
            step = "answer" if is_routed else f"next step ({case.get_state_display().lower()})"
            says = f"{whose} {step}{_by(case.due_on, late)}."
            key = f"{'late' if late else 'waits'}:{case.pk}:{case.state}:{case.due_on}"
            button = "Answer" if is_routed else "Open the case"
            yield person, _line(case, key, says, button, is_late=late)


def _action_lines(day: date) -> Iterator[Told]:
    """Actions due in a week, or due already: to whoever does them, and to who answers for the case."""
    actions = Action.objects.filter(state__in=STILL_TO_DO, due_on__lte=day + COMING).exclude(
        case__state__in=[CaseState.CLOSED, CaseState.ON_HOLD]
    )
    rows = actions.select_related("assignee", "case__owner", "case__owner_department__head")
    for action in rows.order_by("pk"):
        late = action.due_on is not None and action.due_on < day
        who = {action.assignee, *_answerable(action.case)} - {None}
        for person in sorted(filter(None, who), key=lambda user: user.pk):
            whose = (
                "Your action" if person == action.assignee else f"The action of {action.assignee or 'nobody'}"
            )
            says = f"{whose}{_by(action.due_on, late)}: {action.title}"
            key = f"action:{action.pk}:{action.due_on}:{'late' if late else 'coming'}"
            yield person, _line(action.case, key, says, "Say how it stands", is_late=late)


def _verdict_lines(day: date) -> Iterator[Told]:
    """What was promised against what was proven, for the verdicts of last week."""
    monday = datetime.combine(day - timedelta(days=day.weekday()), time(), _zone())
    verdicts = Verdict.objects.filter(decided_at__gte=monday - timedelta(days=7), decided_at__lt=monday)
    rows = verdicts.select_related("plan", "case__owner", "case__owner_department__head")
    for verdict in rows.order_by("pk"):
        says = f"Promised: {verdict.plan.expected_cut:.0%} fewer. {_proven(verdict)}"
        for person in _answerable(verdict.case):
            yield (
                person,
                Line(
                    key=f"verdict:{verdict.pk}",
                    case=verdict.case_id,
                    title=str(verdict.case),
                    says=says,
                    button="See the proof",
                    money=verdict.saved_likely if verdict.is_proven else verdict.case.money_likely,
                    money_is="saved a quarter" if verdict.is_proven else "at risk a quarter",
                ),
            )


def _proven(verdict: Verdict) -> str:
    measured = f"{_change(verdict.ratio)} (between {_change(verdict.high)} and {_change(verdict.low)})"
    label = verdict.get_verdict_display().lower()
    return f"Proven: {measured}." if verdict.is_proven else f"Not proven, {label}: {measured}."


def _change(ratio: float) -> str:
    return f"{1 - ratio:.0%} fewer" if ratio <= 1 else f"{ratio - 1:.0%} more"


def _answerable(case: Case) -> list[User]:
    """The named owner and the head of the department, once each."""
    head = case.owner_department.head if case.owner_department else None
    return list(dict.fromkeys(filter(None, (case.owner, head))))


def _by(day: date | None, late: bool) -> str:
    if day is None:
        return ""
    return f" {'was due on' if late else 'is due on'} {date_format(day, 'j F')}"


def _line(case: Case, key: str, says: str, button: str, *, is_late: bool) -> Line:
    return Line(
        key=key, case=case.pk, title=str(case), says=says, button=button, money=case.money_likely,
        money_is="at risk a quarter", is_late=is_late,
    )  # fmt: skip


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
