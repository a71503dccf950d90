"""Campaigns on their pages and by API: what colleagues see, and what customers answer."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from apps.awareness import services
from apps.awareness.models import Campaign, CampaignReply, CampaignVisits
from helpdesk.models import Ticket
from tests.analysis.world import TODAY
from tests.awareness.asking import WORDS, answer, answers, let_it_run
from tests.factories import NOW, make_token


def test_a_customer_answers_on_the_page(cast, client, campaign, charged):
    address = f"/c/{campaign.key}/?by=code"
    let_it_run(campaign)
    page = client.get(address)
    assert page.status_code == 200
    assert b"Was everything right" in page.content
    assert b"Charged twice" in page.content
    said = {f"issue_{charged.pk}": "silent", "body": "Twice", "email": "new@customer.test"}
    answered = client.post(address, said)
    assert b"We have your message" in answered.content
    assert Ticket.objects.get().campaign == campaign.key
    assert CampaignVisits.objects.get().via == "code"
    assert CampaignReply.objects.get().via == "code"


def test_nothing_said_is_told_on_the_page_and_nothing_is_lost(cast, client, campaign):
    let_it_run(campaign)
    answered = client.post(f"/c/{campaign.key}/", {"body": "Twice on my card"})
    assert answered.status_code == 422
    assert b"Twice on my card" in answered.content
    assert b"e-mail address" in answered.content
    assert not Ticket.objects.exists()


def test_a_program_that_fills_in_everything_is_thanked_and_not_counted(cast, client, campaign, charged):
    let_it_run(campaign)
    client.post(f"/c/{campaign.key}/", {f"issue_{charged.pk}": "told", "website": "spam"})
    assert not CampaignReply.objects.exists()


def test_after_its_days_the_address_leads_to_the_ordinary_form(cast, client, campaign):
    Campaign.objects.update(starts_on=TODAY - timedelta(days=900), ends_on=TODAY - timedelta(days=890))
    assert client.get(f"/c/{campaign.key}/").headers["Location"] == "/help/new/"
    assert client.get("/c/unknown/").status_code == 404


def test_the_code_is_a_picture_for_print(cast, sign_in, campaign):
    answered = sign_in(cast.nils).get(f"/campaigns/{campaign.pk}/code.svg?download")
    assert answered["Content-Type"] == "image/svg+xml"
    assert campaign.key in answered["Content-Disposition"]
    assert LexborHTMLParser(answered.content.decode()).css_first("svg path") is not None


def test_a_lead_sets_one_up_and_edits_it_on_the_pages(cast, sign_in, charged):
    browser = sign_in(cast.lena)
    words = WORDS | {"issues": [charged.pk], "days_back": 90}
    answered = browser.post("/campaigns/", words)
    row = Campaign.objects.get()
    assert answered.headers["Location"] == f"/campaigns/{row.pk}/"
    browser.post(f"/campaigns/{row.pk}/edit/", words | {"name": "Invoices in June"})
    page = browser.get(f"/campaigns/{row.pk}/").content
    assert b"Invoices in June" in page
    assert b"Charged twice" in page


def test_wrong_words_are_told_on_the_page(cast, sign_in):
    answered = sign_in(cast.nils).post("/campaigns/", WORDS | {"name": "", "days_back": 90})
    assert answered.status_code == 422
    assert b"There is a problem" in answered.content


@pytest.mark.parametrize(
    "page", ["/campaigns/", "/campaigns/{}/", "/campaigns/{}/edit/", "/campaigns/{}/code.svg"]
)
def test_an_agent_has_no_business_with_campaigns(cast, sign_in, campaign, page):
    assert sign_in(cast.ana).get(page.format(campaign.pk)).status_code == 403


def test_the_list_costs_the_same_for_one_and_for_twenty(cast, sign_in, campaign, charged):
    # the session and its user; how many; the campaigns with their counts; the issues of the form
    browser = sign_in(cast.nils)
    with CaptureQueriesContext(connection) as few:
        browser.get("/campaigns/")
    for number in range(19):
        services.open_campaign(**WORDS | {"name": f"Another {number}"}, by=cast.nils, at=NOW)
    with CaptureQueriesContext(connection) as many:
        browser.get("/campaigns/")
    assert len(few) == len(many)


def test_the_page_costs_the_same_for_one_answer_and_for_twenty(cast, sign_in, campaign, charged, late):
    browser = sign_in(cast.nils)
    answer(cast, campaign, {charged: False}, "Twice", "a@customer.test")
    with CaptureQueriesContext(connection) as few:
        browser.get(f"/campaigns/{campaign.pk}/")
    for number in range(19):
        answer(cast, campaign, {charged: False, late: True}, "Twice", f"b{number}@customer.test")
    with CaptureQueriesContext(connection) as many:
        browser.get(f"/campaigns/{campaign.pk}/")
    assert len(few) == len(many)


def test_the_api_sets_one_up_reads_it_and_changes_it(cast, client, charged):
    headers = {"Authorization": f"Bearer {make_token(cast.nils, 'cases:read', 'cases:write')}"}
    words = {
        **WORDS,
        "starts_on": str(WORDS["starts_on"]),
        "ends_on": str(WORDS["ends_on"]),
        "issues": ["charged-twice"],
    }
    made = client.post("/api/v1/campaigns/", words, content_type="application/json", headers=headers)
    assert made.status_code == 201
    number = made.json()["id"]
    assert f"/c/{made.json()['key']}/" in made.json()["address"]
    answers(Campaign.objects.get(), charged, told=5, silent=15)
    one = client.get(f"/api/v1/campaigns/{number}/", headers=headers).json()
    assert one["complaint_rates"][0]["multiplier"]["likely"] == 4
    changed = client.put(
        f"/api/v1/campaigns/{number}/", words | {"reach": 9}, content_type="application/json", headers=headers
    )
    assert changed.json()["reach"] == 9
    assert len(client.get("/api/v1/campaigns/", headers=headers).json()["data"]) == 1
    strange = client.post(
        "/api/v1/campaigns/", words | {"colour": "red"}, content_type="application/json", headers=headers
    )
    assert strange.status_code in (400, 422)


def test_a_ticket_by_api_may_name_the_campaign(cast, client, campaign):
    headers = {"Authorization": f"Bearer {make_token(cast.robot, 'tickets:read', 'tickets:write')}"}
    said = {"body": "Twice", "customer": {"email": "x@customer.test"}, "campaign": campaign.key}
    made = client.post("/api/v1/tickets/", said, content_type="application/json", headers=headers)
    assert made.json()["campaign"] == campaign.key
    assert Ticket.objects.get().campaign == campaign.key
