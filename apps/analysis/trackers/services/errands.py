"""Errands are run: claimed one by one, spoken outside any transaction, and the answer noted.

A process may die between the call and the note. Then the errand is run again after `CLAIMED_FOR`; what it left over
there is found by its marker, so that nothing is created or said twice.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from apps.analysis.trackers.clients import client_of
from apps.analysis.trackers.letters import letter_about
from apps.analysis.trackers.models import ErrandState, TrackerErrand, TrackerItem
from apps.analysis.trackers.services.connect import UNOPENED, note_trouble
from apps.analysis.trackers.services.link import note_linked
from apps.analysis.trackers.shapes import Item, Trouble
from helpdesk.models import User
from helpdesk.pauses import is_last, pause_after
from helpdesk.permissions import require
from helpdesk.sealed import CantBeOpened

MOST_AT_ONCE = 50


def due_errands(*, at: datetime) -> list[int]:
    """Reads only."""
    return list(TrackerErrand.objects.due(at).order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])


def run_errand(*, number: int, by: User, at: datetime) -> bool:
    """Run one errand, if nobody else does; returns whether the tracker took it. Trouble is noted, for a later try."""
    require(by, "analysis.run")
    if not TrackerErrand.objects.due(at).filter(pk=number).update(claimed_at=at, attempts=F("attempts") + 1):
        return False
    rows = TrackerErrand.objects.select_related("item__tracker", "item__asked_by", "item__action__case")
    errand = rows.get(pk=number)
    try:
        made = _said_or_made(errand, at)
    except Trouble as trouble:
        _fail(errand, trouble, at=at)
        return False
    except CantBeOpened:
        _fail(errand, Trouble(UNOPENED), at=at)
        return False
    _done(errand, made, at=at)
    return True


def _said_or_made(errand: TrackerErrand, at: datetime) -> Item | None:
    if errand.what == TrackerErrand.CREATE:
        return _create(errand.item, at)
    _comment(errand)
    return None


def _create(item: TrackerItem, at: datetime) -> Item:
    """What an earlier try made, or a new one."""
    client = client_of(item.tracker)
    found = client.find(item.marker, since=item.asked_at)
    return found or client.create(letter_about(item, at=at), marker=item.marker)


def _comment(errand: TrackerErrand) -> None:
    client, key = client_of(errand.item.tracker), errand.item.key
    # Asked only when a try before this one may have said it.
    if errand.attempts == 1 or not client.has_comment(key, errand.marker, since=errand.created_at):
        client.comment(key, f"{errand.text}\n\n({errand.marker})")


@transaction.atomic
def _done(errand: TrackerErrand, made: Item | None, *, at: datetime) -> None:
    TrackerErrand.objects.filter(pk=errand.pk).update(state=ErrandState.DONE, claimed_at=None, error="")
    note_trouble(tracker=errand.item.tracker, trouble="")
    if made is not None:
        item = errand.item
        item.key, item.url, item.standing = made.key[:60], made.url[:500], made.standing.words
        known = TrackerItem.objects.filter(pk=item.pk)
        # Else it was unlinked while we were speaking.
        if known.update(key=item.key, url=item.url, standing=item.standing):
            note_linked(item=item, by=item.asked_by, at=at)


@transaction.atomic
def _fail(errand: TrackerErrand, trouble: Trouble, *, at: datetime) -> None:
    ended = trouble.for_good or is_last(errand.attempts, waited=at - errand.created_at)
    TrackerErrand.objects.filter(pk=errand.pk).update(
        state=ErrandState.FAILED if ended else ErrandState.WAITING,
        claimed_at=None,
        error=str(trouble)[:300],
        not_before=at + pause_after(errand.attempts, number=errand.pk),
    )
    note_trouble(tracker=errand.item.tracker, trouble=str(trouble))
