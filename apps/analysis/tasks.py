"""Doors of the analysis's background work."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.analysis import services
from helpdesk.models import User


@shared_task(queue="analysis")
def run_analysis(**_: Any) -> None:
    services.run_analysis(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def watch_proven(**_: Any) -> None:
    services.watch_proven(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def judge_due_cases(**_: Any) -> None:
    services.judge_due_cases(by=User.objects.system(), at=timezone.now())
