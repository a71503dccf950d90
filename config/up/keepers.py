"""Keeping things running: a thread for each process and server waits for its end and starts it again."""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from typing import IO, Protocol

from config.services import Service, ServiceError
from config.services.service import end_with_parent

PAUSES = (0.2, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before the next attempt, while it keeps failing
STEADY = 60.0  # seconds after which earlier failures are forgotten
PATIENCE = 6.0  # seconds for a polite end
LOOK = 0.5  # seconds between two looks at a server

_writing = threading.Lock()


def say(who: str, text: str) -> None:
    """One line of the common log. A reader who has left (`up | head`) does not stop the work."""
    with _writing, suppress(BrokenPipeError):
        print(f"{who:9} {text}", flush=True)


class Keeper(Protocol):
    """Keeps one thing running until told to stop. The thread that starts a child must outlive it: the kernel
    ends the child with that thread (end_with_parent)."""

    name: str

    def keep(self, stopping: threading.Event) -> None: ...


class Backoff:
    """Longer pauses while something fails again and again."""

    def __init__(self) -> None:
        self.failures = 0

    def pause(self, *, ran: float) -> float:
        """Seconds to wait after it ran for so many seconds."""
        if ran > STEADY:
            self.failures = 0
        self.failures += 1
        return PAUSES[min(self.failures, len(PAUSES)) - 1]


class ProcessKeeper:
    """One of our own processes, with the children it may have."""

    def __init__(self, name: str, command: list[str], *, pass_fds: tuple[int, ...] = ()) -> None:
        self.name = name
        self.command = command
        self.pass_fds = pass_fds
        self._process: subprocess.Popen[str] | None = None
        self._starting = threading.Lock()
        self._ended = threading.Event()
        self._told_to_stop = False

    def keep(self, stopping: threading.Event) -> None:
        backoff = Backoff()
        while process := self._start(stopping):
            began = time.monotonic()
            code = process.wait()  # not the end of its output, which orphans may hold open
            self._end_the_group(process)
            if stopping.is_set():
                break
            pause = backoff.pause(ran=time.monotonic() - began)
            say(self.name, f"ended with {code}; starts again in {pause:g} s")
            stopping.wait(pause)
        self._ended.set()

    def ask_to_stop(self) -> None:
        with self._starting:
            self._told_to_stop = True
            if self._process and self._process.poll() is None:
                self._process.terminate()

    def see_it_stopped(self, *, patience: float = PATIENCE) -> None:
        if not self._ended.wait(patience) and self._process:
            self._end_the_group(self._process)
            self._ended.wait(patience)

    def _start(self, stopping: threading.Event) -> subprocess.Popen[str] | None:
        """None when it is time to stop: `ask_to_stop` either finds the process or prevents it."""
        with self._starting:
            if stopping.is_set():
                return None
            self._process = process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                pass_fds=self.pass_fds,
                start_new_session=True,  # Ctrl-C is for us; and its children can be ended with it
                preexec_fn=end_with_parent(signal.SIGTERM),
            )
        threading.Thread(target=self._repeat, args=(process.stdout,), daemon=True).start()
        return process

    def _repeat(self, output: IO[str]) -> None:
        for line in filter(str.strip, output):
            if not self._told_to_stop:  # how a process complains about its end helps nobody
                say(self.name, line.rstrip("\n"))

    def _end_the_group(self, process: subprocess.Popen[str]) -> None:
        """The children of a killed process would go on with its work, beside those of the next one."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


class ServiceKeeper:
    """An embedded server. It is stopped by its owner, after everybody who uses it."""

    def __init__(self, service: Service) -> None:
        self.name = service.name
        self.service = service

    def keep(self, stopping: threading.Event) -> None:
        backoff, began = Backoff(), time.monotonic()
        while not stopping.wait(LOOK):
            if self.service.alive():
                continue
            say(self.name, "is gone; starting it again")
            try:
                self.service.start()
            except ServiceError as error:
                say(self.name, str(error))
                stopping.wait(backoff.pause(ran=time.monotonic() - began))
            began = time.monotonic()
