"""Courses, assignments, certificates and skills by API, for the people a caller looks after."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.staff import services
from apps.staff.models import Assignment, Certificate, Course, Skill
from tests.analysis.test_pages import queries_of
from tests.factories import NOW, make_issue, make_token, make_user
from tests.staff.conftest import DAY, TODAY

pytestmark = pytest.mark.usefixtures("today_is_now")
COURSES, ASSIGNMENTS, CERTIFICATES, SKILLS = (
    f"/api/v1/{name}/" for name in ("courses", "course-assignments", "certificates", "skills")
)
ANA, MALLORY = "ana@desk.test", "mallory@desk.test"


@pytest.fixture
def robot(cast):
    """A program that sees to everybody's training."""
    return caller(cast.robot)


def caller(user, *scopes):
    key = make_token(user, *(scopes or ("staff:read", "staff:write")))
    return Client(headers={"Authorization": f"Bearer {key}"})


def send(client, url, method="post", **data):
    return getattr(client, method)(url, data, content_type="application/json")


def rows(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def course_words(**more):
    return {"title": "Refunds", "teaches": "When to pay", "link": "https://learn.test/1"} | more


def test_a_course_is_made_changed_and_retired(robot, billing_issue):
    made = send(robot, COURSES, **course_words(issues=["billing"], grants="able", lasts_days=365))
    assert made.status_code == 201, made.content
    url = f"{COURSES}{made.json()['id']}/"
    assert robot.get(url).json()["grants"] == "able"
    assert rows(robot, COURSES)[0]["issues"] == ["billing"]
    changed = send(robot, url, "put", **course_words(title="Refunds 2")).json()
    assert (changed["title"], changed["issues"], changed["grants"]) == ("Refunds 2", [], None)
    assert robot.delete(url).status_code == 204
    assert not Course.objects.get().is_active
    assert send(robot, url).status_code == 405


def test_a_course_is_given_and_passed(robot, make_course):
    course = make_course(lasts_days=30)
    given = {"person": ANA, "course": course.pk, "due_on": str(TODAY + DAY)}
    row = send(robot, ASSIGNMENTS, **given).json()
    assert (row["state"], row["is_overdue"], row["reason"]) == ("assigned", False, "by_hand")
    assert send(robot, ASSIGNMENTS, **given).json()["title"] == "Already assigned"
    assert len(rows(robot, f"{ASSIGNMENTS}?person={ANA}&state=open")) == 1
    assert send(robot, f"{ASSIGNMENTS}{row['id']}/", act="pass").json()["state"] == "passed"
    assert rows(robot, f"{ASSIGNMENTS}?state=open") == []
    held = rows(robot, CERTIFICATES)[0]
    assert (held["person"], held["counts"], held["valid_until"]) == (ANA, True, str(TODAY + 30 * DAY))


def test_somebody_is_excused_with_a_reason(robot, make_course, give):
    url = f"{ASSIGNMENTS}{give(make_course()).pk}/"
    assert send(robot, url, act="excuse").status_code == 422
    assert send(robot, url, act="excuse", excuse="On leave").json()["excuse"] == "On leave"


def test_a_certificate_is_entered_and_withdrawn(robot, make_course):
    made = send(robot, CERTIFICATES, person=ANA, course=make_course().pk, passed_on=str(TODAY)).json()
    url = f"{CERTIFICATES}{made['id']}/"
    assert send(robot, url, "delete").status_code == 422
    assert send(robot, url, "delete", why="By mistake").json()["counts"] is False
    assert Certificate.objects.get().withdrawal == "By mistake"


def test_a_skill_is_granted_and_withdrawn(robot, billing_issue):
    made = send(robot, SKILLS, person=ANA, issue="billing", level="expert")
    assert made.status_code == 201
    assert rows(robot, f"{SKILLS}?person={ANA}") == [made.json()]
    assert robot.delete(f"{SKILLS}{made.json()['id']}/").status_code == 204
    assert not Skill.objects.exists()


@pytest.mark.parametrize(
    ("url", "given"),
    [
        (COURSES, {"title": "x"}),
        (COURSES, course_words(colour="red")),
        (COURSES, course_words(grants="god")),
        (ASSIGNMENTS, {"person": "nobody@desk.test", "course": 1, "due_on": "2026-06-01"}),
        (SKILLS, {"person": ANA, "level": "able"}),
        (SKILLS, {"person": "zoe@desk.test", "issue": "billing", "level": "able"}),
    ],
)
def test_what_can_not_be_taken_is_refused(robot, billing_issue, url, given):
    answer = send(robot, url, **given)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


def test_a_program_of_a_department_sees_to_its_people_alone(cast, make_course, billing_issue):
    shipping = caller(make_user("shipper", "api_client", cast.shipping))
    services.grant_skill(user=cast.ana, issue=billing_issue, level=2, by=cast.lena)
    assert rows(shipping, SKILLS) == []
    assert shipping.delete(f"{SKILLS}{Skill.objects.get().pk}/").status_code == 404
    assert send(shipping, SKILLS, person=ANA, issue="billing", level="able").status_code == 422
    assert send(shipping, SKILLS, person=MALLORY, issue="billing", level="able").status_code == 201


def test_without_the_scope_nothing_is_read_or_written(cast, make_course):
    reader = caller(cast.robot, "staff:read")
    assert reader.get(COURSES).status_code == 200
    assert send(reader, COURSES, **course_words()).status_code == 403
    assert caller(cast.robot, "tickets:read").get(SKILLS).status_code == 403


def test_agents_read_courses_and_nothing_of_others(cast, sign_in, make_course):
    make_course()
    ana = sign_in(cast.ana)
    assert len(rows(ana, COURSES)) == 1
    for url in (ASSIGNMENTS, CERTIFICATES, SKILLS):
        assert ana.get(url).status_code == 403


def test_a_repeated_request_gives_the_course_once(robot, make_course):
    given = {"person": ANA, "course": make_course().pk, "due_on": str(TODAY)}
    for _ in range(2):
        answer = robot.post(
            ASSIGNMENTS, given, content_type="application/json", headers={"Idempotency-Key": "one"}
        )
        assert answer.status_code == 201
    assert Assignment.objects.count() == 1


def test_coaching_notes_are_not_in_the_api(cast, robot):
    services.write_coaching_note(user=cast.ana, body="zebra", by=cast.lena, at=NOW)
    for url in (COURSES, ASSIGNMENTS, CERTIFICATES, SKILLS):
        assert "zebra" not in robot.get(url).content.decode()
    assert "coaching" not in reverse("schema")
    assert b"coaching" not in robot.get(reverse("schema")).content


@pytest.mark.parametrize("url", [COURSES, ASSIGNMENTS, CERTIFICATES, SKILLS])
def test_lists_cost_the_same_for_one_row_and_for_many(cast, sign_in, make_course, give, billing_issue, url):
    ada = sign_in(cast.ada)

    def fill(number):
        for _ in range(number):
            course = make_course(f"Course {Course.objects.count()}", issues=[billing_issue])
            give(course)
            services.grant_certificate(user=cast.ana, course=course, passed_on=TODAY, by=cast.lena, at=NOW)
            services.grant_skill(user=cast.ana, issue=make_issue(f"i{course.pk}"), level=2, by=cast.lena)

    fill(1)
    few = queries_of(ada, url)
    fill(10)
    assert queries_of(ada, url) == few <= 6
