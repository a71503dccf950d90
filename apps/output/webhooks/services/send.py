"""Messages leave for their endpoints: one sender an endpoint, oldest first, outside any transaction.

An attempt is counted before it is made. A sender that dies in the middle leaves the endpoint claimed; after
`CLAIMED_FOR` another takes it, and sends what was not heard of again, with the same `webhook-id`: at least once.
After a failure the endpoint rests and the run ends, so that a dead endpoint holds a worker for one call at most.
"""

from datetime import datetime, timedelta
from http import HTTPStatus

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from standardwebhooks import Webhook as Signer

from apps.output.webhooks.models import Webhook, WebhookDelivery, WebhookState
from helpdesk.models import User
from helpdesk.outside import Answer, call
from helpdesk.pauses import is_last, pause_after, rest_after
from helpdesk.permissions import require
from helpdesk.sealed import CantBeOpened, unseal

MOST_IN_A_RUN, SECONDS_OF_A_RUN = 100, 30.0
KEPT_FOR = timedelta(days=30)
MOST_OF_AN_ANSWER = 500  # characters that are kept; four times as many bytes are read
# So many failures in a row are the endpoint's, and not one message's: when it answers again, all that waits goes out.
IT_WAS_AWAY = 3


def webhooks_to_serve(*, at: datetime) -> list[int]:
    """The endpoints that something is due to. Reads only."""
    waiting = WebhookDelivery.objects.due(at).filter(webhook=OuterRef("pk"))
    return list(Webhook.objects.ready(at).filter(Exists(waiting)).order_by("pk").values_list("pk", flat=True))


def send_to_webhook(*, number: int, at: datetime) -> int:
    """Send what is due to one endpoint until nothing is left, one fails, or the run's time is over; returns how many
    were taken. Of two who try at once one finds it claimed and does nothing.
    """
    if not Webhook.objects.ready(at).filter(pk=number).update(claimed_at=at):
        return 0
    taken, spent = 0, 0.0
    try:
        while taken < MOST_IN_A_RUN and spent < SECONDS_OF_A_RUN:
            row = _next(number, at)
            if row is None:
                break
            answer = _post(row, at + timedelta(seconds=spent))
            spent += answer.seconds
            _note(row, answer, at=at + timedelta(seconds=spent))
            if not answer.is_taken:
                break
            taken += 1
    finally:
        Webhook.objects.filter(pk=number, claimed_at=at).update(claimed_at=None)
    return taken


def _next(number: int, at: datetime) -> WebhookDelivery | None:
    """The oldest that is due, its attempt counted: should the sender die of it, it comes again later, not at once."""
    due = WebhookDelivery.objects.due(at).filter(webhook=number, webhook__is_on=True)
    row = due.select_related("webhook__sees_as").order_by("pk").first()
    if row is not None:
        row.attempts += 1
        row.attempted_at = at
        row.not_before = at + pause_after(row.attempts, number=row.pk)
        row.save(update_fields=["attempts", "attempted_at", "not_before"])
    return row


def _post(row: WebhookDelivery, at: datetime) -> Answer:
    webhook = row.webhook
    if not webhook.sees_as.is_active:
        return Answer(None, "", 0.0, f"{webhook.sees_as.name} is no longer here: nobody may be told.")
    try:
        signatures = " ".join(Signer(one).sign(row.message_id, at, row.body) for one in _secrets(webhook, at))
    except CantBeOpened:
        return Answer(None, "", 0.0, "The secret was sealed under another SECRET_KEY. Make a new one.")
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Accept-Encoding": "identity",
        "webhook-id": row.message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signatures,
    }
    return call("POST", webhook.url, body=row.body.encode(), headers=headers, most=4 * MOST_OF_AN_ANSWER)


def _secrets(webhook: Webhook, at: datetime) -> list[str]:
    """The present secret, and the one before while it is being changed."""
    sealed = [webhook.secret]
    if webhook.old_secret_until is not None and webhook.old_secret_until > at:
        sealed.append(webhook.old_secret)
    return [unseal(one) for one in sealed]


@transaction.atomic
def _note(row: WebhookDelivery, answer: Answer, *, at: datetime) -> None:
    """How it went, for the log, for the next try, and for the endpoint."""
    state = WebhookState.WAITING
    if answer.is_taken:
        state = WebhookState.DELIVERED
    elif answer.status == HTTPStatus.GONE or is_last(row.attempts, waited=at - row.since):
        state = WebhookState.GIVEN_UP
    heard = {
        "status": answer.status, "seconds": answer.seconds, "state": state,
        "answer": answer.text[:MOST_OF_AN_ANSWER], "error": answer.error[:300],
    }  # fmt: skip
    if not WebhookDelivery.objects.filter(pk=row.pk).update(**heard):
        return  # removed while we were speaking
    webhook = Webhook.objects.select_for_update(of=("self",), no_key=True).get(pk=row.webhook_id)
    if answer.is_taken:
        _note_success(webhook, at)
    else:
        _note_failure(webhook, answer, at)


def _note_success(webhook: Webhook, at: datetime) -> None:
    if webhook.failures >= IT_WAS_AWAY:
        webhook.deliveries.filter(state=WebhookState.WAITING, not_before__gt=at).update(not_before=at)
    if webhook.failures:
        Webhook.objects.filter(pk=webhook.pk).update(failures=0, rests_until=None)


def _note_failure(webhook: Webhook, answer: Answer, at: datetime) -> None:
    rests_until = at + rest_after(webhook.failures + 1)
    Webhook.objects.filter(pk=webhook.pk).update(failures=F("failures") + 1, rests_until=rests_until)
    if answer.status == HTTPStatus.GONE:
        webhook.refresh_from_db()
        webhook.switch(False, reason="It answered 410 Gone: it does not want to hear of us any more.")


@transaction.atomic
def resend(*, delivery: WebhookDelivery, by: User, at: datetime) -> WebhookDelivery:
    """Send a message again, delivered or given up, with the same `webhook-id` and all its tries before it."""
    require(by, "output.webhooks", delivery.webhook)
    delivery.state, delivery.attempts = WebhookState.WAITING, 0
    delivery.since = delivery.not_before = at
    delivery.save(update_fields=["state", "attempts", "since", "not_before"])
    Webhook.objects.filter(pk=delivery.webhook_id).update(rests_until=None)
    return delivery


@transaction.atomic
def forget_old_deliveries(*, at: datetime) -> int:
    """Drop what was said more than 30 days ago; returns how many."""
    gone, _ = WebhookDelivery.objects.filter(created_at__lt=at - KEPT_FOR).delete()
    return gone
