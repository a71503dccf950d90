"""What a second reader, and a third one, see and press."""

import re

import pytest

from apps.intake.models import Suggestion
from apps.response.models import SecondReading
from apps.response.services import draw_readings, read_again
from helpdesk.models import Message
from tests.factories import NOW
from tests.response.conftest import CODED


def drawn(cast, at=NOW):
    return draw_readings(by=cast.system, at=at)


def test_the_page_does_not_tell_what_others_said(cast, coded, issues, bea, sign_in):
    (ticket,) = coded(subject="Two bookings", body="You took 19 twice.")
    Message.write(ticket=ticket, body="The double charge is on its way back.", by=cast.ana, at=CODED)
    Suggestion.objects.create(ticket=ticket, issue=issues[1], rank=1, confidence=0.9)
    drawn(cast)
    page = sign_in(bea).get("/second-readings/").content.decode()
    assert "You took 19 twice." in page
    assert "double charge" not in page
    assert f"/t/{ticket.pk}/" not in page
    assert not re.search(r"\b90(?:\.0)? ?%|\b0\.90?\b", page)
    assert page.count("selected") == 0


def test_a_reader_codes_and_gets_the_next(cast, coded, issues, bea, sign_in):
    coded(2)
    drawn(cast)
    browser = sign_in(bea)
    shown = browser.get("/second-readings/").context["page"].reading
    key = browser.get("/second-readings/").context["shown"]
    answer = browser.post(f"/second-readings/{shown.pk}/read/", {"issue": "wrong-amount", "shown": key})
    assert answer["Location"] == "/second-readings/"
    shown.refresh_from_db()
    assert (shown.state, shown.second_by, shown.second_issue) == ("differs", bea, issues[1])
    assert shown.seconds is not None
    assert browser.get("/second-readings/").context["page"].reading != shown


def test_a_forged_start_gives_no_duration(cast, coded, bea, sign_in):
    coded()
    (reading,) = drawn(cast)
    sign_in(bea).post(f"/second-readings/{reading.pk}/read/", {"issue": "wrong-amount", "shown": "[1,0]"})
    reading.refresh_from_db()
    assert (reading.state, reading.seconds) == ("differs", None)


def test_no_issue_is_told_on_the_page(cast, coded, bea, sign_in):
    coded()
    (reading,) = drawn(cast)
    answer = sign_in(bea).post(f"/second-readings/{reading.pk}/read/", {"issue": "no-such"})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_one_may_be_put_aside(cast, coded, bea, sign_in):
    coded()
    (reading,) = drawn(cast)
    page = sign_in(bea).get(f"/second-readings/?passed={reading.pk}&passed=x").context["page"]
    assert (page.reading, page.to_read) == (None, 1)


def test_own_codes_are_not_offered(cast, coded, sign_in):
    coded()
    drawn(cast)
    assert sign_in(cast.ana).get("/second-readings/").context["page"].reading is None


def test_a_lead_settles_on_the_page(cast, differing, issues, sign_in):
    browser = sign_in(cast.lena)
    page = browser.get("/second-readings/disputes/").context["page"]
    assert page.answers == [issues[0], issues[1]]
    browser.post(f"/second-readings/{differing.pk}/settle/", {"issue": "wrong-amount"})
    differing.refresh_from_db()
    assert differing.true_issue == issues[1]


def test_an_agent_settles_nothing_on_the_page(cast, differing, bea, sign_in):
    browser = sign_in(bea)
    assert browser.get("/second-readings/disputes/").status_code == 403
    assert (
        browser.post(f"/second-readings/{differing.pk}/settle/", {"issue": "wrong-amount"}).status_code == 403
    )


def test_a_stranger_gets_no_reading(cast, coded, sign_in):
    coded()
    (reading,) = drawn(cast)
    answer = sign_in(cast.mallory).post(f"/second-readings/{reading.pk}/read/", {"issue": "wrong-amount"})
    assert answer.status_code == 404


def test_a_lead_draws_by_button(cast, coded, sign_in, settings, monkeypatch):
    coded()
    monkeypatch.setattr("apps.response.views.readings.timezone.now", lambda: NOW)
    sign_in(cast.lena).post("/second-readings/draw/")
    assert SecondReading.objects.count() == 1


@pytest.mark.parametrize("url", ["/second-readings/", "/second-readings/disputes/"])
def test_a_page_asks_as_much_for_one_as_for_many(
    cast, coded, issues, bea, sign_in, django_assert_num_queries, settings, url
):
    settings.READINGS_A_WEEK = 30
    coded(20)
    for reading in drawn(cast)[:10]:
        read_again(reading=reading, issue=issues[1], by=bea, at=NOW)
    browser = sign_in(cast.nils)
    # Session and person; what is to be read, what is to be settled; the reading, its letters, all issues.
    with django_assert_num_queries(7):
        assert browser.get(url).context["page"].reading
