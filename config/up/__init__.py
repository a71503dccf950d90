"""`python3 manage.py up`: from a checkout to a desk that answers, and stays up until Ctrl-C.

The servers first, then the database and its demo company, then web, worker and scheduler; whatever is
killed is started again. The port is bound once, here: while a web process restarts, requests wait.
"""

import argparse
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from config import local
from config.services import ServiceError, Services
from config.services.account import data_root
from config.services.service import end_with_parent
from config.up.keepers import Keeper, ProcessKeeper, ServiceKeeper, say
from config.up.processes import scheduler, web, worker

ROOM_NEEDED = 300_000_000  # bytes: an empty PostgreSQL, its log of writes, and the demo company
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (where to reach what listens there)


class CannotStart(Exception):
    """A person has to do something first; the text says what."""


def run(arguments: list[str]) -> int:
    """Serve until a signal; the exit code."""
    options = parse(arguments)
    stopping = threading.Event()
    listen_for_signals(stopping)
    try:
        with only_one_here(), bound(options.host, options.port) as door, serving() as services:
            local.adopt(services.environment() | settings_for(options, door))
            logins = make_ready(stopping, empty=options.empty)
            keepers = staff(options, door, services)
            start(keepers, stopping)
            welcome(door, logins, stopping)
            stopping.wait()
            say("up", "stopping ...")
            stop(keepers)
    except (CannotStart, ServiceError) as error:
        say("up", str(error))
        return 1
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start the helpdesk on this computer.")
    parser.add_argument("--empty", action="store_true", help="without the demo company")
    parser.add_argument("--port", type=int, default=8000, help="default: 8000; 0 takes any free one")
    parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1, this computer only")
    parser.add_argument("--web", type=int, default=2, metavar="N", help="web processes (default: 2)")
    parser.add_argument("--worker", type=int, default=2, metavar="N", help="tasks at a time (default: 2)")
    return parser.parse_args(arguments)


def listen_for_signals(stopping: threading.Event) -> None:
    """The first signal asks everything to stop, politely; the second one does not wait for it."""

    def heard(number: int, _: object) -> None:
        if stopping.is_set():
            signal.signal(number, signal.SIG_DFL)  # our death is the children's signal to end
            os.kill(os.getpid(), number)
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, heard)


@contextmanager
def only_one_here() -> Iterator[None]:
    """Two desks in one data folder would each restart what the other stops."""
    folder = data_root(local.data_folder())
    if shutil.disk_usage(folder).free < ROOM_NEEDED:
        raise CannotStart(f"The disk is full: {folder} needs {ROOM_NEEDED // 1_000_000} MB.")
    with (folder / ".up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(f"It is already running here, with the data in {folder}.") from None
        yield


@contextmanager
def bound(host: str, port: int) -> Iterator[socket.socket]:
    """The listening socket that all web processes share."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        hint = f"Choose another: python3 manage.py up --port {port + 1}"
        raise CannotStart(f"Cannot use port {port} on {host}: {error.strerror}. {hint}") from None
    with door:
        yield door


@contextmanager
def serving() -> Iterator[Services]:
    services = local.services()
    try:
        yield services.start()
    finally:
        services.stop()


def settings_for(options: argparse.Namespace, door: socket.socket) -> dict[str, str]:
    settings = local.environment(local.data_folder()) | {"SITE_URL": address(door)}
    if options.host not in ("127.0.0.1", "localhost", "::1"):
        say("up", "Others can reach this desk, over plain http: for a network you trust.")
        settings["ALLOWED_HOSTS"] = "*"
    return settings


def address(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    name = "localhost" if host in ("127.0.0.1", "::1", *EVERYWHERE) else host
    return f"http://{name}:{port}"


def make_ready(stopping: threading.Event, *, empty: bool) -> str:
    """Migrate, collect static files, fill an empty database: in a process of its own, whose memory goes away.
    Hands back who may log in."""
    command = [sys.executable, "-m", "config.up.prepare", *(["--empty"] if empty else [])]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # it hears of Ctrl-C from us, once
        preexec_fn=end_with_parent(signal.SIGTERM),
    ) as process:
        while process.poll() is None and not stopping.wait(0.1):
            pass
        if stopping.is_set():
            process.terminate()
            raise CannotStart("stopped before it was ready")
        if process.returncode:
            raise CannotStart("The database could not be prepared: the reason stands above.")
        return process.stdout.read() if process.stdout else ""


def staff(options: argparse.Namespace, door: socket.socket, services: Services) -> list[Keeper]:
    """Everything that is kept running, in the order in which it is stopped."""
    return [
        *[web(door, number) for number in range(1, options.web + 1)],
        scheduler(),
        worker(options.worker),
        *[ServiceKeeper(service) for service in services.each()],
    ]


def start(keepers: list[Keeper], stopping: threading.Event) -> None:
    for keeper in keepers:
        threading.Thread(target=keeper.keep, args=(stopping,), name=keeper.name, daemon=True).start()


def stop(keepers: list[Keeper]) -> None:
    """Ask all at once, then wait for each: the servers themselves stop last, in `serving`."""
    processes = [keeper for keeper in keepers if isinstance(keeper, ProcessKeeper)]
    for process in processes:
        process.ask_to_stop()
    for process in processes:
        process.see_it_stopped()


def welcome(door: socket.socket, logins: str, stopping: threading.Event) -> None:
    """Say where it is, as soon as it answers."""
    while not stopping.is_set() and not answers(door):
        stopping.wait(0.2)
    if not stopping.is_set():
        print(f"\n  The helpdesk is on {address(door)}/\n\n{logins}\n  Ctrl-C stops it.\n", flush=True)


def answers(door: socket.socket) -> bool:
    """One request, as a browser would send it, on a connection that may have to wait for a web process."""
    host, port = door.getsockname()[:2]
    try:
        with socket.create_connection((EVERYWHERE.get(host, host), port), timeout=2) as client:
            client.sendall(b"GET /health/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return client.recv(64).startswith(b"HTTP/1.1 ")
    except OSError:
        return False
