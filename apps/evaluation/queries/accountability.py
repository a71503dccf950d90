"""Whose contacts are these? The department that owns the issue, whoever answered them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth

from apps.analysis.deadlines import today
from apps.analysis.models import Assumption, Parameter
from apps.evaluation.queries.counted import Charge, Counted
from apps.evaluation.queries.prevention import Judged
from apps.evaluation.queries.window import Window, zone
from helpdesk.models import Department, Ticket


@dataclass(frozen=True)
class Account:
    """What one department causes, and what it prevented. Without a department: contacts nobody owns."""

    department: Department | None
    contacts: int
    # Of these, answered by another department.
    elsewhere: int
    # None while nobody has said what a contact costs.
    cost: Decimal | None
    tried: int
    proven: int
    came_back: int
    # A quarter's money no longer at risk, by the proven cases whose money is known.
    saved: Decimal | None


@dataclass(frozen=True)
class Accounts:
    """All of them, the costliest first, and what a contact was taken to cost."""

    rows: tuple[Account, ...]
    assumption: Assumption | None


@dataclass(frozen=True)
class _Charge:
    issue: int | None
    contacts: int
    elsewhere: int


def accounts(
    window: Window, *, departments: Sequence[Department], judged: Iterable[Judged],
    counted: Counted | None = None,
) -> Accounts:  # fmt: skip
    """Contacts, their cost and the fixes of these departments, and what belongs to none: two queries, one with what is
    counted."""
    of_all = Assumption.objects.filter(parameter=Parameter.CONTACT_COST, channel="", segment="")
    costs = {row.issue_id: row for row in of_all.in_force(today(window.until), known_at=window.until)}
    charges = _charges(window, counted.charges if counted else count_charges(window.since, window.until))
    cases = defaultdict(list)
    for case in judged:
        cases[case.department].append(case)
    rows = [_account(None, charges[None], [], costs)] if charges.get(None) else []
    rows += [_account(one, charges.get(one.pk, []), cases[one.pk], costs) for one in departments]
    rows.sort(key=lambda row: (row.department is None, -(row.cost or 0), -row.contacts))
    return Accounts(tuple(rows), costs.get(None))


def count_charges(since: datetime, until: datetime) -> list[Charge]:
    """Contacts by month, owning department and issue; owner None: no code yet, or an issue nobody owns. One query."""
    rows = (
        Ticket.objects.filter(opened_at__gte=since, opened_at__lt=until, merged_into__isnull=True)
        .values_list(
            TruncMonth("opened_at", tzinfo=zone()), "primary_issue__owner_department", "primary_issue"
        )
        .annotate(
            contacts=Count("id"),
            elsewhere=Count("id", filter=~Q(department=F("primary_issue__owner_department"))),
        )
    )
    return [(month.date(), *rest) for month, *rest in rows.order_by()]


def _charges(window: Window, counted: Iterable[Charge]) -> dict[int | None, list[_Charge]]:
    """By owning department; an issue's months are one charge."""
    sums: dict[tuple[int | None, int | None], tuple[int, int]] = {}
    for month, owner, issue, contacts, elsewhere in counted:
        if month in window.months:
            before = sums.get((owner, issue), (0, 0))
            sums[owner, issue] = (before[0] + contacts, before[1] + elsewhere)
    found: dict[int | None, list[_Charge]] = defaultdict(list)
    for (owner, issue), (contacts, elsewhere) in sums.items():
        found[owner].append(_Charge(issue, contacts, elsewhere))
    return found


def _account(
    department: Department | None,
    charges: Sequence[_Charge],
    cases: Sequence[Judged],
    costs: dict[int | None, Assumption],
) -> Account:
    saved = [case.saved for case in cases if case.holds and case.saved is not None]
    return Account(
        department=department,
        contacts=sum(charge.contacts for charge in charges),
        elsewhere=sum(charge.elsewhere for charge in charges) if department else 0,
        cost=_cost(charges, costs),
        tried=len(cases),
        proven=sum(case.holds for case in cases),
        came_back=sum(case.is_proven and case.came_back for case in cases),
        saved=sum(saved, Decimal()) if saved else None,
    )


def _cost(charges: Sequence[_Charge], costs: dict[int | None, Assumption]) -> Decimal | None:
    """An issue's own cost of a contact counts before that of all; None when one of them has neither."""
    found = Decimal()
    for charge in charges:
        row = costs.get(charge.issue) or costs.get(None)
        if row is None:
            return None
        found += charge.contacts * row.likely
    return found
