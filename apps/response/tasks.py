"""Doors of background work."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.response import services
from apps.response.recoding.services import work_on_hand_recodings
from helpdesk.models import User


@shared_task(queue="analysis")
def draw_readings(**_: Any) -> None:
    services.draw_readings(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def close_settled(**_: Any) -> None:
    services.close_settled(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def recode_by_hand(**_: Any) -> None:
    work_on_hand_recodings(at=timezone.now())
