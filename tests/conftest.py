from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from helpdesk import events
from helpdesk.models import Event, User
from tests import factories


@pytest.fixture
def cast(db) -> factories.Cast:
    """Ana agent in Billing, Omar Billing's owner, Lena lead, Nils analyst, Ada admin, Zoe customer, and Mallory,
    agent of another department, who must see nothing."""
    return factories.make_cast()


@pytest.fixture(scope="module")
def module_wide(django_db_setup, django_db_blocker) -> Iterator[None]:
    """What a fixture of the whole file writes within it is there for each of its tests, which lies in a savepoint of
    its own; it is taken back after the last one."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A browser in which this person is signed in."""

    def in_browser(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return in_browser


@pytest.fixture
def deliver_news() -> Callable[..., int]:
    """Let every subscriber react to every event, and to the events that follow: what the worker does, at once."""

    def deliver(at: datetime = factories.NOW) -> int:
        delivered = 0
        while owing := [(e.pk, e.at, name) for e in Event.objects.owing() for name in e.owes]:
            for event_id, event_at, name in owing:
                delivered += events.deliver(event_id=event_id, at=event_at, subscriber=name, now=at)
        return delivered

    return deliver


@pytest.fixture(autouse=True)
def the_next_is_spoken_to_in_english() -> Iterator[None]:
    """A page leaves its reader's language behind in this thread, until the next one is asked for."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def nothing_is_queued(request, monkeypatch) -> None:
    """Tests without a worker of their own do not fill the queue: news is delivered by `deliver_news`."""
    if "house" not in request.fixturenames:
        monkeypatch.setattr(events, "queue", lambda keys: None)
