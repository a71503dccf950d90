"""Everybody reads in a language and at a time of day of their own."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from rest_framework.test import APIClient

from helpdesk.errors import Invalid, NotAllowed
from helpdesk.locales import as_read_by
from helpdesk.permissions import require
from helpdesk.services import set_preferences


def sign_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_person_chooses_language_and_time_zone(cast):
    client = sign_in(cast.ana)
    client.post("/settings/", {"language": "de", "time_zone": "Pacific/Auckland"})
    cast.ana.refresh_from_db()
    assert (cast.ana.language, cast.ana.time_zone) == ("de", "Pacific/Auckland")
    page = client.get("/settings/")
    assert page["Content-Language"] == "de"
    assert '<html lang="de"' in page.content.decode()


@pytest.mark.parametrize(("language", "zone"), [("xx", "UTC"), ("de", "Mars/Olympus"), ("de", "")])
def test_what_the_house_does_not_speak_is_refused(cast, language, zone):
    with pytest.raises(Invalid):
        set_preferences(language=language, time_zone=zone, by=cast.ana)
    assert sign_in(cast.ana).post("/settings/", {"language": language, "time_zone": zone}).status_code == 422
    cast.ana.refresh_from_db()
    assert cast.ana.language == ""


def test_a_program_of_a_person_reads_and_changes_them_too(cast):
    client = APIClient()
    client.force_authenticate(cast.ana)
    assert client.get("/api/v1/me/").data["language"] == ""
    assert client.patch("/api/v1/me/", {"language": "de"}).data["language"] == "de"
    assert client.patch("/api/v1/me/", {"language": "tlh"}).status_code == 422


def test_a_visitor_chooses_in_the_footer_and_keeps_it(db):
    client = Client()
    client.post("/language/", {"language": "de", "next": "/help/"})
    assert '<html lang="de"' in client.get("/help/").content.decode()


def test_the_browser_is_asked_where_nobody_chose(cast):
    page = sign_in(cast.ana).get("/settings/", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    assert '<html lang="de"' in page.content.decode()


def test_the_portal_greets_in_the_language_of_the_browser(db):
    page = Client().get("/help/", headers={"Accept-Language": "de"})
    assert "Wie können wir helfen?" in page.content.decode()


def test_a_refusal_is_said_in_the_language_of_who_is_refused(cast):
    with translation.override("de"), pytest.raises(NotAllowed, match="erlaubt das nicht"):
        require(cast.zoe_account, "response.reply")


def test_two_colleagues_read_one_moment_each_at_their_own_time(cast):
    """Around the night in which summer time ends in one of the two places."""
    due = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    read = {}
    for zone in ("Europe/Berlin", "Pacific/Auckland"):
        cast.ana.time_zone = zone
        with as_read_by(cast.ana):
            read[zone] = [
                date_format(timezone.localtime(at), "j M H:i e") for at in (due, due + timedelta(hours=3))
            ]
    assert read == {
        "Europe/Berlin": ["25 Oct 01:30 CEST", "25 Oct 03:30 CET"],
        "Pacific/Auckland": ["25 Oct 12:30 NZDT", "25 Oct 15:30 NZDT"],
    }


def test_german_writes_dates_and_numbers_its_own_way_but_no_drawing(cast):
    cast.ada.language = "de"
    cast.ada.save()
    with translation.override("de"):
        assert date_format(datetime(2026, 5, 5, tzinfo=UTC), "D j M Y") == "Di 5. Mai 2026"
        assert number_format(1234.5, 1, force_grouping=True) == "1.234,5"
    page = sign_in(cast.ada).get("/style/").content.decode()
    assert '<html lang="de"' in page
    drawn = r'\s(?:x|y|x1|x2|y1|y2|cx|cy|r|width|height|data-[\w-]+)="-?\d+,\d+"'
    assert re.findall(drawn, page) == []
