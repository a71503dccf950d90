"""Tickets are brought to the codes of a new edition, a thousand at a time.

Each batch is a transaction: rows, ticket, record of what was, event, and how far the recoding is commit together, so
that a worker may die at any moment. A ticket that carries the old code and the new one has one afterwards: money and
words of both are kept on it, and it is primary if one of them was. So no count of tickets changes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from helpdesk.models import (
    Event,
    Issue,
    RecodedTicket,
    Recoding,
    RecodingKind,
    TaxonomyRelease,
    Ticket,
    TicketIssue,
    User,
)
from helpdesk.permissions import require
from helpdesk.rows import held

BATCH = 1_000
# A task's share: what is left is for the next one, so that no worker is taken for long.
BATCHES_A_TASK = 20
FACTS = ("source", "confidence", "coded_by_id", "suspected_cause", "remedy")


def recode_waiting(*, at: datetime) -> int:
    """Work on recodings that wait, up to 20 batches; returns how many were done. Several workers share them."""
    for done in range(BATCHES_A_TASK):
        if recode_next_batch(at=at) is None:
            return done
    return BATCHES_A_TASK


@transaction.atomic
def recode_next_batch(*, at: datetime, size: int = BATCH) -> Recoding | None:
    """One batch of the first recoding nobody else is at; None when there is none. Suggestions are not made here."""
    recoding = (
        Recoding.objects.at_work()
        .exclude(kind=RecodingKind.SUGGESTION)
        # What several merges brought together is parted last first: one looks for what the one before it leaves.
        .exclude(Exists(_earlier_ones()), kind=RecodingKind.BACK)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .first()
    )
    if recoding is None:
        return None
    if recoding.kind == RecodingKind.BACK:
        _take_back(recoding, size=size, at=at)
    else:
        rows = rows_to_recode(recoding, size=size)
        target = _standing(recoding.target)
        move_codes(recoding=recoding, rows=rows, target_of=dict.fromkeys(rows, target), at=at)
    return recoding


def _earlier_ones() -> QuerySet[Recoding]:
    return Recoding.objects.at_work().filter(release=OuterRef("release"), pk__lt=OuterRef("pk"))


@transaction.atomic
def stop_recoding(*, recoding: Recoding, by: User, at: datetime) -> None:
    """Not to go on with it; tickets not yet recoded keep their code, and are read by the crosswalk as before."""
    require(by, "taxonomy.publish")
    held(recoding).stop(at=at)


def _standing(issue: Issue | None) -> int | None:
    """The target itself, or what has taken its place since: it may have been merged while its tickets waited."""
    seen: set[int] = set()
    while issue is not None and issue.replaced_by is not None and issue.pk not in seen:
        seen.add(issue.pk)
        issue = issue.replaced_by
    return issue.pk if issue else None


def rows_to_recode(recoding: Recoding, *, size: int = BATCH) -> dict[int, TicketIssue]:
    """The next codings, by ticket. Their tickets are locked, in order of number as everybody locks them."""
    coded = TicketIssue.objects.filter(issue=recoding.source_id)
    # After a merge none keeps the old code, so what is left is what is next; else those left as they are stay behind.
    is_merge = recoding.kind == RecodingKind.MERGE
    ahead = coded.filter(ticket__gt=0 if is_merge else recoding.after_ticket).order_by("ticket")
    numbers = list(ahead.values_list("ticket", flat=True)[:size])
    list(Ticket.objects.filter(pk__in=numbers).order_by("pk").select_for_update(of=("self",), no_key=True))
    return {row.ticket_id: row for row in coded.filter(ticket__in=numbers).order_by("ticket")}


def move_codes(
    *,
    recoding: Recoding,
    rows: Mapping[int, TicketIssue],
    target_of: Mapping[int, int | None],
    at: datetime,
) -> None:
    """Give each row the issue its ticket is named with in `target_of`; a ticket that is not named keeps its code."""
    moving = {ticket: row for ticket, row in rows.items() if target_of.get(ticket)}
    others = TicketIssue.objects.filter(ticket__in=moving, issue__in=set(target_of.values()) - {None})
    twins = {(row.ticket_id, row.issue_id): row for row in others}
    records, gone, kept = [], [], []
    moved: dict[int, list[int]] = defaultdict(list)
    for ticket, row in moving.items():
        target = target_of[ticket]
        twin = twins.get((ticket, target or 0))
        records.append(_record(recoding, row, target or 0, twin))
        if twin is None:
            moved[target or 0].append(row.pk)
        else:
            gone.append(row.pk)
            kept.append(joined(twin, row))
    RecodedTicket.objects.bulk_create(records)
    TicketIssue.objects.filter(pk__in=gone).delete()
    for issue, keys in moved.items():
        TicketIssue.objects.filter(pk__in=keys).update(issue=issue, release=recoding.release_id)
    TicketIssue.objects.bulk_update(kept, ["is_primary", "suspected_cause", "remedy", "remedy_amount"])
    _tell_tickets(records)
    _record_events(recoding, records, at=at)
    _proceed(recoding, rows, recoded=len(records), collapsed=len(gone), at=at)


def _record(recoding: Recoding, row: TicketIssue, target: int, twin: TicketIssue | None) -> RecodedTicket:
    return RecodedTicket(
        recoding=recoding, ticket_id=row.ticket_id, issue_before_id=row.issue_id, release_before_id=row.release_id,
        issue_after_id=target, was_primary=row.is_primary, collapsed=[facts(row), facts(twin)] if twin else [],
    )  # fmt: skip


def facts(row: TicketIssue) -> dict[str, Any]:
    """What a row says besides its code, to be kept where two rows become one."""
    told: dict[str, Any] = {name: getattr(row, name) for name in FACTS}
    return told | {
        "coded_at": row.coded_at.isoformat(),
        "remedy_amount": None if row.remedy_amount is None else str(row.remedy_amount),
        "is_primary": row.is_primary,
    }


def joined(kept: TicketIssue, gone: TicketIssue) -> TicketIssue:
    """Money adds up; words of the one that stays go first."""
    amounts = [row.remedy_amount for row in (kept, gone) if row.remedy_amount is not None]
    kept.remedy_amount = sum(amounts, Decimal(0)) if amounts else None
    kept.remedy = kept.remedy or gone.remedy
    kept.suspected_cause = kept.suspected_cause or gone.suspected_cause
    kept.is_primary = kept.is_primary or gone.is_primary
    return kept


def _tell_tickets(records: Sequence[RecodedTicket]) -> None:
    """Lists read the primary issue from the ticket. Nobody's act: no new `updated_at`."""
    for target in {record.issue_after_id for record in records}:
        primary = [r.ticket_id for r in records if r.was_primary and r.issue_after_id == target]
        Ticket.objects.filter(pk__in=primary).update(primary_issue=target)


def _record_events(recoding: Recoding, records: Sequence[RecodedTicket], *, at: datetime) -> None:
    """One for each ticket, owing nobody: thousands of tickets do not change hands because a code was renamed."""
    Event.objects.bulk_create(
        Event(
            kind="ticket.recoded", ticket_id=record.ticket_id, by_id=recoding.asked_by_id, at=at,
            data={
                "issue": record.issue_after_id, "before": record.issue_before_id, "recoding": recoding.pk,
                "collapsed": bool(record.collapsed),
            },
        )
        for record in records
    )  # fmt: skip


def _proceed(
    recoding: Recoding, numbers: Mapping[int, Any], *, recoded: int, collapsed: int, at: datetime
) -> None:
    if not numbers:
        recoding.finish(at=at)
        return
    recoding.proceed(seen=len(numbers), recoded=recoded, collapsed=collapsed, after_ticket=max(numbers))


def _take_back(recoding: Recoding, *, size: int, at: datetime) -> None:
    """Tickets that still carry what they were recoded to get back what they had; what somebody coded since stays."""
    undone = RecodedTicket.objects.filter(
        recoding=recoding.takes_back_id, ticket__gt=recoding.after_ticket
    ).select_related("issue_before")
    records = {record.ticket_id: record for record in undone.order_by("ticket")[:size]}
    list(Ticket.objects.filter(pk__in=records).order_by("pk").select_for_update(of=("self",), no_key=True))
    after = {record.issue_after_id for record in records.values()}
    carried = {
        (row.ticket_id, row.issue_id): row
        for row in TicketIssue.objects.filter(ticket__in=records, issue__in=after | {recoding.source_id})
    }
    back = [r for r in records.values() if _can_go_back(r, carried)]
    rows = {record.ticket_id: carried[record.ticket_id, record.issue_after_id] for record in back}
    whole = [rows[record.ticket_id] for record in back if not record.collapsed]
    TicketIssue.objects.filter(pk__in=[row.pk for row in whole]).update(
        issue=recoding.source_id, release=recoding.release_id
    )
    primary = {row.ticket_id for row in whole if row.is_primary}
    for record in back:
        if record.collapsed and _part(record, rows[record.ticket_id], recoding.release):
            primary.add(record.ticket_id)
    Ticket.objects.filter(pk__in=primary).update(primary_issue=recoding.source_id)
    _record_events(recoding, [_reversed(record) for record in back], at=at)
    _proceed(
        recoding, records, recoded=len(back), collapsed=sum(bool(record.collapsed) for record in back), at=at
    )


def _can_go_back(record: RecodedTicket, carried: Mapping[tuple[int, int], TicketIssue]) -> bool:
    has_new = (record.ticket_id, record.issue_after_id) in carried
    return has_new and (record.ticket_id, record.issue_before_id) not in carried


def _part(record: RecodedTicket, row: TicketIssue, release: TaxonomyRelease) -> bool:
    """One row becomes the two it was made of; whether the one that is back is the primary one."""
    gone, kept = record.collapsed
    is_primary = row.is_primary and record.was_primary
    row.remedy, row.suspected_cause = kept["remedy"], kept["suspected_cause"]
    row.remedy_amount = None if kept["remedy_amount"] is None else Decimal(kept["remedy_amount"])
    row.is_primary = row.is_primary and not is_primary
    row.save(update_fields=["remedy", "suspected_cause", "remedy_amount", "is_primary"])
    TicketIssue.objects.create(
        ticket_id=record.ticket_id, issue_id=record.issue_before_id, release=release, at=row.at,
        **(gone | {"is_primary": is_primary, "coded_at": datetime.fromisoformat(gone["coded_at"])}),
    )  # fmt: skip
    return is_primary


def _reversed(record: RecodedTicket) -> RecodedTicket:
    return RecodedTicket(
        ticket_id=record.ticket_id, issue_before_id=record.issue_after_id, issue_after_id=record.issue_before_id,
        collapsed=record.collapsed,
    )  # fmt: skip
