"""Customers of a case are told in their language where somebody wrote it, and every language is looked at before."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from apps.awareness import services
from apps.awareness.models.wave import Wave
from apps.awareness.queries.waves import wave_page
from helpdesk.errors import Invalid, NotAllowed
from tests.awareness.test_waves import mails, send, start, told_us
from tests.factories import NOW, make_token, make_user


@pytest.fixture
def case(proven_case):
    return proven_case()


GERMAN = {
    "subject": "Behoben: {subject}", "body": "Hallo {name},\n\nam {date} schrieben Sie uns.",
    "question": "Ist es bei Ihnen behoben?",
}  # fmt: skip


def in_german(cast, wave, **more):
    return services.write_wave_text(wave=wave, **{"language": "de", **GERMAN, **more}, by=cast.nils, at=NOW)


@pytest.fixture
def mixed(cast, case):
    """Two who write German, one Spanish, one of whom nobody knows."""
    for number, language in enumerate(("de-AT", "de", "es", "")):
        told_us(cast, case, 1, email=f"m{number}@x.test", language=language)
    return services.draft_wave(case=case, kind="fixed", by=cast.nils, at=NOW)


def test_customers_get_their_language_and_all_others_the_words_of_the_wave(cast, mixed):
    in_german(cast, mixed)
    start(cast, mixed)
    for minute in range(4):
        send(cast, NOW + timedelta(minutes=minute))
    texts = {mail.to[0]: mail for mail in mails()}
    for german in ("m0@x.test", "m1@x.test"):
        assert texts[german].subject == "Behoben: Twice 0"
        assert "am 6. Mai 2026" in texts[german].text or "am 6 Mai 2026" in texts[german].text
        assert "Ist es bei Ihnen behoben?" in texts[german].text
        assert "Is it gone" not in texts[german].text
    for other in ("m2@x.test", "m3@x.test"):
        assert "Thank you for telling us" in texts[other].text
        assert "6 May 2026" in texts[other].text


def test_each_language_is_shown_before_it_goes_out_with_how_many_read_it(cast, mixed):
    in_german(cast, mixed)
    page = wave_page(mixed, at=NOW)
    assert {(one.language, one.customers, one.is_written) for one in page.readers} == {
        ("de", 2, True), ("es", 1, False), ("", 1, False)
    }  # fmt: skip
    assert sorted(sample.language for sample in page.samples) == ["", "", "de"]


def test_the_language_of_the_ticket_speaks_for_who_has_said_none(cast, case):
    (ticket,) = told_us(cast, case, 1)
    ticket.note_language("de")
    wave = services.draft_wave(case=case, kind="fixed", by=cast.nils, at=NOW)
    assert [one.language for one in wave_page(wave, at=NOW).readers] == ["de"]


def test_a_language_is_left_out_again(cast, mixed):
    in_german(cast, mixed)
    services.remove_wave_text(wave=mixed, language="de", by=cast.nils, at=NOW)
    assert not mixed.texts.exists()
    assert not any(one.is_written for one in wave_page(mixed, at=NOW).readers)


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "xx"},
        {"subject": " "},
        {"body": "{nam}"},
        {"question": "{name}?"},
        {"question": "?" * 201},
    ],
)
def test_wrong_words_in_a_language_are_refused(cast, mixed, wrong):
    with pytest.raises(Invalid):
        in_german(cast, mixed, **wrong)
    assert not mixed.texts.exists()


def test_words_in_a_language_are_settled_once_it_goes_out(cast, mixed):
    start(cast, mixed)
    with pytest.raises(services.NotADraft):
        in_german(cast, mixed)
    with pytest.raises(NotAllowed):
        services.write_wave_text(wave=mixed, language="de", **GERMAN, by=cast.ana, at=NOW)


def test_languages_are_written_on_the_page(cast, mixed, sign_in):
    browser, at = sign_in(cast.nils), reverse("wave_text", args=[mixed.pk, "de"])
    page = browser.get(reverse("wave", args=[mixed.pk])).content.decode()
    assert at in page  # two write it
    assert browser.get(reverse("wave", args=[mixed.pk]), {"language": "de"}).headers["Location"] == at
    refused = browser.post(at, GERMAN | {"body": "{nam}"})
    assert refused.status_code == 422
    assert "Behoben" in refused.content.decode()
    browser.post(at, GERMAN)
    page = browser.get(reverse("wave", args=[mixed.pk])).content.decode()
    assert 'lang="de"' in page
    assert "Behoben: Twice 0" in page
    browser.post(reverse("remove_wave_text", args=[mixed.pk, "de"]))
    assert not mixed.texts.exists()
    assert browser.get(reverse("wave_text", args=[mixed.pk, "xx"])).status_code == 404


def test_all_of_it_is_done_by_api(cast, case):
    for number, language in enumerate(("de", "")):
        told_us(cast, case, 1, email=f"m{number}@x.test", language=language)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot, 'cases:read', 'cases:write')}")
    drafted = client.post("/api/v1/waves/", {"case": case.pk, "kind": "fixed"}, format="json")
    assert drafted.status_code == 201
    at = f"/api/v1/waves/{drafted.json()['id']}/"
    assert client.put(f"{at}words/de/", GERMAN, format="json").json()["language"] == "de"
    assert client.put(f"{at}words/xx/", GERMAN, format="json").status_code == 422
    told = client.patch(at, {"an_hour": 60}, format="json").json()
    assert (told["an_hour"], told["to_send"]) == (60, 2)
    assert {"language": "de", "customers": 1, "is_written": True} in told["readers"]
    assert client.post(at, {"act": "start"}, format="json").json()["state"] == "sending"
    assert client.delete(f"{at}words/de/").status_code == 409
    assert client.get("/api/v1/waves/", {"case": case.pk}).json()["data"][0]["state"] == "sending"


def test_a_program_of_one_department_writes_to_no_customers(cast, case):
    courier = make_user("courier", "api_client", cast.billing)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(courier, 'cases:read', 'cases:write')}")
    assert client.post("/api/v1/waves/", {"case": case.pk, "kind": "fixed"}, format="json").status_code == 403
    assert not Wave.objects.exists()
