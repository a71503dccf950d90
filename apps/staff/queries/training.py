"""What somebody has to learn, has learnt and holds; and how a course stands with everybody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from apps.staff.models import Assignment, Certificate, Course, CourseKind, ReviewHeard, TrainingRule
from apps.staff.models.training import OPEN
from apps.staff.queries.certificates import latest_certificates
from helpdesk.models import User

MOST_DONE, MOST_NEWS, MOST_REVIEWS = 20, 12, 10


@dataclass(frozen=True)
class ToDo:
    """An assignment, and whether its day is over."""

    row: Assignment
    is_overdue: bool


@dataclass(frozen=True)
class Held:
    """The certificate that holds longest of a course, and how it stands today."""

    row: Certificate
    is_valid: bool
    runs_out: bool


@dataclass(frozen=True)
class Learning:
    """What one person has to do, has done and holds."""

    due: tuple[ToDo, ...]
    done: tuple[Assignment, ...]
    certificates: tuple[Held, ...]

    @property
    def overdue(self) -> int:
        return sum(one.is_overdue for one in self.due)


def learning_of(user: User, *, today: date) -> Learning:
    """In three queries."""
    rows = Assignment.objects.filter(user=user).select_related("course")
    return Learning(
        due=tuple(ToDo(row, row.is_overdue(today)) for row in rows.open()),
        done=tuple(rows.closed().order_by("-closed_at", "-id")[:MOST_DONE]),
        certificates=tuple(held(row, today) for row in latest_certificates([user.pk])),
    )


def held(row: Certificate, today: date) -> Held:
    return Held(row, row.is_valid(today), row.runs_out(today))


def courses_for(user: User) -> QuerySet[Course]:
    """What somebody may open: what is offered, and what they were given."""
    given = Assignment.objects.filter(user=user).values("course")
    return Course.objects.filter(Q(kind=CourseKind.COURSE, is_active=True) | Q(pk__in=given))


def offered() -> QuerySet[Course]:
    """Every course that is kept, with how many have it to do."""
    to_do = Count("assignments", filter=Q(assignments__state__in=OPEN))
    return Course.objects.offered().annotate(to_do=to_do).prefetch_related("topics__issue", "topics__product")


def takers(course: Course, among: QuerySet[User], *, today: date) -> tuple[ToDo, ...]:
    """How it stands with each of these people who were ever given it: the latest assignment of each."""
    latest = Assignment.objects.filter(course=course, user__in=among).order_by()
    numbers = latest.values("user").annotate(latest=Max("pk")).values("latest")
    rows = Assignment.objects.filter(pk__in=numbers).select_related("user").order_by("user__name")
    return tuple(ToDo(row, row.is_overdue(today)) for row in rows)


@dataclass(frozen=True)
class Unread:
    """A page that was to be confirmed: who has, and who has not."""

    course: Course
    read: int
    missing: tuple[str, ...]

    @property
    def asked(self) -> int:
        return self.read + len(self.missing)


def unread_news(users: Collection[int]) -> tuple[Unread, ...]:
    """The latest pages that somebody of these has not confirmed yet, in two queries."""
    open_ones = Assignment.objects.open().filter(user__in=users, course__kind=CourseKind.BRIEFING)
    courses = list(Course.objects.filter(pk__in=open_ones.values("course")).order_by("-pk")[:MOST_NEWS])
    rows = Assignment.objects.filter(course__in=courses, user__in=users).select_related("user")
    asked = list(rows.order_by("user__name"))
    return tuple(
        Unread(
            course=course,
            read=sum(row.course_id == course.pk and row.state == "passed" for row in asked),
            missing=tuple(row.user.name for row in asked if row.course_id == course.pk and row.is_open),
        )
        for course in courses
    )


def rules() -> QuerySet[TrainingRule]:
    return TrainingRule.objects.select_related("course", "issue")


def criteria_heard() -> list[str]:
    """Codes that reviews have spoken of lately, to choose from."""
    latest = ReviewHeard.objects.exclude(missed=[]).values_list("missed", flat=True)[:500]
    return sorted({code for missed in latest for code in missed})


def reviews_of(user: User) -> list[ReviewHeard]:
    return list(ReviewHeard.objects.filter(user=user)[:MOST_REVIEWS])
