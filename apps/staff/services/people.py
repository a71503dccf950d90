"""Who can carry what, who is away, and who gets a ticket."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from apps.analysis.deadlines import midnight, today
from apps.staff.models import Availability, Skill
from apps.staff.queries import people as queries
from helpdesk.errors import DomainError, Invalid, NotAllowed, NotFound
from helpdesk.models import Absence, Issue, Product, User
from helpdesk.permissions import may, require
from helpdesk.rows import held
from helpdesk.signing import signed

FARTHEST = timedelta(days=5 * 366)  # the 31 December 9999 has no day after it


class AbsenceOver(DomainError):
    """This absence has ended already."""

    code = "absence-over"


@transaction.atomic
@signed
def set_availability(*, user: User, capacity: int, by: User) -> Availability:
    """Say what somebody can carry. Raises NotFound for somebody else's people."""
    require_charge(by, user)
    row, _ = Availability.objects.update_or_create(user=user, defaults={"capacity": capacity})
    return row


@transaction.atomic
def enter_absence(*, user: User, first: date, last: date | None = None, stand_in: User | None = None, by: User,
                  at: datetime) -> Absence:  # fmt: skip
    """Say from which day to which somebody is not there, and who stands in: everybody for themselves, leads for their
    department, administrators for all.

    Raises NotAllowed for somebody else's, Invalid for days that are over or the wrong way round, and for a stand-in
    who can't do the work.
    """
    _require_care(by, user)
    if last is not None and last < first:
        raise Invalid(gettext("The absence ends before it begins."), pointer="last")
    if last is not None and last < today(at):
        raise Invalid(gettext("These days are over."), pointer="last")
    for pointer, day in (("first", first), ("last", last)):
        if day is not None and day - today(at) > FARTHEST:
            raise Invalid(
                gettext("Years ahead. Leave the last day empty while nobody knows it."), pointer=pointer
            )
    if stand_in is not None:
        _must_be_able(stand_in, user)
    ends_at = None if last is None else midnight(last + timedelta(days=1))
    return Absence.enter(
        user=user, begins_at=midnight(first), ends_at=ends_at, stand_in=stand_in, by=by, at=at
    )


@transaction.atomic
def end_absence(*, absence: Absence, by: User, at: datetime) -> None:
    """They are back, or do not go. Raises NotAllowed, AbsenceOver when it has ended already."""
    _require_care(by, absence.user)
    absence = held(absence)
    if absence.ends_at is not None and absence.ends_at <= max(at, absence.begins_at):
        raise AbsenceOver
    absence.end(by=by, at=at)


def _require_care(by: User, user: User) -> None:
    require(by, "staff.be_away")
    if not queries.in_care_of(by).filter(pk=user.pk).exists():
        raise NotAllowed(
            gettext("Only %(name)s, their lead and administrators enter when %(name)s is away.")
            % {"name": user.name}
        )


def require_charge(by: User, user: User) -> None:
    """Raises NotAllowed for who may not, NotFound for somebody they do not look after."""
    require(by, "staff.manage")
    if not queries.in_charge_of(by).filter(pk=user.pk).exists():
        raise NotFound


def _must_be_able(stand_in: User, user: User) -> None:
    if stand_in.pk == user.pk:
        raise Invalid(gettext("Nobody stands in for themselves."), pointer="stand_in")
    if not stand_in.is_active or not stand_in.is_staff_member:
        raise Invalid(gettext("%(name)s does not work here.") % {"name": stand_in.name}, pointer="stand_in")
    if may(user, "analysis.own") and not may(stand_in, "analysis.own"):
        raise Invalid(
            gettext("%(name)s can't answer for a case: choose a department owner.") % {"name": stand_in.name},
            pointer="stand_in",
        )


@transaction.atomic
@signed
def grant_skill(
    *, user: User, issue: Issue | None = None, product: Product | None = None, level: int, by: User
) -> Skill:
    """Write down what somebody can finish; the same skill again changes its level. Raises Invalid for a skill of
    nothing, NotFound for somebody else's people."""
    require_charge(by, user)
    if issue is None and product is None:
        raise Invalid(gettext("A skill is about an issue, a product, or both."), pointer="issue")
    skill, _ = Skill.objects.update_or_create(
        user=user, issue=issue, product=product, defaults={"level": level}
    )
    return skill


@transaction.atomic
def withdraw_skill(*, skill: Skill, by: User) -> None:
    """Somebody no longer does this; the history keeps that they did. Raises NotFound for somebody else's people."""
    require_charge(by, skill.user)
    skill.delete()
