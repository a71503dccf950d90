"""Doors of evaluation's background work."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.evaluation import services as evaluation
from apps.evaluation.taxonomy import services
from helpdesk.models import User


@shared_task(queue="analysis")
def recode_by_suggestion(**_: Any) -> None:
    services.suggest_waiting(at=timezone.now())


@shared_task(queue="analysis")
def draft_statements(**_: Any) -> None:
    evaluation.draft_due_statements(by=User.objects.system(), at=timezone.now())
