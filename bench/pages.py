"""Queue, ticket and search among many tickets: queries for 1 row and for 50, and time beside one bare look-up.

    .venv/bin/python -m bench.pages [--tickets 1000000]

The pages are asked in one process by Django's test client, signed in as an agent; the look-up is `SELECT` of one
ticket by its number through the same connection. Budgets: 12 queries for the queue, 15 for a ticket.
"""

import argparse
import gzip
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from bench.ground import empty_helpdesk
from bench.nightly import DAYS, make

ISSUES = 45

SAY = """
    INSERT INTO helpdesk_message (ticket_id, direction, channel, customer_id, sender_name, sender_email, body, html,
        is_automatic, in_reply_to, at)
    SELECT id, 'in', channel, customer_id, '', '', 'Word' || id %% 5000 || ' about my order', '', false, '', opened_at
    FROM helpdesk_ticket
"""
# The newest fifty of one department are open; one of another.
OPEN = """
    UPDATE helpdesk_ticket SET status = 'open', due_at = now(), clock_state = 'running' WHERE id IN (
        SELECT id FROM helpdesk_ticket WHERE department_id = %s ORDER BY id DESC LIMIT %s)
"""
BUDGETS = {"queue": 12, "ticket": 15, "search": None}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=1_000_000)
    asked = options.parse_args()
    with empty_helpdesk():
        measure(asked.tickets)


def measure(tickets: int) -> None:
    from django.db import connection
    from django.test import Client

    from helpdesk.models import Department, Role, Ticket, User

    make(tickets, ISSUES, datetime.now(UTC) - timedelta(days=DAYS))
    few, many = Department.objects.order_by("pk")[:2]
    with connection.cursor() as cursor:
        cursor.execute(SAY, {})
        cursor.execute(OPEN, [few.pk, 1])
        cursor.execute(OPEN, [many.pk, 50])
        cursor.execute("VACUUM ANALYZE")
    browsers = {}
    for rows, department in ((1, few), (50, many)):
        agent = User.objects.create_user(
            email=f"agent{rows}@bench.test", name="Agent", role=Role.AGENT, department=department
        )
        browsers[rows] = Client(SERVER_NAME="localhost")
        browsers[rows].force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    number = Ticket.objects.filter(department=many).latest("pk").pk
    single = Ticket.objects.filter(department=few).latest("pk").pk
    bare = median(lambda: Ticket.objects.get(pk=number))
    print(f"{tickets:,} tickets; one bare look-up takes {1000 * bare:.2f} ms\n")
    print(
        f"{'':>8} {'queries, 1 row':>15} {'50 rows':>8} {'budget':>7} {'ms':>8} {'look-ups':>9} {'KB gz':>7}"
    )
    pages = {
        "queue": ("/queue/?view=all-open", "/queue/?view=all-open"),
        "ticket": (f"/t/{single}/", f"/t/{number}/"),
        "search": ("/search/?q=word77", "/search/?q=word77"),
    }
    for name, (one, fifty) in pages.items():
        spent = median(partial(browsers[50].get, fifty))
        size = len(gzip.compress(browsers[50].get(fifty).content)) / 1000
        print(
            f"{name:>8} {queries(browsers[1], one):>15} {queries(browsers[50], fifty):>8} "
            f"{BUDGETS[name] or '':>7} {1000 * spent:>8.1f} {spent / bare:>9.0f} {size:>7.1f}"
        )


def queries(browser: object, page: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(page)  # type: ignore[attr-defined]
    assert answer.status_code == 200, f"{page}: {answer.status_code}"
    return len(asked)


def median(act: Callable[[], object], times: int = 15) -> float:
    """The median of several runs, in seconds, after one that warms up."""
    act()
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
