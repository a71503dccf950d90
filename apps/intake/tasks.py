from contextlib import suppress
from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.intake import services
from helpdesk.models import User

ENCODED_AT_ONCE = (
    5_000  # at most two minutes: long before a task is ended, and soon enough for the next in the queue
)


@shared_task(queue="mail")
def read_waiting_mail(**_: Any) -> None:
    services.read_waiting_mail(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def train_suggestions(**_: Any) -> None:
    with suppress(services.AlreadyTraining):
        services.train_suggestions(by=User.objects.system(), at=timezone.now())


@shared_task(queue="analysis")
def encode_tickets(**_: Any) -> None:
    with suppress(services.AlreadyEncoding):
        services.encode_tickets(by=User.objects.system(), at=timezone.now(), most=ENCODED_AT_ONCE)
