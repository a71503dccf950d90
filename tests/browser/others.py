"""Programs of others that the browser looks at: what was told to them, and how that went."""

from datetime import timedelta

from django.urls import reverse

from apps.analysis.trackers import services as trackers
from apps.output.customers import services as customers
from apps.output.customers.proof import REACHED, key_of
from apps.output.webhooks import services as webhooks
from apps.output.webhooks.models import Webhook, WebhookDelivery, WebhookState
from apps.response.recoding.services import recode_by_hand, undo_hand_recoding, work_on_hand_recodings
from helpdesk.models import Issue, Ticket, User
from tests.browser.helped import help_customers
from tests.factories import NOW, Cast


def tell_others(cast: Cast) -> dict[str, str]:
    """A webhook to which one message went, one waits and one was given up, and one that is off; two trackers."""
    lake = webhooks.add_webhook(
        url="https://lake.example/hooks/helpdesk", kinds=["case.*", "ticket.opened"], description="The data lake",
        by=cast.ada, at=NOW,
    ).webhook  # fmt: skip
    for state, status, answer in (
        (WebhookState.DELIVERED, 204, ""),
        (WebhookState.GIVEN_UP, 500, "<h1>Internal Server Error</h1>"),
        (WebhookState.WAITING, None, ""),
    ):
        message = webhooks.send_test(webhook=lake, by=cast.ada, at=NOW)
        WebhookDelivery.objects.filter(pk=message.pk).update(
            state=state, status=status, answer=answer, attempts=3, attempted_at=NOW, seconds=0.21,
            error="" if status else "Connection refused",
        )  # fmt: skip
    Webhook.objects.update(failures=1, rests_until=NOW + timedelta(seconds=5))
    old = webhooks.add_webhook(url="https://old.example/hear", kinds=["*"], by=cast.ada, at=NOW).webhook
    webhooks.switch_webhook(webhook=old, on=False, by=cast.ada, at=NOW)
    shop = trackers.add_tracker(
        kind="github", name="The shop's developers", project="acme/shop", token="t", labels=["support"],
        by=cast.ada, at=NOW,
    ).tracker  # fmt: skip
    shop.error, shop.heard_at = "It did not answer within ten seconds.", NOW - timedelta(hours=3)
    shop.save(update_fields=["error", "heard_at"])
    trackers.add_tracker(
        kind="jira", name="Billing", project="BILL", base_url="https://acme.atlassian.example", token="t",
        by=cast.ada, at=NOW,
    )  # fmt: skip
    recoding = recode_by_hand(
        query="issue:invoice/charged-twice is:open", target=Issue.objects.get(code="login-code"),
        reason="They mean the code of the new card", by=cast.nils, at=NOW,
    )  # fmt: skip
    work_on_hand_recodings(at=NOW)
    recoding.refresh_from_db()
    # Undone, so that no other page tells of it.
    undo_hand_recoding(recoding=recoding, reason="They mean the invoice after all", by=cast.ada, at=NOW)
    work_on_hand_recodings(at=NOW)
    return help_customers(cast) | {
        "recoding": reverse("recoding", kwargs={"pk": recoding.pk}),
        "webhook": reverse("webhook", kwargs={"pk": lake.pk}),
        "tracker": reverse("tracker", kwargs={"pk": shop.pk}),
    }


def claim_an_address(ticket: Ticket) -> str:
    """Another address and number of a customer, and a note; the key of the letter that asks."""
    by = {"by": User.objects.get(email="lena@desk.test"), "at": NOW}
    customers.note_customer(customer=ticket.customer, body="Prefers to be called after six.", **by)
    customers.add_phone(customer=ticket.customer, number="+43 660 1234567", **by)
    address = customers.add_address(customer=ticket.customer, email="zoe@work.test", **by)
    return key_of(address, REACHED)


def another(ticket: Ticket) -> int:
    """Another customer of the same department."""
    others = Ticket.objects.filter(department=ticket.department).exclude(customer=ticket.customer)
    return others.latest("pk").customer_id
