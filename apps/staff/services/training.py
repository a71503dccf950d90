"""Who learns what, by when, and what came of it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.analysis.deadlines import today
from apps.output.services import NewsItem, inform
from apps.staff.models import Assignment, Course, Reason
from apps.staff.models.training import BY_PEOPLE, OPEN, AssignmentState
from apps.staff.services.certificates import certify
from apps.staff.services.people import require_charge
from helpdesk.errors import DomainError, Invalid, NotAllowed, NotFound
from helpdesk.locales import as_read_by
from helpdesk.marked import inside
from helpdesk.models import User
from helpdesk.permissions import require
from helpdesk.rows import held

LONGEST_EXCUSE = 200


class AlreadyAssigned(DomainError):
    """They have this course to do already."""

    code = "already-assigned"


class TrainingClosed(DomainError):
    """This is passed or excused already."""

    code = "training-closed"


@transaction.atomic
def tell_learner(*, assignment: Assignment, by: User, at: datetime) -> bool:
    """They hear once of a course that somebody gave them, if they have not passed it yet."""
    if not assignment.is_open:
        return False
    with as_read_by(assignment.user):
        title = _("A course for you: %(title)s") % {"title": assignment.course}
    key = f"training:{assignment.pk}"
    item = NewsItem(kind="training", key=key, title=title, about=key, url=reverse("training"))
    return inform(item=item, to=assignment.user, by=by, at=at)


@transaction.atomic
def assign_course(
    *, user: User, course: Course, due_on: date, reason: str = Reason.BY_HAND, by: User, at: datetime
) -> Assignment:
    """Give somebody a course to do by a day.

    Raises NotFound for somebody else's people, Invalid for a day that is over, a course that is retired and a reason
    that is not a person's, AlreadyAssigned.
    """
    require_charge(by, user)
    if reason not in BY_PEOPLE:
        raise Invalid(_("Choose one of the reasons."), pointer="reason")
    if due_on < today(at):
        raise Invalid(_("This day is over."), pointer="due_on")
    course = held(course)
    if not course.is_active or course.is_briefing:
        raise Invalid(_("This course is not given to people any more."), pointer="course")
    if Assignment.objects.open().filter(user=user, course=course).exists():
        raise AlreadyAssigned(
            _("%(name)s has “%(course)s” to do already.") % {"name": user.name, "course": course}
        )
    return Assignment.give(user=user, course=course, reason=reason, source="", due_on=due_on, by=by, at=at)


@transaction.atomic
def assign_course_to(
    *, people: Collection[User], course: Course, due_on: date, reason: str = Reason.BY_HAND, by: User, at: datetime
) -> list[Assignment]:  # fmt: skip
    """Give a course to several people at once, passing over who has it to do. Raises as `assign_course` does."""
    require(by, "staff.manage")
    have = Assignment.objects.open().filter(course=course, user__in=[user.pk for user in people])
    busy = set(have.values_list("user", flat=True))
    return [
        assign_course(user=user, course=course, due_on=due_on, reason=reason, by=by, at=at)
        for user in people
        if user.pk not in busy
    ]


def give_by_news(
    users: Iterable[User], course: Course, *, reason: str, source: str, within_days: int, again: bool = False,
    by: User, at: datetime,
) -> list[Assignment]:  # fmt: skip
    """The same news gives nobody the same course twice, passed or not; with `again`, not while they are at it."""
    # One after the other: both of two workers would find that nobody has it.
    held(course)
    known = Assignment.objects.filter(course=course, reason=reason, source=source)
    known = known.open() if again else known
    had = set(known.values_list("user", flat=True))
    due_on = today(at) + timedelta(days=within_days)
    return [
        Assignment.give(
            user=user, course=course, reason=reason, source=source, due_on=due_on, by=by, at=at
        )
        for user in users
        if user.pk not in had
    ]  # fmt: skip


@transaction.atomic
def start_course(*, assignment: Assignment, by: User, at: datetime) -> Assignment:
    """The person begins. Raises NotFound for somebody else's, TrainingClosed."""
    require(by, "staff.learn")
    assignment = _locked(assignment)
    if assignment.user_id != by.pk:
        raise NotFound
    _must_be_open(assignment)
    if assignment.state == AssignmentState.ASSIGNED:
        assignment.start(by=by, at=at)
    return assignment


@transaction.atomic
def pass_course(*, assignment: Assignment, by: User, at: datetime) -> Assignment:
    """It is done, as the person says or a lead: the certificate is written, the skill granted, and what else asked
    this course of them is done with it.

    Raises NotFound for somebody else's, NotAllowed where a lead has to say so, TrainingClosed.
    """
    require(by, "staff.learn")
    alike = _locked_alike(assignment)
    assignment = next(row for row in alike if row.pk == assignment.pk)
    if assignment.user_id != by.pk:
        require_charge(by, assignment.user)
    elif assignment.course.needs_lead:
        raise NotAllowed(_("Whether this course is passed is for your lead to say. Ask them."))
    _must_be_open(assignment)
    for row in alike:
        row.pass_it(by=by, at=at)
    if not assignment.course.is_briefing:
        certify(
            user=assignment.user, course=assignment.course, assignment=assignment, passed_on=today(at), by=by, at=at
        )  # fmt: skip
    return assignment


@transaction.atomic
def excuse_from_course(*, assignment: Assignment, excuse: str, by: User, at: datetime) -> Assignment:
    """They need not, for a reason. Raises NotFound for somebody else's people, Invalid without one, TrainingClosed."""
    require(by, "staff.manage")
    assignment = _locked(assignment)
    require_charge(by, assignment.user)
    excuse = excuse.strip()
    if not 1 <= len(excuse) <= LONGEST_EXCUSE:
        raise Invalid(
            _("Say why, in at most %(longest_excuse)s characters.") % {"longest_excuse": LONGEST_EXCUSE},
            pointer="excuse",
        )
    _must_be_open(assignment)
    assignment.let_off(excuse, by=by, at=at)
    return assignment


def _locked(assignment: Assignment) -> Assignment:
    return held(assignment, "course", "user")


def _locked_alike(assignment: Assignment) -> list[Assignment]:
    """It and all else that asks the same course of the same person, in one order: two of them passed at once would
    each wait for the other."""
    rows = Assignment.objects.select_for_update(of=("self",), no_key=True).select_related("course", "user")
    same = Q(user=assignment.user_id, course=assignment.course_id, state__in=OPEN)
    return list(rows.filter(same | Q(pk=assignment.pk)).order_by("pk"))


def _must_be_open(assignment: Assignment) -> None:
    if assignment.state not in OPEN:
        raise TrainingClosed(
            _("This is %(state)s already.") % {"state": inside(assignment.get_state_display())}
        )
