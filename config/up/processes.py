"""The three kinds of process that make a helpdesk, as `up` starts them. On more machines a process manager
starts the same (docs/running.md)."""

import socket
import sys

from config.up.keepers import ProcessKeeper


def web(door: socket.socket, number: int) -> ProcessKeeper:
    """One of several equal web processes, which take connections from the same listening socket."""
    door.set_inheritable(True)
    command = [sys.executable, "-m", "config.up.web", str(door.fileno())]
    return ProcessKeeper(f"web-{number}", command, pass_fds=(door.fileno(),))


def worker(tasks_at_a_time: int) -> ProcessKeeper:
    options = ["--loglevel", "warning", "--concurrency", str(tasks_at_a_time)]
    alone = ["--without-gossip", "--without-mingle"]  # there is no second worker to talk to
    return ProcessKeeper("worker", celery("worker", *options, *alone))


def scheduler() -> ProcessKeeper:
    return ProcessKeeper("scheduler", celery("beat", "--loglevel", "warning"))


def celery(*words: str) -> list[str]:
    # Celery warns a worker of root because a pickled message could run any code; ours are JSON.
    as_root = ["-W", "ignore:You're running the worker with superuser privileges"]
    return [sys.executable, *as_root, "-m", "celery", "--app", "config", "--quiet", *words]
