"""The pages of scorecards and of calibration, through the browser's door."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.evaluation.models import CalibrationSession, Scorecard
from apps.evaluation.quality import services
from tests.evaluation.reviewing import answered, form, marks, second_lead, session
from tests.factories import NOW


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def filled(scorecard: Scorecard, **other) -> dict[str, str]:
    """What a browser sends of a form that is filled in."""
    given = {
        f"m-{code}": "na" if one.value is None else str(one.value)
        for code, one in marks(scorecard, **other).items()
    }
    return given | {"scorecard": str(scorecard.pk), "summary": "Well done."}


# --- scorecards ---------------------------------------------------------------------------------------


def test_a_form_is_drafted_edited_and_published(cast, sign_in):
    form()
    browser = sign_in(cast.ada)
    draft = browser.post("/quality/scorecards/draft/", {"department": ""})["Location"]
    question = {
        "question": "Is the name spelled rightly?", "looks_like": "", "group": "Listen", "about": "agent",
        "scale": "yes_no", "weight": "2", "code": "",
    }  # fmt: skip
    assert browser.post(f"{draft}add/", question).status_code == 302
    assert b"Is the name spelled rightly?" in browser.get(draft).content
    browser.post(draft, {"name": "Ours", "percent": "70"})
    browser.post(f"{draft}publish/")
    used = Scorecard.objects.get(state="published")
    assert (used.name, used.pass_mark, used.version) == ("Ours", 0.7, 2)


def test_a_question_that_cant_be_is_answered_by_why(cast, sign_in):
    form()
    browser = sign_in(cast.ada)
    draft = browser.post("/quality/scorecards/draft/", {"department": ""})["Location"]
    given = {
        "question": "Q",
        "group": "G",
        "about": "product",
        "scale": "yes_no",
        "weight": "1",
        "is_critical": "on",
    }
    page = browser.post(f"{draft}add/", given)
    assert page.status_code == 422
    assert b"nobody is failed for the system" in page.content


def test_agents_read_what_they_are_measured_by_and_no_drafts(cast, sign_in):
    used = form()
    draft = services.draft_scorecard(department=None, by=cast.ada, at=NOW)
    browser = sign_in(cast.ana)
    assert b"What good looks like" not in browser.get("/quality/scorecards/").content
    assert browser.get(f"/quality/scorecards/{used.pk}/").status_code == 200
    assert browser.get(f"/quality/scorecards/{draft.pk}/").status_code == 404
    assert browser.post(f"/quality/scorecards/{used.pk}/publish/").status_code == 403


# --- calibration --------------------------------------------------------------------------------------


def test_a_session_is_opened_scored_and_compared(cast, sign_in):
    used = form()
    leo, tickets = second_lead(cast), [answered(cast), answered(cast)]
    given = {
        "title": "May", "department": cast.billing.pk, "tickets": " ".join(str(one.pk) for one in tickets),
        "panel": [cast.lena.pk, leo.pk],
    }  # fmt: skip
    place = sign_in(cast.ada).post("/quality/calibration/", given)["Location"]
    for number, person in ((1, cast.lena), (2, cast.lena), (1, leo), (2, leo)):
        assert sign_in(person).post(f"{place}{number}/", filled(used)).status_code == 302
    page = sign_in(leo).get(place).content.decode()
    assert "Each against the others" in page
    sign_in(leo).post(place, {"words": "Ask first."})
    sign_in(leo).post(f"{place}1/", filled(used, remedy=3))
    sign_in(cast.ada).post(f"{place}close/")
    found = CalibrationSession.objects.get()
    assert (found.state, found.discussion) == ("closed", "Ask first.")


def test_who_has_not_scored_sees_nothing_of_the_others(cast, sign_in):
    found = session(cast)
    services.score_item(
        item=found.items.get(), marks={code: services.Given(one.value, "Secret") for code, one in
        marks(found.scorecard).items()}, by=cast.lena, at=NOW,
    )  # fmt: skip
    for place in (f"/quality/calibration/{found.pk}/", f"/quality/calibration/{found.pk}/1/"):
        page = sign_in(second_lead(cast)).get(place)
        assert page.status_code == 200
        assert b"Secret" not in page.content
        assert b"Each against the others" not in page.content


def test_a_wrong_session_keeps_what_was_typed(cast, sign_in):
    form()
    given = {"title": "May", "department": cast.billing.pk, "tickets": "987654", "panel": [cast.lena.pk]}
    page = sign_in(cast.lena).post("/quality/calibration/", given)
    assert page.status_code == 422
    assert b"There is no ticket #987654 that you may see." in page.content


def test_the_session_asks_as_much_for_ten_answers_as_for_one(cast, sign_in):
    def asked(found):
        services.close_calibration(session=found, by=cast.ada, at=NOW)
        browser = sign_in(cast.lena)
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/quality/calibration/{found.pk}/")
        return len(queries)

    assert asked(session(cast)) == asked(session(cast, *[answered(cast) for _ in range(10)]))
