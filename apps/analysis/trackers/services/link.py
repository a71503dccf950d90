"""An action gets its counterpart in a tracker, and the tracker is told how the action goes on."""

import re
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.models import Action
from apps.analysis.services.access import locked_for_work, must_be_said
from apps.analysis.trackers.letters import comment_about
from apps.analysis.trackers.models import (
    ErrandState,
    Tracker,
    TrackerErrand,
    TrackerItem,
    TrackerKind,
)
from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Event, User


class AlreadyLinked(DomainError):
    """This action has its counterpart already."""

    code = "already-linked"


class NotLinked(DomainError):
    """This action has no counterpart in a tracker."""

    code = "not-linked"


@transaction.atomic
def create_in_tracker(*, action: Action, tracker: Tracker, by: User, at: datetime) -> TrackerItem:
    """Have an item made for an action, out of the case's evidence; asked again after a failure it is tried again.

    Raises AlreadyLinked, Invalid for a tracker that is off.
    """
    locked_for_work(action.case, by)
    _must_be_on(tracker)
    item = TrackerItem.objects.filter(action=action).select_for_update(of=("self",), no_key=True).first()
    if item is not None:
        again = item.errands.filter(what=TrackerErrand.CREATE, state=ErrandState.FAILED)
        if item.key or not again.update(state=ErrandState.WAITING, attempts=0, not_before=at, error=""):
            raise AlreadyLinked
        return item
    item = TrackerItem.objects.create(
        action=action, tracker=tracker, marker=f"helpdesk-{uuid4().hex}", asked_by=by, asked_at=at
    )
    item.errands.create(what=TrackerErrand.CREATE, key="create", created_at=at, not_before=at)
    return item


@transaction.atomic
def link_to_tracker(*, action: Action, tracker: Tracker, item: str, by: User, at: datetime) -> TrackerItem:
    """Say which item there is already for an action, by its number, name or address. How it stands is asked next.

    Raises AlreadyLinked, Invalid for what names no item.
    """
    locked_for_work(action.case, by)
    _must_be_on(tracker)
    key = key_in(must_be_said(item, "item", _("The item")), tracker)
    if TrackerItem.objects.filter(action=action).exists():
        raise AlreadyLinked
    if TrackerItem.objects.filter(tracker=tracker, key=key).exists():
        raise AlreadyLinked(_("This item stands for another action already."), pointer="item")
    row = TrackerItem.objects.create(
        action=action, tracker=tracker, key=key, marker=f"helpdesk-{uuid4().hex}", asked_by=by, asked_at=at,
        url=item.strip() if item.strip().startswith("https://") else "",
    )  # fmt: skip
    note_linked(item=row, by=by, at=at)
    return row


@transaction.atomic
def unlink_from_tracker(*, action: Action, by: User, at: datetime) -> None:
    """The two know nothing of each other any more; the item over there stays as it is. Raises NotLinked."""
    locked_for_work(action.case, by)
    rows = TrackerItem.objects.filter(action=action).select_related("action__case", "tracker")
    item = rows.select_for_update(of=("self",), no_key=True).first()
    if item is None:
        raise NotLinked
    data = {"action": action.pk, "title": action.title, "item": item.name, "url": item.url}
    events.record("action.unlinked", about=action.case.ref, by=by, at=at, data=data)
    item.delete()


def key_in(text: str, tracker: Tracker) -> str:
    """12 of "12", "#12" and ".../acme/shop/issues/12"; SHOP-12 of "shop-12" and ".../browse/SHOP-12"."""
    last = text.strip().split("?")[0].split("#issuecomment")[0].rstrip("/")
    if tracker.kind == TrackerKind.GITHUB:
        project = re.escape(tracker.project)
        found = re.fullmatch(rf"(?:#|(?:.*/)?{project}(?:/issues/|#))?(\d{{1,12}})", last, re.IGNORECASE)
    else:
        found = re.fullmatch(
            rf"(?:.*/browse/)?({re.escape(tracker.project)}-\d{{1,12}})", last, re.IGNORECASE
        )
    if found is None:
        raise Invalid(
            _("Name the item of %(project)s by its number or its address.") % {"project": tracker.project},
            pointer="item",
        )
    return found[1].upper()


def _must_be_on(tracker: Tracker) -> None:
    if not tracker.is_on:
        raise Invalid(_("This tracker is switched off."), pointer="tracker")


def note_linked(*, item: TrackerItem, by: User, at: datetime) -> None:
    """The history of the case knows of it."""
    action = item.action
    data = {"action": action.pk, "title": action.title, "item": item.name, "url": item.url}
    events.record("action.linked", about=action.case.ref, by=by, at=at, data=data)


@transaction.atomic
def tell_tracker(*, event: Event, at: datetime) -> None:
    """An action moved: its counterpart is told, once, unless the news came from there."""
    rows = TrackerItem.objects.select_related("action__case", "tracker")
    item = rows.filter(action=event.data.get("action")).first()
    if item is None or item.moved_at == event.at:
        return
    errand = TrackerErrand(
        item=item, what=TrackerErrand.COMMENT, key=f"event:{event.pk}", text=comment_about(item.action),
        created_at=at, not_before=at,
    )  # fmt: skip
    TrackerErrand.objects.bulk_create([errand], ignore_conflicts=True)
