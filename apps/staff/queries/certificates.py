"""Who holds which certificate, and whose have run out."""

from datetime import date

from django.db.models import Count, F, QuerySet

from apps.staff.models import Assignment, Certificate, Course
from apps.staff.models.certificate import AHEAD, still_valid
from helpdesk.models import User


def lapsed(users: list[int], *, courses: QuerySet[Course], on: date) -> set[tuple[int, int]]:
    """Person and course of those who held its certificate once and hold none any more. One query."""
    held = Certificate.objects.filter(user__in=users, course__in=courses).order_by()
    counted = held.values("user", "course").annotate(valid=Count("pk", filter=still_valid(on)))
    return set(counted.filter(valid=0).values_list("user", "course"))


def latest_certificates(users: list[int]) -> list[Certificate]:
    """Of each person and course the one that holds longest; one for good before all others. One query."""
    rows = Certificate.objects.standing().filter(user__in=users).select_related("course")
    longest = F("valid_until").desc(nulls_first=True)
    return list(rows.order_by("user_id", "course_id", longest, "-id").distinct("user_id", "course_id"))


def to_renew(on: date) -> list[Certificate]:
    """Those that end within a month or have ended, of people still here, whose course was not given again for it."""
    people = list(User.objects.filter(is_active=True).values_list("pk", flat=True))
    ending = [
        row
        for row in latest_certificates(people)
        if row.course.is_active and row.valid_until is not None and row.valid_until <= on + AHEAD
    ]
    sources = {renewal_of(row) for row in ending}
    done = set(Assignment.objects.filter(source__in=sources).values_list("source", flat=True))
    return [row for row in ending if renewal_of(row) not in done]


def renewal_of(certificate: Certificate) -> str:
    """What an assignment names as the source of a renewal."""
    return f"certificate:{certificate.pk}"
