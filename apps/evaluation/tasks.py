"""Doors of evaluation's background work."""

import secrets
from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.evaluation import services as evaluation
from apps.evaluation.quality.services import draw_reviews as draw_reviews_of_weeks
from apps.evaluation.taxonomy import services
from helpdesk.models import User


@shared_task(queue="analysis")
def recode_by_suggestion(**_: Any) -> None:
    services.suggest_waiting(at=timezone.now())


@shared_task(queue="analysis")
def draft_statements(**_: Any) -> None:
    evaluation.draft_due_statements(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def count_months(**_: Any) -> None:
    evaluation.count_months(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def draw_reviews(**_: Any) -> None:
    seed = secrets.randbits(31)  # nobody can tell beforehand which answers are looked at
    draw_reviews_of_weeks(seed=seed, by=User.objects.system(), at=timezone.now())
