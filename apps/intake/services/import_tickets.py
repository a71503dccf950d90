"""Tickets from elsewhere, many at once. History is not news: nothing of it is told to anybody."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F

from apps.intake.bulk import Rows
from apps.intake.columns import RefusedRow, Row
from apps.intake.import_values import Known, NotKnown, Resolved
from apps.intake.models import ImportRun
from helpdesk import events
from helpdesk.models import (
    CodingSource,
    Customer,
    CustomerAddress,
    Direction,
    Event,
    Message,
    Status,
    Ticket,
    TicketIssue,
    User,
)
from helpdesk.permissions import require

BATCH = 5_000  # rows a transaction: what is lost to a crash, and memory
TRIES = 3
OLDEST_PARTITION = 10  # years; older events share the default partition

TICKET = (
    "id", "subject", "customer_id", "department_id", "status", "severity", "channel", "contact_type", "product_id",
    "segment", "region", "primary_issue_id", "tags", "custom", "external_id", "occurred_at", "opened_at",
    "solved_at", "closed_at", "updated_at",
)  # fmt: skip
MESSAGE = ("ticket_id", "direction", "channel", "customer_id", "sender_name", "sender_email", "body", "at")
CODE = ("ticket_id", "issue_id", "release_id", "is_primary", "source", "coded_by_id", "coded_at", "at")
EVENT = ("at", "kind", "ticket_id", "by_id", "data")
CUSTOMER = ("email", "name", "segment", "region", "created_at")


@dataclass
class Import:
    """One run: who, when, and what its rows are checked against."""

    run: ImportRun
    known: Known
    by: User
    at: datetime
    months: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Person:
    """A customer's row, as far as a ticket needs it."""

    pk: int
    segment: str
    region: str


def import_tickets(
    *,
    rows: Iterable[Row | RefusedRow],
    source: str,
    by: User,
    at: datetime,
    refuse: Callable[[RefusedRow], None],
    progress: Callable[[int], None],
    status: str = Status.NEW,
    keep_unknown: bool = False,
    dry_run: bool = False,
) -> ImportRun:
    """Bring rows in by COPY, some thousands a transaction; each refused row goes to `refuse` and stops no other.

    A row whose external id is here already is counted as known and left alone, so that a run which broke off is
    simply run again. With `keep_unknown`, issues, products and departments that do not exist are kept as words in
    `custom`; otherwise their rows are refused. A dry run checks everything and leaves no row. Raises NotAllowed.
    """
    require(by, "intake.import")
    run = ImportRun(source=source[:300], by=by, started_at=at)
    if not dry_run:
        run.save()
    task = Import(run, Known.now(status=status, keep_unknown=keep_unknown, at=at), by, at)
    done = 0
    for batch in _batches(rows):
        good, refused = _checked(task, batch)
        for row in refused:
            refuse(row)
        imported = len(good) if dry_run else _tried(task, good)
        run.imported, run.known = run.imported + imported, run.known + len(good) - imported
        run.refused += len(refused)
        done += len(batch)
        progress(done)
    run.state, run.finished_at = ImportRun.State.DONE, at
    if not dry_run:
        run.save()
    return run


def _batches(rows: Iterable[Row | RefusedRow]) -> Iterator[list[Row | RefusedRow]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _checked(task: Import, batch: list[Row | RefusedRow]) -> tuple[list[Resolved], list[RefusedRow]]:
    good: list[Resolved] = []
    refused: list[RefusedRow] = []
    for row in batch:
        if isinstance(row, RefusedRow):
            refused.append(row)
            continue
        try:
            good.append(task.known.resolve(row))
        except NotKnown as error:
            refused.append(RefusedRow(row.line, str(error)))
    return good, refused


def _tried(task: Import, rows: list[Resolved]) -> int:
    """Write the rows; when the API takes one of their external ids in the same moment, look again and repeat."""
    for attempt in range(TRIES):
        try:
            return _write(task, rows)
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
    return 0


@transaction.atomic
def _write(task: Import, rows: list[Resolved]) -> int:
    """One batch. Two imports take turns, so that neither makes a customer or ticket the other just made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('intake import'))")
        rows = _unknown(rows)
        if not rows:
            return 0
        _make_partitions(task, rows)
        people = _customers(cursor, rows, task.at)
        _copy(cursor, task, rows, people, _numbers(cursor, Ticket._meta.db_table, len(rows)))
    ImportRun.objects.filter(pk=task.run.pk).update(imported=F("imported") + len(rows))
    return len(rows)


def _unknown(rows: list[Resolved]) -> list[Resolved]:
    """Those whose external id is neither here already nor twice in the batch: the first one counts."""
    asked = {row.given.external_id for row in rows if row.given.external_id}
    seen = (
        set(Ticket.objects.filter(external_id__in=asked).values_list("external_id", flat=True))
        if asked
        else set()
    )
    fresh = []
    for row in rows:
        name = row.given.external_id
        if name in seen:
            continue
        if name:
            seen.add(name)
        fresh.append(row)
    return fresh


def _make_partitions(task: Import, rows: list[Resolved]) -> None:
    """The events of old tickets go into partitions of their months, or the default one would grow for ever."""
    oldest = task.at.year - OLDEST_PARTITION
    for year, month in sorted({(row.opened_at.year, row.opened_at.month) for row in rows} - task.months):
        if year >= oldest:
            events.make_partitions(now=datetime(year, month, 1, tzinfo=task.at.tzinfo), months_ahead=0)
        task.months.add((year, month))


def _customers(cursor: CursorWrapper, rows: list[Resolved], at: datetime) -> list[Person]:
    """The customer of each row: known by address, or made. Rows without an address are people of their own."""
    by_address = {row.email: row for row in rows if row.email}
    staged = Rows(Customer, given=CUSTOMER)
    for email, row in by_address.items():
        staged.add(email, row.given.customer_name[:200], row.given.segment[:60], row.given.region[:60], at)
    cursor.execute(
        "CREATE TEMP TABLE IF NOT EXISTS intake_import_customer (LIKE helpdesk_customer) ON COMMIT DROP"
    )
    cursor.execute("ALTER TABLE intake_import_customer ALTER COLUMN id DROP NOT NULL")
    staged.copy(cursor, into="intake_import_customer")
    columns = ", ".join(staged.columns)
    cursor.execute(
        f"INSERT INTO helpdesk_customer ({columns}) SELECT {columns} FROM intake_import_customer own "  # noqa: S608
        "WHERE NOT EXISTS (SELECT FROM helpdesk_customeraddress known WHERE known.email = own.email) "
        "ON CONFLICT DO NOTHING"
    )
    known = CustomerAddress.objects.filter(email__in=by_address).values_list(
        "email", "customer", "customer__segment", "customer__region"
    )
    people = {email: Person(pk, segment, region) for email, pk, segment, region in known}
    nameless = iter(_nameless(cursor, [row for row in rows if not row.email], at))
    return [people[row.email] if row.email else next(nameless) for row in rows]


def _nameless(cursor: CursorWrapper, rows: list[Resolved], at: datetime) -> list[Person]:
    made = Rows(Customer, given=("id", *CUSTOMER))
    people = []
    for pk, row in zip(_numbers(cursor, Customer._meta.db_table, len(rows)), rows, strict=True):
        segment, region = row.given.segment[:60], row.given.region[:60]
        made.add(pk, None, row.given.customer_name[:200], segment, region, at)
        people.append(Person(pk, segment, region))
    if people:
        made.copy(cursor)
    return people


def _numbers(cursor: CursorWrapper, table: str, count: int) -> list[int]:
    """So many ids taken from the table's sequence at once."""
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
    )
    return [row[0] for row in cursor.fetchall()]


def _copy(
    cursor: CursorWrapper, task: Import, rows: list[Resolved], people: list[Person], numbers: list[int]
) -> None:
    tickets, messages = Rows(Ticket, given=TICKET), Rows(Message, given=MESSAGE)
    codes, opened = Rows(TicketIssue, given=CODE), Rows(Event, given=EVENT)
    for row, person, number in zip(rows, people, numbers, strict=True):
        given, at, channel = row.given, row.opened_at, row.channel
        tickets.add(
            number, given.subject, person.pk, row.department, row.status, row.severity, channel, row.contact_type,
            row.product, given.segment[:60] or person.segment, given.region[:60] or person.region, row.issue,
            [tag[:60] for tag in given.tags], row.custom, given.external_id or None, given.occurred_at or at, at,
            at if row.is_solved else None, at if row.status == Status.CLOSED else None, at,
        )  # fmt: skip
        messages.add(number, Direction.IN.value, channel, person.pk, given.customer_name[:200], row.email or "",
                     given.body, at)  # fmt: skip
        if row.issue is not None:
            codes.add(
                number,
                row.issue,
                task.known.release,
                True,
                CodingSource.IMPORT.value,
                task.by.pk,
                task.at,
                at,
            )
        opened.add(at, "ticket.opened", number, task.by.pk, {"channel": channel, "import": task.run.pk})
    for table in (tickets, messages, codes, opened):
        if len(table):
            table.copy(cursor)
