"""The pages of the loop among many tickets and cases: queries, time beside one bare pass, and size.

    .venv/bin/python -m bench.loop_pages [--tickets 1000000] [--cases 500] [--explain]

Five hundred cases stand in every state, each with an owner, money, two hundred tickets as evidence, three causes and
two actions, and as many signals beside them. The pages are asked in one process by Django's test client; the bare pass
is one `count(*)` over the tickets. `--explain` prints the plans of the slowest queries of each page.
"""

import argparse
import gzip
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from bench.analysis_page import queries, tell_slowest
from bench.ground import empty_helpdesk
from bench.nightly import DAYS, make, seconds
from bench.pages import median

ISSUES = 45
EVIDENCE = 200  # tickets of a case
ENDED = 40  # hundredths of the cases that are closed
LINK = """
    INSERT INTO analysis_caseticket (case_id, ticket_id, how, linked_by_id, linked_at)
    SELECT of.id, found.ticket_id, 'rule', of.opened_by_id, now()
    FROM analysis_case of, LATERAL (
        SELECT ticket_id FROM helpdesk_ticketissue WHERE issue_id = of.issue_id ORDER BY at DESC LIMIT %s) found
    ON CONFLICT DO NOTHING
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=1_000_000)
    options.add_argument("--cases", type=int, default=500)
    options.add_argument("--explain", action="store_true")
    asked = options.parse_args()
    with empty_helpdesk():
        measure(asked.tickets, asked.cases, explain=asked.explain)


def measure(tickets: int, cases: int, *, explain: bool) -> None:
    from django.db import connection

    from apps.analysis.services import count_days
    from apps.evaluation.services import count_months
    from helpdesk.models import Ticket, User

    now = datetime.now(UTC)
    make(tickets, ISSUES, now - timedelta(days=DAYS))
    count_days(first=(now - timedelta(days=DAYS)).date(), last=(now - timedelta(days=1)).date(), at=now)
    spent = seconds(partial(count_months, by=User.objects.system(), at=now))
    print(f"Standards and prevention are counted in {spent:.1f} s, every quarter of an hour")
    people = make_people()
    open_cases(cases, people, now)
    raise_signals(cases, now.date())
    with connection.cursor() as cursor:
        cursor.execute(LINK, [EVIDENCE])
        cursor.execute("VACUUM ANALYZE")
    bare = median(Ticket.objects.count, 5)
    print(f"{tickets:,} tickets, {cases} cases; one bare pass over the tickets takes {1000 * bare:.1f} ms\n")
    print(f"{'':>22} {'queries':>8} {'ms':>8} {'passes':>7} {'KB gz':>7}")
    for name, (who, page) in pages().items():
        browser = signed_in(people[who])
        asked = queries(browser, page)
        spent = median(partial(browser.get, page), 3)
        size = len(gzip.compress(browser.get(page).content)) / 1000
        print(
            f"{name:>22} {len(asked):>8} {1000 * spent:>8.1f} {spent / bare:>7.1f} {size:>7.1f}", flush=True
        )
        if explain:
            tell_slowest(asked)


def pages() -> dict[str, tuple[str, str]]:
    from apps.analysis.models import Case, Signal
    from helpdesk.models import Department

    case = Case.objects.filter(state="fixing").latest("pk").pk
    department = Department.objects.earliest("pk").slug
    return {
        "signals": ("analyst", "/signals/"),
        "signal": ("analyst", f"/signals/{Signal.objects.latest('pk').pk}/"),
        "board": ("analyst", "/cases/"),
        "board of an owner": ("owner", "/cases/"),
        "departments": ("analyst", "/departments/"),
        "department": ("analyst", f"/departments/{department}/"),
        "needs you": ("owner", "/needs-you/"),
        "needs you, analyst": ("analyst", "/needs-you/"),
        "case": ("analyst", f"/cases/{case}/"),
        "evidence": ("analyst", f"/cases/{case}/evidence/"),
        "sister products": ("analyst", f"/cases/{case}/spread/"),
        "ownership": ("analyst", "/analysis/ownership/"),
        "calendar": ("analyst", "/analysis/calendar/"),
        "ledger": ("analyst", "/analysis/ledger/"),
        "saved views": ("analyst", "/analysis/views/"),
        "coding quality": ("analyst", "/coding-quality/"),
        "standards": ("admin", "/standards/"),
        "prevention": ("admin", "/standards/prevention/"),
        "quality": ("admin", "/quality/"),
        "people": ("admin", "/people/"),
        "staffing forecast": ("admin", "/people/forecast/"),
        "suggestions": ("admin", "/suggestions/"),
        "training": ("admin", "/training/"),
        "campaigns": ("admin", "/campaigns/"),
        "outreach": ("admin", "/outreach/"),
        "notices": ("admin", "/notices/"),
        "taxonomy": ("admin", "/admin/taxonomy/"),
        "taxonomy table": ("admin", "/admin/taxonomy/table/"),
        "taxonomy work": ("admin", "/admin/taxonomy/work/"),
    }


def make_people() -> dict[str, Any]:
    from helpdesk.models import Department, Role, User

    department = Department.objects.earliest("pk")
    roles = {"analyst": Role.ANALYST, "owner": Role.OWNER, "admin": Role.ADMIN, "agent": Role.AGENT}
    people = {
        name: User.objects.create_user(
            email=f"{name}@bench.test", name=name.title(), role=role, department=department
        )
        for name, role in roles.items()
    }
    Department.objects.update(head=people["owner"])
    return people


def signed_in(person: Any) -> Any:
    from django.test import Client

    browser = Client(SERVER_NAME="localhost")
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def open_cases(number: int, people: dict[str, Any], at: datetime) -> None:
    """All at once, in every state in turn: what they went through is not looked at here."""
    from apps.analysis.models import Action, Case, Cause
    from helpdesk.models import Department, Issue

    leaves = list(Issue.objects.leaves().filter(kind="reason").order_by("pk"))
    departments = list(Department.objects.order_by("pk"))
    states = ("assess", "routed", "investigating", "planning", "fixing", "monitoring")
    cases = Case.objects.bulk_create(
        Case(
            title=f"Case {n}", statement="What, where, since when, how many", is_text="Here", is_not_text="There",
            issue=leaves[n % len(leaves)], opened_by=people["analyst"], opened_at=at - timedelta(days=n % 200),
            state="closed" if n % 100 < ENDED else states[n % len(states)], state_since=at - timedelta(days=n % 40),
            outcome="cancelled" if n % 100 < ENDED else "", closed_at=at if n % 100 < ENDED else None,
            due_on=None if n % 100 < ENDED else at.date() + timedelta(days=n % 20 - 10),
            detection_start=at.date() - timedelta(days=60 + n % 300), detection_end=at.date() - timedelta(days=50),
            owner=people["owner"], owner_department=departments[n % len(departments)],
            routed_at=at - timedelta(days=30), accepted_at=at - timedelta(days=29),
            money_low=1_000, money_likely=2_000 + n, money_high=9_000,
        )
        for n in range(number)
    )  # fmt: skip
    Cause.objects.bulk_create(
        Cause(case=case, path="occurrence", text=f"Because of {n}", cause_class="product",
              added_by=people["analyst"], added_at=at)
        for case in cases for n in range(3)
    )  # fmt: skip
    Action.objects.bulk_create(
        Action(case=case, title=f"Do {n}", strength="strong", state="assigned", assignee=people["agent"],
               due_on=at.date() + timedelta(days=n), added_by=people["analyst"], added_at=at)
        for case in cases for n in range(2)
    )  # fmt: skip


def raise_signals(number: int, day: date) -> None:
    from apps.analysis.models import Signal
    from helpdesk.models import Issue

    leaves = list(Issue.objects.leaves().filter(kind="reason").order_by("pk"))
    Signal.objects.bulk_create(
        Signal(
            kind="surge", issue=leaves[n % len(leaves)], dimension="region", value=f"r{n}", label=f"Signal {n}",
            sentence="Three times as many as expected.", detector="surge", started_on=day, window_start=day,
            window_end=day, observed=30 + n, expected=10, ratio=3, excess=20 + n, weekly=[5.0] * 26,
            first_seen_on=day, last_seen_on=day,
        )
        for n in range(number)
    )  # fmt: skip


if __name__ == "__main__":
    main()
