#!/usr/bin/env python3
"""Tickets a second through POST /api/v1/tickets/, beside bare psycopg2 inserting the same rows, in one run.

    python3 bench/api_tickets.py [--seconds 5] [--processes 2]

Starts its own services and web processes in a throw-away folder, as `manage.py up` does. The bare side commits the
rows that one call leaves (ticket, message, event) in one transaction, over the same sockets to the same server.
The goal is a fifth. The processor time of all that took part (clients, web, PostgreSQL, Valkey) stands beside it: on a
machine that others use too, it is the number to trust.
"""

import argparse
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PYTHON = ROOT / ".venv" / "bin" / "python"
BODY = "My invoice of March shows the same charge twice. I have paid both. Please send one back. " * 3


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=5.0)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    asked = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    try:
        with services(folder) as running:
            measure(asked, running, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def services(folder: Path) -> Any:
    from config.services import Services

    return Services(folder, given={})


def measure(asked: argparse.Namespace, running: Any, folder: Path) -> None:
    from config.local import environment

    os.environ |= (
        running.environment() | environment(folder) | {"LOG_LEVEL": "ERROR", "API_RATE": "100000000/min"}
    )
    manage = [str(PYTHON), str(ROOT / "manage.py")]
    subprocess.run([*manage, "migrate", "-v", "0"], check=True)
    key, rows = prepare()
    port, web = start_web(asked.processes)
    try:
        print(f"{'clients':>8} {'bare psycopg2':>24} {'POST':>24} {'ratio':>8} {'of CPU':>8}   goal 1/5")
        for clients in asked.clients:
            bare, bare_cpu = together(clients, asked.seconds, bare_client, rows, folder)
            ours, our_cpu = together(clients, asked.seconds, api_client, (port, key), folder)
            shown = f"{bare:>7,.0f} /s {bare_cpu:>7.2f} ms CPU {ours:>7,.0f} /s {our_cpu:>7.2f} ms CPU"
            ratios = f"{f'1/{bare / ours:.1f}':>8} {f'1/{our_cpu / bare_cpu:.1f}':>8}"
            print(f"{clients:>8} {shown:>49} {ratios}", flush=True)
    finally:
        for process in web:
            process.terminate()
            process.wait()


def prepare() -> tuple[str, dict]:
    """A department, a program's key, and one ticket by the API's own service: the rows the bare side repeats."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from apps.intake.services import Contact, open_ticket
    from helpdesk import events
    from helpdesk.models import ApiToken, Department, Role, User

    now = timezone.now()
    desk = Department.objects.create(name="Desk", slug="desk", is_default=True)
    robot = User.objects.create_user(email="robot@x.test", name="Robot", role=Role.API_CLIENT)
    _, key = ApiToken.issue(user=robot, name="bench", scopes=["tickets:write"], at=now)
    events.queue = lambda *_: None
    ticket = open_ticket(
        subject="Charged twice", body=BODY, customer=Contact("jo@x.test", "Jo"), channel="api", by=robot, at=now,
        department=desk,
    )  # fmt: skip
    samples = {}
    with connection.cursor() as cursor:
        for table, where in (
            ("helpdesk_ticket", "id"),
            ("helpdesk_message", "ticket_id"),
            ("helpdesk_event", "ticket_id"),
        ):
            cursor.execute(f"SELECT * FROM {table} WHERE {where} = %s", [ticket.pk])
            columns = [column.name for column in cursor.description]
            row = dict(zip(columns, cursor.fetchone(), strict=True))
            samples[table] = {name: value for name, value in row.items() if name not in ("id", "search")}
    connection.close()
    return key, samples


def start_web(processes: int) -> tuple[int, list[subprocess.Popen]]:
    door = socket.create_server(("127.0.0.1", 0), backlog=256)
    door.set_inheritable(True)
    command = [str(PYTHON), "-m", "config.up.web", str(door.fileno())]
    web = [subprocess.Popen(command, pass_fds=[door.fileno()], cwd=ROOT) for _ in range(processes)]
    port = door.getsockname()[1]
    for _ in range(100):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/health/")
            if connection.getresponse().status == 200:
                return port, web
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The web process did not start.")


def together(
    clients: int, seconds: float, client: Callable, given: object, folder: Path
) -> tuple[float, float]:
    """Commits a second of so many clients, each a process of its own; and milliseconds of CPU for each commit."""
    context = get_context("spawn")
    results = context.Queue()
    gate = context.Barrier(clients + 1)
    workers = [
        context.Process(target=run, args=(client, given, seconds, gate, results)) for _ in range(clients)
    ]
    for worker in workers:
        worker.start()
    gate.wait()
    before = cpu_seconds(folder)
    done = [results.get() for _ in workers]
    spent = cpu_seconds(folder) - before
    for worker in workers:
        worker.join()
    return sum(count / took for count, took in done), spent / sum(count for count, _ in done) * 1000


def cpu_seconds(folder: Path) -> float:
    """Of this process, of the servers in the folder, and of all that they started."""
    parents, spent, ours = {}, {}, {os.getpid()}
    for entry in Path("/proc").iterdir():
        try:
            name, _, rest = (entry / "stat").read_text().rpartition(")")
            if str(folder).encode() in (entry / "cmdline").read_bytes():
                ours.add(int(entry.name))
        except (OSError, ValueError):
            continue
        values = rest.split()
        parents[int(name.split()[0])] = int(values[1])
        spent[int(name.split()[0])] = sum(map(int, values[11:15]))
    while more := {pid for pid, parent in parents.items() if parent in ours and pid not in ours}:
        ours |= more
    return sum(spent.get(pid, 0) for pid in ours) / os.sysconf("SC_CLK_TCK")


def run(client: Callable, given: object, seconds: float, gate: Any, results: Any) -> None:
    once = client(given)
    for _ in range(10):
        once()
    gate.wait()
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        once()
        count += 1
    results.put((count, time.perf_counter() - began))
    time.sleep(1)  # until everybody's time was read: a process that has gone is not counted


def bare_client(samples: dict) -> Callable[[], None]:
    import psycopg2
    from psycopg2.extras import Json

    link = psycopg2.connect(os.environ["DATABASE_URL"])
    cursor = link.cursor()

    def insert(table: str, row: dict, returning: bool) -> int:
        values = [Json(value) if isinstance(value, dict) else value for value in row.values()]
        names, places = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id", values)
        return cursor.fetchone()[0] if returning else 0

    def once() -> None:
        ticket = insert("helpdesk_ticket", samples["helpdesk_ticket"], True)
        insert("helpdesk_message", samples["helpdesk_message"] | {"ticket_id": ticket}, True)
        insert("helpdesk_event", samples["helpdesk_event"] | {"ticket_id": ticket}, True)
        link.commit()

    return once


def api_client(given: tuple[int, str]) -> Callable[[], None]:
    """Bytes on a socket: the callers' own work is not what is measured."""
    port, key = given
    body = json.dumps(
        {"subject": "Charged twice", "body": BODY, "customer": {"email": "jo@x.test", "name": "Jo"}}
    ).encode()
    request = (
        f"POST /api/v1/tickets/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    connection = socket.create_connection(("127.0.0.1", port))
    answers = connection.makefile("rb")

    def once() -> None:
        connection.sendall(request)
        status = answers.readline()
        length = 0
        while (line := answers.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        content = answers.read(length)
        if b" 201 " not in status:
            raise SystemExit(f"{status!r} {content[:300]!r}")

    return once


if __name__ == "__main__":
    if not sys.executable.startswith(str(PYTHON.parent)):
        os.execv(PYTHON, [str(PYTHON), *sys.argv])
    main()
