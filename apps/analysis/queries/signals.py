"""The inbox of signals, with what customers wrote; and one signal with all there is to judge it by."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.analysis.models import Case, Signal, SignalState
from apps.analysis.provenance import Provenance
from apps.analysis.queries.case_figures import era
from apps.analysis.queries.history import Entry, history_of
from apps.analysis.queries.links import tickets_of
from apps.analysis.queries.origins import of_signal
from apps.analysis.queries.verbatims import Quote, quotes_of_tickets
from helpdesk.charts import Caption, Chart, ControlPoint, Mark, draw_control_chart, draw_sparkline
from helpdesk.models import User

A_PAGE = 20
QUOTES = 4  # three that speak for all, and the newest: the first examples of a signal
LEAST_WEEKS = 4
# What each page of the inbox shows.
PILES: dict[str, tuple[str, ...]] = {
    "new": (SignalState.NEW,),
    "snoozed": (SignalState.SNOOZED,),
    "cases": (SignalState.PROMOTED, SignalState.MERGED),
    "dismissed": (SignalState.DISMISSED,),
}


@dataclass(frozen=True)
class InboxRow:
    """One signal as it is judged: its picture, its quotes, and the tickets behind it."""

    signal: Signal
    chart: SafeString
    quotes: list[Quote]
    url: str
    provenance: Provenance


@dataclass(frozen=True)
class Inbox:
    """A page of one pile, how many lie on each, and what a signal can be merged into."""

    pile: str
    page: Page | None
    rows: list[InboxRow]
    counts: dict[str, int]
    cases: list[Case]
    others: list[Signal]


@dataclass(frozen=True)
class SignalPage:
    """One signal: its weeks, its words, what was merged into it, and who did what."""

    row: InboxRow
    chart: Chart | None
    merged: list[tuple[Signal, Provenance]]
    history: list[Entry]
    inbox: Inbox


def inbox(*, user: User, pile: str = "new", number: str | None = None) -> Inbox:
    """Page `number` of a pile, in a fixed number of queries: signals, how many on each pile, quotes, and what to merge
    into."""
    page = Paginator(_of_pile(pile), A_PAGE).get_page(number)
    shown: list[Signal] = list(page)
    quotes = quotes_of_tickets([number for signal in shown for number in signal.examples[:QUOTES]])
    return Inbox(
        pile=pile,
        page=page,
        rows=[_row(signal, quotes) for signal in shown],
        counts=_counts(),
        cases=list(Case.objects.visible_to(user).open().order_by("-id")[:50]),
        others=list(Signal.objects.waiting()[:50]),
    )


def signal_page(signal: Signal, *, user: User) -> SignalPage:
    """Everything on the page of a signal."""
    return SignalPage(
        row=_row(signal, quotes_of_tickets(signal.examples[:QUOTES])),
        chart=_chart(signal),
        merged=[
            (one, of_signal(one)) for one in signal.merged.select_related("release").order_by("-excess", "id")
        ],
        history=history_of(f"signal:{signal.pk}"),
        inbox=Inbox(
            "new",
            None,
            [],
            {"new": 0},
            list(Case.objects.visible_to(user).open().order_by("-id")[:50]),
            list(Signal.objects.waiting().exclude(pk=signal.pk)[:50]),
        ),
    )


def _of_pile(pile: str) -> QuerySet[Signal]:
    rows = Signal.objects.select_related("issue", "judged_by", "case", "into", "release")
    if pile == "new":
        return rows.filter(state=SignalState.NEW).order_by("-is_alarm", "-excess", "id")
    return rows.filter(state__in=PILES[pile]).order_by("-judged_at", "-id")


def _counts() -> dict[str, int]:
    by_state = dict(Signal.objects.values_list("state").annotate(Count("pk")))
    return {pile: sum(by_state.get(state, 0) for state in states) for pile, states in PILES.items()}


def _row(signal: Signal, quotes: dict[int, Quote]) -> InboxRow:
    chart = draw_sparkline(
        signal.weekly,
        title=_("%(label)s, tickets a week over %(weekly)s weeks")
        % {"label": signal.label, "weekly": len(signal.weekly)},
        tone="up",
    )
    own = [quotes[number] for number in signal.examples[:QUOTES] if number in quotes]
    return InboxRow(signal, chart, own, tickets_of(signal, since=signal.window_start), of_signal(signal))


def _chart(signal: Signal) -> Chart | None:
    """Its last half year with the usual range of the weeks before it began."""
    weekly = np.array(signal.weekly)
    if len(weekly) < LEAST_WEEKS:
        return None
    end = signal.window_end
    begins = [end - timedelta(days=7 * (len(weekly) - n) - 1) for n in range(len(weekly))]
    before = sum(begin + timedelta(days=6) < signal.started_on for begin in begins)
    eras = [era(0, len(weekly), weekly[:before])] if before >= 2 else []
    points = [
        ControlPoint(
            date_format(begin, "j M"),
            float(value),
            tickets_of(signal, since=begin, until=begin + timedelta(days=7)),
            "rise" if eras and value > eras[0].upper else "",
        )
        for begin, value in zip(begins, weekly, strict=True)
    ]
    above = sum(point.signal == "rise" for point in points)
    said = ngettext(
        "%(label)s: %(above)s week above the usual range",
        "%(label)s: %(above)s weeks above the usual range",
        above,
    )
    title = (said if above else _("%(label)s: no single week above the usual range")) % {
        "label": signal.label,
        "above": above,
    }
    caption = Caption(
        title,
        _("Tickets a week"),
        int(weekly.sum()),
        f"{date_format(begins[0], 'j M Y')} – {date_format(end, 'j M Y')}",
    )
    begun = [Mark(before, "began", "detection")] if 0 < before < len(weekly) else []
    return draw_control_chart(caption, points, eras, marks=begun)
