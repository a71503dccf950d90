"""Where no program listens an event costs no task; whoever begins to listen hears of all that comes afterwards."""

import threading

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.output.webhooks import services
from apps.output.webhooks.models import WebhookDelivery
from config.subscribers import ASKED_FIRST
from helpdesk import events
from helpdesk.models import Event, SubscriberFailure
from tests.factories import make_ticket

ANNOUNCER = "output.announce"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def given(monkeypatch):
    """The tasks that were queued, as (event, subscriber)."""
    tasks: list = []
    monkeypatch.setattr(
        "helpdesk.tasks.deliver_event.delay",
        lambda *, event_id, at, subscriber: tasks.append((event_id, subscriber)),
    )
    return tasks


@pytest.fixture
def listen(cast, settings, now):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True

    def add(*kinds):
        return services.add_webhook(url="http://127.0.0.1:9/", kinds=kinds, by=cast.ada, at=now).webhook

    return add


@pytest.fixture
def opened(cast, now):
    """The events of tickets that have just come in."""

    def come(number=1):
        tickets = [make_ticket(cast, at=now) for _ in range(number)]
        return list(Event.objects.filter(ticket__in=tickets, kind="ticket.opened").order_by("id"))

    return come


def dispatch(rows, now):
    events.dispatch([(one.pk, one.at) for one in rows], now=now)


def owes(event):
    return Event.objects.get(pk=event.pk, at=event.at).owes


def test_where_nobody_listens_the_name_is_struck_off_without_a_task(opened, given, now):
    [event] = opened()
    dispatch([event], now)
    assert ANNOUNCER not in [name for _, name in given]
    assert (
        owes(event) == [name for name in event.owes if name not in ASKED_FIRST] == [name for _, name in given]
    )


def test_who_listens_is_given_the_news(opened, given, listen, now):
    listen("ticket.*")
    [event] = opened()
    dispatch([event], now)
    assert (event.pk, ANNOUNCER) in given
    assert ANNOUNCER in owes(event)


@pytest.mark.parametrize("kinds", [("case.judged",), ("case.*", "signal.*")])
def test_who_listens_to_something_else_is_nobody_here(opened, given, listen, now, kinds):
    listen(*kinds)
    [event] = opened()
    dispatch([event], now)
    assert ANNOUNCER not in owes(event)


def test_an_endpoint_switched_on_later_hears_of_what_comes_after(cast, opened, given, listen, now):
    webhook = listen("*")
    services.switch_webhook(webhook=webhook, on=False, by=cast.ada, at=now)
    before = opened()
    dispatch(before, now)
    services.switch_webhook(webhook=webhook, on=True, by=cast.ada, at=now)
    [after] = opened()
    dispatch([after], now)
    events.deliver(event_id=after.pk, at=after.at, subscriber=ANNOUNCER, now=now)
    assert [row.event_id for row in WebhookDelivery.objects.all()] == [after.pk]


def test_a_hundred_events_are_struck_off_in_as_many_queries_as_one(opened, given, now):
    def asked(rows):
        with CaptureQueriesContext(connection) as queries:
            dispatch(rows, now)
        return len(queries)

    # what is due, who of the three that are asked first listens, the striking off
    assert asked(opened(1)) == asked(opened(100)) == 5


def test_a_failure_from_before_goes_with_the_name(opened, given, now):
    [event] = opened()
    news = {"event_id": event.pk, "at": event.at, "subscriber": ANNOUNCER}
    events.note_failure(**news, error="away", now=now - events.LAST_RETRY)
    dispatch([event], now)
    assert ANNOUNCER not in owes(event)
    assert not SubscriberFailure.objects.exists()


def test_what_was_killed_before_the_striking_off_is_found_by_the_sweep(opened, given, monkeypatch, now):
    [event] = opened()

    def killed(*_):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(events, "_strike", killed)
        with pytest.raises(SystemExit):
            dispatch([event], now)
    assert owes(event) == event.owes
    queued: list = []
    monkeypatch.setattr(events, "queue", queued.extend)
    later = now + 2 * events.SWEEP_AFTER
    events.sweep(now=later)
    events.dispatch(queued, now=later)
    assert ANNOUNCER not in owes(event)


@pytest.mark.django_db(transaction=True)
def test_an_event_somebody_works_on_is_not_waited_for(opened, given, now):
    [event] = opened()
    holds, done = threading.Event(), threading.Event()

    def work():
        with transaction.atomic():
            Event.objects.select_for_update(no_key=True).get(pk=event.pk, at=event.at)
            holds.set()
            done.wait(20)
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    holds.wait(20)
    dispatch([event], now)
    done.set()
    worker.join()
    assert (event.pk, ANNOUNCER) in given
    assert ANNOUNCER in owes(event)
