"""Queue, ticket, search and acts among many tickets: queries and time for 1 row and for 50, and what a row costs:
of the queue a ticket, of a ticket a message.

    .venv/bin/python -m bench.pages [--tickets 1000000]

The pages are asked in one process by Django's test client, signed in as an agent; a look-up is `SELECT` of one ticket
by its number through the same connection. Acts are POSTs, without the page that follows them; what one changes is not
changed again by another. Exits with 1 where a budget of queries, time or size is not kept.
"""

import argparse
import gzip
import math
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
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
SAY_MORE = """
    INSERT INTO helpdesk_message (ticket_id, direction, channel, customer_id, sender_name, sender_email, body, html,
        is_automatic, in_reply_to, at)
    SELECT ticket_id, 'in', channel, customer_id, '', '', body || nth, '', false, '', at + nth * interval '1 minute'
    FROM helpdesk_message, generate_series(1, 49) AS nth WHERE ticket_id = %s
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
TYPICAL = "is:open word77"
# Everything at once: words that stand in many messages, either-or, and what is not to be.
WORST = (
    "order (is:solved or severity:high) sort:updated",
    "-word77 -is:open sort:oldest",
    '("about my order" or tag:vip) -issue:none created:>30d sort:due',
    "is:open order",
    "sort:severity",
)
TIMES = 40


@dataclass(frozen=True)
class Budget:
    """Queries, milliseconds of the slowest twentieth, and KB compressed; none where nothing was promised."""

    queries: int | None = None
    ms: float | None = None
    kb: float | None = None

    def broken(self, queries: int, ms: float, kb: float) -> list[str]:
        pairs = (("queries", queries, self.queries), ("ms", ms, self.ms), ("KB", kb, self.kb))
        return [name for name, found, most in pairs if most is not None and found > most]


QUEUE, TICKET = Budget(12, 80, 14), Budget(15, 90, 12)
SEARCH, WORST_SEARCH = Budget(ms=150), Budget(ms=400)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=1_000_000)
    asked = options.parse_args()
    with empty_helpdesk():
        broken = measure(asked.tickets)
    sys.exit(1 if broken else 0)


def measure(tickets: int) -> list[str]:
    from django.db import connection
    from django.test import Client

    from config.edge import load_all
    from helpdesk.models import Department, Role, Ticket, User

    make(tickets, ISSUES, datetime.now(UTC) - timedelta(days=DAYS))
    few, many = Department.objects.order_by("pk")[:2]
    with connection.cursor() as cursor:
        cursor.execute(SAY, {})
        cursor.execute(OPEN, [few.pk, 1])
        cursor.execute(OPEN, [many.pk, 50])
        number = Ticket.objects.filter(department=many).latest("pk").pk
        cursor.execute(SAY_MORE, [number])
        cursor.execute("VACUUM ANALYZE")
    browsers = {}
    for rows, department in ((1, few), (50, many)):
        agent = User.objects.create_user(
            email=f"agent{rows}@bench.test", name="Agent", role=Role.AGENT, department=department
        )
        browsers[rows] = Client(SERVER_NAME="localhost")
        browsers[rows].force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    load_all()
    single = Ticket.objects.filter(department=few).latest("pk").pk
    bare = median(lambda: Ticket.objects.get(pk=number))
    print(f"{tickets:,} tickets; one bare look-up takes {1000 * bare:.2f} ms\n")
    pages = [
        ("queue", QUEUE, "/queue/?view=all-open", "/queue/?view=all-open"),
        ("ticket", TICKET, f"/t/{single}/", f"/t/{number}/"),
        ("search", SEARCH, "/search/?q=word77", "/search/?q=word77"),
    ]
    pages += [(TYPICAL, SEARCH, f"/queue/?q={quote(TYPICAL)}", f"/queue/?q={quote(TYPICAL)}")]
    pages += [(q, WORST_SEARCH, f"/queue/?q={quote(q)}", f"/queue/?q={quote(q)}") for q in WORST]
    broken = measure_pages(pages, browsers[1], browsers[50], bare)
    measure_acts(browsers[50], many.pk, bare)
    return broken


def measure_pages(pages: list[tuple[str, Budget, str, str]], one: Any, fifty: Any, bare: float) -> list[str]:
    """One line a page; what is over its budget is named in it. Returns those pages."""
    print(
        f"{'':>64} {'queries, 1 row':>15} {'50 rows':>8} {'ms':>7} {'p95':>7} {'look-ups':>9} {'ms a row':>9} "
        f"{'KB gz':>6}"
    )
    broken = []
    for name, budget, page_of_one, page_of_fifty in pages:
        few, many = timed(partial(one.get, page_of_one)), timed(partial(fifty.get, page_of_fifty))
        asked = queries(fifty, page_of_fifty)
        size = len(gzip.compress(fifty.get(page_of_fifty).content)) / 1000
        over = budget.broken(asked, 1000 * slowest_twentieth(many), size)
        middle = statistics.median(many)
        a_row = 1000 * (middle - statistics.median(few)) / 49
        row_cost = f"{a_row:.2f}" if budget in (QUEUE, TICKET) else ""
        print(
            f"{name:>64} {queries(one, page_of_one):>15} {asked:>8} {1000 * middle:>7.1f} "
            f"{1000 * slowest_twentieth(many):>7.1f} {middle / bare:>9.0f} "
            f"{row_cost:>9} {size:>6.1f}" + (f"  over: {', '.join(over)}" if over else "")
        )
        broken += [name] if over else []
    return broken


def measure_acts(browser: Any, department: int, bare: float) -> None:
    """Each on tickets nobody touched; a hundred at once are told for one of them."""
    from django.contrib.auth import get_user
    from django.db import connection
    from django.urls import reverse

    from helpdesk.models import Issue, Ticket

    tickets = Ticket.objects.filter(department=department).order_by("pk")
    with connection.cursor() as cursor:
        cursor.execute(REOPEN, [department, 1_000])
    free = iter(tickets.filter(status="open", assignee=None).values_list("pk", flat=True)[:990])
    me = get_user(browser).pk
    leaf = Issue.objects.leaves().latest("pk")
    acts: dict[str, dict[str, object]] = {
        "reply": {"body": "We look into it."},
        "note": {"body": "Looked at it."},
        "assign": {"assignee": me, "expected": ""},
        "classify": {"issue": leaf.code},
        "tags": {"add": "vip"},
        "hold": {"waiting_on": "waiting_customer"},
        "solve": {},
    }
    print(f"\n{'':>14} {'queries':>8} {'ms':>8} {'p95':>8} {'look-ups':>9}")

    def told(name: str, act: Callable[[], Any], times: int = 15, share: int = 1) -> None:
        asked, spent = count(act), [one / share for one in timed(act, times)]
        print(
            f"{name:>14} {asked / share:>8.1f} {1000 * statistics.median(spent):>8.1f} "
            f"{1000 * slowest_twentieth(spent):>8.1f} {statistics.median(spent) / bare:>9.0f}"
        )

    def post(address: str, given: dict[str, object]) -> None:
        answer = browser.post(address, given)
        assert answer.status_code < 400, f"{address}: {answer.status_code}"

    def act_on_next(name: str, given: dict[str, object]) -> None:
        post(f"/t/{next(free)}/{name}/", given)

    for name, given in acts.items():
        told(name, partial(act_on_next, name, given))
    told("play", lambda: post(reverse("play") + "?view=unassigned", {}))

    def many() -> None:
        numbers = [next(free) for _ in range(100)]
        post(reverse("bulk"), {"number": numbers, "do": "assign:@me"})

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


def timed(act: Callable[[], object], times: int = TIMES) -> list[float]:
    """Seconds of each of several runs, after one that warms up."""
    act()
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        spent.append(time.perf_counter() - begun)
    return spent


def slowest_twentieth(spent: list[float]) -> float:
    """The 95th percentile, by nearest rank."""
    return sorted(spent)[math.ceil(0.95 * len(spent)) - 1]


def median(act: Callable[[], object], times: int = 15) -> float:
    """The median of several runs, in seconds, after one that warms up."""
    return statistics.median(timed(act, times))


if __name__ == "__main__":
    main()
