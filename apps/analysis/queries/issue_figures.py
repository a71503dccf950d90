"""The figures of one issue, counted from the days: no ticket is read but those that were paid back for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Prefetch, Sum

from apps.analysis.contacts import Contacts
from apps.analysis.deadlines import holidays_between, midnight, yesterday
from apps.analysis.issue_figures import (
    FixFigures,
    IssueAsked,
    IssueFigures,
    ReturnFigures,
    Turn,
    WeekFigure,
)
from apps.analysis.models import Case, EffectivenessPlan, NewLevel, Parameter, Verdict
from apps.analysis.process_chart import by_week, process_chart
from apps.analysis.proof import Record
from apps.analysis.proof.course import course
from apps.analysis.provenance import Provenance
from apps.analysis.queries.editions import InEdition, read_in_edition
from apps.analysis.queries.exposure import exposure_or_contacts, read_exposure
from apps.analysis.queries.metric import metric_of
from apps.analysis.queries.money import QUARTER_DAYS, MoneyModel, money_model
from apps.analysis.queries.pareto import issue_cells
from apps.analysis.repeats import Returns, returns
from apps.analysis.series import DAYS_A_WEEK, Bools, Calendar
from helpdesk.models import Issue, TicketIssue

FOUR_WEEKS = 28
LEARNT = 364  # days that a short look learns from all the same


@dataclass(frozen=True)
class FoundIssue:
    """The figures with where they come from, the cases of the issue (with plans, verdicts and actions), the latest
    first, who came back, and which cells are its own."""

    asked: IssueAsked
    figures: IssueFigures
    provenance: Provenance
    read: InEdition
    cases: list[Case]
    own: Bools
    returns: Returns


def issue_figures(issue: Issue, asked: IssueAsked, *, at: datetime) -> FoundIssue:
    """As of `at`; about twenty queries whatever the number of tickets and cases."""
    last = yesterday(at)
    first = last - timedelta(days=asked.days - 1)
    cases = cases_of(issue)
    fixed = _fix(cases, at)
    begin = first - timedelta(days=max(asked.days, LEARNT))
    if fixed is not None:
        begin = min(begin, fixed[0].plans.all()[0].baseline_start)
    read = read_in_edition(asked.release, begin, last)
    contacts = read.contacts
    own = contacts.cells_of(read.taxonomy.subtree(issue.pk))
    daily = np.bincount(contacts.day[own], contacts.tickets[own], contacts.days).astype(np.float64)
    start = max(contacts.index(first), 0)
    turns = _turns(issue, cases, at)
    unit, weeks = _weeks(daily, contacts, turns, cases, asked)
    back = returns(contacts.day[own], read.measures.customer[own], contacts.issue[own], days=contacts.days)
    node, model = read.taxonomy.nodes[issue.pk], money_model(at)
    shown = max(first, contacts.first)
    found = IssueFigures(
        path=node.path, label=node.label, first=first, last=last, tickets=int(daily[start:].sum()),
        before=int(daily[max(start - asked.days, 0) : start].sum()), unit=unit, weeks=weeks, turns=turns,
        returns=_came_back(back, contacts, start, asked), fix=_course(fixed, read, at) if fixed else None,
        refunds=_refunds(read, issue, first, last),
        seams=tuple((one.day, one.mark, one.words) for one in read.seams(issue.pk, first=shown, last=last))
        if read.is_present else (),
        **_money(contacts, own & (contacts.day >= start), model, asked),
    )  # fmt: skip
    where = Provenance.of(f"issue:{issue.pk}", asked.words, release=read.number, as_of=at, figures=found)
    return FoundIssue(asked, found, where, read, cases, own, back)


def cases_of(issue: Issue) -> list[Case]:
    """Of the issue and all below it; four queries."""
    rows = Case.objects.filter(issue__in=Issue.objects.under(issue.path)).select_related("issue")
    rows = rows.prefetch_related(
        "actions",
        Prefetch("plans", EffectivenessPlan.objects.defer("baseline")),
        Prefetch("verdicts", Verdict.objects.defer("record")),
    )
    return sorted(rows, key=lambda case: (case.detection_start, case.pk), reverse=True)


# --- the control chart


def _turns(issue: Issue, cases: list[Case], at: datetime) -> tuple[Turn, ...]:
    """Levels that were accepted for the whole issue, and proven fixes; one query."""
    accepted = NewLevel.objects.filter(issue=issue, dimension="", accepted_at__lte=at)
    days = dict.fromkeys(accepted.values_list("since", flat=True), "accepted")
    for case in cases:
        if case.issue_id == issue.pk and not case.dimension:
            days |= {
                one.window_start: "proven"
                for one in case.verdicts.all()
                if one.is_proven and one.decided_at <= at
            }
    return tuple(Turn(day, why) for day, why in sorted(days.items()))


def _weeks(
    daily: np.ndarray, contacts: Contacts, turns: tuple[Turn, ...], cases: list[Case], asked: IssueAsked
) -> tuple[str, tuple[WeekFigure, ...]]:
    known = read_exposure(contacts.first, contacts.last)
    # A surge is part of all contacts: its own are left out of what it is held against.
    exposure = exposure_or_contacts(known, np.maximum(contacts.total - daily, 0.0))
    if contacts.days < DAYS_A_WEEK:
        return "tickets", ()
    calendar = Calendar.of_days(
        contacts.first, contacts.days, holidays_between(contacts.first, contacts.last)
    )
    steps = [contacts.index(turn.day) for turn in turns]
    found = process_chart(
        daily, calendar, offset=exposure.offset, steps=steps, taught=_taught(contacts, turns, cases)
    )
    weeks, size = len(found.tickets), np.ones(len(found.tickets))
    if known is not None:
        size = 1000 * DAYS_A_WEEK / by_week(known.values)
    last = min(asked.days // DAYS_A_WEEK, weeks)
    begins = [contacts.last - timedelta(days=DAYS_A_WEEK * (weeks - n) - 1) for n in range(weeks)]
    told = tuple(
        WeekFigure(
            begin=begins[n], tickets=int(found.tickets[n]), value=float(found.tickets[n] * size[n]),
            expected=float(found.expected[n] * size[n]), lower=float(found.lower[n] * size[n]),
            upper=float(found.upper[n] * size[n]), signal=int(found.signal[n]),
        )
        for n in range(weeks - last, weeks)
    )  # fmt: skip
    return f"tickets per 1,000 {known.called}" if known is not None else "tickets", told


def _taught(contacts: Contacts, turns: tuple[Turn, ...], cases: list[Case]) -> Bools:
    """Not the days from when a problem was noticed to the level that came after it, or to today."""
    taught = np.ones(contacts.days, np.bool_)
    for case in cases:
        start = contacts.index(case.detection_start)
        after = [contacts.index(turn.day) for turn in turns if contacts.index(turn.day) > start]
        taught[max(start, 0) : min(after, default=contacts.days)] = False
    return taught


# --- who came back


def _came_back(back: Returns, contacts: Contacts, start: int, asked: IssueAsked) -> ReturnFigures:
    """In months of four weeks: of a week there are too few for a share."""
    ripe, again = back.had_their_time(asked.within), back.within(asked.within)
    shown = back.day >= start
    months = (contacts.days - start) // FOUR_WEEKS
    month = (contacts.days - 1 - back.day) // FOUR_WEEKS  # 0 is the last
    inside = shown & (month < months)
    came = np.bincount(month[inside], minlength=months)
    returned = np.bincount(month[inside & again], minlength=months)
    told = tuple(
        (
            contacts.last - timedelta(days=FOUR_WEEKS * (n + 1) - 1),
            int(came[n]),
            int(returned[n]) if n * FOUR_WEEKS >= asked.within else None,
        )
        for n in range(months - 1, -1, -1)
    )
    return ReturnFigures(int((shown & ripe).sum()), int((shown & ripe & again).sum()), told)


# --- since the fix


def _fix(cases: list[Case], at: datetime) -> tuple[Case, date] | None:
    """The latest fix that was counted, or is: its case, and the first day that counts."""
    found = []
    for case in cases:
        plans = list(case.plans.all())
        verdicts = [one for one in case.verdicts.all() if one.decided_at <= at]
        if not plans or case.issue_id is None:
            continue
        if verdicts:
            found.append((case, verdicts[-1].window_start))
        elif case.monitoring_from is not None:
            found.append((case, case.monitoring_from + timedelta(days=plans[-1].lag_days)))
    return max((one for one in found if one[1] <= yesterday(at)), key=lambda one: one[1], default=None)


def _course(fixed: tuple[Case, date], read: InEdition, at: datetime) -> FixFigures:
    case, start = fixed
    plan = list(case.plans.all())[-1]
    metric = metric_of(
        case, read.contacts, read.taxonomy, neighbours=tuple(plan.neighbours), denominator=plan.denominator
    ).since(plan.baseline_start)
    baseline_end, begin = metric.index(plan.baseline_end) + 1, metric.index(start)
    points: list[Any] = []
    if 0 < baseline_end <= begin:
        holidays = holidays_between(metric.first, metric.last)
        record = Record(
            first=metric.first,
            holidays=tuple(sorted(day for day in holidays if metric.first <= day <= metric.last)),
            tickets=_whole(metric.tickets), neighbours=_whole(metric.neighbours), others=_whole(metric.others),
            everything=tuple(map(_whole, metric.everything)),
            offset=None if metric.offset is None else tuple(map(float, metric.offset)),
            baseline_end=baseline_end, detected=(baseline_end, baseline_end), after=(begin, len(metric.tickets)),
            promised=plan.expected_cut, alpha=plan.alpha, level=plan.level,
        )  # fmt: skip
        points = course(record)
    return FixFigures(case.pk, start, plan.expected_cut, tuple(points))


def _whole(counts: np.ndarray) -> tuple[int, ...]:
    return tuple(map(int, counts))


# --- money


def _money(contacts: Contacts, chosen: Bools, model: MoneyModel, asked: IssueAsked) -> dict[str, Any]:
    keys = np.unique(contacts.issue[chosen]).tolist()
    if not keys:
        return {"money": None, "customers": None, "cost": None}
    cells, quarter = issue_cells(contacts, chosen, keys, model), QUARTER_DAYS / asked.days
    money, customers = model.weigh(cells), model.lose(cells)
    each = model.column(Parameter.CONTACT_COST, cells)
    group = np.zeros(len(cells.tickets), np.int64)
    one = np.zeros(len(keys), np.int64)
    return {
        "money": money.times(quarter).summed(one, 1).range() if money else None,
        "customers": customers.times(quarter).summed(one, 1).range() if customers else None,
        "cost": each.times(cells.tickets).summed(group, 1).range() if each else None,
    }


def _refunds(read: InEdition, issue: Issue, first: date, last: date) -> float:
    """Given back for it; one query by its index."""
    rows = TicketIssue.objects.filter(
        issue__in=read.taxonomy.subtree(issue.pk), at__gte=midnight(first),
        at__lt=midnight(last + timedelta(days=1)), remedy_amount__isnull=False,
    )  # fmt: skip
    return float(rows.aggregate(money=Sum("remedy_amount"))["money"] or 0)
