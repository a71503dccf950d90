"""The team on one page: who can do what, until when, and where it is thin."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from apps.analysis.deadlines import today
from apps.staff.models import Assignment, Certificate, Course, CourseKind, Skill, Topic
from apps.staff.queries.certificates import lapsed, latest_certificates
from apps.staff.queries.people import Colleague, paths_above
from apps.staff.queries.training import Held, held
from helpdesk.models import Department, IssueKind, Ticket

MOST_SKILLS, MOST_COURSES, MOST_GAPS = 10, 6, 10  # columns; rows
LOOKED_AT = timedelta(days=28)
ENOUGH = 2  # people who are able


@dataclass(frozen=True)
class Row:
    """A person of the matrix: a level or None for each skill, a certificate or None for each course."""

    colleague: Colleague
    skills: tuple[Skill | None, ...]
    certificates: tuple[Held | None, ...]
    to_do: int
    overdue: int
    unread: int


@dataclass(frozen=True)
class Matrix:
    """People by skills and certificates; the rest stands on each person's page."""

    skills: tuple[str, ...]
    courses: tuple[Course, ...]
    rows: tuple[Row, ...]
    left_out: int


@dataclass(frozen=True)
class Gap:
    """An issue that many tickets are about and few people are able to finish."""

    label: str
    path: str
    tickets: int
    able: tuple[str, ...]


def matrix(colleagues: Sequence[Colleague], *, at: datetime) -> Matrix:
    """In two queries beside those of the colleagues: what they hold, and what they have to do."""
    on, ids = today(at), [colleague.user.pk for colleague in colleagues]
    counted = Counter(_about(skill) for colleague in colleagues for skill in colleague.skills)
    columns = [about for about, _ in sorted(counted.items(), key=lambda one: (-one[1], one[0][2]))]
    shown = columns[:MOST_SKILLS]
    certificates = {(row.user_id, row.course_id): row for row in latest_certificates(ids)}
    courses = _courses(certificates.values())
    to_do = list(Assignment.objects.open().filter(user__in=ids).select_related("course"))
    rows = tuple(
        _row(colleague, shown, courses, certificates, _of(colleague, to_do), on) for colleague in colleagues
    )
    return Matrix(tuple(about[2] for about in shown), courses, rows, left_out=len(columns) - len(shown))


def _about(skill: Skill) -> tuple[int | None, int | None, str]:
    return skill.issue_id, skill.product_id, str(skill)


def _courses(certificates: Iterable[Certificate]) -> tuple[Course, ...]:
    """Those most people hold, first."""
    counted = Counter(row.course_id for row in certificates)
    courses = {row.course_id: row.course for row in certificates if row.course.is_active}
    return tuple(sorted(courses.values(), key=lambda course: (-counted[course.pk], course.title)))[
        :MOST_COURSES
    ]


def _of(colleague: Colleague, to_do: Iterable[Assignment]) -> list[Assignment]:
    return [row for row in to_do if row.user_id == colleague.user.pk]


def _row(
    colleague: Colleague, shown: Sequence[tuple[int | None, int | None, str]], courses: Sequence[Course],
    certificates: dict[tuple[int, int], Certificate], to_do: Sequence[Assignment], on: date,
) -> Row:  # fmt: skip
    skills = {_about(skill): skill for skill in colleague.skills}
    theirs = [certificates.get((colleague.user.pk, course.pk)) for course in courses]
    return Row(
        colleague=colleague,
        skills=tuple(skills.get(about) for about in shown),
        certificates=tuple(held(row, on) if row else None for row in theirs),
        to_do=len(to_do),
        overdue=sum(row.is_overdue(on) for row in to_do),
        unread=sum(row.course.kind == CourseKind.BRIEFING for row in to_do),
    )


def gaps(colleagues: Sequence[Colleague], *, department: Department | None, at: datetime) -> list[Gap]:
    """Issues of four weeks, by volume, that fewer than two of these people are able to finish, in three queries.

    Able is who has the skill for the issue or one above it, for every product, and has not let a required certificate
    run out.
    """
    volume = _volume(department, at)
    courses = Course.objects.filter(is_required=True, is_active=True)
    out = lapsed([colleague.user.pk for colleague in colleagues], courses=courses, on=today(at))
    topics: dict[str, set[int]] = {}
    covered = Topic.objects.filter(course__in=courses, issue__isnull=False) if out else Topic.objects.none()
    for course, path in covered.values_list("course", "issue__path"):
        topics.setdefault(path, set()).add(course)
    found: list[Gap] = []
    for path, label, tickets in volume:
        able = _able(colleagues, path, topics, out)
        if len(able) < ENOUGH:
            found.append(Gap(label, path, tickets, able))
        if len(found) == MOST_GAPS:
            break
    return found


def _volume(department: Department | None, at: datetime) -> list[tuple[str, str, int]]:
    tickets = Ticket.objects.filter(
        opened_at__gte=at - LOOKED_AT, opened_at__lte=at, primary_issue__kind=IssueKind.REASON
    )
    if department is not None:
        tickets = tickets.filter(department=department)
    rows = (
        tickets.order_by().values_list("primary_issue__path", "primary_issue__label").annotate(n=Count("id"))
    )
    return list(rows.order_by("-n", "primary_issue__path"))


def _able(
    colleagues: Sequence[Colleague], path: str, topics: dict[str, set[int]], out: set[tuple[int, int]]
) -> tuple[str, ...]:
    above = set(paths_above(path))
    needed = {course for node in above for course in topics.get(node, ())}
    return tuple(
        colleague.user.name
        for colleague in colleagues
        if any(
            skill.level >= Skill.Level.ABLE
            and skill.product_id is None
            and skill.issue is not None
            and skill.issue.path in above
            for skill in colleague.skills
        )
        and not any((colleague.user.pk, course) in out for course in needed)
    )
