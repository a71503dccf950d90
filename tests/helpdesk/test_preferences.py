"""Everybody reads in a language and at a time of day of their own."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from helpdesk.errors import Invalid
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
