"""The pages of quality, through the browser's door."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.analysis.models import Case, CaseTicket
from apps.evaluation.models import Review, Scorecard
from apps.evaluation.quality import services
from helpdesk.models import Role
from tests.evaluation.reviewing import answered, form, marks, reviewed, second_lead, waiting
from tests.factories import NOW, make_issue, make_user


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


# --- the team -----------------------------------------------------------------------------------------


def test_an_empty_house_has_a_page(cast, sign_in):
    page = sign_in(cast.ada).get("/quality/")
    assert page.status_code == 200
    assert b"Nothing was reviewed yet" in page.content


def test_of_few_reviews_nothing_is_said(cast, sign_in):
    reviewed(cast, wish=0)
    page = sign_in(cast.lena).get("/quality/").content.decode()
    assert "too few to say" in page
    assert page.index("Ana") > 0


def test_of_ten_it_says_how_sure_it_is(cast, sign_in):
    for number in range(10):
        reviewed(cast, wish=number % 2)
    found = sign_in(cast.lena).get("/quality/").context["found"]
    assert found.whole.whole.is_enough
    [wish] = [one for one in found.criteria if one.key == "wish"]
    assert wish.whole.value == pytest.approx(0.5)
    assert wish.whole.low < 0.35
    assert found.agents[0].label == "Ana"


def test_averages_stand_for_all_answers(cast, sign_in):
    for _ in range(5):
        reviewed(cast, chance=0.75, wish=0, correct=0)
        reviewed(cast, chance=0.25)
    found = sign_in(cast.ada).get("/quality/").context["found"]
    assert found.passed.value == pytest.approx(0.75)


def test_chosen_by_hand_it_is_left_out(cast, sign_in):
    used = form()
    review = services.begin_review(ticket=answered(cast), agent=cast.ana, by=cast.lena, at=NOW)
    services.publish_review(review=review, scorecard=used, marks=marks(used), by=cast.lena, at=NOW)
    assert sign_in(cast.ada).get("/quality/").context["found"].whole.whole.n == 0


@pytest.mark.parametrize("name", ["omar", "nils"])
def test_who_does_not_review_sees_no_agents(cast, sign_in, name):
    for _ in range(10):
        reviewed(cast)
    page = sign_in(getattr(cast, name)).get("/quality/")
    assert page.context["found"].agents == ()
    assert b">Ana<" not in page.content


def test_a_lead_does_not_see_agents_of_others(cast, sign_in):
    reviewed(cast)
    other = make_user("sid", Role.LEAD, cast.shipping)
    found = sign_in(other).get("/quality/").context["found"]
    assert found.agents == ()
    assert [one.label for one in found.departments] == ["Shipping"]


@pytest.mark.parametrize("name", ["ana", "mallory", "zoe_account"])
def test_agents_and_customers_are_sent_away(cast, sign_in, name):
    assert sign_in(getattr(cast, name)).get("/quality/").status_code == 403


def test_what_the_system_got_wrong_becomes_a_case(cast, sign_in):
    issue = make_issue()
    review = reviewed(cast, guidance=0)
    review.ticket.primary_issue = issue
    review.ticket.save()
    browser = sign_in(cast.lena)
    assert b"Guidance is missing or wrong" in browser.get("/quality/").content
    browser.post("/quality/causes/", {"about": "guidance", "issue": issue.code, "months": "6"})
    case = Case.objects.get()
    assert (case.title, case.issue) == ("Charged twice: guidance is missing or wrong", issue)
    assert CaseTicket.objects.filter(case=case, ticket=review.ticket).exists()
    assert case.number.encode() in browser.get("/quality/").content


def test_a_cause_is_raised_once(cast, sign_in):
    reviewed(cast, product=0)
    browser = sign_in(cast.ada)
    for _ in range(2):
        browser.post("/quality/causes/", {"about": "product", "issue": ""})
    assert Case.objects.count() == 1


def test_a_cause_that_no_review_found_is_refused(cast, sign_in):
    form()
    page = sign_in(cast.ada).post("/quality/causes/", {"about": "product", "issue": ""}, follow=True)
    assert b"No ticket that you may see is behind this" in page.content
    assert not Case.objects.exists()


def test_the_sample_is_set_on_the_page(cast, sign_in):
    browser = sign_in(cast.lena)
    given = {"department": cast.billing.pk, "per_agent": "4"}
    assert browser.post("/quality/sample/", given).status_code == 302
    assert b"4 answers of each agent" in browser.get("/quality/").content


def test_a_wrong_sample_keeps_what_was_typed(cast, sign_in):
    page = sign_in(cast.lena).post("/quality/sample/", {"department": cast.billing.pk, "per_agent": "99"})
    assert page.status_code == 422
    assert b'value="99"' in page.content


def test_the_page_asks_as_much_for_twenty_agents_as_for_one(cast, sign_in):
    browser = sign_in(cast.ada)
    reviewed(cast)
    with CaptureQueriesContext(connection) as few:
        browser.get("/quality/")
    for number in range(19):
        reviewed(cast, agent=make_user(f"agent{number}", Role.AGENT, cast.billing), guidance=0)
    # session, user; scores, passed, drawn, names, departments twice, criteria twice, causes and their issues and cases,
    # release, sample sizes, department choices
    with CaptureQueriesContext(connection) as many:
        browser.get("/quality/")
    assert len(many) <= len(few) + 1  # issues of causes, where there are any


def test_the_figures_come_out_again(cast, sign_in):
    from tests.evaluation.test_recompute import address_on, recompute

    for number in range(12):
        reviewed(cast, wish=number % 2, guidance=number % 3 and 1)
    found = recompute(address_on(sign_in(cast.lena).get("/quality/")))["figures"]
    assert found["own"]["n"] == 12
    assert found["criteria"]["wish"]["score"] == pytest.approx(0.5)


def test_a_dispute_settled_later_leaves_the_figures_of_then(cast, sign_in, monkeypatch):
    from tests.evaluation.test_recompute import address_on, recompute

    rows = [reviewed(cast, wish=0) for _ in range(12)]
    address = address_on(sign_in(cast.lena).get("/quality/"))
    later = NOW + timedelta(days=1)
    services.dispute_review(review=rows[0], words="No.", by=cast.ana, at=later)
    services.settle_review(
        review=rows[0], marks={"wish": services.Given(1)}, words="Right.", by=cast.ada, at=later
    )
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert recompute(address)["figures"]["criteria"]["wish"]["score"] == 0


# --- reviews ------------------------------------------------------------------------------------------


def test_a_lead_reviews_beside_the_conversation(cast, sign_in):
    review, used = waiting(cast), form()
    browser = sign_in(cast.lena)
    page = browser.get(f"/quality/reviews/{review.pk}/").content.decode()
    assert "We are on it." in page
    assert len(re.findall(r'type="radio"', page)) == 3 * 13 + 5 * 4
    assert browser.post(f"/quality/reviews/{review.pk}/", filled(used, wish=0)).status_code == 302
    review.refresh_from_db()
    assert (review.state, review.summary) == ("published", "Well done.")


def test_a_forgotten_question_is_named_and_nothing_is_lost(cast, sign_in):
    review, used = waiting(cast), form()
    given = filled(used) | {"n-remedy": "A fair credit"}
    del given["m-wish"]
    page = sign_in(cast.lena).post(f"/quality/reviews/{review.pk}/", given)
    assert page.status_code == 422
    assert b"Is it clear what the customer wants?" in page.content
    assert b"A fair credit" in page.content
    assert Review.objects.get().state == "waiting"


def test_the_page_keeps_a_draft_by_itself(cast, sign_in):
    review, used = waiting(cast), form()
    browser, given = sign_in(cast.lena), {"scorecard": used.pk, "m-wish": "0", "n-wish": "Did not ask"}
    kept = browser.post(f"/quality/reviews/{review.pk}/draft/", given, headers={"HX-Request": "true"})
    assert b"Draft kept 10:00" in kept.content
    page = browser.get(f"/quality/reviews/{review.pk}/").content.decode()
    assert "Did not ask" in page
    assert re.search(r'name="m-wish" value="0"[^>]*checked', page)


def test_without_a_script_a_draft_is_kept_by_its_button(cast, sign_in):
    review, used = waiting(cast), form()
    answer = sign_in(cast.lena).post(f"/quality/reviews/{review.pk}/draft/", {"scorecard": used.pk})
    assert answer.status_code == 302
    assert Review.objects.get().state == "draft"


def test_a_colleague_reads_no_draft(cast, sign_in):
    review, used = waiting(cast), form()
    services.keep_draft(review=review, scorecard=used, marks=marks(used), summary="Hm.", by=cast.lena, at=NOW)
    page = sign_in(second_lead(cast)).get(f"/quality/reviews/{review.pk}/")
    assert b"A colleague is at it" in page.content
    assert b"Hm." not in page.content


def test_the_agent_reads_it_and_accepts(cast, sign_in):
    review = reviewed(cast, wish=0)
    browser = sign_in(cast.ana)
    assert b"Charged twice" in browser.get("/quality/reviews/").content
    assert b"Well done." in browser.get(f"/quality/reviews/{review.pk}/").content
    browser.post(f"/quality/reviews/{review.pk}/acknowledge/", {"words": ""})
    review.refresh_from_db()
    assert review.state == "acknowledged"


def test_a_dispute_without_words_is_asked_for_them(cast, sign_in):
    review = reviewed(cast)
    page = sign_in(cast.ana).post(f"/quality/reviews/{review.pk}/dispute/", {"words": ""})
    assert page.status_code == 422
    assert b"Say what you see otherwise." in page.content


def test_another_lead_settles_on_the_page(cast, sign_in):
    review = reviewed(cast, wish=0)
    services.dispute_review(review=review, words="I had asked.", by=cast.ana, at=NOW)
    browser = sign_in(second_lead(cast))
    assert b"To settle: the two differ" in browser.get("/quality/reviews/").content
    given = {f"m-{code}": str(one.value) for code, one in marks(review.scorecard).items()}
    browser.post(f"/quality/reviews/{review.pk}/settle/", given | {"words": "So it was."})
    page = sign_in(cast.ana).get(f"/quality/reviews/{review.pk}/").content.decode()
    assert "So it was." in page
    assert "first: no" in page


def test_who_wrote_it_is_not_asked_to_settle(cast, sign_in):
    review = reviewed(cast)
    services.dispute_review(review=review, words="No.", by=cast.ana, at=NOW)
    assert b"Settle it" not in sign_in(cast.lena).get(f"/quality/reviews/{review.pk}/").content


@pytest.mark.parametrize("name", ["mallory", "bo"])
def test_another_agent_finds_nothing(cast, sign_in, name):
    review = reviewed(cast)
    other = cast.mallory if name == "mallory" else make_user("bo", Role.AGENT, cast.billing)
    browser = sign_in(other)
    assert browser.get(f"/quality/reviews/{review.pk}/").status_code == 404
    for act in ("acknowledge", "dispute"):
        assert browser.post(f"/quality/reviews/{review.pk}/{act}/", {"words": "x"}).status_code == 404
    assert b"Charged twice" not in browser.get("/quality/reviews/").content


@pytest.mark.parametrize("name", ["omar", "nils", "zoe_account"])
def test_who_neither_answers_nor_reviews_is_sent_away(cast, sign_in, name):
    review = reviewed(cast)
    browser = sign_in(getattr(cast, name))
    for place in (
        "/quality/reviews/",
        f"/quality/reviews/{review.pk}/",
        "/quality/scorecards/",
        "/quality/calibration/",
    ):
        assert browser.get(place).status_code == 403


def test_an_answer_is_chosen_by_hand(cast, sign_in):
    form()
    ticket = answered(cast)
    browser = sign_in(cast.lena)
    assert b"Ana" in browser.get(f"/quality/reviews/new/?ticket={ticket.pk}").content
    answer = browser.post("/quality/reviews/new/", {"ticket": ticket.pk, "agent": cast.ana.pk})
    assert answer["Location"] == f"/quality/reviews/{Review.objects.get().pk}/"


def test_a_ticket_nobody_answered_is_said_to_be_so(cast, sign_in):
    ticket = answered(cast, cast.lena)
    assert sign_in(cast.lena).get(f"/quality/reviews/new/?ticket={ticket.pk}").status_code == 422
    assert sign_in(cast.lena).get("/quality/reviews/new/?ticket=987654").status_code == 422


def test_the_list_asks_as_much_for_twenty_as_for_one(cast, sign_in):
    browser = sign_in(cast.lena)
    waiting(cast)
    reviewed(cast)
    with CaptureQueriesContext(connection) as few:
        browser.get("/quality/reviews/")
    for _ in range(19):
        waiting(cast)
        reviewed(cast)
    with CaptureQueriesContext(connection) as many:
        browser.get("/quality/reviews/")
    assert len(many) == len(few)


def test_a_lead_reads_nothing_of_other_departments_and_no_average_that_tells_of_them(cast, sign_in):
    for _ in range(10):
        reviewed(cast)
    lead = make_user("sid", Role.LEAD, cast.shipping)
    browser = sign_in(lead)
    found = browser.get("/quality/").context["found"]
    assert [one.label for one in found.departments] == ["Shipping"]
    assert (found.whole.label, found.whole.whole.n, found.whole.drawn) == ("Your departments", 0, 0)
    assert found.passed.n == 0
    told = browser.get("/api/v1/quality/").json()
    assert "company" not in told
    assert told["own"]["n"] == 0
    assert browser.get("/api/v1/quality/").json()["criteria"] == {}


@pytest.mark.parametrize("name", ["nils", "ada"])
def test_who_compares_departments_reads_the_company(cast, sign_in, name):
    reviewed(cast)
    found = sign_in(getattr(cast, name)).get("/api/v1/quality/").json()
    assert found["company"]["n"] == 1
    assert set(found["departments"]) >= {"billing", "shipping"}
