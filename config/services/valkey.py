"""Embedded Valkey 9: cache, task queue, schedule and live updates on one private socket."""

import signal
import socket
from pathlib import Path
from typing import ClassVar

from config.services.account import private_folder
from config.services.binaries import valkey_server
from config.services.service import Service

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "maxmemory": "256mb",
    "maxmemory-policy": "volatile-lru",  # cache keys may go; queues have no time to live, and stay
    "databases": "16",
    "save": "",  # the log of writes is enough
    # A full disk must not keep it from ending: our restart would find the socket taken.
    "shutdown-on-sigterm": "nosave force",
    "enable-debug-command": "no",
    "enable-module-command": "no",
}
DURABLE = {"appendonly": "yes", "appendfsync": "everysec"}
EPHEMERAL = {"appendonly": "no"}


class Valkey(Service):
    name: ClassVar[str] = "valkey"
    folder: ClassVar[str] = "valkey"
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def cache_url(self, database: int) -> str:
        return f"unix://{self.socket}?db={database}"

    def queue_url(self, database: int) -> str:
        """Celery spells the same socket in another way."""
        return f"redis+socket://{self.socket}?virtual_host={database}"

    def answers(self) -> bool:
        """False also while it still reads its log of writes (-LOADING)."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def command(self) -> list[str]:
        # The data folder is the current one: its path may hold spaces, which these options cannot.
        settings = (
            SETTINGS
            | (EPHEMERAL if self.ephemeral else DURABLE)
            | {"unixsocket": str(self.socket), "dir": "."}
        )
        return [
            str(valkey_server()),
            *(word for name, value in settings.items() for word in (f"--{name}", value)),
        ]

    def prepare(self) -> None:
        private_folder(self.data)
