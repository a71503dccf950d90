"""The nightly analysis over a million tickets, beside one raw SQL GROUP BY of issue and week on the same rows.

    .venv/bin/python -m bench.nightly [--tickets 1000000]

The tickets are made in a throw-away database by INSERT ... SELECT: two years, 45 issues, 8 products, 5 departments,
4 regions, 3 segments, one ticket in seventeen uncoded, one in twenty-five with a second issue. The goal is 4 times.
The first night counts every day from the tickets; every night after it counts what is new and reads the rest.
"""

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bench.ground import empty_helpdesk

DAYS = 728
RAW = """
    SELECT issue_id, date_trunc('week', at), count(*) FROM helpdesk_ticketissue GROUP BY 1, 2
"""
AROUND = """
    INSERT INTO helpdesk_department (name, slug, email, is_default)
        SELECT 'Department ' || i, 'd' || i, '', i = 1 FROM generate_series(1, 5) i;
    INSERT INTO helpdesk_taxonomyrelease (number, published_at, published_by_id, note)
        SELECT 1, now(), id, '' FROM helpdesk_user LIMIT 1;
    INSERT INTO helpdesk_issue (code, path, label, kind, definition, includes, excludes, examples, counter_examples,
            owner_department_id, default_severity, release_id, valid_from)
        SELECT 'i' || i, 'i' || i, 'Issue ' || i, 'reason', '', '', '', '{}', '{}', department.id, 3, release.id,
            '2020-01-01'
        FROM generate_series(1, 45) i, helpdesk_department department, helpdesk_taxonomyrelease release
        WHERE department.slug = 'd' || (1 + i % 5);
    INSERT INTO helpdesk_product (code, name, is_active) SELECT 'p' || i, 'P' || i, true FROM generate_series(1, 8) i;
    INSERT INTO helpdesk_customer (email, name, phone, organisation, segment, region, language, created_at)
        SELECT 'c' || i || '@bench.test', 'C', '', '', '', '', '', now() FROM generate_series(1, 20000) i;
"""
TICKETS = """
    INSERT INTO helpdesk_ticket (subject, customer_id, department_id, status, severity, channel, contact_type,
        product_id, product_version, segment, region, language, primary_issue_id, remedy_wanted, attempts_before,
        outcome, handling_minutes, reopened_count, tags, custom, occurred_at, opened_at,
        solved_at, updated_at, clock_state)
    SELECT 'Something is wrong with my order', (SELECT min(id) FROM helpdesk_customer) + i %% 20000,
        (SELECT min(id) FROM helpdesk_department) + i %% 5, 'solved', 3, 'form', 'problem',
        (SELECT min(id) FROM helpdesk_product) + floor(random() * 8)::int, '',
        (array['home', 'small', 'large'])[1 + floor(random() * 3)::int],
        (array['north', 'south', 'east', 'west'])[1 + floor(random() * 4)::int], 'en',
        CASE WHEN random() < .06 THEN NULL
             ELSE (SELECT min(id) FROM helpdesk_issue) + floor(45 * power(random(), 1.6))::int END,
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
    SELECT ticket_id, first.id + (issue_id - first.id + 3) %% 45, release_id, false, 'person', coded_at, at, '', ''
    FROM helpdesk_ticketissue, (SELECT min(id) FROM helpdesk_issue) first (id) WHERE ticket_id %% 25 = 0;
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=1_000_000)
    asked = options.parse_args()
    with empty_helpdesk():
        measure(asked.tickets)


def measure(tickets: int) -> None:
    from django.db import connection

    from apps.analysis.services import find_emerging, find_signals
    from helpdesk.models import User

    system = User.objects.system()
    now = datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    make(tickets, midnight - timedelta(days=DAYS))
    with connection.cursor() as cursor:
        raw = fastest(lambda: (cursor.execute(RAW), cursor.fetchall()))
    find_signals(by=system, at=now - timedelta(days=3))  # brings the libraries into memory
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE analysis_daycount")
    first = seconds(lambda: find_signals(by=system, at=now - timedelta(days=1)))
    nightly = fastest(lambda: find_signals(by=system, at=now))
    words = seconds(lambda: find_emerging(by=system, at=now))
    print(f"{'':>38} {'seconds':>9} {'times raw':>10}")
    for name, spent in (("raw GROUP BY issue, week", raw), ("find_signals, the first night", first)):
        print(f"{name:>38} {spent:>9.2f} {spent / raw:>10.1f}")
    print(f"{'find_signals, every night after':>38} {nightly:>9.2f} {nightly / raw:>10.1f}   (goal 4)")
    print(f"{'find_emerging (uncoded words)':>38} {words:>9.2f} {words / raw:>10.1f}")


def make(tickets: int, start: datetime) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(AROUND)
        cursor.execute(TICKETS, {"start": start, "days": DAYS, "tickets": tickets})
        cursor.execute(CODES, {})
        cursor.execute("VACUUM ANALYZE")


def seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def fastest(act: Callable[[], object], times: int = 3) -> float:
    return min(seconds(act) for _ in range(times))


if __name__ == "__main__":
    main()
