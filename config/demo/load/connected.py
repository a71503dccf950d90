"""Programs of others: a webhook that was switched off, and the software team's tracker with one item. Both are off, so
that a demo company calls nobody."""

from datetime import timedelta

from apps.analysis.models import Action, ActionState
from apps.analysis.trackers.models import ErrandState, TrackerItem, TrackerKind
from apps.analysis.trackers.services import add_tracker
from apps.output.webhooks.documents import message_about
from apps.output.webhooks.models import WebhookDelivery, WebhookState
from apps.output.webhooks.services import add_webhook, switch_webhook
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import Event

TOLD = 12  # the newest of what a webhook has told
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NOT_HEARD = 3  # the last ones, for which it was switched off


def connect(world: World, house: House) -> None:
    _webhook(world, house)
    _tracker(world, house)


def _webhook(world: World, house: House) -> None:
    """The data warehouse heard of every case until it was moved; who looks after it switched the webhook off."""
    webhook = add_webhook(
        url="https://warehouse.warmfold.example/helpdesk", kinds=["case.*"], description="Data warehouse", by=house.admin,
        at=house.opened_at,
    ).webhook  # fmt: skip
    switch_webhook(webhook=webhook, on=False, by=house.admin, at=world.now - DAY)
    newest = Event.objects.filter(kind__startswith="case.", about__startswith="case:").select_related("by")
    past = reversed(newest.order_by("-at", "-pk")[:TOLD])
    bodies = [(event, body) for event in past if (body := message_about(event, user=house.admin))]
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            webhook=webhook, event_id=event.pk, kind=event.kind, body=body, created_at=event.at, since=event.at,
            not_before=event.at, attempted_at=event.at + SECOND, **_fate(is_heard=place < len(bodies) - NOT_HEARD),
        )
        for place, (event, body) in enumerate(bodies)
    )  # fmt: skip


def _fate(*, is_heard: bool) -> dict[str, object]:
    if is_heard:
        return {"state": WebhookState.DELIVERED, "attempts": 1, "status": 204, "seconds": 0.21}
    return {
        "state": WebhookState.GIVEN_UP, "attempts": 9, "status": 410, "seconds": 0.18, "answer": "Gone: we have moved",
    }  # fmt: skip


def _tracker(world: World, house: House) -> None:
    """The newest action that is at work stands in the developers' tracker too."""
    at_work = Action.objects.filter(state=ActionState.IN_PROGRESS).select_related("case", "assignee")
    action = at_work.order_by("-pk").first() or Action.objects.order_by("-pk").first()
    if action is None:
        return
    tracker = add_tracker(
        kind=TrackerKind.GITHUB, name="Warmfold software", project="warmfold/app", token="not-a-token",  # noqa: S106
        labels=["from-customers"], by=house.admin, at=house.opened_at,
    ).tracker  # fmt: skip
    tracker.is_on, tracker.heard_at = False, world.now - DAY
    tracker.save(update_fields=["is_on", "heard_at"])
    asked_at = world.now - 6 * DAY
    item = TrackerItem.objects.create(
        action=action, tracker=tracker, key="412", url="https://github.example/warmfold/app/issues/412",
        marker=f"helpdesk-demo-{action.pk}", standing="open", standing_at=world.now - DAY, looked_at=world.now - DAY,
        asked_by=action.assignee or house.admin, asked_at=asked_at,
    )  # fmt: skip
    item.errands.create(
        what="create",
        key="create",
        created_at=asked_at,
        not_before=asked_at,
        state=ErrandState.DONE,
        attempts=1,
    )
