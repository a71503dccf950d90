"""What the pages and the API show of webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from apps.output.webhooks.models import Webhook, WebhookDelivery, WebhookQuerySet, WebhookState
from helpdesk.models import User

PAGE = 50


def webhooks_of(user: User) -> WebhookQuerySet:
    """The endpoints this person may know of, with what waits, what was given up, and the last that arrived."""
    waiting = Count("deliveries", filter=Q(deliveries__state=WebhookState.WAITING))
    given_up = Count("deliveries", filter=Q(deliveries__state=WebhookState.GIVEN_UP))
    arrived = Max("deliveries__attempted_at", filter=Q(deliveries__state=WebhookState.DELIVERED))
    rows = Webhook.objects.visible_to(user).select_related("sees_as", "created_by")
    return rows.annotate(waiting=waiting, given_up=given_up, arrived=arrived)


@dataclass(frozen=True)
class Log:
    """Fifty messages of one endpoint, the newest first."""

    rows: Sequence[WebhookDelivery]
    next_before: int | None


def log_of(webhook: Webhook, *, state: str = "", before: int | None = None) -> Log:
    """One query."""
    rows = webhook.deliveries.all()
    if state in WebhookState.values:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return Log(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)
