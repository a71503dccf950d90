"""What the pages of quality can do, the API can."""

import pytest
from django.utils import timezone

from apps.evaluation.models import CalibrationSession, Review, Scorecard
from apps.evaluation.quality import services
from tests.evaluation.reviewing import answered, form, marks, reviewed, second_lead, session, waiting
from tests.factories import NOW, make_token


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def told(scorecard, **other):
    return {code: {"value": one.value} for code, one in marks(scorecard, **other).items()}


def send(browser, method, place, data=None):
    return getattr(browser, method)(f"/api/v1/{place}", data, content_type="application/json")


def test_a_program_reads_the_figures_and_no_agents(cast, client):
    for _ in range(10):
        reviewed(cast, wish=0)
    headers = {"Authorization": f"Bearer {make_token(cast.robot, 'quality:read')}"}
    found = client.get("/api/v1/quality/", headers=headers).json()
    assert found["company"]["n"] == 10
    assert found["departments"]["billing"]["is_enough"]
    assert found["agents"] == {}
    assert found["provenance"]["query"].startswith("quality?")
    assert client.get("/api/v1/reviews/", headers=headers).status_code == 403


def test_a_lead_reads_their_agents(cast, sign_in):
    reviewed(cast)
    found = sign_in(cast.lena).get("/api/v1/quality/?months=3").json()
    assert found["agents"][str(cast.ana.pk)]["score"] is None  # one review says nothing
    assert found["agents"][str(cast.ana.pk)]["n"] == 1


def test_an_unknown_span_is_refused(cast, sign_in):
    assert sign_in(cast.lena).get("/api/v1/quality/?months=5").status_code == 422


def test_a_review_is_kept_published_disputed_and_settled(cast, sign_in):
    review, used = waiting(cast), form()
    lead, agent, other = sign_in(cast.lena), sign_in(cast.ana), sign_in(second_lead(cast))
    assert agent.get(f"/api/v1/reviews/{review.pk}/").status_code == 404
    kept = send(lead, "put", f"reviews/{review.pk}/", {"marks": {"wish": {"value": 0, "note": "No"}}})
    assert kept.json()["marks"] == {"wish": {"value": 0, "note": "No"}}
    done = send(
        lead, "post", f"reviews/{review.pk}/publish/", {"marks": told(used, wish=0), "summary": "Good"}
    )
    assert done.json()["state"] == "published"
    assert agent.get(f"/api/v1/reviews/{review.pk}/").json()["summary"] == "Good"
    assert (
        send(agent, "post", f"reviews/{review.pk}/dispute/", {"words": "I asked"}).json()["state"]
        == "disputed"
    )
    settled = send(
        other, "post", f"reviews/{review.pk}/settle/", {"marks": {"wish": {"value": 1}}, "words": "Yes"}
    )
    assert settled.json()["marks"]["wish"] == {"value": 1, "note": "", "first_value": 0}
    assert settled.json()["score"] == 1


def test_the_agent_acknowledges(cast, sign_in):
    review = reviewed(cast)
    assert (
        send(sign_in(cast.ana), "post", f"reviews/{review.pk}/acknowledge/", {}).json()["state"]
        == "acknowledged"
    )


def test_lists_are_each_persons_own(cast, sign_in):
    done, wait = reviewed(cast), waiting(cast)

    def ids(person, show=""):
        return {one["id"] for one in sign_in(person).get(f"/api/v1/reviews/?show={show}").json()["data"]}

    assert ids(cast.lena, "to_review") == {wait.pk}
    assert ids(cast.lena) == {done.pk, wait.pk}
    assert ids(cast.ana) == ids(cast.ana, "mine") == {done.pk}
    assert ids(cast.ana, "to_review") == ids(cast.mallory) == set()
    assert sign_in(cast.lena).get("/api/v1/reviews/?show=nonsense").status_code == 422


def test_a_review_begins_by_hand(cast, sign_in):
    form()
    ticket = answered(cast)
    made = send(sign_in(cast.lena), "post", "reviews/", {"ticket": ticket.pk, "agent": cast.ana.pk})
    assert (made.status_code, made.json()["why"]) == (201, "hand")


@pytest.mark.parametrize(
    "data",
    [
        {"marks": {"wish": {"value": 9}}},
        {"marks": {}, "colour": "red"},
        {"marks": {"nonsense": {"value": 1}}},
    ],
)
def test_what_is_not_asked_is_refused(cast, sign_in, data):
    review = waiting(cast)
    form()
    assert send(sign_in(cast.lena), "put", f"reviews/{review.pk}/", data).status_code == 422
    assert Review.objects.get().state == "waiting"


@pytest.mark.parametrize("name", ["ana", "nils", "omar"])
def test_who_does_not_review_publishes_nothing(cast, sign_in, name):
    review, used = waiting(cast), form()
    answer = send(
        sign_in(getattr(cast, name)), "post", f"reviews/{review.pk}/publish/", {"marks": told(used)}
    )
    assert answer.status_code == 403
    assert Review.objects.get().state == "waiting"


def test_a_form_is_drafted_whole_and_published(cast, sign_in):
    form()
    browser = sign_in(cast.ada)
    questions = [
        {"group": "A", "code": "a", "question": "Was it kind?", "scale": "four"},
        {"group": "B", "code": "b", "question": "Was there guidance?", "about": "guidance"},
    ]
    made = send(browser, "post", "scorecards/", {"name": "Ours", "criteria": questions}).json()
    assert ([one["code"] for one in made["criteria"]], made["version"]) == (["a", "b"], 2)
    assert send(browser, "patch", f"scorecards/{made['id']}/", {"pass_mark": 0.8}).json()["pass_mark"] == 0.8
    assert send(browser, "post", f"scorecards/{made['id']}/publish/").json()["state"] == "published"
    assert Scorecard.objects.in_use(None).get().name == "Ours"
    assert send(browser, "patch", f"scorecards/{made['id']}/", {"name": "Other"}).status_code == 409


def test_a_draft_is_discarded(cast, sign_in):
    form()
    draft = services.draft_scorecard(department=None, by=cast.ada, at=NOW)
    assert sign_in(cast.ana).get(f"/api/v1/scorecards/{draft.pk}/").status_code == 404
    assert sign_in(cast.ada).delete(f"/api/v1/scorecards/{draft.pk}/").status_code == 204
    assert len(sign_in(cast.ana).get("/api/v1/scorecards/").json()["data"]) == 1


def test_a_calibration_is_opened_scored_and_closed(cast, sign_in):
    used = form()
    admin, lead = sign_in(cast.ada), sign_in(cast.lena)
    leo = sign_in(second_lead(cast))
    asked = {
        "title": "May", "department": "billing", "tickets": [answered(cast).pk],
        "panel": ["lena@desk.test", "leo@desk.test"],
    }  # fmt: skip
    made = send(admin, "post", "calibrations/", asked).json()
    place = f"calibrations/{made['id']}/"
    send(lead, "post", f"{place}1/", {"marks": told(used, wish=0)})
    assert leo.get(f"/api/v1/{place}1/").json()["scores"] == {}
    assert leo.get(f"/api/v1/{place}").json()["gaps"] == []
    send(leo, "post", f"{place}1/", {"marks": told(used)})
    assert leo.get(f"/api/v1/{place}1/").json()["scores"]["wish"] == ["no", "yes"]
    assert send(leo, "put", f"{place}1/", {"marks": told(used)}).json()["agreed"]["wish"]["value"] == 1
    assert send(leo, "patch", place, {"discussion": "Ask."}).json()["discussion"] == "Ask."
    assert send(admin, "post", f"{place}close/").json()["state"] == "closed"
    assert send(lead, "post", f"{place}1/", {"marks": told(used)}).status_code == 409


def test_a_stranger_finds_no_calibration(cast, sign_in):
    found = session(cast)
    assert sign_in(cast.ana).get(f"/api/v1/calibrations/{found.pk}/").status_code == 403
    assert sign_in(cast.nils).get("/api/v1/calibrations/").status_code == 403
    assert CalibrationSession.objects.get().is_open


@pytest.mark.parametrize("field", ["tickets", "panel"])
def test_who_is_not_known_is_named(cast, sign_in, field):
    form()
    asked = {"title": "May", "tickets": [answered(cast).pk], "panel": ["lena@desk.test", "ada@desk.test"]}
    asked |= {"tickets": [987_654]} if field == "tickets" else {"panel": ["nobody@desk.test"]}
    answer = send(sign_in(cast.ada), "post", "calibrations/", asked)
    assert answer.status_code == 422
    assert not CalibrationSession.objects.exists()


def test_a_program_of_a_department_reads_that_department_alone(cast, client):
    reviewed(cast)
    cast.robot.department = cast.shipping
    cast.robot.save(update_fields=["department"])
    headers = {"Authorization": f"Bearer {make_token(cast.robot, 'quality:read')}"}
    found = client.get("/api/v1/quality/", headers=headers).json()
    assert list(found["departments"]) == ["shipping"]


def test_a_refusal_tells_nobody_whose_account_a_number_is(cast, sign_in):
    form()
    given = {"ticket": answered(cast).pk, "agent": cast.zoe_account.pk}
    refused = send(sign_in(cast.lena), "post", "reviews/", given)
    assert refused.status_code == 422
    assert cast.zoe_account.name not in refused.content.decode()


def test_a_refused_edit_of_a_scorecard_changes_nothing_of_it(cast, sign_in):
    form()
    draft = services.draft_scorecard(department=None, by=cast.ada, at=NOW)
    question = {"group": "Tone", "code": "kind", "question": "Were they kind?"}
    given = {"name": "Another", "criteria": [question, question]}
    assert send(sign_in(cast.ada), "patch", f"scorecards/{draft.pk}/", given).status_code == 422
    assert Scorecard.objects.get(pk=draft.pk).name == draft.name
    named = send(sign_in(cast.ada), "patch", f"scorecards/{draft.pk}/", {"name": "Another"}).json()
    assert (named["name"], named["pass_mark"]) == ("Another", draft.pass_mark)


@pytest.mark.parametrize("path", ["quality", "scorecards", "reviews", "calibrations"])
def test_a_token_for_tickets_reads_nothing_of_quality(cast, client, path):
    headers = {"Authorization": f"Bearer {make_token(cast.robot, 'tickets:read', 'cases:read')}"}
    answer = client.get(f"/api/v1/{path}/", headers=headers)
    assert answer.status_code == 403
    assert "quality:read" in answer.json()["detail"]


def test_the_description_names_the_scope_of_each_call(client, db):
    paths = client.get("/api/schema/?format=json").json()["paths"]
    calls = paths["/api/v1/scorecards/"]
    assert calls["get"]["security"][0] == {"token": ["quality:read"]}
    assert calls["post"]["security"][0] == {"token": ["quality:write"]}
    assert paths["/api/v1/tickets/"]["post"]["security"][0] == {"token": ["tickets:write"]}


@pytest.mark.parametrize("wrong", [{"pass_mark": 0.5, "criteria": 2}, {"name": " ", "criteria": 0}])
def test_a_form_with_refused_questions_leaves_no_draft(cast, sign_in, wrong):
    form()
    question = {"group": "Tone", "code": "kind", "question": "Was it kind?"}
    data = wrong | {"criteria": [question] * wrong["criteria"]}
    assert send(sign_in(cast.ada), "post", "scorecards/", data).status_code == 422
    assert not Scorecard.objects.filter(state="draft").exists()


def test_what_was_discussed_is_told_to_who_has_scored_and_to_the_organiser(cast, sign_in):
    found, used = session(cast), Scorecard.objects.get(state="published")
    lena, leo, ada = sign_in(cast.lena), sign_in(second_lead(cast)), sign_in(cast.ada)
    place = f"calibrations/{found.pk}/"
    send(lena, "post", f"{place}1/", {"marks": told(used)})
    assert send(lena, "patch", place, {"discussion": "Ask first."}).status_code == 200
    seen = {who: browser.get(f"/api/v1/{place}").json() for who, browser in (("leo", leo), ("ada", ada))}
    assert (seen["leo"]["discussion"], seen["ada"]["discussion"]) == (None, "Ask first.")
    assert "Ask first." not in leo.get(f"/quality/calibration/{found.pk}/").content.decode()
    assert "Ask first." not in leo.get("/api/v1/calibrations/").content.decode()
    refused = send(leo, "patch", place, {"discussion": "Mine."})
    assert (refused.status_code, "Score them first" in refused.json()["detail"]) == (409, True)
    send(leo, "post", f"{place}1/", {"marks": told(used)})
    assert leo.get(f"/api/v1/{place}").json()["discussion"] == "Ask first."
    assert CalibrationSession.objects.get().discussion == "Ask first."
