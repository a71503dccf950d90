"""When customers were asked to complain, as the calendar has it, and what came through it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from apps.analysis.models import CalendarEntry, DayCount, EntryKind
from apps.analysis.solicited import TAIL, Asked


@dataclass(frozen=True)
class Solicited:
    """The campaigns of some days, and how many of their tickets are counted apart."""

    asked: list[Asked]
    tickets: int


def read_asked(first: date, last: date) -> list[Asked]:
    """The campaigns that may have moved contacts between two days. One query."""
    rows = CalendarEntry.objects.touching(first - TAIL, last).filter(kind=EntryKind.ASKED)
    found = rows.select_related("product").order_by("day", "id")
    return [
        Asked(row.day, row.until or row.day, row.product.code if row.product else "", row.region)
        for row in found
    ]


def read_solicited(first: date, last: date) -> Solicited:
    """Two queries."""
    counted = DayCount.objects.filter(day__range=(first, last)).aggregate(sum=Sum("solicited"))["sum"]
    return Solicited(read_asked(first, last), counted or 0)
