from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.analysis.deadlines import today
from apps.analysis.models import CalendarEntry, EntryKind
from apps.analysis.services.access import must_be_said
from apps.analysis.services.record_exposure import FaultyRows
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Product, User
from helpdesk.permissions import require
from helpdesk.rows import held

FARTHEST = timedelta(days=3 * 366)  # a plan further ahead is a slip of the pen


class EntryExists(DomainError):
    """The calendar has that already."""

    code = "entry-exists"


@dataclass(frozen=True)
class EntryRow:
    """A line of a file, as it stands there."""

    line: int
    kind: str
    day: str
    until: str
    product: str
    region: str
    words: str


@transaction.atomic
def add_entry(*, kind: str, day: date, words: str, until: date | None = None, product: Product | None = None,
              region: str = "", by: User, at: datetime) -> CalendarEntry:  # fmt: skip
    """Note what happened, or will happen, on a day. Raises Invalid, EntryExists."""
    require(by, "analysis.case")
    entry = _checked(kind, day, words, until, product, region, by, at)
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        raise EntryExists from error
    return entry


@transaction.atomic
def withdraw_entry(*, entry: CalendarEntry, by: User, at: datetime) -> None:
    """It was entered by mistake: nothing is held against it any more, and what was stays told. Twice is once."""
    require(by, "analysis.case")
    entry = held(entry)
    if entry.withdrawn_at is None:
        entry.withdraw(by=by, at=at)


@transaction.atomic
def import_entries(*, rows: Iterable[EntryRow], by: User, at: datetime) -> int:
    """Note many at once; returns how many were new: a file may be brought in again.

    Raises FaultyRows, with every fault, and brings none in then.
    """
    require(by, "analysis.case")
    products = {product.code: product for product in Product.objects.all()}
    entries: list[CalendarEntry] = []
    faults: list[tuple[int, str]] = []
    for row in rows:
        try:
            entries.append(_read(row, products, by, at))
        except Invalid as fault:
            faults.append((row.line, fault.detail))
    if faults:
        raise FaultyRows(faults)
    known = CalendarEntry.objects.count()
    CalendarEntry.objects.bulk_create(entries, 1_000, ignore_conflicts=True)
    return CalendarEntry.objects.count() - known


def _read(row: EntryRow, products: dict[str, Product], by: User, at: datetime) -> CalendarEntry:
    if row.product and row.product not in products:
        raise Invalid(
            _("No product has the code “%(product)s”.") % {"product": row.product}, pointer="product"
        )
    until = _day(row.until, "until") if row.until else None
    product = products.get(row.product)
    return _checked(row.kind, _day(row.day, "day"), row.words, until, product, row.region, by, at)


def _day(text: str, pointer: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(
            _("“%(text)s” is no day: write it as 2026-05-31.") % {"text": text}, pointer=pointer
        ) from None


def _checked(kind: str, day: date, words: str, until: date | None, product: Product | None, region: str, by: User,
             at: datetime) -> CalendarEntry:  # fmt: skip
    if kind not in EntryKind.values:
        raise Invalid(_("Known kinds: %(values)s.") % {"values": ", ".join(EntryKind.values)}, pointer="kind")
    words = must_be_said(words, "words", _("What happened"))
    if len(words) > 200 or len(region.strip()) > 60:
        raise Invalid(_("At most 200 characters, and 60 for a region."), pointer="words")
    if until is not None and until < day:
        raise Invalid(_("It can't end before it begins."), pointer="until")
    if max(day, until or day) > today(at) + FARTHEST:
        raise Invalid(_("That is more than three years ahead."), pointer="day")
    return CalendarEntry(
        kind=kind, day=day, until=until, product=product, region=region.strip(), words=words, added_by=by,
        added_at=at,
    )  # fmt: skip
