from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.analysis import ladder
from apps.analysis.deadlines import company_hours, today
from apps.analysis.models import Case, CaseState, Reminder, Step
from apps.analysis.queries.ownership import sponsors_of
from apps.analysis.services.access import locked
from apps.analysis.services.expire_risk import accepted_risks, mind_risk
from apps.analysis.services.notify import tell
from apps.analysis.services.remind_assignees import actions_to_do, remind_assignee
from apps.analysis.services.stand_in import cases_to_cover, cover_case
from apps.control import clock
from helpdesk.each import each
from helpdesk.models import Role, User
from helpdesk.permissions import may, require

# What a case waits for in each state; while it is being fixed its actions are due, each on its own day.
WAITS_FOR = {
    CaseState.ASSESS: "assessment",
    CaseState.ROUTED: "answer",
    CaseState.INVESTIGATING: "cause",
    CaseState.PLANNING: "plan",
}


def remind_owners(*, by: User, at: datetime) -> int:
    """Everything that waiting brings about: somebody stands in for who is away, accepted risks are asked about again,
    and each case and action that waits for somebody climbs the rung of the day. Returns how many things happened.

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
        *(partial(remind_assignee, number=number, by=by, at=at) for number in actions_to_do()),
    ]
    return sum(bool(done) for done in each(work, _do))


def _do(work: Callable[[], object]) -> object:
    return work()


def waiting_cases() -> list[int]:
    """The cases in which the next move is somebody's, by a day. Reads only."""
    rows = Case.objects.filter(state__in=WAITS_FOR, due_on__isnull=False)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def remind_owner(*, number: int, by: User, at: datetime) -> Reminder | None:
    """Climb the rung of today for one case, if there is one: its row, its letters and its level, or none of them."""
    require(by, "analysis.run")
    case, day = locked(Case(pk=number)), today(at)
    due_on = case.due_on
    if case.state not in WAITS_FOR or due_on is None:
        return None
    climbed = {
        row.step: today(row.at)
        for row in case.reminders.filter(action=None, entered_at=case.state_since, due_on=due_on)
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
        tell(case, told, lambda: _letter(case, step, due_on), by=by, at=at)
    return reminder


def _people(case: Case, step: Step) -> list[User]:
    """Who hears of it on this rung; the head who is the owner knows it already."""
    if case.state == CaseState.ASSESS:
        return _managers(case, step)
    match step:
        case Step.HEAD:
            head = case.owner_department.head if case.owner_department else None
            return [head] if head is not None and head.is_active and head not in case.answerers else []
        case Step.SPONSOR:
            return sponsors_of(case)
    return case.answerers


def _managers(case: Case, step: Step) -> list[User]:
    """A case that is being assessed waits for whoever opened it, then for every analyst, then for the administrators.
    An agent who raised it from a ticket can't assess it: the analysts can."""
    everybody = User.objects.filter(is_active=True).order_by("pk")
    opener = case.opened_by
    theirs = opener.is_active and opener.role != Role.SYSTEM and may(opener, "analysis.case")
    match step:
        case Step.SPONSOR:
            return list(everybody.filter(role=Role.ADMIN))
        case Step.HEAD:
            return list(everybody.filter(role=Role.ANALYST).exclude(pk=opener.pk))
    return [opener] if theirs else list(everybody.filter(role=Role.ANALYST))


def _letter(case: Case, step: Step, due_on: date) -> tuple[str, list[str]]:
    what, day = WAITS_FOR[CaseState(case.state)], date_format(due_on, "l, j F")
    said = [case.statement] if case.statement else []
    if case.state == CaseState.ASSESS:
        words = _("is due on") if step == Step.DUE_SOON else _("was due on")
        title = _("%(title)s: its %(what)s %(words)s %(day)s") % {
            "title": case.title, "what": what, "words": words, "day": day,
        }  # fmt: skip
        return title, [
            _("Say what is wrong and where, and hand it to who owns the cause; or close it with a reason."), *said
        ]  # fmt: skip
    owner = case.owner.name if case.owner else ""
    match step:
        case Step.DUE_SOON:
            return _("%(title)s: your %(what)s is due on %(day)s") % {
                "title": case.title,
                "what": what,
                "day": day,
            }, said
        case Step.HEAD:
            why = _(
                "%(owner)s was told before that day and after it. As head of the department you may "
                "answer as well."
            ) % {"owner": owner}
            return _("%(title)s: %(owner)s's %(what)s was due on %(day)s") % {
                "title": case.title,
                "owner": owner,
                "what": what,
                "day": day,
            }, [why, *said]
    return _("%(title)s: your %(what)s was due on %(day)s") % {
        "title": case.title,
        "what": what,
        "day": day,
    }, [_what_comes(case), *said]


def _what_comes(case: Case) -> str:
    head = case.owner_department.head if case.owner_department else None
    if head is None or head in case.answerers:
        return _("If it waits for four more working days, the sponsor reads of it.")
    return _("If it waits for two more working days, %(name)s hears of it as head of the department.") % {
        "name": head.name
    }
