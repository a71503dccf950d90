"""`up` as a person runs it: it answers, comes back from every kill, and is gone seconds after Ctrl-C."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from config import up
from config.services import Services
from config.up.keepers import PAUSES, Backoff, ProcessKeeper
from manage import ROOT
from tests.services_plugin import fast_folder

OURS = ("DATABASE_URL", "CACHE_URL", "CELERY_BROKER_URL", "LIVE_URL", "REDBEAT_URL", "SECRET_KEY", "MEDIA_ROOT",
        "MAIL_SINK", "STATIC_ROOT", "SITE_URL", "ALLOWED_HOSTS")  # fmt: skip


class Desk:
    """A running `up` with its log."""

    def __init__(self, data, *options):
        environment = {name: value for name, value in os.environ.items() if name not in OURS}
        self.data = data
        self.lines = []
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "up", "--empty", "--port", "0", *options],
            env=environment | {"HELPDESK_DATA": str(data)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=data.parent,  # not the checkout: a person may stand anywhere
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.process.stdout:
            self.lines.append(line)

    @property
    def said(self):
        return "".join(self.lines)

    def address(self):
        self.wait_for(lambda: "Ctrl-C" in self.said or self.process.poll() is not None, seconds=60)
        return re.search(r"is on (http://\S+)/", self.said).group(1)

    def wait_for(self, condition, *, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.said
            time.sleep(0.1)

    def children(self, words):
        """The processes that `up` itself started and whose command line holds these words."""
        return [pid for pid, parent, line in processes() if parent == self.process.pid and words in line]

    def is_healthy(self):
        try:
            with urllib.request.urlopen(f"{self.address()}/health/", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False


def processes():
    """Process, parent and command line of everything that runs now."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            line = (folder / "cmdline").read_text(errors="replace").replace("\0", " ").strip()
            if line:  # an ended one that waits for its parent has none
                yield int(folder.name), parent, line


@pytest.fixture
def data():
    with tempfile.TemporaryDirectory(prefix="hd up ", dir=fast_folder()) as name:
        Path(name).chmod(0o711)
        yield Path(name) / "var"


@pytest.fixture
def desk(data):
    desk = Desk(data, "--web", "1", "--worker", "1")
    yield desk
    desk.process.kill()
    desk.process.wait()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds the processes in /proc")
def test_everything_that_is_killed_comes_back_and_ctrl_c_ends_it_all(desk):
    assert desk.is_healthy(), desk.said
    assert f"{desk.address()}/setup/" in desk.said
    parts = {
        "web": "config.up.web",
        "worker": "--quiet worker",
        "scheduler": "--quiet beat",
        "valkey": "valkey-server",
        "postgres": "/postgres -D",
    }
    before = {part: desk.children(words) for part, words in parts.items()}
    assert {part: len(pids) for part, pids in before.items()} == dict.fromkeys(parts, 1)

    for pids in before.values():
        os.kill(pids[0], signal.SIGKILL)

    desk.wait_for(lambda: all(desk.children(words) not in ([], before[p]) for p, words in parts.items()))
    desk.wait_for(desk.is_healthy)

    began = time.monotonic()
    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(15) == 0, desk.said
    assert time.monotonic() - began < 10
    assert not any(service.answers() for service in Services(desk.data).each())
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{desk.address()}/health/", timeout=1)


def test_a_second_desk_in_the_same_folder_is_refused(data):
    data.mkdir(parents=True)
    with (data / ".up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        desk = Desk(data)
        assert desk.process.wait(30) == 1

    desk.wait_for(lambda: "already running here" in desk.said, seconds=2)


def test_a_full_disk_is_named_before_anything_starts(data, monkeypatch):
    monkeypatch.setattr(up, "ROOM_NEEDED", 10**18)
    monkeypatch.setenv("HELPDESK_DATA", str(data))

    with pytest.raises(up.CannotStart, match="The disk is full"), up.only_one_here():
        pytest.fail("it went on")


def test_a_taken_port_is_named_before_anything_starts(data):
    data.parent.mkdir(exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        desk = Desk(data, "--port", str(port))
        assert desk.process.wait(30) == 1

    desk.wait_for(lambda: "Cannot use port" in desk.said, seconds=2)
    assert f"Cannot use port {port} on 127.0.0.1: Address already in use" in desk.said
    assert f"manage.py up --port {port + 1}" in desk.said
    assert not (data / "postgres-18").exists()


def test_a_process_that_cannot_start_is_tried_less_and_less_often():
    backoff = Backoff()

    assert [backoff.pause(ran=0.1) for _ in range(8)] == [*PAUSES, PAUSES[-1], PAUSES[-1]]
    assert backoff.pause(ran=3600) == PAUSES[0]


def test_the_children_of_a_killed_process_end_with_it(tmp_path):
    pid_file = tmp_path / "pid"
    keeper = ProcessKeeper("part", ["sh", "-c", f"sleep 60 & echo $! > '{pid_file}'; wait"])
    stopping = threading.Event()
    thread = threading.Thread(target=keeper.keep, args=(stopping,))
    thread.start()
    while not (pid_file.exists() and pid_file.read_text().strip()):
        time.sleep(0.02)
    child = int(pid_file.read_text())

    stopping.set()
    os.kill(keeper._process.pid, signal.SIGKILL)
    thread.join(5)

    state = Path(f"/proc/{child}/stat")
    end = time.monotonic() + 5
    while state.exists() and state.read_text().split()[2] != "Z":
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_process_that_does_not_want_to_stop_is_ended():
    command = [sys.executable, "-c", "import signal, time; signal.signal(15, lambda *_: 0); time.sleep(60)"]
    keeper = ProcessKeeper("stubborn", command)
    stopping = threading.Event()
    thread = threading.Thread(target=keeper.keep, args=(stopping,))
    thread.start()
    time.sleep(0.3)

    stopping.set()
    keeper.ask_to_stop()
    keeper.see_it_stopped(patience=0.3)

    thread.join(5)
    assert not thread.is_alive()
