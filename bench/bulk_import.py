#!/usr/bin/env python3
"""Tickets a second through `manage.py import_tickets`, beside a bare COPY of the very rows it left, in one run.

    python3 bench/bulk_import.py [--tickets 100000]

The bare side reads rows that are ready for COPY from memory and copies them with psycopg2 into the same indexed
tables (tickets, messages, codes, events, customers), emptied before. The goal is a third.
"""

import argparse
import csv
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PYTHON = ROOT / ".venv" / "bin" / "python"
TABLES = (
    "helpdesk_customer",
    "helpdesk_ticket",
    "helpdesk_message",
    "helpdesk_ticketissue",
    "helpdesk_event",
)

AROUND = ("helpdesk_department", "helpdesk_user", "helpdesk_taxonomyrelease", "helpdesk_issue")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=100_000)
    asked = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    from config.local import environment
    from config.services import Services

    try:
        with Services(folder, given={}) as running:
            os.environ |= running.environment() | environment(folder) | {"LOG_LEVEL": "ERROR"}
            subprocess.run([str(PYTHON), str(ROOT / "manage.py"), "migrate", "-v", "0"], check=True)
            measure(asked.tickets, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(count: int, folder: Path) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    import psycopg2

    file = folder / "tickets.csv"
    write(file, count, prepare())
    ours = seconds(lambda: imported(file))
    link = psycopg2.connect(os.environ["DATABASE_URL"])
    rows = {table: taken_out(link, table) for table in TABLES}
    around = {table: taken_out(link, table) for table in AROUND}
    with link, link.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    copied(link, around)  # TRUNCATE took them along
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    link.autocommit = False
    bare = seconds(lambda: copied(link, rows))
    print(f"{'':>16} {'seconds':>10} {'tickets/s':>12}")
    print(f"{'bare COPY':>16} {bare:>10.1f} {count / bare:>12,.0f}")
    print(f"{'import_tickets':>16} {ours:>10.1f} {count / ours:>12,.0f}   1/{ours / bare:.2f} (goal 1/3)")


def prepare() -> list[str]:
    from django.utils import timezone

    from helpdesk.models import Department, Issue, TaxonomyRelease, User

    now = timezone.now()
    desk = Department.objects.create(name="Desk", slug="desk", is_default=True)
    release = TaxonomyRelease.objects.create(number=1, published_at=now, published_by=User.objects.system())
    codes = [f"issue-{number}" for number in range(40)]
    for code in codes:
        Issue.objects.create(
            code=code, path=code, label=code, owner_department=desk, release=release, valid_from=now.date()
        )
    return codes


def write(file: Path, count: int, codes: list[str]) -> None:
    """The same tickets every time: 60 words each of a vocabulary of 5,000."""
    chance = random.Random(1)
    words = [
        "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(3, 10))) for _ in range(5_000)
    ]
    start = datetime.now(UTC) - timedelta(days=500)
    with file.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(
            ["external_id", "subject", "body", "email", "name", "created", "issue", "status", "region"]
        )
        for number in range(count):
            rows.writerow([
                f"X-{number}", " ".join(chance.choices(words, k=6)), " ".join(chance.choices(words, k=60)),
                f"customer{number % (count // 3 + 1)}@x.test", "Some Body",
                (start + timedelta(seconds=number * 400)).isoformat(), chance.choice(codes), "closed", "north",
            ])  # fmt: skip


def imported(file: Path) -> None:
    subprocess.run([str(PYTHON), str(ROOT / "manage.py"), "import_tickets", str(file)], check=True)


def columns(link: Any, table: str) -> str:
    with link.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''", [table],
        )  # fmt: skip
        return str(cursor.fetchone()[0])


def taken_out(link: Any, table: str) -> tuple[str, bytes]:
    names, into = columns(link, table), io.BytesIO()
    with link.cursor() as cursor:
        cursor.copy_expert(f"COPY (SELECT {names} FROM {table}) TO STDOUT", into)
    link.commit()
    return names, into.getvalue()


def copied(link: Any, rows: dict[str, tuple[str, bytes]]) -> None:
    with link, link.cursor() as cursor:
        for table, (names, content) in rows.items():
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.BytesIO(content))


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    if not sys.executable.startswith(str(PYTHON.parent)):
        os.execv(PYTHON, [str(PYTHON), *sys.argv])
    main()
