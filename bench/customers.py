"""Customers among a million of them: finding one, the page of one, a merge; queries, and time beside one bare look-up.

    .venv/bin/python -m bench.customers [--customers 1000000] [--explain]

The pages are asked in one process by Django's test client, signed in as an agent of one of five departments and as an
administrator; the bare look-up is `SELECT` of one customer by number through the same connection. Beforehand it says
what it takes to make so many customers, each with the row of the address.
"""

import argparse
import time
from datetime import UTC, datetime
from functools import partial

from bench.analysis_page import queries, tell_slowest
from bench.ground import empty_helpdesk
from bench.pages import median

CUSTOMERS = """
    INSERT INTO helpdesk_customer (email, name, phone, organisation, segment, region, language, created_at)
    SELECT 'c' || n || '@' || md5((n / 40)::text) || '.test',
           (ARRAY['Anna','Bela','Carla','Dora','Emil','Franz','Greta','Hugo'])[1 + n %% 8] || ' ' ||
           initcap(substr(md5((n %% 20000)::text), 1, 7)), '+4366' || (1000000 + n), 'Company ' || n / 40,
           'home', 'north', 'en', now() FROM generate_series(1, %s) n
"""
TICKETS = """
    INSERT INTO helpdesk_ticket (subject, customer_id, department_id, status, severity, channel, contact_type,
        product_version, segment, region, language, remedy_wanted, attempts_before, outcome, handling_minutes,
        reopened_count, tags, custom, occurred_at, opened_at, updated_at, clock_state)
    SELECT 'About my order', id, %s + id %% 5, 'new', 3, 'email', 'problem', '', '', '', '', '', 0, '', 0, 0, '{}',
        '{}', now(), now() - (id %% 700) * interval '1 day', now(), '' FROM helpdesk_customer
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--customers", type=int, default=1_000_000)
    options.add_argument("--explain", action="store_true")
    asked = options.parse_args()
    with empty_helpdesk():
        measure(asked.customers, explain=asked.explain)


def measure(customers: int, *, explain: bool) -> None:
    from django.db import connection
    from django.test import Client

    from apps.output.customers.services import merge_customers
    from helpdesk.models import Customer, Department, Role, User

    began = time.perf_counter()
    departments = [
        Department.objects.create(name=f"D{n}", slug=f"d{n}", email=f"d{n}@bench.test") for n in range(5)
    ]
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMERS, [customers])
        made = time.perf_counter() - began
        cursor.execute(TICKETS, [departments[0].pk])
        cursor.execute("VACUUM ANALYZE")
    print(f"{customers:,} customers with their addresses were made in {made:.0f} s\n")
    people = {
        "agent": User.objects.create_user(
            email="a@b.test", name="A", role=Role.AGENT, department=departments[1]
        ),
        "admin": User.objects.create_user(email="c@b.test", name="C", role=Role.ADMIN),
    }
    one = Customer.objects.filter(tickets__department=departments[1]).order_by("pk")[customers // 20]
    bare = median(lambda: Customer.objects.get(pk=one.pk), 9)
    pages = {
        "the list": "/customers/",
        "by name": f"/customers/?q={one.name}",
        "a slip of the pen": f"/customers/?q={one.name[:-2]}x",
        "a frequent name": "/customers/?q=Anna",
        "by address": f"/customers/?q={one.email}",
        "by number": f"/customers/?q={one.phone[-7:]}",
        "by organisation": f"/customers/?q={one.organisation}",
        "one customer": f"/customers/{one.pk}/",
        "who is alike": f"/customers/{one.pk}/alike/",
    }
    print(f"{'':>20} {'':>6} {'queries':>8} {'ms':>8} {'look-ups':>9}   (one look-up: {1000 * bare:.2f} ms)")
    for who, person in people.items():
        browser = Client(SERVER_NAME="localhost")
        browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for name, page in pages.items():
            asked = queries(browser, page)
            spent = median(partial(browser.get, page), 5)
            print(f"{name:>20} {who:>6} {len(asked):>8} {1000 * spent:>8.1f} {spent / bare:>9.0f}")
            if explain:
                tell_slowest(asked)
    other = Customer.objects.exclude(pk=one.pk).latest("pk")
    began = time.perf_counter()
    merge_customers(kept=one, gone=other, by=people["admin"], at=datetime.now(UTC))
    print(f"\na merge takes {1000 * (time.perf_counter() - began):.0f} ms")


if __name__ == "__main__":
    main()
