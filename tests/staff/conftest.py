from datetime import timedelta

import pytest

from apps.staff import services
from apps.staff.models import Skill
from apps.staff.services import CourseWords
from tests.factories import NOW, make_issue

TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def billing_issue(db):
    return make_issue("billing")


@pytest.fixture
def make_course(cast):
    """A course that Lena keeps."""

    def make(title="Refunds without tears", *, issues=(), products=(), course=None, by=None, **words):
        given = {"title": title, "teaches": "When to give money back.", "body": "Read the rules."} | words
        return services.save_course(
            words=CourseWords(**given),
            issues=issues,
            products=products,
            course=course,
            by=by or cast.lena,
            at=NOW,
        )

    return make


@pytest.fixture
def give(cast):
    """Lena gives a course to somebody, Ana unless it is said, to be done within a week."""

    def assign(course, user=None, *, by=None, due_on=TODAY + 7 * DAY, **more):
        return services.assign_course(
            user=user or cast.ana, course=course, due_on=due_on, by=by or cast.lena, at=NOW, **more
        )

    return assign


def skills_of(user):
    return {str(skill): Skill.Level(skill.level).label for skill in Skill.objects.filter(user=user)}
