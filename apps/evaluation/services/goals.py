"""How large a share has to be."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from apps.evaluation.models import Goal, Measure
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Department, User
from helpdesk.permissions import may, require

# Ours, to be changed: what customers expect, in the order in which it moves them. Answered in one contact is the
# strongest driver of satisfaction; the share of fixes that work is low everywhere at first.
PRESETS = {
    Measure.ACKNOWLEDGE: 0.95,
    Measure.FIRST_REPLY: 0.90,
    Measure.RESOLVE: 0.85,
    Measure.SATISFIED: 0.70,
    Measure.FIRST_CONTACT: 0.75,
    Measure.CODED: 0.90,
    Measure.PREVENTED: 0.50,
}


@transaction.atomic
def lay_out_goals(*, by: User, at: datetime) -> None:
    """Give a new helpdesk a goal for every measure and all departments; none if anybody has set one."""
    require(by, "evaluation.manage")
    if Goal.objects.exists():
        return
    for measure, target in PRESETS.items():
        set_goal(measure=measure, target=target, by=by, at=at)


@transaction.atomic
def set_goal(
    *, measure: str, target: float, department: Department | None = None, by: User, at: datetime
) -> Goal:
    """Say how large a share has to be, for one department or for all that have no goal of their own.

    Raises Invalid for a measure that is none or a share out of range, NotAllowed for another department's goal.
    """
    _require_manager(by, department.pk if department else None)
    if measure not in Measure.values:
        raise Invalid(
            gettext("Choose one of: %(labels)s.") % {"labels": ", ".join(map(str, Measure.labels))},
            pointer="measure",
        )
    if not 0 < target <= 1:
        raise Invalid(gettext("A goal is a share above 0 % and at most 100 %."), pointer="target")
    goal, _ = Goal.objects.update_or_create(
        measure=measure, department=department, defaults={"target": target, "set_by": by, "set_at": at}
    )
    return goal


@transaction.atomic
def withdraw_goal(*, goal: Goal, by: User) -> None:
    """The department follows the goal of all again, or nobody has one; the history keeps what it was.

    Raises NotAllowed for another department's goal.
    """
    _require_manager(by, goal.department_id)
    goal.delete()


def _require_manager(by: User, department: int | None) -> None:
    """Leads set the goals of their own department, administrators all."""
    require(by, "evaluation.manage")
    if may(by, "helpdesk.configure"):
        return
    if department is None or department != by.department_id:
        raise NotAllowed(
            gettext("You set the goals of your own department. Ask an administrator for the others.")
        )
