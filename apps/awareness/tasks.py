"""Doors of awareness's background work."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.awareness import services
from helpdesk.models import User


@shared_task(queue="mail")
def send_waves(**_: Any) -> None:
    services.send_waves(by=User.objects.system(), at=timezone.now())


@shared_task(queue="mail")
def send_outreaches(**_: Any) -> None:
    services.send_outreaches(by=User.objects.system(), at=timezone.now())


@shared_task(queue="mail")
def send_digests(**_: Any) -> None:
    services.send_digests(by=User.objects.system(), at=timezone.now())


@shared_task(queue="reports")
def send_due_report(**_: Any) -> None:
    services.send_due_report(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def unmark_unknown(**_: Any) -> None:
    services.unmark_unknown(by=User.objects.system(), at=timezone.now())
