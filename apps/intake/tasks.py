from contextlib import suppress
from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.intake import services
from helpdesk.models import User


@shared_task(queue="mail")
def read_waiting_mail(**_: Any) -> None:
    services.read_waiting_mail(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def train_suggestions(**_: Any) -> None:
    with suppress(services.AlreadyTraining):
        services.train_suggestions(by=User.objects.system(), at=timezone.now())
