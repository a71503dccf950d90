"""Doors of the kernel's own background work."""

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from helpdesk import events


@shared_task(queue="default")
def dispatch_event(*, event_id: int, at: str, **_: Any) -> None:
    events.dispatch(event_id=event_id, at=datetime.fromisoformat(at))


@shared_task(queue="default")
def deliver_event(*, event_id: int, at: str, subscriber: str, **_: Any) -> None:
    news: dict[str, Any] = {"event_id": event_id, "at": datetime.fromisoformat(at), "subscriber": subscriber}
    try:
        events.deliver(**news, now=timezone.now())
    except Exception as error:
        # Not to go on, but to leave word why: the error is raised again below.
        events.note_failure(**news, error=repr(error), now=timezone.now())
        raise


@shared_task(queue="default")
def sweep_events(**_: Any) -> None:
    events.sweep(now=timezone.now())


@shared_task(queue="default")
def make_event_partitions(**_: Any) -> None:
    events.make_partitions(now=timezone.now())
