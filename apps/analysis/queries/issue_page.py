"""All that the page of one issue shows, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from apps.analysis.deadlines import midnight, today
from apps.analysis.issue_figures import IssueAsked, IssueFigures
from apps.analysis.models import Case
from apps.analysis.provenance import Provenance
from apps.analysis.queries.issue_charts import issue_charts
from apps.analysis.queries.issue_figures import FoundIssue, issue_figures
from apps.analysis.queries.links import queue_url
from apps.analysis.queries.verbatims import Quote, quotes_of_issues
from helpdesk.charts import Chart
from helpdesk.models import Issue, Ticket, TicketIssue, User

RETURNED = 8


@dataclass(frozen=True)
class Returned:
    """A customer who came back: both tickets, and how many days lie between them."""

    first: int
    again: int
    days: int
    at: datetime


@dataclass(frozen=True)
class IssuePage:
    """Everything on the page of an issue. `successor`: as what it is read in this edition, where that is another."""

    issue: Issue
    asked: IssueAsked
    figures: IssueFigures
    provenance: Provenance
    charts: dict[str, Chart]
    cases: list[Case]
    quotes: list[Quote]
    returned: list[Returned]
    releases: tuple[int, ...]
    is_present: bool
    successor: Issue | None
    tickets_url: str


def issue_page(issue: Issue, asked: IssueAsked, *, user: User, at: datetime) -> IssuePage:
    """The figures (about twenty queries), the calendar and signals (two), cases this person may see, quotes (two), who
    came back."""
    found = issue_figures(issue, asked, at=at)
    figures, taxonomy = found.figures, found.read.taxonomy
    own = taxonomy.subtree(issue.pk)
    visible = _visible(found.cases, user)
    after = taxonomy.read_as(issue.pk)
    return IssuePage(
        issue=issue, asked=asked, figures=figures, provenance=found.provenance,
        charts=issue_charts(found, issue, may_see=visible),
        cases=[case for case in found.cases if case.pk in visible],
        quotes=quotes_of_issues(own, first=figures.first, last=figures.last, user=user),
        returned=_returned(found, own, user=user),
        releases=tuple(one.number for one in found.read.releases),
        is_present=found.read.is_present,
        successor=Issue.objects.get(pk=after) if after != issue.pk else None,
        tickets_url=queue_url(
            f"issue:{issue.path}", since=figures.first, until=figures.last + timedelta(days=1)
        ) if found.read.is_present else "",
    )  # fmt: skip


def charts_of_issue(
    issue: Issue, asked: IssueAsked, *, user: User, at: datetime
) -> tuple[dict[str, Chart], Provenance]:
    """The charts alone, for a file."""
    found = issue_figures(issue, asked, at=at)
    return issue_charts(found, issue, may_see=_visible(found.cases, user)), found.provenance


def _visible(cases: Sequence[Case], user: User) -> set[int]:
    seen = Case.objects.visible_to(user).filter(pk__in=[case.pk for case in cases])
    return set(seen.values_list("pk", flat=True))


def _returned(found: FoundIssue, issues: Sequence[int], *, user: User) -> list[Returned]:
    """The latest who came back; one query, for the tickets of these customers in these days."""
    contacts, back = found.read.contacts, found.returns
    own = np.flatnonzero(found.own)
    came = np.flatnonzero(back.within(found.asked.within))
    latest = came[np.argsort(-(back.day[came] + back.gap[came]), kind="stable")][:RETURNED]
    if not len(latest):
        return []
    customers = found.read.measures.customer[own[latest]].tolist()
    tickets = _tickets(issues, customers, contacts.date(int(back.day[latest].min())), user=user)
    rows = []
    for place, customer in zip(latest.tolist(), customers, strict=True):
        issue, day = int(contacts.issue[own[place]]), contacts.date(int(back.day[place]))
        days = int(back.gap[place])
        once = tickets.get((customer, issue, day), [])
        again = tickets.get((customer, issue, day + timedelta(days=days)), [])
        if once and again and once[0] != again[-1]:
            rows.append(Returned(once[0], again[-1], days, midnight(day + timedelta(days=days))))
    return list(dict.fromkeys(rows))


def _tickets(
    issues: Sequence[int], customers: Sequence[int], since: date, *, user: User
) -> dict[tuple[int, int, date], list[int]]:
    """By customer, issue and day, those this person may see."""
    seen = Ticket.objects.visible_to(user).filter(customer__in=customers)
    rows = TicketIssue.objects.filter(issue__in=issues, ticket__in=seen, at__gte=midnight(since))
    found: dict[tuple[int, int, date], list[int]] = {}
    for ticket, customer, issue, at in rows.order_by("at", "ticket").values_list(
        "ticket", "ticket__customer", "issue", "at"
    ):
        found.setdefault((customer, issue, today(at)), []).append(ticket)
    return found
