from datetime import timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError

from helpdesk import events
from helpdesk.models import Event, SubscriberFailure
from tests.factories import NOW, make_ticket


@pytest.fixture
def heard(monkeypatch) -> list:
    """A subscriber that writes down what it heard."""
    calls: list = []

    def listen(*, event, by, at):
        calls.append(event.pk)

    monkeypatch.setattr(
        events, "subscribers", lambda: {"ticket.opened": ("test.listen",), "message.received": ()}
    )
    monkeypatch.setattr(events, "resolve", lambda name: listen)
    return calls


def test_an_event_is_recorded_with_the_names_it_owes(cast, heard):
    ticket = make_ticket(cast)
    event = Event.objects.get(ticket=ticket, kind="ticket.opened")
    assert event.owes == ["test.listen"]
    assert event.by == cast.system


def test_a_subscriber_hears_an_event_once_however_often_it_is_delivered(cast, heard):
    make_ticket(cast)
    event = Event.objects.get(kind="ticket.opened")
    news = {"event_id": event.pk, "at": event.at, "subscriber": "test.listen", "now": NOW}
    assert events.deliver(**news) is True
    assert events.deliver(**news) is False
    assert heard == [event.pk]
    event.refresh_from_db()
    assert event.owes == []


def test_a_subscriber_that_fails_keeps_its_name_on_the_event(cast, heard, monkeypatch):
    def fail(**_):
        raise ValueError("no")

    monkeypatch.setattr(events, "resolve", lambda name: fail)
    make_ticket(cast)
    event = Event.objects.get(kind="ticket.opened")
    with pytest.raises(ValueError, match="no"):
        events.deliver(event_id=event.pk, at=event.at, subscriber="test.listen", now=NOW)
    event.refresh_from_db()
    assert event.owes == ["test.listen"]


def test_the_sweep_queues_what_still_owes_a_name_after_a_minute(cast, heard, monkeypatch):
    queued: list = []
    monkeypatch.setattr(events, "queue", lambda keys: queued.extend(pk for pk, _ in keys))
    make_ticket(cast)
    queued.clear()
    assert events.sweep(now=NOW + timedelta(seconds=30)) == 0
    assert events.sweep(now=NOW + timedelta(seconds=90)) == 1
    assert queued == [Event.objects.get(kind="ticket.opened").pk]


def test_the_sweep_leaves_a_failed_event_alone_until_its_next_try(cast, heard):
    make_ticket(cast)
    event = Event.objects.get(kind="ticket.opened")
    news = {"event_id": event.pk, "at": event.at, "subscriber": "test.listen", "error": "away"}
    events.note_failure(**news, now=NOW + timedelta(seconds=70))
    assert events.sweep(now=NOW + timedelta(seconds=90)) == 0
    assert events.sweep(now=NOW + timedelta(minutes=3)) == 1
    events.note_failure(**news, now=NOW + timedelta(minutes=3))
    assert SubscriberFailure.objects.get().attempts == 2


@pytest.fixture
def half_failed(cast, monkeypatch):
    """An event that owes two names, one of which failed and waits."""
    monkeypatch.setattr(
        events,
        "subscribers",
        lambda: {"ticket.opened": ("test.fails", "test.listen"), "message.received": ()},
    )
    make_ticket(cast)
    event = Event.objects.get(kind="ticket.opened")
    events.note_failure(
        event_id=event.pk, at=event.at, subscriber="test.fails", error="away", now=NOW + timedelta(seconds=70)
    )
    return event


def test_a_subscriber_that_waits_does_not_hold_up_another(half_failed):
    assert events.sweep(now=NOW + timedelta(seconds=90)) == 1


def test_only_who_does_not_wait_is_given_the_news_again(half_failed, monkeypatch):
    given = []
    monkeypatch.setattr("helpdesk.tasks.deliver_event.delay", lambda **news: given.append(news["subscriber"]))
    events.dispatch([(half_failed.pk, half_failed.at)], now=NOW + timedelta(seconds=90))
    events.dispatch([(half_failed.pk, half_failed.at)], now=NOW + timedelta(minutes=10))
    assert given == ["test.listen", "test.fails", "test.listen"]


def test_the_sweep_goes_on_behind_those_that_wait(half_failed, cast, monkeypatch):
    monkeypatch.setattr(events, "SWEEP_BATCH", 1)
    queued: list = []
    monkeypatch.setattr(events, "queue", lambda keys: queued.extend(pk for pk, _ in keys))
    Event.objects.filter(pk=half_failed.pk).update(owes=["test.fails"])
    later = Event.objects.get(ticket=make_ticket(cast), kind="ticket.opened")
    queued.clear()
    events.sweep(now=NOW + timedelta(seconds=90))
    assert queued == [later.pk]


def test_a_kind_nobody_declared_is_refused(cast):
    with pytest.raises(KeyError):
        events.record("ticket.exploded", by=cast.system, at=NOW)


def test_an_event_rolls_back_with_its_change(cast):
    with transaction.atomic():
        make_ticket(cast)
        transaction.set_rollback(True)
    assert not Event.objects.exists()


@pytest.mark.parametrize("change", ["DELETE FROM helpdesk_event", "UPDATE helpdesk_event SET kind = 'x.y'"])
def test_the_database_itself_refuses_to_rewrite_history(cast, change):
    make_ticket(cast)
    with pytest.raises((InternalError, DatabaseError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_events_land_in_the_partition_of_their_month(cast):
    make_ticket(cast, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM helpdesk_event")
        assert cursor.fetchall() == [("helpdesk_event_2026_05",)]


def test_partitions_are_made_again_without_harm(db):
    events.make_partitions(now=NOW)
    events.make_partitions(now=NOW)
