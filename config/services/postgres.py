"""Embedded PostgreSQL 18: no TCP port, a private socket, `peer` login for its owner alone."""

import os
import pwd
import re
import shutil
import signal
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from config.services.account import give, private_folder, service_account
from config.services.binaries import postgres_folder
from config.services.errors import ServiceError
from config.services.service import Service

MAJOR = "18"
DATABASE = USER = "helpdesk"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    # A restore, and every test that empties all tables, holds thousands at once: each table, index and trigger.
    "max_locks_per_transaction": "256",
    "shared_buffers": "128MB",
    "shared_preload_libraries": "pg_stat_statements",
    "random_page_cost": "1.1",
    "huge_pages": "off",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "idle_in_transaction_session_timeout": "5min",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

# For tests only: nothing survives the process, so nothing waits for a disk.
EPHEMERAL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
}


class Postgres(Service):
    name: ClassVar[str] = "postgres"
    folder: ClassVar[str] = f"postgres-{MAJOR}"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # "fast": ends sessions, writes a checkpoint

    @property
    def socket(self) -> Path:
        return self.sockets / ".s.PGSQL.5432"

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{USER}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def program(self, name: str) -> str:
        return str(postgres_folder() / name)

    def answers(self) -> bool:
        """Somebody listens in our private folder, and the server's own status line says ready."""
        return self.connects() and self._status() == "ready"

    def command(self) -> list[str]:
        settings = (
            SETTINGS | (EPHEMERAL if self.ephemeral else {}) | {"unix_socket_directories": str(self.sockets)}
        )
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [self.program("postgres"), "-D", str(self.data), *options]

    def prepare(self) -> None:
        if not self.data.exists():
            self._make_cluster()
        self._check_version()
        self._forget_recycled_pid()

    def may_try_again(self) -> bool:
        """The children of a killed server hold its memory, and a stopping one its lock, for a moment."""
        return any(reason in self.said() for reason in ("is still in use", "already exists"))

    def _make_cluster(self) -> None:
        """Made aside and renamed when whole, so that a killed attempt leaves nothing half-made."""
        making = self.data.with_name(f"{self.folder}.making")
        shutil.rmtree(making, ignore_errors=True)
        private_folder(making)
        self._must(
            [
                self.program("initdb"), "-D", str(making), "-U", USER, "--encoding=UTF8",
                # With LC_CTYPE=C trigrams of non-Latin text are empty; the builtin provider also sorts
                # the same on every machine, so indexes survive a change of the system's libraries.
                "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                "--auth-local=peer", "--auth-host=scram-sha-256", "--no-instructions",
                *(["--no-sync", "--no-data-checksums"] if self.ephemeral else []),
            ]
        )  # fmt: skip
        self._write(
            making / "pg_hba.conf", "local all all peer map=owner\nlocal replication all peer map=owner\n"
        )
        self._write(making / "pg_ident.conf", "".join(f'owner "{name}" {USER}\n' for name in _owner_names()))
        self._must(
            [self.program("postgres"), "--single", "-D", str(making), "postgres"],
            stdin=None,
            input=f"CREATE DATABASE {DATABASE}\n",
        )
        making.rename(self.data)

    def _must(self, command: list[str], **options: object) -> None:
        done = self.run(command, **options)
        if done.returncode:
            raise ServiceError(f"{Path(command[0]).name} failed:\n{done.stdout}\n{done.stderr}".rstrip())

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        give(path)

    def _check_version(self) -> None:
        stated = self.data / "PG_VERSION"
        found = stated.read_text().strip() if stated.exists() else "nothing"
        program = re.search(r"\d+", self.run([self.program("postgres"), "--version"]).stdout)
        wanted = program.group() if program else MAJOR
        if found != wanted:
            raise ServiceError(
                f"{self.data} was made by PostgreSQL {found}, this is PostgreSQL {wanted}. Back it up with"
                " the release that made it (manage.py backup FILE.tar), move the folder away, and restore the"
                " file here (manage.py restore FILE.tar)."
            )

    def _status(self) -> str:
        """The eighth line of postmaster.pid: starting, ready, stopping (pg_ctl reads the same)."""
        lines = self._pid_file_lines()
        return lines[7].strip() if len(lines) > 7 else ""

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _forget_recycled_pid(self) -> None:
        """After a crash the file may name a pid that now belongs to another program of ours, and PostgreSQL
        would then refuse to start. A real server stands in its data folder."""
        lines = self._pid_file_lines()
        process = Path("/proc") / (lines[0].strip() if lines else "none")
        if process.exists() and os.path.realpath(process / "cwd") != str(self.data):
            (self.data / "postmaster.pid").unlink()


def _owner_names() -> list[str]:
    account = service_account()
    return sorted({pwd.getpwuid(os.geteuid()).pw_name} | ({account.pw_name} if account else set()))
