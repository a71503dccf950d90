"""The analysis page and the page of an issue among many tickets and cases: queries, time beside one bare pass, size.

    .venv/bin/python -m bench.analysis_page [--tickets 1000000] [--cases 500] [--explain]

The pages are asked in one process by Django's test client, signed in as an analyst; the bare pass is one `count(*)`
over the tickets through the same connection. `--explain` prints the plans of the slowest queries of each page.
"""

import argparse
import gzip
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bench.ground import empty_helpdesk
from bench.nightly import DAYS, make
from bench.pages import median

ISSUES = 45
SLOWEST = 3
BUDGETS = {
    "analysis": 40,
    "a year by money": 40,
    "issue": 40,
    "issue, 2 years": 40,
    "as coded": 40,
    "picture": 40,
}


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
    from django.test import Client

    from apps.analysis.services import count_days
    from helpdesk.models import Issue, Role, Ticket, User

    now = datetime.now(UTC)
    make(tickets, ISSUES, now - timedelta(days=DAYS))
    count_days(first=(now - timedelta(days=DAYS)).date(), last=(now - timedelta(days=1)).date(), at=now)
    analyst = User.objects.create_user(email="analyst@bench.test", name="Analyst", role=Role.ANALYST)
    leaves = list(Issue.objects.leaves().filter(kind="reason").order_by("pk"))
    open_cases(cases, leaves, analyst, now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")
    bare = median(Ticket.objects.count, 5)
    code = leaves[0].code
    pages = {
        "analysis": "/analysis/",
        "a year by money": "/analysis/?days=365&by=money",
        "as coded": "/analysis/?release=coded",
        "issue": f"/analysis/issues/{code}/",
        "issue, 2 years": f"/analysis/issues/{code}/?days=728",
        "picture": f"/analysis/issues/{code}/control.png",
    }
    print(f"{tickets:,} tickets, {cases} cases; one bare pass over the tickets takes {1000 * bare:.1f} ms\n")
    print(f"{'':>16} {'queries':>8} {'budget':>7} {'ms':>8} {'passes':>7} {'KB gz':>7}")
    for name, page in pages.items():
        asked = queries(browser, page)
        spent = median(partial(browser.get, page), 5)
        size = len(gzip.compress(browser.get(page).content)) / 1000
        print(
            f"{name:>16} {len(asked):>8} {BUDGETS[name]:>7} {1000 * spent:>8.1f} {spent / bare:>7.1f} {size:>7.1f}"
        )
        if explain:
            tell_slowest(asked)


def open_cases(number: int, leaves: list[Any], by: Any, at: datetime) -> None:
    """All at once: what they went through is not looked at here."""
    from apps.analysis.models import Case

    Case.objects.bulk_create(
        Case(
            title=f"Case {n}", issue=leaves[n % len(leaves)], opened_by=by, opened_at=at, state_since=at,
            detection_start=at.date() - timedelta(days=30 + n % 300), detection_end=at.date() - timedelta(days=20),
            state="assess",
        )
        for n in range(number)
    )  # fmt: skip


def queries(browser: Any, page: str) -> list[dict[str, str]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(page)
    assert answer.status_code == 200, f"{page}: {answer.status_code}"
    return list(asked.captured_queries)


def tell_slowest(asked: list[dict[str, str]]) -> None:
    from django.db import connection

    for query in sorted(asked, key=lambda one: -float(one["time"]))[:SLOWEST]:
        print(f"\n{query['time']} s: {' '.join(query['sql'].split())[:200]}")
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query['sql']}")
            print("\n".join(f"    {row[0]}" for row in cursor.fetchall()))


if __name__ == "__main__":
    main()
