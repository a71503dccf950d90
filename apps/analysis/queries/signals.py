"""The inbox of signals, with what customers wrote."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from apps.analysis.models import Case, Signal, SignalState
from apps.analysis.queries.links import tickets_of
from apps.analysis.queries.verbatims import Quote, quotes_of_tickets
from helpdesk.charts import draw_sparkline
from helpdesk.models import User

SHOWN = 40
QUOTES = 4  # three that speak for all, and the newest: the first examples of a signal


@dataclass(frozen=True)
class InboxRow:
    """One signal as it is judged: its picture, its quotes, and the tickets behind it."""

    signal: Signal
    chart: SafeString
    quotes: list[Quote]
    url: str


@dataclass(frozen=True)
class Inbox:
    rows: list[InboxRow]
    more: int
    put_aside: list[Signal]
    cases: list[Case]


def inbox(*, user: User) -> Inbox:
    """A fixed number of queries: signals, how many more, those put aside, open cases to merge into, quotes."""
    waiting = list(Signal.objects.waiting().select_related("issue")[:SHOWN])
    quotes = quotes_of_tickets([number for signal in waiting for number in signal.examples[:QUOTES]])
    rows = [_row(signal, quotes) for signal in waiting]
    aside = Signal.objects.filter(state__in=[SignalState.SNOOZED, SignalState.DISMISSED]).select_related(
        "judged_by"
    )
    return Inbox(
        rows=rows,
        more=Signal.objects.waiting().count() - len(rows),
        put_aside=list(aside.order_by("-judged_at")[:10]),
        cases=list(Case.objects.visible_to(user).open().order_by("-id")[:50]),
    )


def _row(signal: Signal, quotes: dict[int, Quote]) -> InboxRow:
    chart = draw_sparkline(
        signal.weekly, title=f"{signal.label}, tickets a week over {len(signal.weekly)} weeks", tone="up"
    )
    own = [quotes[number] for number in signal.examples[:QUOTES] if number in quotes]
    return InboxRow(signal, chart, own, tickets_of(signal, since=signal.window_start))
