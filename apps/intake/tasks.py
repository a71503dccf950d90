from contextlib import suppress
from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.intake import services
from helpdesk.models import User

AT_ONCE = 10_000  # tickets encoded in a run: minutes, and done before a task is ended
NEWEST = 20_000  # looked at every few minutes; older ones, which a large import or another encoder leaves, each hour


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
        services.encode_tickets(by=User.objects.system(), at=timezone.now(), most=AT_ONCE)


@shared_task(queue="analysis")
def encode_newest_tickets(**_: Any) -> None:
    with suppress(services.AlreadyEncoding):
        services.encode_tickets(by=User.objects.system(), at=timezone.now(), most=AT_ONCE, newest=NEWEST)
