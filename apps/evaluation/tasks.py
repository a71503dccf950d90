"""Doors of evaluation's background work."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.evaluation.taxonomy import services


@shared_task(queue="analysis")
def recode_by_suggestion(**_: Any) -> None:
    services.suggest_waiting(at=timezone.now())
