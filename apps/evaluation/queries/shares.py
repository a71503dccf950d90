"""Shares by department and month: one grouped query a source, whatever the number of departments."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from apps.control.models import Clock, Survey
from apps.evaluation.models import Measure
from apps.evaluation.queries.counted import Share
from apps.evaluation.queries.prevention import Judged
from apps.evaluation.queries.window import Window, zone
from apps.evaluation.tally import Tally
from helpdesk.models import IssueKind, Outcome, Ticket

# Somebody who writes about the same thing within so many days was not helped the first time.
REPEAT_DAYS = 14

Readings = dict[tuple[str, int | None], list[Tally]]

CLOCKS = (Measure.ACKNOWLEDGE, Measure.FIRST_REPLY, Measure.RESOLVE)
LATE = (Clock.State.MET_LATE, Clock.State.BREACHED)

FIRST_CONTACTS = """
    SELECT department_id, date_trunc('month', opened_at AT TIME ZONE %(zone)s)::date,
           count(*) FILTER (WHERE solved_at IS NOT NULL AND reopened_count = 0
                            AND (next_at IS NULL OR next_at > opened_at + make_interval(days => %(repeat)s))),
           count(*)
    FROM (SELECT ticket.department_id, ticket.opened_at, ticket.solved_at, ticket.reopened_count,
                 lag(ticket.opened_at) OVER contacts AS before_at, lead(ticket.opened_at) OVER contacts AS next_at
          FROM helpdesk_ticket ticket JOIN helpdesk_issue issue ON issue.id = ticket.primary_issue_id
          WHERE ticket.opened_at >= %(since)s - make_interval(days => %(repeat)s) AND ticket.opened_at < %(until)s
                AND ticket.merged_into_id IS NULL AND issue.kind = %(reason)s
          WINDOW contacts AS (PARTITION BY ticket.customer_id, ticket.primary_issue_id
                              ORDER BY ticket.opened_at, ticket.id)) ticket
    WHERE opened_at >= %(since)s AND opened_at < %(until)s - make_interval(days => %(repeat)s)
          AND (before_at IS NULL OR before_at < opened_at - make_interval(days => %(repeat)s))
    GROUP BY 1, 2
"""


def readings(window: Window, judged: Iterable[Judged], counted: Iterable[Share]) -> Readings:
    """Every measure of every department, month by month, from counted shares; None is the whole company. No query."""
    found: Readings = defaultdict(lambda: [Tally()] * len(window.months))
    for measure, department, month, tally in chain(counted, _prevented(judged)):
        if month in window.months:
            index = window.index(month)
            for key in {(measure, department), (measure, None)}:
                found[key][index] += tally
    return found


def _prevented(judged: Iterable[Judged]) -> Iterator[Share]:
    for case in judged:
        month = case.decided_at.astimezone(zone()).date().replace(day=1)
        yield Measure.PREVENTED.value, case.department, month, Tally(int(case.holds), 1)


def count_shares(window: Window) -> list[Share]:
    """All that is counted from tickets, promises and answers. Three queries.

    A window of fewer months up to the same moment has the same shares in its months.
    """
    return [*_promises(window), *_solved(window), *_first_contacts(window)]


def _promises(window: Window) -> Iterator[Share]:
    """Promises made in the window and decided by now: overdue and still unmet counts as broken."""
    met_later, broken_later = Q(met_at__gt=window.until), Q(breached_at__gt=window.until)
    rows = (
        Clock.objects.filter(kind__in=CLOCKS, started_at__gte=window.since, started_at__lt=window.until)
        .values_list("kind", "ticket__department", TruncMonth("started_at", tzinfo=zone()))
        .annotate(
            met=Count("id", filter=Q(state=Clock.State.MET) & ~met_later),
            late=Count(
                "id",
                filter=Q(state__in=LATE) & ~broken_later & ~(met_later & Q(breached_at=None)),
            ),
        )
    )
    for kind, department, month, met, late in rows.order_by():
        yield kind, department, month.date(), Tally(met, met + late)


def _solved(window: Window) -> Iterator[Share]:
    """Of the tickets solved in the window: what customers said of the answer, and whether their reason is known."""
    reasons = (IssueKind.REASON, IssueKind.NO_PROBLEM)
    # What customers said since was not known at the end of the window.
    later = Survey.objects.filter(ticket=OuterRef("pk"), answered_at__gt=window.until)
    judged = ~Q(outcome="") & ~Q(Exists(later))
    # Who was drawn with a chance of a third stands for three: the share is that of everybody (Hájek).
    chance = Subquery(Survey.objects.filter(ticket=OuterRef("pk"), chance__gt=0).values("chance"))
    stands_for = Coalesce(1.0 / F("chance"), 1.0)
    rows = (
        Ticket.objects.filter(
            solved_at__gte=window.since, solved_at__lt=window.until, merged_into__isnull=True
        )
        .annotate(chance=chance)
        .values_list("department", TruncMonth("solved_at", tzinfo=zone()))
        .annotate(
            satisfied=Count("id", filter=judged & Q(outcome=Outcome.SATISFIED)),
            answered=Count("id", filter=judged),
            coded=Count("id", filter=Q(primary_issue__kind__in=reasons)),
            solved=Count("id"),
            heavy=Sum(stands_for, filter=judged & Q(outcome=Outcome.SATISFIED)),
            weight=Sum(stands_for, filter=judged),
        )
    )
    # In one order, for weights are added up: to the last digit the same however many months are asked for.
    for department, month, satisfied, answered, coded, solved, heavy, weight in sorted(rows.order_by()):
        drawn = (heavy or 0.0, weight) if weight and weight != answered else ()
        yield Measure.SATISFIED.value, department, month.date(), Tally(satisfied, answered, *drawn)
        yield Measure.CODED.value, department, month.date(), Tally(coded, solved)


def _first_contacts(window: Window) -> Iterator[Share]:
    """First contacts of a customer about an issue: settled when it was solved, stayed solved, and no other came.

    Counted are those opened long enough ago for a repeat to have come.
    """
    values: dict[str, str | datetime | int] = {
        "zone": str(zone()), "since": window.since, "until": window.until, "reason": IssueKind.REASON.value,
        "repeat": REPEAT_DAYS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FIRST_CONTACTS, values)
        for department, month, good, counted in cursor.fetchall():
            yield Measure.FIRST_CONTACT.value, department, month, Tally(good, counted)
