"""Tickets are recoded by hand, in batches; it is stopped, and undone.

Each batch is a transaction: codes, tickets, events and how far it is commit together, so that a worker may die at any
moment. Tickets are locked in the order of their numbers, as everybody locks them.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.response.recoding.models import AT_WORK, HandRecodedTicket, HandRecoding, HandState, RowState
from apps.response.recoding.queries import MOST, chosen, words_of
from apps.response.services.coding import check_usable, source_of
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Event, Issue, TaxonomyRelease, Ticket, TicketIssue, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Number, Words, said
from helpdesk.services.taxonomy_recoding import facts, joined

VERB = "response.recode"
BATCH, BATCHES_A_TASK = 200, 50
CODED = ("source", "confidence", "coded_by_id", "suspected_cause", "remedy")


class SelectionChanged(DomainError):
    """Other tickets fit by now than when you looked. Look at the effect again."""

    code = "selection-changed"


class CantBeUndone(DomainError):
    """Only what is done can be undone, and for 30 days."""

    code = "cant-be-undone"


@transaction.atomic
def recode_by_hand(
    *,
    query: str,
    target: Issue,
    reason: str,
    instead_of: Issue | None = None,
    expected: int | None = None,
    by: User,
    at: datetime,
) -> HandRecoding:
    """Give all tickets that a question finds another issue; a worker does it.

    `expected`: how many the person was shown. Raises Invalid for a question that is not understood whole, that finds
    nothing or too much, UnusableIssue, SelectionChanged.
    """
    require(by, VERB)
    check_usable(target, at, pointer="target")
    query, reason = " ".join(query.split()), " ".join(reason.split())
    if not query:
        raise Invalid(
            _("Say which tickets, as in the queue: issue:billing/refund created:<30d."), pointer="query"
        )
    if not reason or len(reason) > 500:
        raise Invalid(
            _("Say why, in up to 500 characters: it stands in the history of each ticket."), pointer="reason"
        )
    these = chosen(query, target=target, instead_of=instead_of, user=by, at=at)
    if these.wrong:
        raise Invalid(
            _("Part of the question was not understood. %(words_of)s") % {"words_of": words_of(these.wrong)},
            pointer="query",
        )
    found = list(these.codings.order_by("ticket_id").values_list("ticket", "issue")[: MOST + 1])
    if not 0 < len(found) <= MOST:
        raise Invalid(
            _("Between 1 and %(most)s tickets at once; these are %(found)s.")
            % {"most": Number(MOST, grouped=True), "found": Number(len(found), grouped=True)},
            pointer="query",
        )
    if expected is not None and expected != len(found):
        raise SelectionChanged(
            _("%(found)s tickets fit by now, not %(expected)s. Look at the effect again.")
            % {"found": Number(len(found), grouped=True), "expected": Number(expected, grouped=True)}
        )
    recoding = HandRecoding.objects.create(
        query=query, instead_of=instead_of, target=target, reason=reason, total=len(found), asked_by=by, asked_at=at
    )  # fmt: skip
    rows = [
        HandRecodedTicket(recoding=recoding, ticket_id=ticket, issue_before_id=issue)
        for ticket, issue in found
    ]
    HandRecodedTicket.objects.bulk_create(rows, batch_size=1_000)
    return recoding


@transaction.atomic
def stop_hand_recoding(*, recoding: HandRecoding, by: User, at: datetime) -> HandRecoding:
    """Not to go on; what is recoded stays so. Nothing where it has ended already."""
    require(by, VERB, recoding)
    recoding = _held(recoding)
    if recoding.state in (HandState.WAITING, HandState.RUNNING):
        recoding.move(HandState.STOPPED, at=at)
    return recoding


@transaction.atomic
def undo_hand_recoding(*, recoding: HandRecoding, reason: str = "", by: User, at: datetime) -> HandRecoding:
    """Have its tickets get back what they had, but for those that somebody has coded since. Raises CantBeUndone."""
    require(by, VERB, recoding)
    recoding = _held(recoding)
    if not recoding.can_be_undone(at):
        raise CantBeUndone
    recoding.move(HandState.UNDOING, at=at, undo_reason=" ".join(reason.split())[:500], undone_by=by)
    return recoding


def work_on_hand_recodings(*, at: datetime) -> int:
    """Up to 50 batches of what waits; returns how many were done. Several workers share them."""
    for done in range(BATCHES_A_TASK):
        if recode_next_by_hand(at=at) is None:
            return done
    return BATCHES_A_TASK


@transaction.atomic
def recode_next_by_hand(*, at: datetime, size: int = BATCH) -> HandRecoding | None:
    """One batch of the first that nobody else is at; None when there is none."""
    recoding = (
        HandRecoding.objects.filter(state__in=AT_WORK)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("pk")
        .first()
    )
    if recoding is None:
        return None
    back = recoding.state == HandState.UNDOING
    waiting = recoding.rows.filter(state=RowState.RECODED if back else RowState.WAITING)
    rows = list(waiting.order_by("ticket_id")[:size])
    if not rows:
        recoding.move(HandState.UNDONE if back else HandState.DONE, at=at)
        return recoding
    if back:
        recoding.undone += _put_back(recoding, rows, at=at)
    else:
        recoding.state = HandState.RUNNING
        recoding.recoded += _recode(recoding, rows, at=at)
        recoding.seen += len(rows)
    recoding.save(update_fields=["state", "seen", "recoded", "undone"])
    return recoding


def _held(recoding: HandRecoding) -> HandRecoding:
    return held(recoding)


def _locked(rows: list[HandRecodedTicket]) -> dict[int, Ticket]:
    numbers = [row.ticket_id for row in rows]
    held = Ticket.objects.filter(pk__in=numbers).order_by("pk").select_for_update(of=("self",), no_key=True)
    return {ticket.pk: ticket for ticket in held}


def _codings(rows: list[HandRecodedTicket], target: Issue) -> dict[tuple[int, int], TicketIssue]:
    issues = {row.issue_before_id for row in rows} | {target.pk}
    found = TicketIssue.objects.filter(ticket__in=[row.ticket_id for row in rows], issue__in=issues)
    return {(coded.ticket_id, coded.issue_id): coded for coded in found}


# --- there


def _recode(recoding: HandRecoding, rows: list[HandRecodedTicket], *, at: datetime) -> int:
    tickets, target = _locked(rows), recoding.target
    carried, release = _codings(rows, target), TaxonomyRelease.objects.order_by("-number")[0]
    events = []
    for row in rows:
        coded = carried.get((row.ticket_id, row.issue_before_id))
        why = _why_not(recoding, tickets[row.ticket_id], coded)
        if coded is None or why:
            row.end(RowState.LEFT, why=why)
            continue
        kept = _moved(row, coded, carried.get((row.ticket_id, target.pk)), recoding, release, at)
        _tell(tickets[row.ticket_id], kept, at=at)
        row.recoded_at = at
        row.end(RowState.RECODED)
        events.append(_event(recoding, row.ticket_id, kept, row.issue_before_id, recoding.reason, at=at))
    Event.objects.bulk_create(events)
    return len(events)


def _why_not(recoding: HandRecoding, ticket: Ticket, coded: TicketIssue | None) -> Words:
    if ticket.merged_into_id is not None:
        return said("merged meanwhile")
    if coded is None or (recoding.instead_of_id is None and not coded.is_primary):
        return said("coded otherwise meanwhile")
    return ""


def _moved(
    row: HandRecodedTicket, coded: TicketIssue, twin: TicketIssue | None, recoding: HandRecoding,
    release: TaxonomyRelease, at: datetime,
) -> TicketIssue:  # fmt: skip
    """The coding under its new issue; where the ticket carried both, the two as one."""
    row.before = [_facts(coded)] if twin is None else [_facts(coded), _facts(twin)]
    if twin is None:
        kept = coded
        kept.issue = recoding.target
    else:
        coded.delete()
        kept = joined(twin, coded)
    kept.release, kept.source, kept.confidence = release, source_of(recoding.asked_by), None
    kept.coded_by, kept.coded_at = recoding.asked_by, at
    kept.save()
    return kept


def _facts(coded: TicketIssue) -> dict[str, Any]:
    return facts(coded) | {"release": coded.release_id}


# --- and back


def _put_back(recoding: HandRecoding, rows: list[HandRecodedTicket], *, at: datetime) -> int:
    tickets, target = _locked(rows), recoding.target
    carried, events = _codings(rows, target), []
    for row in rows:
        coded = carried.get((row.ticket_id, target.pk))
        if (
            coded is None
            or coded.coded_at != row.recoded_at
            or tickets[row.ticket_id].merged_into_id is not None
        ):
            row.end(RowState.STAYS, why=said("somebody has coded it since, or merged it"))
            continue
        if (row.ticket_id, row.issue_before_id) in carried:
            row.end(RowState.STAYS, why=said("it was given the code again"))
            continue
        old = _parted(row, coded)
        _tell(tickets[row.ticket_id], old, at=at)
        row.end(RowState.UNDONE)
        why = f"undone: {recoding.undo_reason or recoding.reason}"
        events.append(_event(recoding, row.ticket_id, old, target.pk, why, at=at))
    Event.objects.bulk_create(events)
    return len(events)


def _parted(row: HandRecodedTicket, coded: TicketIssue) -> TicketIssue:
    """The code as it was; one that was made of two becomes two again."""
    was_primary = coded.is_primary and row.before[0]["is_primary"]
    if len(row.before) == 1:
        coded.issue_id = row.issue_before_id
        _write(coded, row.before[0], keep_what_was_given=True)
        coded.save()
        return coded
    coded.is_primary = coded.is_primary and not was_primary
    _write(coded, row.before[1])
    coded.save()
    old = TicketIssue(
        ticket_id=row.ticket_id, issue_id=row.issue_before_id, at=coded.at, is_primary=was_primary
    )
    _write(old, row.before[0])
    old.save()
    return old


def _write(coded: TicketIssue, said: Mapping[str, Any], *, keep_what_was_given: bool = False) -> None:
    """What was given since is not taken away; of two that were one nobody knows on which it was."""
    for name in CODED[:3] if keep_what_was_given else CODED:
        setattr(coded, name, said[name])
    if not keep_what_was_given:
        coded.remedy_amount = None if said["remedy_amount"] is None else Decimal(said["remedy_amount"])
    coded.release_id, coded.coded_at = said["release"], datetime.fromisoformat(said["coded_at"])


def _tell(ticket: Ticket, coded: TicketIssue, *, at: datetime) -> None:
    """Lists read the primary issue from the ticket."""
    if coded.is_primary:
        ticket.primary_issue_id = coded.issue_id
    ticket.updated_at = at
    ticket.save(update_fields=["primary_issue", "updated_at"])


def _event(
    recoding: HandRecoding, ticket: int, coded: TicketIssue, before: int, reason: str, *, at: datetime
) -> Event:
    """Owing nobody: thousands of tickets do not change hands because they are counted elsewhere."""
    by = recoding.asked_by_id if recoding.undone_by_id is None else recoding.undone_by_id
    data = {
        "issue": coded.issue_id, "primary": coded.is_primary, "before": before, "source": coded.source,
        "recoding": recoding.pk, "reason": reason,
    }  # fmt: skip
    return Event(kind="ticket.classified", ticket_id=ticket, by_id=by, at=at, data=data)
