from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from apps.analysis.deadlines import today
from apps.analysis.models import Exposure
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import User
from helpdesk.permissions import require

MOST = 2_147_483_647  # what the column holds


@dataclass(frozen=True)
class ExposureRow:
    """A line of a file, as it stands there."""

    line: int
    day: str
    kind: str
    value: str


class FaultyRows(DomainError):
    """Some rows are not right, so none was brought in."""

    code = "faulty-rows"

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__()
        self.faults = faults


@transaction.atomic
def record_exposure(*, day: date, kind: str, value: int, by: User, at: datetime) -> Exposure:
    """Note how many customers were active, or orders made, on a day; a later number for the day replaces it.

    Raises Invalid for a day to come, an unknown kind, or nothing at all.
    """
    require(by, "analysis.assume")
    _check(day, kind, value, at)
    row, _ = Exposure.objects.update_or_create(day=day, kind=kind, defaults={"value": value})
    return row


@transaction.atomic
def import_exposure(*, rows: Iterable[ExposureRow], by: User, at: datetime) -> int:
    """Note many days at once; returns how many. A day named twice has the later number.

    Raises FaultyRows, with every fault, and brings none in then.
    """
    require(by, "analysis.assume")
    noted: dict[tuple[date, str], Exposure] = {}
    faults: list[tuple[int, str]] = []
    for row in rows:
        try:
            read = _read(row, at)
        except Invalid as fault:
            faults.append((row.line, fault.detail))
        else:
            noted[read.day, read.kind] = read
    if faults:
        raise FaultyRows(faults)
    Exposure.objects.bulk_create(
        noted.values(), 1_000, update_conflicts=True, unique_fields=["kind", "day"], update_fields=["value"]
    )
    return len(noted)


def _read(row: ExposureRow, at: datetime) -> Exposure:
    try:
        day = date.fromisoformat(row.day)
    except ValueError:
        raise Invalid(
            gettext("“%(day)s” is no day: write it as 2026-05-31.") % {"day": row.day}, pointer="day"
        ) from None
    if not (row.value.isascii() and row.value.isdecimal() and len(row.value) < 12):
        raise Invalid(gettext("“%(value)s” is no whole number.") % {"value": row.value}, pointer="value")
    _check(day, row.kind, int(row.value), at)
    return Exposure(day=day, kind=row.kind, value=int(row.value))


def _check(day: date, kind: str, value: int, at: datetime) -> None:
    if kind not in Exposure.Kind.values:
        raise Invalid(
            gettext("Known kinds: %(values)s.") % {"values": ", ".join(Exposure.Kind.values)}, pointer="kind"
        )
    if not 1 <= value <= MOST:
        raise Invalid(
            gettext("A rate needs at least one to divide by, and at most two thousand million."),
            pointer="value",
        )
    if day > today(at):
        raise Invalid(gettext("That day is still to come."), pointer="day")
