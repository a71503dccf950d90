"""Doors of staff management's background work."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.staff import services
from helpdesk.models import User


@shared_task(queue="default")
def deal_waiting(**_: Any) -> None:
    services.deal_waiting(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def renew_certificates(**_: Any) -> None:
    services.renew_certificates(by=User.objects.system(), at=timezone.now())
