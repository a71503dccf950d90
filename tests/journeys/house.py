"""A running house for journeys: real web, worker and scheduler processes over the test's own database and Valkey."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from django.conf import settings
from django.db import connection
from redis import Redis

from helpdesk.models import Event, SubscriberFailure

ROOT = Path(__file__).resolve().parents[2]


def eventually(check: Callable[[], Any], *, seconds: float = 30) -> Any:
    """What `check` returns as soon as it is true; fails the test when it never is."""
    end = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < end, f"{check.__doc__ or check.__name__}: not within {seconds} s"
        time.sleep(0.1)
    return found


class Browser:
    """What a person's browser does on the wire: cookies, forms with their CSRF token, redirects."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.status, self.page, self.url = 0, "", site

    def get(self, path: str) -> str:
        return self._send(Request(self._address(path)))

    def post(self, path: str, fields: dict[str, Any] | None = None) -> str:
        """Send a form of the page that is open."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        data = {**(fields or {}), "csrfmiddlewaretoken": token[1] if token else ""}
        request = Request(self._address(path), urlencode(data, doseq=True).encode())
        request.add_header("Referer", self.url)
        return self._send(request)

    def sign_in(self, email: str, password: str) -> None:
        self.get("/login/")
        self.post("/login/", {"username": email, "password": password})
        assert self.status == 200, f"{email} can't sign in: {self.status}"
        assert "/login/" not in self.url, f"{email} can't sign in"

    def _address(self, path: str) -> str:
        return path if path.startswith("http") else self.site + path

    def _send(self, request: Request) -> str:
        try:
            answer = self.opener.open(request, timeout=60)
        except HTTPError as error:
            answer = error
        self.status, self.url, self.page = (
            answer.status,
            answer.geturl(),
            answer.read().decode(errors="replace"),
        )
        return self.page


def forget_schedule() -> None:
    """A house before this one had the same Valkey: its scheduler's lock is there yet, and runs of a later day."""
    with Redis.from_url(settings.CELERY_REDBEAT_REDIS_URL) as valkey:
        for key in valkey.scan_iter("redbeat:*"):
            valkey.delete(key)


class House:
    """Web, worker and scheduler on this day or a later one; mail goes to a folder."""

    def __init__(
        self, folder: Path, *, days_later: float = 0, processes: tuple[str, ...] = ("web", "worker", "beat")
    ):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.site = f"http://127.0.0.1:{self.port}"
        self.mail = folder / "mail"
        self.mail.mkdir(exist_ok=True)
        self.log = folder / f"house-{days_later:g}.log"
        self.days_later = days_later
        self.names = processes
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = os.environ | {
            "DATABASE_URL": self._database(),
            "MAIL_SINK": str(self.mail),
            "SITE_URL": self.site,
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "UNDO_SECONDS": "0",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }

    def __enter__(self) -> Self:
        forget_schedule()
        for name in self.names:
            self.start(name)
        if "web" in self.names:
            eventually(self._answers, seconds=60)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def start(self, name: str) -> None:
        arguments = {
            "web": ["uvicorn", "config.edge:application", "--port", str(self.port), "--log-level", "warning"],
            "worker": ["celery", "-A", "config", "worker", "-P", "threads", "-c", "4", "-l", "warning"],
            "beat": ["celery", "-A", "config", "beat", "-l", "warning"],
        }[name]
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self._command(arguments), cwd=ROOT, env=self.environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def kill(self, name: str) -> None:
        """The way a machine dies: no goodbye."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def manage(self, *arguments: str, given: bytes = b"", expect: int = 0) -> str:
        """One of the commands, on this house's day; returns what it printed."""
        done = subprocess.run(
            self._command(["manage", *arguments]), cwd=ROOT, env=self.environment, input=given,
            capture_output=True, timeout=300, check=False,
        )  # fmt: skip
        said = done.stdout.decode() + done.stderr.decode()
        assert done.returncode == expect, (
            f"manage.py {' '.join(arguments)} ended with {done.returncode}:\n{said}"
        )
        return said

    def stay(self, *arguments: str) -> subprocess.Popen[bytes]:
        """One of the commands, which listens and answers until the house is closed."""
        with self.log.open("ab") as log:
            self.processes["stay"] = subprocess.Popen(
                self._command(["manage", *arguments]), cwd=ROOT, env=self.environment, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=log, start_new_session=True,
            )  # fmt: skip
        return self.processes["stay"]

    def browser(self) -> Browser:
        return Browser(self.site)

    def letters(self, *, to: str) -> list[EmailMessage]:
        """What has been mailed to this address, oldest first."""
        found = sorted(self.mail.glob("*.eml"), key=lambda path: path.stat().st_mtime)
        letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]
        return [letter for letter in letters if to in str(letter["To"])]

    def settle(self, *, seconds: float = 60) -> None:
        """Wait until no event owes anybody anything."""
        end = time.monotonic() + seconds
        while owing := list(Event.objects.owing().values_list("kind", "owes")):
            failures = list(SubscriberFailure.objects.values_list("subscriber", "error"))
            log = self.log.read_text()[-3000:]
            assert time.monotonic() < end, f"still owed: {owing}\nfailed: {failures}\n{log}"
            time.sleep(0.1)

    def _command(self, arguments: list[str]) -> list[str]:
        return [sys.executable, "-m", "tests.journeys.later", str(self.days_later), *arguments]

    def _answers(self) -> bool:
        """the web process answers"""
        if self.processes["web"].poll() is not None:
            raise AssertionError(f"the web process ended:\n{self.log.read_text()[-3000:]}")
        with suppress(URLError, OSError):
            return Browser(self.site).get("/health/") != ""
        return False

    @staticmethod
    def _database() -> str:
        """The address of the test database: the run's server, this worker's name."""
        given = urlsplit(os.environ["DATABASE_URL"])
        return given._replace(path="/" + str(connection.settings_dict["NAME"])).geturl()
