"""Doors of control's background work."""

import secrets
from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.control import services
from apps.control.recurring.services import open_due
from helpdesk.models import User


@shared_task(queue="default")
def tick(**_: Any) -> None:
    services.tick(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def tick_promises(**_: Any) -> None:
    services.tick_promises(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def mind_silent_customers(**_: Any) -> None:
    services.mind_silent_customers(by=User.objects.system(), at=timezone.now())


@shared_task(queue="mail")
def send_due_surveys(**_: Any) -> None:
    services.send_due_surveys(by=User.objects.system(), at=timezone.now(), seed=secrets.randbits(62))


@shared_task(queue="default")
def open_recurring(**_: Any) -> None:
    open_due(by=User.objects.system(), at=timezone.now())
