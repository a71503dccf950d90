from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.deadlines import today
from apps.analysis.models import Action, ActionKind, ActionState, Case, CaseState, Cause, Route, Strength
from apps.analysis.models.action import EXITS, TRANSITIONS
from apps.analysis.models.case_states import OPEN_STATES
from apps.analysis.services.access import (
    WrongState,
    locked,
    locked_for_work,
    must_be_in,
    must_be_said,
    must_lie_ahead,
)
from apps.analysis.services.monitoring import begin_monitoring_when_ready
from apps.analysis.services.remind_assignees import follow_actions
from helpdesk.errors import DomainError, Invalid
from helpdesk.marked import inside
from helpdesk.models import User
from helpdesk.permissions import require
from helpdesk.rows import held

BY_THE_PROOF = frozenset({"observing", "effective", "ineffective", "inconclusive"})


class SameHands(DomainError):
    """Whoever did it, or owns it, can't confirm that it was done. Ask somebody else to look."""

    code = "same-hands"


class Blocked(DomainError):
    """The action is blocked. Say first that the obstacle is gone."""

    code = "blocked"


@transaction.atomic
def add_action(*, case: Case, title: str, strength: str, kind: str = ActionKind.CORRECTIVE,
               route: str = Route.FIX_CAUSE, cause: Cause | None = None, assignee: User | None = None,
               due_on: date | None = None, promised_cut: float | None = None, cost: Decimal | None = None,
               by: User, at: datetime) -> Action:  # fmt: skip
    """Propose what to do about a cause; with a person and a day it is assigned at once.

    Containment may be added while the case is open, the rest in planning and fixing. Raises WrongState, Invalid.
    """
    case = locked_for_work(case, by)
    early = kind in (ActionKind.CONTAINMENT, ActionKind.CORRECTION)
    must_be_in(
        case, *(OPEN_STATES if early else (CaseState.PLANNING, CaseState.FIXING)), to=_("adding actions")
    )
    for value, choices, name in (
        (kind, ActionKind, "kind"),
        (route, Route, "route"),
        (strength, Strength, "strength"),
    ):
        if value not in choices.values:
            raise Invalid(
                _("Choose one of: %(map)s.") % {"map": ", ".join(map(str, choices.labels))}, pointer=name
            )
    if cause is not None and cause.case_id != case.pk:
        raise Invalid(_("That cause belongs to another case."), pointer="cause")
    if promised_cut is not None and not 0 < promised_cut < 1:
        raise Invalid(_("The promise is a share between 0 and 100 %."), pointer="promised_cut")
    if due_on is not None:
        must_lie_ahead(due_on, today(at), "due_on")
    ready = assignee is not None and due_on is not None
    action = Action.add(
        case=case, title=must_be_said(title, "title", _("What will be done"))[:250], kind=kind, route=route,
        strength=strength, cause=cause, assignee=assignee, due_on=due_on, promised_cut=promised_cut, cost=cost,
        state=ActionState.ASSIGNED if ready else ActionState.PROPOSED, by=by, at=at,
    )  # fmt: skip
    follow_actions(case=case)
    return action


@transaction.atomic
def assign_action(*, action: Action, assignee: User, due_on: date, by: User, at: datetime) -> None:
    """Give a proposed action a person and a day. Raises WrongState, Invalid for a past day or a stranger."""
    locked_for_work(action.case, by)
    action = _taken(action, ActionState.ASSIGNED)
    must_lie_ahead(due_on, today(at), "due_on")
    if not (assignee.is_active and assignee.is_staff_member):
        raise Invalid(_("%(name)s can't be given work.") % {"name": assignee.name}, pointer="assignee")
    action.move(ActionState.ASSIGNED, assignee=assignee, due_on=due_on, by=by, at=at)
    follow_actions(case=action.case)


@transaction.atomic
def move_action(
    *, action: Action, to: str, note: str = "", on: date | None = None, by: User, at: datetime
) -> None:
    """Tell how an action stands: accepted, in progress, implemented (on a day), or given up with a reason.

    What follows implemented is for others: `confirm_action`, then the proof. Raises WrongState, Blocked, Invalid.
    """
    _require_hand(by, action)
    if to in BY_THE_PROOF | {ActionState.CONFIRMED, ActionState.ASSIGNED, ActionState.PROPOSED}:
        raise WrongState(
            _("An action does not become %(replace)s by being told so.") % {"replace": to.replace("_", " ")}
        )
    action = _taken(action, to)
    if to == ActionState.IMPLEMENTED:
        if action.blocked_by:
            raise Blocked(
                _("The action is blocked: %(blocked_by)s. Say first that the obstacle is gone.")
                % {"blocked_by": action.blocked_by}
            )
        if on is not None and on > today(at):
            raise Invalid(_("It can't have been implemented in the future."), pointer="on")
        if on is not None and on < action.case.detection_start:
            raise Invalid(_("It can't have been in place before the problem was noticed."), pointer="on")
        action.move(to, implemented_on=on or today(at), note=note, by=by, at=at)
        follow_actions(case=action.case)
        return
    if to in EXITS:
        note = must_be_said(note, "note", _("Why it will not be done"))
    # Back to work: it is in place since no day any more.
    taken_back = (
        {"implemented_on": None} if action.state == ActionState.IMPLEMENTED and to not in EXITS else {}
    )
    action.move(to, note=note, **taken_back, by=by, at=at)
    follow_actions(case=action.case)
    if to in EXITS:
        begin_monitoring_when_ready(case=action.case, by=by, at=at)


@transaction.atomic
def block_action(*, action: Action, obstacle: str, by: User, at: datetime) -> None:
    """Say what stands in the way; an empty text says that it is gone. Raises WrongState."""
    _require_hand(by, action)
    action = held(action, "case")
    if action.is_out or action.is_in_place:
        raise WrongState(_("This action is over."))
    action.move(action.state, blocked_by=obstacle.strip(), by=by, at=at)


@transaction.atomic
def change_due(*, action: Action, due_on: date, reason: str, by: User, at: datetime) -> None:
    """Move the day an action is due, with the reason. Raises WrongState, Invalid for a past day or no reason."""
    locked_for_work(action.case, by)
    action = held(action, "case")
    if action.is_out or action.is_in_place:
        raise WrongState(_("This action is over: its day no longer matters."))
    must_lie_ahead(due_on, today(at), "due_on")
    action.change_due(due_on, reason=must_be_said(reason, "reason", _("The reason")), by=by, at=at)
    follow_actions(case=action.case)


@transaction.atomic
def confirm_action(*, action: Action, holds: bool = True, note: str = "", by: User, at: datetime) -> None:
    """Somebody who neither owns nor did it has looked: it is in place, or it is not and goes back to work.

    When the last action of a case is confirmed, the monitoring begins. Raises SameHands, WrongState, Invalid.
    """
    require(by, "analysis.verify", action.case)
    locked(action.case)
    action = _taken(action, ActionState.CONFIRMED)
    if by.pk in {action.assignee_id, action.case.owner_id}:
        raise SameHands
    if not holds:
        note = must_be_said(note, "note", _("What is missing"))
        action.move(ActionState.IN_PROGRESS, note=note, implemented_on=None, by=by, at=at)
        follow_actions(case=action.case)
        return
    action.move(ActionState.CONFIRMED, confirmed_by=by, confirmed_at=at, note=note, by=by, at=at)
    begin_monitoring_when_ready(case=action.case, by=by, at=at)


def _require_hand(by: User, action: Action) -> None:
    """The assignee tells of their own work; else whoever works on the case."""
    if by.pk == action.assignee_id and by.is_active:
        locked(action.case)  # the case before its action, in every use case
    else:
        locked_for_work(action.case, by)


def _taken(action: Action, to: str) -> Action:
    action = held(action, "case")
    if to not in TRANSITIONS.get(action.state, frozenset()):
        said = inside(ActionState(to).label) if to in ActionState.values else to
        raise WrongState(
            _("An action that is %(state)s can't become %(said)s now.")
            % {"state": inside(action.get_state_display()), "said": said}
        )
    return action
