from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.analysis.deadlines import due_in, midnight, today, yesterday
from apps.analysis.models import Case, CaseState, CaseTicket, LinkedBy, Signal, SignalState
from apps.analysis.places import EVERYWHERE, Place
from apps.analysis.queries.money import QUARTER_DAYS, Money, money_model
from apps.analysis.queries.taxonomy import read_taxonomy
from apps.analysis.services.access import locked, must_be_in
from apps.analysis.services.find_signals import in_place
from helpdesk.errors import Invalid
from helpdesk.models import Issue, Ticket, TicketIssue, User
from helpdesk.permissions import require

# When somebody, and no detector, saw it: it is taken to have begun four weeks ago.
SEEN_BY_HAND = timedelta(days=28)
MOST_EVIDENCE = 5_000  # tickets linked by rule: more than anybody reads, enough to count and to quote


@transaction.atomic
def open_case(
    *,
    title: str = "",
    issue: Issue | None = None,
    place: Place = EVERYWHERE,
    signals: Sequence[Signal] = (),
    tickets: Sequence[Ticket] = (),
    by: User,
    at: datetime,
) -> Case:
    """Open a case out of signals, of tickets, or of what somebody knows; its evidence is linked and its money weighed.

    Raises Invalid when there is nothing to go by.
    """
    require(by, "analysis.case")
    if not (signals or tickets or issue):
        raise Invalid(_("A case needs a signal, a ticket or an issue to begin with."), pointer="issue")
    first = signals[0] if signals else None
    if first is not None:
        issue, place = first.issue, Place(first.dimension, first.value)
    elif issue is None:
        issue = tickets[0].primary_issue
    start, end = _detection(first, at)
    case = Case.open(
        title=title or _title(first, issue, place, tickets),
        issue=issue,
        dimension=place.dimension,
        value=place.value,
        release_id=read_taxonomy().release,
        detection_start=start,
        detection_end=end,
        statement=str(first.sentence) if first else "",
        is_text=str(first.where) if first else "",
        severity=issue.default_severity if issue else 3,
        by=by,
        at=at,
    )
    for signal in signals:
        signal.judge(SignalState.PROMOTED, case=case, by=by, at=at)
    _link_by_rule(case, by=by, at=at)
    for ticket in tickets:
        CaseTicket.link(case=case, ticket=ticket, how=LinkedBy.HAND, by=by, at=at)
    for ticket in Ticket.objects.filter(pk__in=first.examples if first and issue is None else []):
        CaseTicket.link(case=case, ticket=ticket, how=LinkedBy.MODEL, by=by, at=at)
    weigh_money(case=case, by=by, at=at)
    case.move(CaseState.ASSESS, due_on=due_in(CaseState.ASSESS, at), by=by, at=at)
    return case


@transaction.atomic
def flag_case(*, ticket: Ticket, title: str, by: User, at: datetime) -> Case:
    """An agent says: this keeps happening. The case waits, new, for somebody to assess it. Raises Invalid."""
    require(by, "analysis.flag", ticket)
    if not title.strip():
        raise Invalid(_("Say in a few words what keeps happening."), pointer="title")
    start, end = _detection(None, at)
    case = Case.open(
        title=title.strip(),
        issue=ticket.primary_issue,
        release_id=read_taxonomy().release,
        severity=ticket.severity,
        detection_start=start,
        detection_end=end,
        by=by,
        at=at,
    )
    CaseTicket.link(case=case, ticket=ticket, how=LinkedBy.HAND, by=by, at=at)
    return case


@transaction.atomic
def assess_case(*, case: Case, by: User, at: datetime) -> None:
    """Take a case an agent raised: what it is about is counted now, and somebody has three days."""
    require(by, "analysis.case", case)
    case = locked(case)
    must_be_in(case, CaseState.NEW, to=_("assessing"))
    _link_by_rule(case, by=by, at=at)
    weigh_money(case=case, by=by, at=at)
    case.move(CaseState.ASSESS, due_on=due_in(CaseState.ASSESS, at), by=by, at=at)


def weigh_money(*, case: Case, by: User, at: datetime) -> None:
    """A quarter's money at risk at the pace since the detection began, from the assumptions in force."""
    money = money_of(case=case, since=case.detection_start, at=at)
    case.change(
        money_low=money.low,
        money_likely=money.likely,
        money_high=money.high,
        money_note=money.note,
        by=by,
        at=at,
    )


def money_of(*, case: Case, since: date, at: datetime) -> Money:
    """A quarter's money at risk at the pace from `since` to `at`, with what was known then. Reads only."""
    days = max((today(at) - since).days, 7)
    if case.issue_id is None:
        known = case.evidence.filter(Q(excluded_at=None) | Q(excluded_at__gt=at), linked_at__lte=at)
    else:
        known = _tickets_of(case, since).filter(at__lte=at, coded_at__lte=at)
    return money_model(at).at_risk(float(known.count() * QUARTER_DAYS / days), case.issue_id)


def _tickets_of(case: Case, since: date) -> Any:
    issues = read_taxonomy().subtree(case.issue_id) if case.issue_id else ()
    rows = TicketIssue.objects.filter(issue__in=issues, at__gte=midnight(since), ticket__merged_into=None)
    return in_place(rows, Place(case.dimension, case.value))


def _link_by_rule(case: Case, *, by: User, at: datetime) -> None:
    """The tickets with its issue, in its place, since the detection began: one statement, whatever their number."""
    if case.issue_id is None:
        return
    newest = _tickets_of(case, case.detection_start).order_by("-at").values_list("ticket_id", flat=True)
    rows = [
        CaseTicket(case=case, ticket_id=ticket, how=LinkedBy.RULE, linked_by=by, linked_at=at)
        for ticket in newest[:MOST_EVIDENCE]
    ]
    CaseTicket.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)


def _detection(signal: Signal | None, at: datetime) -> tuple[date, date]:
    if signal is None:
        return today(at) - SEEN_BY_HAND, yesterday(at)
    return signal.started_on, signal.window_end


def _title(signal: Signal | None, issue: Issue | None, place: Place, tickets: Sequence[Ticket]) -> str:
    if signal is not None:
        return str(signal.label)
    if issue is not None:
        return issue.label if place.is_everywhere else f"{issue.label} in {place}"
    return tickets[0].subject
