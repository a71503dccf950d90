"""An event becomes a message to each endpoint that listens."""

from datetime import datetime

from django.db import transaction

from apps.output.webhooks.documents import message_about
from apps.output.webhooks.models import Webhook, WebhookDelivery
from helpdesk.models import Event


@transaction.atomic
def announce(*, event: Event, at: datetime) -> int:
    """Lay the event into the outbox of every endpoint that asked for such news, as far as its user may know of it;
    returns to how many. One query where nobody listens; told again, it is the same message.
    """
    rows = []
    for webhook in Webhook.objects.listening(event.kind).select_related("sees_as"):
        body = message_about(event, user=webhook.sees_as)
        if body is not None:
            rows.append(
                WebhookDelivery(
                    webhook=webhook, event_id=event.pk, kind=event.kind, body=body, created_at=at, since=at,
                    not_before=at,
                )
            )  # fmt: skip
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
