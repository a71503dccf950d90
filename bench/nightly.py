"""The nightly analysis, measured: seconds, share of the engines and memory from ten thousand tickets to a million.

    .venv/bin/python -m bench.nightly
    .venv/bin/python -m bench.nightly --tickets 1000000 --issues 45

The tickets are made in a throw-away database by INSERT ... SELECT: two years, 240 issues in 8 products, 5 departments,
4 regions and 3 segments (5,000 lines at a million tickets), one ticket in seventeen uncoded, one in twenty-five with a
second issue. Each size is analysed by a process of its own, whose memory at its highest is measured. PostgreSQL works
for it without parallel helpers, and never at the same time: the seconds on the clock are those of one core.

The first night counts every day from the tickets; every night after it counts what changed and reads the rest. Beside
them one raw GROUP BY of issue and week over the same rows: with 45 issues the night's signals, the best of three, are
to stay within four times that.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from bench.ground import ROOT, empty_helpdesk

SIZES = (10_000, 100_000, 1_000_000)
ISSUES = 240
GOALS = {"first night": 60.0, "every night": 60.0, "engines": 15.0, "peak MB": 1024.0}
DAYS = 728
RAW = """
    SELECT issue_id, date_trunc('week', at), count(*) FROM helpdesk_ticketissue GROUP BY 1, 2
"""
AROUND = """
    INSERT INTO helpdesk_department (name, slug, email, is_default)
        SELECT 'Department ' || i, 'd' || i, '', i = 1 FROM generate_series(1, 5) i;
    INSERT INTO helpdesk_taxonomyrelease (number, published_at, published_by_id, note, changes, reverse)
        SELECT 1, now(), id, '', '[]', '[]' FROM helpdesk_user LIMIT 1;
    INSERT INTO helpdesk_issue (code, path, label, kind, definition, includes, excludes, examples, counter_examples,
            owner_department_id, default_severity, release_id, valid_from)
        SELECT 'i' || i, 'i' || i, 'Issue ' || i, 'reason', '', '', '', '{}', '{}', department.id, 3, release.id,
            '2020-01-01'
        FROM generate_series(1, %(issues)s) i, helpdesk_department department, helpdesk_taxonomyrelease release
        WHERE department.slug = 'd' || (1 + i %% 5);
    INSERT INTO helpdesk_product (code, name, is_active) SELECT 'p' || i, 'P' || i, true FROM generate_series(1, 8) i;
    INSERT INTO helpdesk_customer (email, name, phone, organisation, segment, region, language, created_at)
        SELECT 'c' || i || '@bench.test', 'C', '', '', '', '', '', now() FROM generate_series(1, 20000) i;
"""
TICKETS = """
    INSERT INTO helpdesk_ticket (subject, customer_id, department_id, status, severity, channel, contact_type,
        product_id, product_version, segment, region, language, primary_issue_id, remedy_wanted, attempts_before,
        outcome, handling_minutes, reopened_count, tags, custom, occurred_at, opened_at,
        solved_at, updated_at, clock_state)
    SELECT 'Something is wrong with my order of '
            || (array['lamps', 'a hub', 'valves', 'spare parts', 'a plan'])[1 + i %% 5] || ' no ' || i %% 9973,
        (SELECT min(id) FROM helpdesk_customer) + i %% 20000,
        (SELECT min(id) FROM helpdesk_department) + i %% 5, 'solved', 3, 'form', 'problem',
        (SELECT min(id) FROM helpdesk_product) + floor(random() * 8)::int, '',
        (array['home', 'small', 'large'])[1 + floor(random() * 3)::int],
        (array['north', 'south', 'east', 'west'])[1 + floor(random() * 4)::int], 'en',
        CASE WHEN random() < .06 THEN NULL
             ELSE (SELECT min(id) FROM helpdesk_issue) + floor(%(issues)s * power(random(), 1.6))::int END,
        '', 0, '', 10, 0, '{}', '{}', at, at, at + interval '1 day', at, ''
    FROM (SELECT i, %(start)s + interval '1 day' * (%(days)s * i / %(tickets)s::float) AS at
          FROM generate_series(0, %(tickets)s - 1) i) made
"""
CODES = """
    INSERT INTO helpdesk_ticketissue
        (ticket_id, issue_id, release_id, is_primary, source, coded_at, at, suspected_cause, remedy)
    SELECT helpdesk_ticket.id, primary_issue_id, release.id, true, 'person', opened_at, opened_at, '', ''
    FROM helpdesk_ticket, (SELECT min(id) FROM helpdesk_taxonomyrelease) release (id)
    WHERE primary_issue_id IS NOT NULL;
    INSERT INTO helpdesk_ticketissue
        (ticket_id, issue_id, release_id, is_primary, source, coded_at, at, suspected_cause, remedy)
    SELECT ticket_id, first.id + (issue_id - first.id + 3) %% %(issues)s, release_id, false, 'person', coded_at, at,
        '', ''
    FROM helpdesk_ticketissue, (SELECT min(id) FROM helpdesk_issue) first (id) WHERE ticket_id %% 25 = 0;
"""
EMPTY = """
    TRUNCATE helpdesk_department, helpdesk_taxonomyrelease, helpdesk_issue, helpdesk_product, helpdesk_customer,
        helpdesk_ticket, helpdesk_ticketissue, analysis_daycount, analysis_staleday, analysis_analysisrun,
        analysis_signal CASCADE
"""


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--tickets", type=int, nargs="+", default=SIZES)
    options.add_argument("--issues", type=int, default=ISSUES)
    options.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.measure:
        print(json.dumps(measure()))
        return
    with empty_helpdesk():
        print(f"{'tickets':>9}" + "".join(f"{name:>13}" for name in COLUMNS))
        for tickets in asked.tickets:
            print(
                f"{tickets:>9,}" + "".join(f"{value:>13,.2f}" for value in row(tickets, asked.issues)),
                flush=True,
            )
        goals = (f"{GOALS[name]:>13,.0f}" if name in GOALS else f"{'':>13}" for name in COLUMNS)
        print(f"{'at most':>9}" + "".join(goals))


COLUMNS = ("lines", "raw GROUP BY", "first night", "every night", "times raw", "count", "read", "engines", "keep",
           "uncoded words", "peak MB")  # fmt: skip


def row(tickets: int, issues: int) -> list[float]:
    make(
        tickets,
        issues,
        datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS),
    )
    command = [sys.executable, "-m", "bench.nightly", "--measure"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout)
    return [found[name] for name in COLUMNS]


def measure() -> dict[str, float]:
    """In a process that does nothing else."""
    import django

    django.setup()
    from django.db import connection

    from apps.analysis.services import find_emerging, find_signals
    from helpdesk import events
    from helpdesk.models import User

    events.queue = lambda keys: None
    who: dict[str, Any] = {"by": User.objects.system(), "at": datetime.now(UTC)}
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        raw = fastest(lambda: (cursor.execute(RAW), cursor.fetchall()))
    find_signals(by=who["by"], at=who["at"] - timedelta(days=DAYS - 100))  # brings the libraries into memory
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE analysis_daycount")
    first = seconds(lambda: find_signals(**who))
    phases = time_phases()
    every = seconds(lambda: find_signals(**who))
    phases = dict(phases)  # of that night
    best = min(every, fastest(lambda: find_signals(**who), 2))
    words = seconds(lambda: find_emerging(**who))
    return {
        "lines": lines_of_last_run(), "raw GROUP BY": raw, "first night": first + words, "every night": every + words,
        "times raw": best / raw, **phases, "uncoded words": words,
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def time_phases() -> dict[str, float]:
    """From now on the parts of a night are timed."""
    module = import_module("apps.analysis.services.find_signals")
    spent = {"count": 0.0, "read": 0.0, "engines": 0.0, "keep": 0.0}
    for name, phase in (("count_for", "count"), ("read_night", "read"), ("_look", "engines"), ("_found", "engines"),
                        ("keep_signals", "keep")):  # fmt: skip
        setattr(
            module,
            name,
            timed(getattr(module, name), spent, phase, inner="engines" if phase == "keep" else ""),
        )
    return spent


def timed(act: Callable[..., Any], spent: dict[str, float], phase: str, inner: str) -> Callable[..., Any]:
    """The same, its seconds added to `phase`, without those it spends in `inner`."""

    def measured(*args: Any, **given: Any) -> Any:
        begun, within = time.perf_counter(), spent[inner] if inner else 0.0
        found = act(*args, **given)
        spent[phase] += time.perf_counter() - begun - ((spent[inner] - within) if inner else 0.0)
        return found

    return measured


def lines_of_last_run() -> int:
    from apps.analysis.models import AnalysisRun

    return int(AnalysisRun.objects.done()[0].lines)


def make(tickets: int, issues: int, start: datetime) -> None:
    from django.db import connection

    from helpdesk.models import User

    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
        User.objects.system()  # went with the departments
        cursor.execute(AROUND, {"issues": issues})
        cursor.execute(TICKETS, {"start": start, "days": DAYS, "tickets": tickets, "issues": issues})
        cursor.execute(CODES, {"issues": issues})
        cursor.execute("VACUUM ANALYZE")


def seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def fastest(act: Callable[[], object], times: int = 3) -> float:
    return min(seconds(act) for _ in range(times))


if __name__ == "__main__":
    main()
