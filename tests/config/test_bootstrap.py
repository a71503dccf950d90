"""manage.py before anything is installed: when it installs, what with, and what it says when it cannot."""

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import manage


class Recorded(manage.Venv):
    """A .venv whose installation is written down instead of done."""

    def __init__(self, folder, *, uv=True):
        super().__init__(folder)
        self.done = []
        self.uv = uv

    def works(self):
        return self.python.exists()

    def _make(self):
        self.done.append("make")
        self.python.parent.mkdir(parents=True)
        self.python.touch()

    def _with_uv(self, lock):
        self.done.append(f"uv {lock.name}")
        return self.uv

    def _with_pip(self, lock):
        self.done.append(f"pip {lock.name}")


@pytest.fixture(autouse=True)
def quiet_commands(monkeypatch):
    monkeypatch.setattr(manage, "quiet", lambda command: True)


@pytest.fixture
def locks(tmp_path):
    runtime, development = tmp_path / "requirements.txt", tmp_path / "requirements-dev.txt"
    runtime.write_text("django==5.2.19\n")
    development.write_text("pytest==9.1.1\n")
    return [runtime, development]


@pytest.fixture
def venv(tmp_path):
    return Recorded(tmp_path / ".venv")


def test_the_first_start_makes_and_fills_the_venv(venv, locks):
    venv.install(locks[:1])

    assert venv.done == ["make", "uv requirements.txt"]
    assert venv.has(locks[:1])


def test_the_second_start_installs_nothing(venv, locks):
    venv.install(locks)
    venv.done.clear()

    venv.install(locks)

    assert venv.done == []


def test_tests_need_more_than_up(venv, locks):
    venv.install(locks[:1])

    assert not venv.has(locks)
    venv.install(locks)
    assert venv.has(locks)


def test_a_changed_lock_file_is_installed_again(venv, locks):
    venv.install(locks)
    locks[0].write_text("django==5.2.20\n")

    assert not venv.has(locks)


def test_a_venv_whose_python_has_gone_is_made_again(venv, locks):
    venv.install(locks)
    venv.python.unlink()

    assert not venv.has(locks)


def test_without_uv_pip_installs(tmp_path, locks):
    venv = Recorded(tmp_path / ".venv", uv=False)

    venv.install(locks[:1])

    assert venv.done == ["make", "uv requirements.txt", "pip requirements.txt"]


def test_a_failed_installation_leaves_no_stamp(venv, locks, monkeypatch):
    def fail(lock):
        raise SystemExit("no network")

    monkeypatch.setattr(venv, "_with_uv", fail)
    with pytest.raises(SystemExit, match="no network"):
        venv.install(locks)

    assert not venv.has(locks)


def test_of_two_starts_at_once_one_installs(tmp_path, locks):
    both = [Recorded(tmp_path / ".venv") for _ in range(2)]
    threads = [threading.Thread(target=venv.install, args=(locks,)) for venv in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(len(venv.done) for venv in both) == [0, 3]


def test_a_full_disk_is_named_before_anything_is_made(venv, locks, monkeypatch):
    monkeypatch.setattr(manage, "ROOM_NEEDED", 10**18)

    with pytest.raises(SystemExit, match="The disk is full"):
        venv.install(locks)
    assert venv.done == []


def test_an_old_python_is_told_which_one_is_needed(tmp_path):
    """The file is compiled by every Python 3 before it can refuse: no newer grammar above the refusal."""
    text = Path(manage.__file__).read_text()
    old = tmp_path / "manage.py"
    old.write_text(text.replace("import sys\n", "import sys\nsys.version_info = (3, 8, 1)\n", 1))

    done = subprocess.run([sys.executable, old, "up"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "Python 3.11 or newer is needed; this is 3.8" in done.stderr
    assert not re.search(r"\bmatch \w+:|:=|except\*", text)


@pytest.mark.parametrize(
    ("arguments", "parallel"),
    [
        ([], True),
        (["-q", "-k", "mail"], True),
        (["tests/config/test_bootstrap.py"], False),
        (["tests/config/test_bootstrap.py::test_tests_need_more_than_up"], False),
        (["-n", "0"], False),
        (["-n3"], False),
        (["--pdb"], False),
    ],
)
def test_the_suite_runs_in_parallel_unless_a_file_is_named(arguments, parallel, monkeypatch):
    monkeypatch.setattr(manage.os, "sched_getaffinity", lambda pid: {0, 1}, raising=False)

    assert (manage.in_parallel(arguments) != arguments) is parallel


def test_what_a_package_of_weights_asks_for_is_left_out():
    assert "--no-deps" in manage.exactly(manage.MODELS)
    assert "--no-deps" not in manage.exactly(manage.RUNTIME)


def test_every_package_is_locked_with_its_hash():
    for lock in (manage.RUNTIME, manage.DEVELOPMENT, manage.INSTALLER, manage.MODELS):
        pins = re.findall(r"^[\w.-]+(?:\[[\w,]+\])?==.*$", lock.read_text(), re.MULTILINE)
        assert pins
        assert all(pin.endswith("\\") for pin in pins)
