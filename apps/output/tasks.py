"""Doors of background work."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.output import services
from apps.output.account import services as account
from apps.output.customers import services as customers
from apps.output.help_centre import services as help_centre
from apps.output.privacy.services import erasing, exporting, retention
from apps.output.webhooks import services as webhooks
from helpdesk.models import User


@shared_task(queue="mail")
def send_due(**_: Any) -> None:
    services.send_due(by=User.objects.system(), at=timezone.now())


@shared_task(queue="mail")
def send_news(**_: Any) -> None:
    services.send_news(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def forget_read_news(**_: Any) -> None:
    services.forget_old(at=timezone.now())


@shared_task(queue="webhooks")
def send_webhooks(**_: Any) -> None:
    """A task for each endpoint: a slow one holds up none of the others."""
    for webhook in webhooks.webhooks_to_serve(at=timezone.now()):
        send_to_webhook.apply_async(kwargs={"webhook": webhook}, expires=60)


@shared_task(queue="webhooks")
def send_to_webhook(*, webhook: int, **_: Any) -> None:
    webhooks.send_to_webhook(number=webhook, at=timezone.now())


@shared_task(queue="default")
def forget_webhook_deliveries(**_: Any) -> None:
    webhooks.forget_old_deliveries(at=timezone.now())


@shared_task(queue="default")
def carry_stragglers(**_: Any) -> None:
    customers.carry_stragglers(by=User.objects.system(), at=timezone.now())


@shared_task(queue="default")
def forget_old_merges(**_: Any) -> None:
    customers.forget_old_merges(at=timezone.now())


@shared_task(queue="default")
def forget_sessions(**_: Any) -> None:
    account.forget_old(at=timezone.now())


@shared_task(queue="default")
def export_customers(**_: Any) -> None:
    exporting.make_export(at=timezone.now())


@shared_task(queue="default")
def erase_customers(**_: Any) -> None:
    erasing.erase_on(at=timezone.now())


@shared_task(queue="default")
def forget_exports(**_: Any) -> None:
    exporting.forget_exports(at=timezone.now())


@shared_task(queue="default")
def apply_retention(**_: Any) -> None:
    retention.apply_rules(at=timezone.now())


@shared_task(queue="default")
def settle_help_visits(**_: Any) -> None:
    help_centre.settle_visits(at=timezone.now())
