"""News from a tracker: by its webhooks, and by looking ourselves at what they may have missed.

"Done" over there makes the action implemented and no more. What the rules of actions refuse is written into the
history with the reason, and not lost. An item closed as something else than done changes nothing; one that is opened
again takes *implemented* back, as long as nobody has confirmed it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from apps.analysis.deadlines import today
from apps.analysis.masking import mask
from apps.analysis.models import Action, ActionState
from apps.analysis.models.action import EXITS
from apps.analysis.services.access import locked
from apps.analysis.services.actions import move_action
from apps.analysis.trackers.clients import client_of
from apps.analysis.trackers.models import Tracker, TrackerItem, TrackerNews
from apps.analysis.trackers.services.connect import note_trouble
from apps.analysis.trackers.shapes import Heard, Standing, Trouble
from helpdesk import events
from helpdesk.errors import DomainError
from helpdesk.models import User
from helpdesk.permissions import require
from helpdesk.sealed import CantBeOpened

LOOK_EVERY, MOST_LOOKS = timedelta(minutes=10), 200
KEPT_FOR = timedelta(days=30)
# The proof has spoken, or it was given up: nothing over there changes the action any more.
SETTLED = (*sorted(EXITS), "effective", "ineffective")
AT_WORK = frozenset({"assigned", "accepted", "in_progress"})


@dataclass(frozen=True)
class Told:
    """What came of news, in a word: "taken over", "noted", "heard before", "not ours"."""

    word: str


@transaction.atomic
def hear(*, tracker: Tracker, heard: Heard, by: User, at: datetime) -> Told:
    """Take in what a webhook told, once, however often it comes."""
    require(by, "analysis.case")
    Tracker.objects.filter(pk=tracker.pk).update(heard_at=at)
    item = _held(tracker, heard.key)
    if item is None:
        return Told("not ours")
    _, is_new = TrackerNews.objects.get_or_create(
        tracker=tracker, delivery=heard.delivery, defaults={"item": item, "heard_at": at}
    )
    if not is_new:
        return Told("heard before")
    if heard.comment:
        _report(item, "commented", who=heard.who, note=mask(heard.comment).text, by=by, at=at)
        return Told("noted")
    if heard.standing is not None:
        return mind_item(item=item, standing=heard.standing, as_of=heard.at, who=heard.who, by=by, at=at)
    return Told("noted")


def _held(tracker: Tracker, key: str) -> TrackerItem | None:
    """The item, its case locked before it: in this order everybody takes them."""
    rows = TrackerItem.objects.select_related("action__case", "tracker")
    item = rows.filter(tracker=tracker, key=key).first() if key else None
    if item is None:
        return None
    locked(item.action.case)
    # None: unlinked meanwhile.
    return rows.select_for_update(of=("self",), no_key=True).filter(pk=item.pk).first()


@transaction.atomic
def mind_item(
    *, item: TrackerItem, standing: Standing, as_of: datetime | None, who: str = "", by: User, at: datetime
) -> Told:
    """Take over how an item stands now. What is older than what we know, or the same, changes nothing."""
    require(by, "analysis.case")
    if as_of is not None and item.standing_at is not None and as_of < item.standing_at:
        return Told("noted")
    before = item.is_closed, item.is_done
    item.is_closed, item.is_done, item.standing = standing.is_closed, standing.is_done, standing.words
    item.standing_at = as_of or item.standing_at
    item.save(update_fields=["is_closed", "is_done", "standing", "standing_at"])
    if before == (standing.is_closed, standing.is_done):
        return Told("noted")
    action = Action.objects.get(pk=item.action_id)
    refused, moved = "", False
    if standing.is_done and action.state in AT_WORK | {ActionState.PROPOSED}:
        refused = _implement(item, action, standing, _day(as_of, action, at), by=by, at=at)
        moved = not refused
    elif not standing.is_done and before[1] and action.state == ActionState.IMPLEMENTED:
        moved = True
        _move(item, action, ActionState.IN_PROGRESS, f"{item.name}: {standing.words}", None, by=by, at=at)
    _report(item, standing.words, who=who, refused=refused, by=by, at=at)
    return Told("taken over" if moved else "noted")


def _implement(
    item: TrackerItem, action: Action, standing: Standing, on: date | None, *, by: User, at: datetime
) -> str:
    """Implemented, by way of in progress where nobody had begun; else why not, with nothing changed."""
    note = f"{item.name}: {standing.words}"
    try:
        with transaction.atomic():
            if action.state == ActionState.ASSIGNED:
                _move(item, action, ActionState.IN_PROGRESS, note, None, by=by, at=at)
            _move(item, action, ActionState.IMPLEMENTED, note, on, by=by, at=at)
    except DomainError as refusal:
        return refusal.detail
    return ""


def _move(
    item: TrackerItem, action: Action, to: str, note: str, on: date | None, *, by: User, at: datetime
) -> None:
    move_action(action=action, to=to, note=note, on=on, by=by, at=at)
    item.moved_at = at
    item.save(update_fields=["moved_at"])


def _day(as_of: datetime | None, action: Action, at: datetime) -> date | None:
    """The day it was closed over there, where it can be one; else today."""
    day = today(as_of) if as_of is not None else None
    return day if day is not None and action.case.detection_start <= day <= today(at) else None


def _report(
    item: TrackerItem, what: str, *, who: str, note: str = "", refused: str = "", by: User, at: datetime
) -> None:
    action = item.action
    data = {
        "action": action.pk, "title": action.title, "item": item.name, "what": what, "who": who, "note": note,
        "refused": refused,
    }  # fmt: skip
    events.record("action.reported", about=action.case.ref, by=by, at=at, data=data)


# --- looking ourselves --------------------------------------------------------------------------------


def stale_items(*, at: datetime) -> list[int]:
    """The items nobody has looked at for ten minutes, whose actions are not settled. Reads only."""
    stale = Q(looked_at=None) | Q(looked_at__lte=at - LOOK_EVERY)
    rows = TrackerItem.objects.filter(stale, tracker__is_on=True).exclude(key="")
    rows = rows.exclude(action__state__in=SETTLED)
    return list(rows.order_by("looked_at", "pk").values_list("pk", flat=True)[:MOST_LOOKS])


def look_at_item(*, number: int, by: User, at: datetime) -> Told:
    """Ask the tracker how one item stands. Trouble is noted on the tracker, for its administrators."""
    require(by, "analysis.case")
    item = TrackerItem.objects.select_related("tracker").filter(pk=number).first()
    if item is None:
        return Told("not ours")  # unlinked meanwhile
    TrackerItem.objects.filter(pk=number).update(looked_at=at)
    try:
        found = client_of(item.tracker).item(item.key)
    except (Trouble, CantBeOpened) as trouble:
        note_trouble(tracker=item.tracker, trouble=str(trouble) or "Its token can't be opened.")
        return Told("noted")
    note_trouble(tracker=item.tracker, trouble="")
    return _take_over(item.tracker, found.key or item.key, found.url, found.standing, found.at, by=by, at=at)


@transaction.atomic
def _take_over(
    tracker: Tracker,
    key: str,
    url: str,
    standing: Standing,
    as_of: datetime | None,
    *,
    by: User,
    at: datetime,
) -> Told:
    item = _held(tracker, key)
    if item is None:
        return Told("not ours")  # moved to another project: its name there is another
    if url and item.url != url:
        TrackerItem.objects.filter(pk=item.pk).update(url=url[:500])
    return mind_item(item=item, standing=standing, as_of=as_of, by=by, at=at)


@transaction.atomic
def forget_old_news(*, at: datetime) -> int:
    """What was heard more than 30 days ago need not be known again: trackers repeat themselves for days, not months."""
    gone, _ = TrackerNews.objects.filter(heard_at__lt=at - KEPT_FOR).delete()
    return gone
