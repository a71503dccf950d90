import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.awareness import services
from apps.awareness.models import Notice
from tests.factories import NOW, make_token


def publish(cast, notice):
    services.publish_notice(notice=notice, by=cast.nils, at=NOW)


def test_a_stranger_reads_published_public_notices_and_no_other(cast, client, proven_case):
    drafts = [
        services.publish_fix(case=proven_case(label=label), by=cast.system, at=NOW)
        for label in ("told", "drafted", "inside", "gone")
    ]
    told, _, inside, gone = drafts
    services.edit_notice(
        notice=inside, title="Inside", body="Only us", audience="internal", by=cast.nils, at=NOW
    )
    for notice in (told, inside, gone):
        publish(cast, notice)
    services.withdraw_notice(notice=gone, by=cast.nils, at=NOW)
    page = client.get("/changes/").content.decode()
    assert "Told: put right" in page
    for hidden in ("Drafted", "Inside", "Only us", "Gone", "RC-", "Proration"):
        assert hidden not in page


def test_a_stranger_finds_a_friendly_page_when_there_is_nothing(db, client):
    page = client.get("/changes/")
    assert page.status_code == 200
    assert b"Nothing here yet" in page.content


def test_words_of_a_notice_are_never_markup(cast, client, draft):
    services.edit_notice(
        notice=draft, title="<b>x</b>", body="<script>x</script>", audience="public", by=cast.nils, at=NOW
    )
    publish(cast, draft)
    page = client.get("/changes/").content
    assert b"<script>x" not in page
    assert b"<b>x" not in page


def test_a_draft_is_edited_and_published_on_the_page(cast, sign_in, draft):
    browser = sign_in(cast.nils)
    assert b"Publish" in browser.get("/notices/").content
    words = {"title": "You were charged twice", "body": "No more.", "audience": "public"}
    assert browser.post(f"/notices/{draft.pk}/", words).status_code == 302
    assert browser.post(f"/notices/{draft.pk}/publish/").status_code == 302
    assert Notice.objects.public().get().title == "You were charged twice"
    browser.post(f"/notices/{draft.pk}/withdraw/")
    assert not Notice.objects.public().exists()


def test_wrong_words_are_told_on_the_page(cast, sign_in, draft):
    answer = sign_in(cast.nils).post(
        f"/notices/{draft.pk}/", {"title": "", "body": "x", "audience": "public"}
    )
    assert answer.status_code == 422
    assert b"There is a problem" in answer.content


def test_publishing_what_came_back_is_refused_with_a_page_that_says_why(cast, sign_in, draft):
    draft.case.move("assess", due_on=None, by=cast.nils, at=NOW)
    answer = sign_in(cast.nils).post(f"/notices/{draft.pk}/publish/")
    assert b"it came back" in answer.content
    assert not Notice.objects.public().exists()


def test_an_agent_reads_what_is_published_and_has_no_buttons(cast, sign_in, draft):
    browser = sign_in(cast.ana)
    assert b"Charged twice" not in browser.get("/notices/").content
    publish(cast, draft)
    page = browser.get("/notices/").content
    assert b"Charged twice" in page
    assert b"/publish/" not in page


@pytest.mark.parametrize("page", ["", "publish/", "withdraw/"])
def test_an_agent_opens_no_door_to_a_draft(cast, sign_in, draft, page):
    answer = sign_in(cast.ana).post(f"/notices/{draft.pk}/{page}", {})
    assert answer.status_code in (403, 404)
    assert Notice.objects.get().state == "draft"


def test_a_customer_has_no_business_with_the_staffs_page(cast, sign_in):
    assert sign_in(cast.zoe_account).get("/notices/").status_code == 403


@pytest.mark.parametrize(("address", "queries"), [("/notices/", 4), ("/changes/", 2)])
def test_pages_cost_the_same_for_one_and_for_twenty(cast, sign_in, client, proven_case, address, queries):
    # the session and its user; how many; the notices with their cases
    browser = sign_in(cast.ada) if address == "/notices/" else client
    publish(cast, services.publish_fix(case=proven_case(), by=cast.system, at=NOW))
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for number in range(19):
        case = proven_case(label=f"issue-{number}")
        publish(cast, services.publish_fix(case=case, by=cast.system, at=NOW))
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(few) == len(many) == queries


def test_the_api_gives_published_notices_page_by_page(cast, client, proven_case):
    for number in range(3):
        case = proven_case(label=f"issue-{number}")
        publish(cast, services.publish_fix(case=case, by=cast.system, at=NOW))
    services.publish_fix(case=proven_case(label="drafted"), by=cast.system, at=NOW)
    headers = {"Authorization": f"Bearer {make_token(cast.robot)}"}
    first = client.get("/api/v1/notices/?limit=2", headers=headers).json()
    rest = client.get(f"/api/v1/notices/?limit=2&cursor={first['next_cursor']}", headers=headers).json()
    assert len(first["data"]) == 2
    assert len(rest["data"]) == 1
    assert set(first["data"][0]) == {"id", "title", "body", "published_at"}


def test_the_api_asks_for_a_token(db, client):
    assert client.get("/api/v1/notices/").status_code == 401
