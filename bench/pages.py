"""Queue, ticket, search and acts among many tickets: queries for 1 row and for 50, and time beside one bare look-up.

    .venv/bin/python -m bench.pages [--tickets 1000000]

The pages are asked in one process by Django's test client, signed in as an agent; the look-up is `SELECT` of one
ticket by its number through the same connection. Budgets: 12 queries for the queue, 15 for a ticket; a search 150 ms
where it is typical, 400 ms for the worst of the grammar. Acts are POSTs, without the page that follows them.
"""

import argparse
import gzip
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

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
REOPEN = """
    UPDATE helpdesk_ticket SET status = 'open', assignee_id = NULL, merged_into_id = NULL, primary_issue_id = NULL
    WHERE id IN (SELECT id FROM helpdesk_ticket WHERE department_id = %s ORDER BY id LIMIT %s)
"""
BUDGETS = {"queue": 12, "ticket": 15}
TYPICAL = "is:open word77"
# Everything at once: words that stand in many messages, either-or, and what is not to be.
WORST = (
    "order (is:solved or severity:high) sort:updated",
    "-word77 -is:open sort:oldest",
    '("about my order" or tag:vip) -issue:none created:>30d sort:due',
)


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
    pages |= {f"search: {q}": (f"/queue/?q={quote(q)}",) * 2 for q in (TYPICAL, *WORST)}
    for name, (one, fifty) in pages.items():
        spent = median(partial(browsers[50].get, fifty))
        size = len(gzip.compress(browsers[50].get(fifty).content)) / 1000
        print(
            f"{name[:48]:>8} {queries(browsers[1], one):>15} {queries(browsers[50], fifty):>8} "
            f"{BUDGETS.get(name, ''):>7} {1000 * spent:>8.1f} {spent / bare:>9.0f} {size:>7.1f}"
        )

    measure_acts(browsers[50], many.pk, bare)


def measure_acts(browser: Any, department: int, bare: float) -> None:
    """Each on tickets nobody touched; a hundred at once are told for one of them."""
    from django.contrib.auth import get_user
    from django.db import connection
    from django.urls import reverse

    from helpdesk.models import Issue, Ticket

    tickets = Ticket.objects.filter(department=department).order_by("pk")
    with connection.cursor() as cursor:
        cursor.execute(REOPEN, [department, 1_000])
    free = iter(tickets.filter(status="open", assignee=None).values_list("pk", flat=True)[:900])
    me = get_user(browser).pk
    leaf = Issue.objects.leaves().latest("pk")
    acts: dict[str, dict[str, object]] = {
        "reply": {"body": "We look into it."},
        "note": {"body": "Looked at it."},
        "assign": {"assignee": me, "expected": ""},
        "classify": {"issue": leaf.code},
        "solve": {},
    }
    print(f"\n{'':>14} {'queries':>8} {'ms':>8} {'look-ups':>9}")

    def told(name: str, act: Callable[[], object], times: int = 15, share: int = 1) -> None:
        asked, spent = count(act), median(act, times) / share
        print(f"{name:>14} {asked / share:>8.0f} {1000 * spent:>8.1f} {spent / bare:>9.0f}")

    def post(name: str, given: dict[str, object]) -> None:
        browser.post(f"/t/{next(free)}/{name}/", given)

    for name, given in acts.items():
        told(name, partial(post, name, given))
    told("play", lambda: browser.post(reverse("play") + "?view=unassigned"))

    def many() -> None:
        numbers = [next(free) for _ in range(100)]
        browser.post(reverse("bulk"), {"number": numbers, "do": "assign:@me"})

    told("one of 100", many, times=3, share=100)


def count(act: Callable[[], object]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


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
