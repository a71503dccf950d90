"""Doors of background work."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.output import services
from helpdesk.models import User


@shared_task(queue="mail")
def send_due(**_: Any) -> None:
    services.send_due(by=User.objects.system(), at=timezone.now())
