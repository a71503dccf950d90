"""The event log: every change leaves one row, and the row is its own outbox.

`record` inserts the event in the caller's transaction, with the names of the subscribers it owes (from
`config/subscribers.py`). When the transaction commits, the event is queued; each subscriber strikes its own name
off in the transaction of its own work. An event that still owes a name after a minute (SWEEP_SECONDS) is queued
again by `sweep`, so the queue, a worker or the machine may die at any moment and nothing is lost or done twice.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Func, Value
from kombu.exceptions import OperationalError

from helpdesk import live, statements
from helpdesk.sentences import Said

if TYPE_CHECKING:
    from helpdesk.models.event import Event
    from helpdesk.models.ticket import Ticket
    from helpdesk.models.user import User

logger = logging.getLogger(__name__)

SWEEP_AFTER = timedelta(seconds=settings.SWEEP_SECONDS)
SWEEP_BATCH, SWEEP_BUNCH = 5_000, 100
FIRST_RETRY, LAST_RETRY = timedelta(minutes=1), timedelta(hours=6)

Subscriber = Callable[..., None]
Listeners = Callable[[Collection[str]], Collection[str]]  # of these kinds, those somebody listens to
EventKey = tuple[int, datetime]  # id and time: the table is cut into months

# Rows that somebody works on are passed over: nobody waits, and two who strike at once can't lock each other out.
STRIKE = """
    WITH free AS (
        SELECT id, at FROM helpdesk_event WHERE id = ANY(%(ids)s) AND at BETWEEN %(first)s AND %(last)s
        FOR NO KEY UPDATE SKIP LOCKED
    ), settled AS (
        DELETE FROM helpdesk_subscriberfailure USING free WHERE event_id = free.id AND subscriber = %(name)s
    )
    UPDATE helpdesk_event event SET owes = array_remove(owes, %(name)s)
    FROM free WHERE event.id = free.id AND event.at = free.at RETURNING event.id
"""


@cache
def subscribers() -> Mapping[str, tuple[str, ...]]:
    # Read at the first event, not on import: config knows the kernel, the kernel must not know config early.
    catalogue: Mapping[str, tuple[str, ...]] = import_module("config.subscribers").SUBSCRIBERS
    return catalogue


@cache
def asked_first() -> Mapping[str, Listeners]:
    """Subscribers that may have nobody to tell, with the function to ask."""
    named: Mapping[str, str] = import_module("config.subscribers").ASKED_FIRST
    return {name: resolve(question) for name, question in named.items()}


@cache
def resolve(name: str) -> Callable[..., Any]:
    """The function behind a name: "control.start_clocks" is `apps.control.subscribers.start_clocks`."""
    point, _, function = name.partition(".")
    found: Subscriber = getattr(import_module(f"apps.{point}.subscribers"), function)
    return found


def record(
    kind: str, *, by: "User", at: datetime, ticket: "Ticket | None" = None, about: str = "",
    data: Mapping[str, Any] | None = None,
) -> "Event":  # fmt: skip
    """Write down that something happened, and queue it for those who react once this transaction commits.

    `kind` reads noun.past-participle and must stand in the catalogue; `about` names a noun of a point ("case:31");
    a sentence among the data stands there as it is kept, for `sentences.read`.
    Raises KeyError for a kind nobody declared, so that a misspelt kind can't go unheard.
    """
    from helpdesk.models.event import Event

    owes = list(subscribers()[kind])
    plain = {name: value.form if isinstance(value, Said) else value for name, value in (data or {}).items()}
    event = Event(kind=kind, ticket=ticket, about=about, by=by, at=at, data=plain, owes=owes)
    statements.insert(event)
    transaction.on_commit(partial(carry, News(event)))
    return event


class News:
    """What is told of an event once its transaction has committed."""

    __slots__ = ("about", "at", "event_id", "is_owed", "kind")

    def __init__(self, event: "Event") -> None:
        self.event_id, self.at, self.kind = event.pk, event.at, event.kind
        self.about = event.about or f"ticket:{event.ticket_id}"
        self.is_owed = bool(event.owes)


def carry(news: News) -> None:
    """After the commit: by the courier where one was named (`carry_by`), else at once."""
    _courier(news)


def carry_by(courier: Callable[[News], None] | None) -> None:
    """Let `courier` carry this process's news from now on, or nobody."""
    global _courier
    _courier = courier or _at_once


def _at_once(news: News) -> None:
    tell([news])


_courier: Callable[[News], None] = _at_once


def tell(news: Sequence[News]) -> None:
    """Open pages hear of it at once, subscribers by way of the queue."""
    live.announce([(one.kind, one.about) for one in news])
    if owed := [(one.event_id, one.at) for one in news if one.is_owed]:
        queue(owed)


def queue(keys: Sequence[EventKey]) -> None:
    """Hand events to the workers; when the broker is away the sweep will find them."""
    from helpdesk.tasks import dispatch_events

    try:
        dispatch_events.delay(keys=[(event_id, at.isoformat()) for event_id, at in keys])
    except OperationalError as error:
        logger.warning("%s events wait for the sweep: the broker does not answer (%s)", len(keys), error)


def dispatch(keys: Sequence[EventKey], *, now: datetime) -> None:
    """Give each subscriber an event still owes a task of its own, so that one failing does not hold up the rest.

    Subscribers that have nobody to tell of an event (`asked_first`) are struck off here, for all events at once.
    """
    from helpdesk.models.event import Event
    from helpdesk.tasks import deliver_event

    ids, times = [event_id for event_id, _ in keys], [at for _, at in keys]
    # The times name the partitions to look into.
    due = Event.objects.due(now).filter(pk__in=ids, at__range=(min(times), max(times))).order_by("at", "id")
    debts = [
        Debt(event_id, at, kind, name)
        for event_id, at, kind, owes, postponed in due.values_list("pk", "at", "kind", "owes", "postponed")  # type: ignore[misc]
        for name in owes
        if name not in postponed
    ]
    struck = _strike_unheard(debts)
    for debt in debts:
        if debt not in struck:
            deliver_event.delay(event_id=debt.event_id, at=debt.at.isoformat(), subscriber=debt.name)


class Debt(NamedTuple):
    """An event still owes this subscriber the news."""

    event_id: int
    at: datetime
    kind: str
    name: str


def _strike_unheard(debts: Sequence[Debt]) -> set[Debt]:
    """Strike off who has nobody to tell; returns what was struck.

    Who begins to listen hears of all that is recorded afterwards: these events were committed before the question.
    """
    struck: set[Debt] = set()
    for name, heard_of in asked_first().items():
        own = [debt for debt in debts if debt.name == name]
        heard = heard_of({debt.kind for debt in own}) if own else ()
        if unheard := [debt for debt in own if debt.kind not in heard]:
            gone = _strike(name, unheard)
            struck.update(debt for debt in unheard if debt.event_id in gone)
    return struck


def _strike(name: str, debts: Sequence[Debt]) -> set[int]:
    """In one statement: it is done wholly or, killed, not at all, and then the sweep comes upon it."""
    times = [debt.at for debt in debts]
    ids = [debt.event_id for debt in debts]
    with connection.cursor() as cursor:
        cursor.execute(STRIKE, {"ids": ids, "first": min(times), "last": max(times), "name": name})
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def deliver(*, event_id: int, at: datetime, subscriber: str, now: datetime) -> bool:
    """Let one subscriber react, once: its work and the striking off of its name commit together.

    Returns whether there was something to do. The lock makes a second delivery of the same news wait, then find
    the name gone.
    """
    from helpdesk.models.event import Event, SubscriberFailure
    from helpdesk.models.user import User

    event = (
        Event.objects.select_for_update(of=("self",), no_key=True)
        .select_related("ticket")
        .get(pk=event_id, at=at)
    )
    if subscriber not in event.owes:
        return False
    resolve(subscriber)(event=event, by=User.objects.system(), at=now)
    struck = Func(F("owes"), Value(subscriber), function="array_remove")
    Event.objects.filter(pk=event_id, at=at).update(owes=struck)
    SubscriberFailure.objects.filter(event_id=event_id, subscriber=subscriber).delete()
    return True


def note_failure(*, event_id: int, at: datetime, subscriber: str, error: str, now: datetime) -> None:
    """Remember why a subscriber failed, and when to try again: doubling from a minute up to six hours."""
    from helpdesk.models.event import SubscriberFailure

    failure, created = SubscriberFailure.objects.get_or_create(
        event_id=event_id, subscriber=subscriber,
        defaults={"event_at": at, "error": error, "try_again_at": now + FIRST_RETRY},
    )  # fmt: skip
    if not created:
        wait = min(FIRST_RETRY * 2 ** min(failure.attempts, 10), LAST_RETRY)
        failure.note(error=error, try_again_at=now + wait)


def sweep(*, now: datetime) -> int:
    """Queue again what still owes a name after a minute, unless all it owes waits for a next try. Returns how many."""
    from helpdesk.models.event import Event

    overdue = Event.objects.due(now).filter(at__lt=now - SWEEP_AFTER).order_by("at", "id")
    rows = list(overdue.values_list("pk", "at")[:SWEEP_BATCH])
    for start in range(0, len(rows), SWEEP_BUNCH):
        queue(rows[start : start + SWEEP_BUNCH])
    return len(rows)


def make_partitions(*, now: datetime, months_ahead: int = 3) -> None:
    """See that the event table has a partition for this month and the next ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT helpdesk_make_event_partitions(%s, %s)", [now.date(), months_ahead])
