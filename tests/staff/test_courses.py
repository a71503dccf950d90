"""What there is to learn: made, changed, retired."""

import pytest

from apps.staff import services
from apps.staff.models import Course
from helpdesk.errors import Invalid, NotAllowed
from tests.factories import make_product


def test_a_course_is_made_and_changed_and_its_history_kept(cast, make_course, billing_issue):
    course = make_course(issues=[billing_issue], products=[make_product()], grants=2)
    make_course("Refunds", course=course, issues=[billing_issue])
    course.refresh_from_db()
    assert (course.title, course.grants) == ("Refunds", None)
    assert [str(topic) for topic in course.topics.all()] == ["Billing"]
    assert course.events.count() == 2


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"title": " "}, "title"),
        ({"title": "Taken"}, "title"),
        ({"teaches": ""}, "teaches"),
        ({"body": "", "link": ""}, "body"),
        ({"minutes": 0}, "minutes"),
        ({"lasts_days": 0}, "lasts_days"),
        ({"grants": 7}, "grants"),
        ({"grants": 2}, "issues"),
        ({"is_required": True}, "issues"),
    ],
)
def test_what_makes_no_course_is_refused_where_it_stands(make_course, given, pointer):
    make_course("Taken")
    with pytest.raises(Invalid) as refused:
        make_course(**{"title": "New"} | given)
    assert refused.value.pointer == pointer
    assert Course.objects.count() == 1


def test_a_retired_course_gives_its_title_free_and_is_given_to_nobody(cast, make_course, give):
    course = make_course()
    services.retire_course(course=course, by=cast.lena)
    with pytest.raises(Invalid):
        give(course)
    assert make_course().pk != course.pk


def test_a_course_that_a_rule_gives_is_not_retired(cast, make_course):
    course = make_course()
    services.add_rule(kind="release", course=course, by=cast.lena, at=course.written_at)
    with pytest.raises(services.CourseInUse):
        services.retire_course(course=course, by=cast.lena)


@pytest.mark.parametrize("who", ["ana", "omar", "nils", "zoe_account"])
def test_who_leads_nobody_keeps_no_courses(cast, make_course, who):
    with pytest.raises(NotAllowed):
        make_course(by=getattr(cast, who))
    assert not Course.objects.exists()
