"""What has been written down since a moment that may move figures of that moment: no fault, but said plainly."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Count

from apps.analysis.deadlines import midnight
from apps.analysis.models import DayCount, StaleDay
from helpdesk.models import Event, TaxonomyRelease

NOTHING_WRITTEN = (
    "Nothing that moves them is written down since: a row was altered from outside, or the program computes "
    "otherwise."
)
# Events by what they do to figures, in words.
TICKETS = {
    "ticket.classified": "coded again",
    "ticket.uncoded": "no longer coded",
    "ticket.merged": "merged",
    "ticket.unmerged": "no longer merged",
    "ticket.moved": "moved to another department",
    "ticket.reopened": "reopened",
    "ticket.opened": "opened or imported",
    "outcome.told": "judged by customers",
}
CASES = {
    "case.judged": "cases judged",
    "case.regressed": "cases that came back",
    "case.routed": "cases routed",
    "case.accepted": "cases accepted",
    "case.rejected": "cases sent back",
    "case.moved": "cases moved on",
    "case.noted": "cases changed",
    "action.added": "actions added",
    "action.moved": "actions moved on",
    "evidence.changed": "tickets linked or taken out",
}
READINGS = {"reading.done": "second readings", "reading.settled": "readings settled"}
CLOCKS = {
    "clock.breached": "promises broken",
    "clock.corrected": "promises kept after all",
    "ticket.resolved": "solved",
}


def present_release() -> int | None:
    """The number of the edition in which everything is read now."""
    return TaxonomyRelease.objects.order_by("number").values_list("number", flat=True).last()


def release_at(at: datetime) -> int | None:
    """The number of the edition that was in force at this moment."""
    known = TaxonomyRelease.objects.filter(published_at__lte=at).order_by("number")
    return known.values_list("number", flat=True).last()


def changes_since(at: datetime, words: dict[str, str], *, about: Collection[str] = ()) -> tuple[str, ...]:
    """What the event log has since this moment, of these kinds, about these nouns (all without): one line, or none."""
    rows = Event.objects.filter(at__gte=at, kind__in=words)
    if about:
        rows = rows.filter(about__in=about)
    counts = dict(rows.order_by().values_list("kind").annotate(Count("id")))
    told = ", ".join(f"{counts[kind]} {said}" for kind, said in words.items() if kind in counts)
    return (f"Since {at.isoformat()}: {told}.",) if told else ()


def counted_since(at: datetime, first: date, last: date) -> tuple[str, ...]:
    """How many of these days were counted again since, or are marked to be."""
    again = DayCount.objects.filter(day__range=(first, last), counted_at__gt=at).count()
    marks = StaleDay.objects.filter(at__gte=midnight(first), at__lt=midnight(last + timedelta(days=1)))
    told = (
        (again, "of the days were counted again since: tickets were coded again, merged or imported"),
        (marks.count(), "changes of tickets of these days are not counted yet"),
    )
    return tuple(f"{number} {words}." for number, words in told if number)
