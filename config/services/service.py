"""What both embedded servers share: started once, adopted by everybody else, watched by `up`."""

import ctypes
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from config.services.account import home_for, private_folder, service_account, socket_folder
from config.services.errors import ServiceError


def end_with_parent(sig: signal.Signals) -> Callable[[], None] | None:
    """For preexec_fn: the kernel sends `sig` to the child when the thread that started it dies (Linux only).

    preexec_fn runs after the change of user, which would clear the setting: the order is right.
    """
    if sys.platform != "linux":
        return None
    set_option, parent_death_signal = ctypes.CDLL(None).prctl, 1
    return lambda: set_option(parent_death_signal, int(sig))


class Service:
    """One embedded server with its data folder. `start` adopts a running one; `stop` ends only our own."""

    name: ClassVar[str]
    folder: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, root: Path, *, ephemeral: bool = False) -> None:
        self.ephemeral = ephemeral
        self.root = home_for(root)
        self.data = self.root / self.folder
        self.sockets = socket_folder(self.data)
        self.log = self.root / f"{self.name}.log"
        self.log_start = 0  # bytes
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        raise NotImplementedError

    def answers(self) -> bool:
        """Is a server listening on our socket and ready for work, whoever started it?"""
        raise NotImplementedError

    def prepare(self) -> None:
        """Make what the server needs before it can start."""
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def may_try_again(self) -> bool:
        """After the server gave up at start: is it only waiting for its predecessor to leave?"""
        return False

    @property
    def owned(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def alive(self) -> bool:
        return self.owned or self.answers()

    def start(self, *, timeout: float = 120) -> None:
        """Start the server, or adopt the running one. Raises ServiceError with the end of the log."""
        with self._one_at_a_time():
            if self.answers():
                return
            self._check_owner()
            self.prepare()
            self.process = self._spawn()
            self._wait_until_ready(time.monotonic() + timeout)

    def stop(self, *, timeout: float = 20) -> None:
        """End our own server, politely first. An adopted one belongs to the process that started it."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        self.process = None
        if self.ephemeral:
            shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def connects(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            return client.connect_ex(str(self.socket)) == 0

    def run(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a tool as the server's account and hand back what it said."""
        return subprocess.run(
            command, capture_output=True, text=True, check=False, **(self._context() | options)
        )

    def said(self) -> str:
        """The end of what the server wrote since we last started it."""
        with self.log.open("rb") as log:
            log.seek(max(self.log_start, log.seek(0, os.SEEK_END) - 2000))
            return log.read().decode(errors="replace").strip()

    def _wait_until_ready(self, deadline: float) -> None:
        while not self.answers():
            if self.process and self.process.poll() is not None:
                if not self.may_try_again() or time.monotonic() > deadline:
                    raise ServiceError(f"{self.name} stopped, code {self.process.returncode}:\n{self.said()}")
                time.sleep(0.2)
                self.process = self._spawn()
            elif time.monotonic() > deadline:
                self.stop()
                raise ServiceError(f"{self.name} was not ready in time:\n{self.said()}")
            time.sleep(0.02)

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            self.log_start = log.tell()
            return subprocess.Popen(
                self.command(),
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for us; the server is stopped last
                preexec_fn=end_with_parent(self.stop_signal),
                **self._context(),
            )

    def _context(self) -> dict[str, Any]:
        """A clean environment (no LANG or PG* of the caller's shell) and the service account."""
        context: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "cwd": str(self.data if self.data.exists() else self.root),
            "env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        }
        if account := service_account():
            context |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        return context

    def _check_owner(self) -> None:
        private_owner = service_account()
        uid = private_owner.pw_uid if private_owner else os.geteuid()
        if self.data.exists() and self.data.stat().st_uid != uid:
            raise ServiceError(
                f"{self.data} belongs to another user (uid {self.data.stat().st_uid}). Run as that user,"
                " or choose another data folder: HELPDESK_DATA=/path"
            )
        private_folder(self.sockets)  # a cleaner of /tmp may have taken it

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Only one process starts the server. The kernel frees the lock however the holder dies."""
        with (self.root / f".{self.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
