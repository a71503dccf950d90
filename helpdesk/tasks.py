"""Doors of the kernel's own background work."""

from datetime import datetime
from typing import Any

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from helpdesk import events, services


@shared_task(queue="default")
def dispatch_events(*, keys: list[tuple[int, str]], **_: Any) -> None:
    events.dispatch([(event_id, datetime.fromisoformat(at)) for event_id, at in keys], now=timezone.now())


# A deadlock or a lost connection is tried again in a second; anything else waits for the sweep.
@shared_task(queue="default", autoretry_for=(OperationalError,), max_retries=3, default_retry_delay=1)
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


@shared_task(queue="default")
def forget_expired(**_: Any) -> None:
    services.forget_expired(at=timezone.now())


@shared_task(queue="default")
def publish_planned_releases(**_: Any) -> None:
    services.publish_due_change_sets(at=timezone.now())


@shared_task(queue="analysis")
def recode_tickets(**_: Any) -> None:
    services.recode_waiting(at=timezone.now())
