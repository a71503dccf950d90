"""`up` as a person runs it: it answers, comes back from every kill, and is gone seconds after Ctrl-C."""

import fcntl
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from config import up
from config.services import Services
from config.up.keepers import PAUSES, Backoff, ProcessKeeper
from tests.journeys.desk import PARTS, Desk
from tests.services_plugin import fast_folder


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
    before = {part: desk.children(words) for part, words in PARTS.items()}
    assert {part: len(pids) for part, pids in before.items()} == dict.fromkeys(PARTS, 1)

    for pids in before.values():
        os.kill(pids[0], signal.SIGKILL)

    desk.wait_for(lambda: all(desk.children(words) not in ([], before[p]) for p, words in PARTS.items()))
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
