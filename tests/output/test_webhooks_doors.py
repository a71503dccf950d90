"""The pages of webhooks, and the same by API."""

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from apps.output.webhooks import services
from apps.output.webhooks.models import Webhook, WebhookDelivery, WebhookState
from helpdesk.errors import Invalid
from tests.factories import make_token, make_user

URL = "https://other.example/hear"


@pytest.fixture
def shown(cast):
    return services.add_webhook(url=URL, kinds=["case.*"], by=cast.ada, at=timezone.now())


@pytest.fixture
def api(cast):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot, 'admin')}")
    return client


# --- pages --------------------------------------------------------------------------------------------


def test_it_is_added_on_the_page_and_its_secret_is_shown_once(cast, sign_in):
    browser = sign_in(cast.ada)
    answer = browser.post(reverse("webhooks"), {"url": URL, "groups": ["case.*"], "single": "ticket.opened"})
    assert "whsec_" in answer.content.decode()
    assert Webhook.objects.get().kinds == ["case.*", "ticket.opened"]
    assert "whsec_" not in browser.get(reverse("webhooks")).content.decode()


@pytest.mark.parametrize(
    "given",
    [
        {"url": "https://10.0.0.1/", "groups": ["case.*"]},
        {"url": URL, "groups": []},
        {"url": URL, "groups": ["case.*"], "single": "case.eaten"},
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(cast, sign_in, given):
    answer = sign_in(cast.ada).post(reverse("webhooks"), given | {"description": "Our data lake"})
    assert answer.status_code == 422
    assert "Our data lake" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_everything_is_done_on_its_page(cast, sign_in, shown):
    browser, at = sign_in(cast.ada), {"pk": shown.webhook.pk}
    assert browser.post(reverse("test_webhook", kwargs=at)).status_code == 302
    message = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(state=WebhookState.GIVEN_UP, attempts=11)
    browser.post(reverse("resend_webhook", kwargs=at | {"delivery": message.pk}))
    message.refresh_from_db()
    assert (message.state, message.attempts) == (WebhookState.WAITING, 0)
    assert "whsec_" in browser.post(reverse("rotate_webhook", kwargs=at)).content.decode()
    browser.post(reverse("switch_webhook", kwargs=at), {"on": "no"})
    browser.post(reverse("webhook", kwargs=at), {"url": URL, "groups": ["signal.*"]})
    row = Webhook.objects.get()
    assert (row.is_on, row.kinds) == (False, ["signal.*"])
    assert message.message_id in browser.get(reverse("webhook", kwargs=at)).content.decode()
    browser.post(reverse("remove_webhook", kwargs=at))
    assert not Webhook.objects.exists()


def test_an_answer_is_shown_as_text(cast, sign_in, shown):
    services.send_test(webhook=shown.webhook, by=cast.ada, at=timezone.now())
    WebhookDelivery.objects.update(answer="<script>alert(1)</script>", status=500)
    page = sign_in(cast.ada).get(reverse("webhook", kwargs={"pk": shown.webhook.pk})).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("name", ["ana", "lena", "nils", "omar"])
def test_only_administrators_see_the_pages(cast, sign_in, shown, name):
    browser = sign_in(getattr(cast, name))
    assert browser.get(reverse("webhooks")).status_code == 403
    assert browser.get(reverse("webhook", kwargs={"pk": shown.webhook.pk})).status_code == 403


def test_the_pages_cost_the_same_for_one_and_for_twenty(cast, sign_in, shown, django_assert_max_num_queries):
    browser = sign_in(cast.ada)

    def cost(address):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        return len(queries)

    one = reverse("webhook", kwargs={"pk": shown.webhook.pk})
    services.send_test(webhook=shown.webhook, by=cast.ada, at=timezone.now())
    before = cost(reverse("webhooks")), cost(one)
    for n in range(19):
        services.add_webhook(url=f"{URL}/{n}", kinds=["*"], by=cast.ada, at=timezone.now())
        services.send_test(webhook=shown.webhook, by=cast.ada, at=timezone.now())
    assert (cost(reverse("webhooks")), cost(one)) == before


# --- the API ------------------------------------------------------------------------------------------


def test_a_program_keeps_its_own_webhooks(cast, api, shown):
    made = api.post("/api/v1/webhooks/", {"url": URL, "kinds": ["case.*", "ticket.opened"]})
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    own = f"/api/v1/webhooks/{made.json()['id']}/"
    (listed,) = api.get("/api/v1/webhooks/").json()["data"]
    assert (listed["sees_as"], "secret" in listed) == (cast.robot.email, False)
    assert api.get(f"/api/v1/webhooks/{shown.webhook.pk}/").status_code == 404
    assert api.patch(own, {"is_on": False, "description": "Lake"}).json()["is_on"] is False
    assert api.patch(own, {"is_on": True}).json()["description"] == "Lake"
    assert api.post(f"{own}rotate/").json()["secret"] != made.json()["secret"]
    assert api.post(f"{own}test/").status_code == 202
    (told,) = api.get(f"{own}deliveries/", {"state": "waiting"}).json()["data"]
    assert (told["type"], told["webhook_id"]) == ("webhook.test", f"msg_{told['id']:016d}")
    assert api.post(f"{own}deliveries/{told['id']}/resend/").status_code == 202
    assert api.delete(own).status_code == 204
    assert api.get(own).status_code == 404


@pytest.mark.parametrize("wrong", [{"url": "http://169.254.169.254/"}, {"kinds": ["case.eaten"]}])
def test_a_change_that_is_refused_switches_nothing_either(cast, api, wrong):
    own = services.add_webhook(url=URL, kinds=["*"], by=cast.robot, at=timezone.now()).webhook
    refused = api.patch(f"/api/v1/webhooks/{own.pk}/", {"description": "Lake", "is_on": False} | wrong)
    assert refused.status_code in (400, 422)
    row = Webhook.objects.get()
    assert (row.url, row.kinds, row.description, row.is_on) == (URL, ["*"], "", True)


def test_a_switch_that_is_refused_changes_nothing_either(cast, api, monkeypatch):
    def refuse(webhook, on, *, reason=""):
        raise Invalid("Not now.", pointer="is_on")

    own = services.add_webhook(url=URL, kinds=["*"], by=cast.robot, at=timezone.now()).webhook
    monkeypatch.setattr(Webhook, "switch", refuse)
    assert (
        api.patch(f"/api/v1/webhooks/{own.pk}/", {"description": "Lake", "is_on": False}).status_code == 422
    )
    assert Webhook.objects.get().description == ""


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"url": URL, "kinds": []}, "/kinds"),
        ({"url": URL, "kinds": ["case.eaten"]}, "/kinds"),
        ({"url": "http://169.254.169.254/", "kinds": ["*"]}, "/url"),
        ({"url": URL, "kinds": ["*"], "secret": "mine"}, "/secret"),
        ({"kinds": ["*"]}, "/url"),
    ],
)
def test_what_is_wrong_is_said_as_a_problem(api, given, pointer):
    answer = api.post("/api/v1/webhooks/", given)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert not Webhook.objects.exists()


def test_the_same_address_again_is_refused(api):
    for status in (201, 409):
        assert api.post("/api/v1/webhooks/", {"url": URL, "kinds": ["*"]}).status_code == status
    assert Webhook.objects.count() == 1


def test_it_takes_the_scope_of_an_administrator(cast):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot)}")
    assert client.get("/api/v1/webhooks/").status_code == 403


def test_people_without_the_verb_have_none_by_api_either(cast, sign_in):
    assert sign_in(make_user("leon", "lead", cast.billing)).get("/api/v1/webhooks/").status_code == 403


def test_one_that_is_off_is_not_tested_and_says_so(cast, sign_in, shown, api):
    services.switch_webhook(webhook=shown.webhook, on=False, by=cast.ada, at=timezone.now())
    answer = sign_in(cast.ada).post(reverse("test_webhook", args=[shown.webhook.pk]), follow=True)
    assert "Switch it on first" in answer.content.decode()
    own = services.add_webhook(url=URL, kinds=["*"], by=cast.robot, at=timezone.now()).webhook
    services.switch_webhook(webhook=own, on=False, by=cast.robot, at=timezone.now())
    refused = api.post(f"/api/v1/webhooks/{own.pk}/test/")
    assert (refused.status_code, refused.json()["type"].rpartition("#")[2]) == (409, "switched-off")
    assert not WebhookDelivery.objects.exists()
