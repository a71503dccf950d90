"""An event reaches another program: announced once, signed, tried again, and never told to whom it is not for."""

import json
import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from apps.output.webhooks import services
from apps.output.webhooks.models import CLAIMED_FOR, Webhook, WebhookDelivery, WebhookState
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event, Note
from helpdesk.pauses import PAUSES
from tests.factories import make_ticket, make_user
from tests.output.listener import listening


@pytest.fixture
def listener(settings):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    with listening() as one:
        yield one


@pytest.fixture
def now():
    return timezone.now()  # receivers refuse what is older than five minutes


@pytest.fixture
def endpoint(cast, listener, now):
    """A webhook, and its secret."""

    def add(*kinds, **more):
        given = {"url": listener.url, "by": cast.ada} | more
        return services.add_webhook(kinds=kinds or ["*"], at=now, **given)

    return add


def send(now, after=timedelta(0)):
    return sum(
        services.send_to_webhook(number=n, at=now + after) for n in services.webhooks_to_serve(at=now + after)
    )


def test_an_event_arrives_signed_and_once(cast, listener, endpoint, deliver_news, now):
    shown = endpoint("ticket.*")
    ticket = make_ticket(cast, at=now)
    deliver_news(now)
    assert (send(now), send(now)) == (1, 0)
    (heard,) = listener.heard
    told = Verifier(shown.secret).verify(heard.body, heard.headers)
    assert (told["type"], told["data"]["ticket"]["id"]) == ("ticket.opened", ticket.pk)
    assert told["data"]["ticket"]["url"].endswith(f"/api/v1/tickets/{ticket.pk}/")
    assert heard.headers["content-type"].startswith("application/json")
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status, row.answer, row.attempts) == (WebhookState.DELIVERED, 200, "thanks", 1)


def test_a_forged_body_is_seen_by_the_receiver(cast, listener, endpoint, now):
    shown = endpoint()
    services.send_test(webhook=shown.webhook, by=cast.ada, at=now)
    send(now)
    with pytest.raises(WebhookVerificationError):
        Verifier(shown.secret).verify(listener.heard[0].body + " ", listener.heard[0].headers)


def test_the_same_news_twice_is_one_message(cast, endpoint, now):
    endpoint("ticket.*")
    make_ticket(cast, at=now)
    event = Event.objects.get(kind="ticket.opened")
    for _ in range(2):
        services.announce(event=event, at=now)
    assert WebhookDelivery.objects.count() == 1


def test_only_what_was_asked_for_is_told(cast, endpoint, deliver_news, now):
    endpoint("message.received")
    make_ticket(cast, at=now)
    deliver_news(now)
    assert {row.kind for row in WebhookDelivery.objects.all()} == {"message.received"}


def test_who_may_not_see_the_ticket_is_told_nothing_of_it(cast, endpoint, deliver_news, now):
    theirs = make_user("shipping-robot", "api_client", cast.shipping)
    endpoint("ticket.*", sees_as=theirs)
    make_ticket(cast, at=now)
    make_ticket(cast, at=now, department=cast.shipping)
    deliver_news(now)
    (row,) = WebhookDelivery.objects.all()
    assert json.loads(row.body)["data"]["ticket"]["department"] == "shipping"


def test_no_word_of_notes_and_messages_leaves(cast, endpoint, deliver_news, now):
    endpoint("*")
    ticket = make_ticket(cast, at=now, body="My secret question")
    Note.add(ticket=ticket, body="The customer is a crook", by=cast.ana, at=now)
    ticket.assign(cast.ana, by=cast.lena, at=now)
    deliver_news(now)
    said = " ".join(WebhookDelivery.objects.values_list("body", flat=True))
    assert "crook" not in said
    assert "secret question" not in said
    assert "note.added" not in said


def test_without_an_endpoint_an_event_costs_one_query(cast, django_assert_num_queries, now):
    make_ticket(cast, at=now)
    event = Event.objects.get(kind="ticket.opened")
    with django_assert_num_queries(3):  # savepoint, endpoints, savepoint's end
        services.announce(event=event, at=now)


def test_what_fails_is_tried_again_with_the_same_id(cast, listener, endpoint, now):
    shown = endpoint()
    services.send_test(webhook=shown.webhook, by=cast.ada, at=now)
    listener.answers = [(500, "x" * 5_000), (503, "")]
    assert send(now) == 0
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status, len(row.answer)) == (WebhookState.WAITING, 500, 500)
    assert send(now, PAUSES[0] * 0.7) == 0
    assert len(listener.heard) == 1
    send(now, PAUSES[0] * 1.3)
    assert send(now, PAUSES[0] * 1.3 + PAUSES[1] * 1.3) == 1
    assert len({heard.headers["webhook-id"] for heard in listener.heard}) == 1
    assert Webhook.objects.get().failures == 0


def test_after_a_day_it_is_given_up_and_can_be_sent_again(cast, listener, endpoint, now):
    shown = endpoint()
    services.send_test(webhook=shown.webhook, by=cast.ada, at=now)
    listener.answers = [(500, "")] * 20
    at, tries = now, 0
    while WebhookDelivery.objects.get().state == WebhookState.WAITING:
        services.send_to_webhook(number=shown.webhook.pk, at=at)
        at, tries = max(WebhookDelivery.objects.get().not_before, at + timedelta(minutes=11)), tries + 1
    assert tries == len(PAUSES) + 1
    assert timedelta(hours=19) < at - now < timedelta(hours=50)
    listener.answers = []
    services.resend(delivery=WebhookDelivery.objects.get(), by=cast.ada, at=at)
    assert services.send_to_webhook(number=shown.webhook.pk, at=at) == 1
    assert listener.heard[-1].headers["webhook-id"] == listener.heard[0].headers["webhook-id"]


def test_410_switches_the_endpoint_off(cast, listener, endpoint, deliver_news, now):
    shown = endpoint()
    services.send_test(webhook=shown.webhook, by=cast.ada, at=now)
    listener.answers = [(410, "go away")]
    send(now)
    shown.webhook.refresh_from_db()
    assert (shown.webhook.is_on, "410" in shown.webhook.off_reason) == (False, True)
    make_ticket(cast, at=now)
    deliver_news(now)
    assert WebhookDelivery.objects.count() == 1


def test_a_redirect_is_not_followed(cast, listener, endpoint, now):
    shown = endpoint()
    services.send_test(webhook=shown.webhook, by=cast.ada, at=now)
    listener.answers, listener.headers = [(302, "")], {"Location": "/elsewhere"}
    assert send(now) == 0
    assert [heard.path for heard in listener.heard] == ["/hear"]


def test_two_secrets_are_valid_for_a_day_after_a_change(cast, listener, endpoint, now):
    old = endpoint()
    new = services.rotate_secret(webhook=old.webhook, by=cast.ada, at=now)
    services.send_test(webhook=new.webhook, by=cast.ada, at=now)
    send(now)
    for secret in (old.secret, new.secret):
        Verifier(secret).verify(listener.heard[0].body, listener.heard[0].headers)
    Webhook.objects.update(old_secret_until=now)
    services.send_test(webhook=new.webhook, by=cast.ada, at=now)
    send(now)
    Verifier(new.secret).verify(listener.heard[1].body, listener.heard[1].headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(old.secret).verify(listener.heard[1].body, listener.heard[1].headers)


def test_a_secret_does_not_stand_in_the_database(endpoint):
    shown = endpoint()
    row = Webhook.objects.get()
    assert shown.secret.startswith("whsec_")
    assert shown.secret.removeprefix("whsec_") not in row.secret


def test_a_sender_that_was_killed_loses_nothing(cast, listener, endpoint, monkeypatch, now):
    shown = endpoint()
    services.send_test(webhook=shown.webhook, by=cast.ada, at=now)

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("apps.output.webhooks.services.send._note", killed)
        patch.setattr("apps.output.webhooks.models.WebhookQuerySet.update", lambda *args, **kwargs: 1)
        with pytest.raises(KeyboardInterrupt):
            services.send_to_webhook(number=shown.webhook.pk, at=now)
    Webhook.objects.update(claimed_at=now)  # what the dead one left
    assert send(now, CLAIMED_FOR - timedelta(seconds=1)) == 0
    assert send(now, CLAIMED_FOR + timedelta(seconds=1)) == 1
    assert len({heard.headers["webhook-id"] for heard in listener.heard}) == 1
    assert len(listener.heard) == 2
    assert WebhookDelivery.objects.get().state == WebhookState.DELIVERED


def test_a_dead_endpoint_holds_up_no_other(cast, listener, endpoint, deliver_news, now):
    endpoint("ticket.*", url="http://127.0.0.1:1/nobody")
    endpoint("ticket.*")
    make_ticket(cast, at=now)
    deliver_news(now)
    assert send(now) == 1
    dead = Webhook.objects.get(url__endswith="nobody")
    assert dead.rests_until > now
    assert "refused" in dead.deliveries.get().error


def test_messages_go_out_in_their_order(cast, listener, endpoint, deliver_news, now):
    endpoint("ticket.opened")
    for _ in range(5):
        make_ticket(cast, at=now)
    deliver_news(now)
    assert send(now) == 5
    ids = [heard.headers["webhook-id"] for heard in listener.heard]
    assert ids == sorted(ids)


def test_when_it_answers_again_all_that_waits_goes_out(cast, listener, endpoint, deliver_news, now):
    shown = endpoint("ticket.opened")
    for _ in range(3):
        make_ticket(cast, at=now)
    deliver_news(now)
    WebhookDelivery.objects.exclude(pk=WebhookDelivery.objects.earliest("pk").pk).update(
        not_before=now + timedelta(hours=8), attempts=9
    )
    Webhook.objects.update(failures=40)
    assert services.send_to_webhook(number=shown.webhook.pk, at=now) + send(now, timedelta(seconds=1)) == 3


def test_silence_is_cut_off(cast, listener, endpoint, monkeypatch, now):
    from helpdesk import outside

    monkeypatch.setattr(outside, "SECONDS", 0.3)
    monkeypatch.setattr(outside.call, "__kwdefaults__", outside.call.__kwdefaults__ | {"seconds": 0.3})
    shown = endpoint()
    services.send_test(webhook=shown.webhook, by=cast.ada, at=now)
    listener.silent_for = 1.5
    assert send(now) == 0
    assert (
        "0.3 seconds" in WebhookDelivery.objects.get().error
        or "timed out" in WebhookDelivery.objects.get().error
    )


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.8/", "https://169.254.169.254/",
     "https://localhost/", "ftp://example.com/", "https://me:pass@example.com/", "https://", "nothing", "https://[/"],
)  # fmt: skip
def test_addresses_inside_are_refused_when_they_are_named(cast, settings, url, now):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    with pytest.raises(Invalid):
        services.add_webhook(url=url, kinds=["*"], by=cast.ada, at=now)
    assert not Webhook.objects.exists()


def test_a_name_that_leads_inside_is_refused_when_it_is_called(cast, listener, endpoint, settings, now):
    port = listener.url.split(":")[2].split("/")[0]
    shown = endpoint(url=f"http://localhost.localdomain:{port}/")
    Webhook.objects.update(url=f"http://localhost:{port}/hear")
    services.send_test(webhook=shown.webhook, by=cast.ada, at=now)
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    assert send(now) == 0
    assert listener.heard == []
    assert "inside your network" in WebhookDelivery.objects.get().error


def test_somebody_who_left_is_told_nothing_more(cast, listener, endpoint, now):
    robot = make_user("robot-two", "api_client")
    shown = endpoint(sees_as=robot)
    services.send_test(webhook=shown.webhook, by=cast.ada, at=now)
    robot.is_active = False
    robot.save(update_fields=["is_active"])
    assert send(now) == 0
    assert listener.heard == []


def test_old_messages_are_forgotten(cast, endpoint, now):
    shown = endpoint()
    services.send_test(webhook=shown.webhook, by=cast.ada, at=now)
    assert services.forget_old_deliveries(at=now + timedelta(days=29)) == 0
    assert services.forget_old_deliveries(at=now + timedelta(days=31)) == 1


def test_an_agent_adds_none(cast, endpoint):
    with pytest.raises(NotAllowed):
        endpoint(by=cast.ana)
    assert not Webhook.objects.exists()


def test_nobody_lends_eyes_they_do_not_have(cast, endpoint):
    with pytest.raises(Invalid):
        endpoint(by=cast.robot, sees_as=cast.ada)


def test_a_program_does_not_know_the_webhooks_of_others(cast, endpoint, now):
    shown = endpoint()
    with pytest.raises(NotFound):
        services.rotate_secret(webhook=shown.webhook, by=cast.robot, at=now)


@pytest.mark.django_db(transaction=True)
def test_of_two_senders_one_sends(transactional_db, settings, now):
    from django.db import connection

    from tests.factories import make_cast

    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    cast = make_cast()
    with listening() as listener:
        listener.silent_for = 0.3
        shown = services.add_webhook(url=listener.url, kinds=["*"], by=cast.ada, at=now)
        services.send_test(webhook=shown.webhook, by=cast.ada, at=now)
        taken = []

        def run():
            try:
                taken.append(services.send_to_webhook(number=shown.webhook.pk, at=now))
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert sorted(taken) == [0, 0, 0, 1]
    assert len(listener.heard) == 1
