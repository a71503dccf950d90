"""The self-assessment of the eight functions, beside what the desk shows."""

import pytest
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.awareness import services
from apps.awareness.maturity import ACTIVITIES, BY_CODE, Grade, look
from apps.awareness.models import MaturityAssessment, MaturityGrade
from apps.awareness.queries.maturity import evidence, maturity
from helpdesk.errors import Invalid, NotAllowed
from tests.factories import NOW, make_ticket


def assess(by, *, notes=None, **grades):
    given = dict.fromkeys(BY_CODE, "absent") | grades
    return services.assess_maturity(grades=given, notes=notes or {}, by=by, at=NOW)


@pytest.mark.parametrize(
    ("values", "grade"),
    [
        ({}, Grade.ABSENT),
        ({"coded": 0.0, "by_person": None}, Grade.ABSENT),
        ({"coded": 0.5, "by_person": 1.0}, Grade.UNSATISFACTORY),
        ({"coded": 0.9, "by_person": 1.0}, Grade.SATISFACTORY),
        ({"coded": 0.96, "by_person": None}, Grade.BEST),
    ],
)
def test_an_activity_is_worth_its_weakest_number(values, grade):
    found = {one.activity.code: one.suggested for one in look(values)}
    assert found["classification"] == grade


@pytest.mark.parametrize(
    ("failed", "grade"), [(0.2, "unsatisfactory"), (0.03, "satisfactory"), (0.0, "best")]
)
def test_where_less_is_better_less_is_better(failed, grade):
    assert {one.activity.code: one.suggested for one in look({"failed": failed})}["distribution"] == grade


def test_every_number_an_activity_asks_for_is_there_by_one_query(cast):
    with CaptureQueriesContext(connection) as queries:
        found = evidence(at=NOW)
    assert len(queries) == 1
    assert set(found) == {piece.name for activity in ACTIVITIES for piece in activity.pieces}


def test_the_desk_shows_what_was_done_in_it(cast):
    make_ticket(cast).resolve(by=cast.ana, at=NOW.replace(hour=9))
    make_ticket(cast, channel="phone", at=NOW.replace(hour=9))
    found = evidence(at=NOW)
    assert (found["channels"], found["coded"], found["stayed_solved"]) == (1, 0, 1)


def test_an_assessment_keeps_grades_notes_and_evidence(cast):
    made = assess(cast.lena, notes={"storage": "We keep paper"}, storage="satisfactory")
    kept = MaturityGrade.objects.get(assessment=made, activity="storage")
    assert (kept.grade, kept.suggested, kept.note) == ("satisfactory", "absent", "We keep paper")
    assert kept.evidence == {"with_words": None}
    assert made.grades.count() == len(ACTIVITIES) == 20


def test_two_steps_above_what_the_desk_shows_need_a_note(cast):
    with pytest.raises(Invalid):
        assess(cast.lena, storage="satisfactory")
    assert not MaturityAssessment.objects.exists()


@pytest.mark.parametrize("wrong", [{"storage": "fine"}, {"storage": ""}, {"cooking": "best"}])
def test_a_grade_or_activity_that_is_none_is_refused(cast, wrong):
    with pytest.raises(Invalid):
        assess(cast.lena, **wrong)
    assert not MaturityAssessment.objects.exists()


@pytest.mark.parametrize("name", ["ana", "omar", "nils"])
def test_leads_and_administrators_assess(cast, name):
    with pytest.raises(NotAllowed):
        assess(getattr(cast, name))


def test_the_database_keeps_an_assessment_as_it_was(cast):
    made = assess(cast.lena)
    with pytest.raises(InternalError), transaction.atomic():
        made.grades.update(grade="best")


def test_it_is_compared_with_the_one_before(cast):
    assess(cast.lena)
    assess(cast.lena, storage="unsatisfactory")
    rows, newest = maturity(at=NOW)
    row = next(row for row in rows if row.looked.activity.code == "storage")
    assert (row.last.grade, row.before.grade, len(newest)) == ("unsatisfactory", "absent", 2)


def test_it_is_given_on_the_page_and_kept_typed_where_it_is_refused(cast, sign_in):
    browser = sign_in(cast.lena)
    assert browser.get("/standards/maturity/").status_code == 200
    given = {f"grade-{code}": "absent" for code in BY_CODE}
    told = browser.post("/standards/maturity/", given | {"grade-storage": "best"})
    assert told.status_code == 422
    assert browser.post("/standards/maturity/", given).status_code == 302
    assert MaturityAssessment.objects.count() == 1
    page = browser.get("/standards/maturity/")
    assert b"Assessed last by" in page.content
    assert browser.get("/standards/maturity/grades.csv").content.count(b"\n") == 21


def test_an_owner_reads_and_grades_nothing(cast, sign_in):
    browser = sign_in(cast.omar)
    assert b"Keep this assessment" not in browser.get("/standards/maturity/").content
    assert browser.post("/standards/maturity/", {}).status_code == 403


def test_it_costs_the_same_after_one_assessment_and_after_many(cast, sign_in):
    browser = sign_in(cast.lena)
    assess(cast.lena)
    with CaptureQueriesContext(connection) as few:
        browser.get("/standards/maturity/")
    for _ in range(5):
        assess(cast.lena)
    with CaptureQueriesContext(connection) as many:
        browser.get("/standards/maturity/")
    assert len(few) == len(many)


def test_the_api_says_and_does_the_same(cast, sign_in):
    api = sign_in(cast.lena)
    assert len(api.get("/api/v1/maturity/").json()["data"]) == 20
    given = {"grades": [{"activity": code, "grade": "absent"} for code in BY_CODE]}
    made = api.post("/api/v1/maturity/assessments/", given, content_type="application/json")
    assert (made.status_code, len(made.json()["grades"])) == (201, 20)
    assert len(api.get("/api/v1/maturity/assessments/").json()["data"]) == 1
    given["grades"].pop()
    refused = api.post("/api/v1/maturity/assessments/", given, content_type="application/json")
    assert refused.status_code == 422
