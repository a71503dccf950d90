"""A running `up` as a person starts it, with its log, its processes and the folder that holds everything it keeps."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.services import Services
from manage import ROOT

# What the test run has set for itself: `up` must find its own.
OURS = ("DATABASE_URL", "CACHE_URL", "CELERY_BROKER_URL", "LIVE_URL", "REDBEAT_URL", "SECRET_KEY", "MEDIA_ROOT",
        "MAIL_SINK", "STATIC_ROOT", "SITE_URL", "ALLOWED_HOSTS")  # fmt: skip
PARTS = {  # by words of their command lines
    "web": "config.up.web",
    "worker": "--quiet worker",
    "scheduler": "--quiet beat",
    "valkey": "valkey-server",
    "postgres": "/postgres -D",
}


class Desk:
    """`python3 manage.py up --empty --port 0`, without the demo company, on any free port."""

    def __init__(self, data: Path, *options: str) -> None:
        environment = {name: value for name, value in os.environ.items() if name not in OURS}
        self.data = data
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "up", "--empty", "--port", "0", *options],
            env=environment | {"HELPDESK_DATA": str(data)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=data.parent,  # not the checkout: a person may stand anywhere
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line)

    @property
    def said(self) -> str:
        return "".join(self.lines)

    @property
    def database(self) -> str:
        """The address of the database that this desk keeps."""
        return Services(self.data).environment()["DATABASE_URL"]

    def address(self) -> str:
        self.wait_for(lambda: "Ctrl-C" in self.said or self.process.poll() is not None, seconds=240)
        found = re.search(r"is on (http://\S+)/", self.said)
        assert found, self.said
        return found[1]

    def wait_for(self, condition: Callable[[], Any], *, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.said
            time.sleep(0.1)

    def is_healthy(self) -> bool:
        """The web process answers, and nothing that it tells of is away."""
        try:
            with urllib.request.urlopen(f"{self.address()}/health/", timeout=5) as answer:
                return b"away" not in answer.read()
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False

    def children(self, words: str) -> list[int]:
        """The processes that `up` itself started and whose command line holds these words."""
        return [pid for pid, parent, line in processes() if parent == self.process.pid and words in line]

    def kill(self, part: str) -> int:
        """The way a machine dies: no goodbye. A part that is just coming back is waited for."""
        self.wait_for(lambda: self.children(PARTS[part]))
        pid = self.children(PARTS[part])[0]
        os.kill(pid, signal.SIGKILL)
        return pid

    def end(self) -> None:
        """Ctrl-C, and no patience with what does not heed it."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def processes() -> Iterator[tuple[int, int, str]]:
    """Process, parent and command line of everything that runs now."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            line = (folder / "cmdline").read_text(errors="replace").replace("\0", " ").strip()
            if line:  # an ended one that waits for its parent has none
                yield int(folder.name), parent, line
