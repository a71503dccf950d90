"""A backup is one tar file: the database as pg_dump writes it, the uploaded files, and a note of what it is.

The database is dumped in one snapshot while work goes on, and the files after it: what it refers to is there.
A restore is one transaction: a broken backup changes nothing.
"""

import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from config.services import ServiceError
from config.services.binaries import postgres_folder

FORMAT = 1
DUMP, NOTE, MEDIA = "database.dump", "backup.json", "media"
LOCK_TIMEOUT = "30s"  # for the running work to step aside


class BackupError(Exception):
    """The text tells a person what is wrong and what to do."""


def write(file: Path, *, at: datetime) -> None:
    """Make the backup. Raises BackupError; a file that stands under its name is whole."""
    making = file.with_name(f"{file.name}.making")
    with tempfile.TemporaryDirectory(dir=file.parent) as folder, private(making) as output:
        dump = Path(folder) / DUMP
        run([program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}"])
        note = Path(folder) / NOTE
        note.write_text(json.dumps({"format": FORMAT, "made_at": at.isoformat()}))
        with tarfile.open(fileobj=output, mode="w") as archive:
            archive.add(note, NOTE)
            archive.add(dump, DUMP)
            if Path(settings.MEDIA_ROOT).is_dir():
                archive.add(settings.MEDIA_ROOT, MEDIA)
    making.rename(file)


def private(path: Path) -> IO[bytes]:
    """Opened for its owner alone: a backup holds everything that customers wrote."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def read(file: Path, *, replace: bool) -> None:
    """Put the database and the files back. Raises BackupError; the database is then as it was."""
    try:
        with tarfile.open(file) as archive, tempfile.TemporaryDirectory(dir=media().parent) as folder:
            check_note(archive)
            if not replace and (tables := tables_here()):
                raise BackupError(
                    f"The database is not empty ({tables} tables). To throw them away: --replace"
                )
            unpack(archive, Path(folder))
            restore_database(Path(folder) / DUMP)
            swap_media(Path(folder) / MEDIA)
    except (tarfile.TarError, FileNotFoundError) as error:
        raise BackupError(f"{file} is not a whole backup: {error}") from error
    cache.clear()


def check_note(archive: tarfile.TarFile) -> None:
    names = archive.getnames()
    note = archive.extractfile(NOTE) if NOTE in names and DUMP in names else None
    if note is None or json.load(note).get("format") != FORMAT:
        raise BackupError("This is not a backup of this program, or of a newer release of it.")


def tables_here() -> int:
    with connection.cursor() as cursor:
        return len(connection.introspection.table_names(cursor))


def unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Plain files only, and inside the folder only: a backup may come from anywhere."""
    for member in archive:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
            raise BackupError(f"The backup holds a file that does not belong there: {member.name}")
        target = folder / path
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
        elif content := archive.extractfile(member):
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as output:
                shutil.copyfileobj(content, output)


def restore_database(dump: Path) -> None:
    """The old schema goes and the new one comes in one transaction."""
    script = dump.with_suffix(".sql")
    run(
        [
            program("pg_restore"),
            "--no-owner",
            "--no-privileges",
            "--no-comments",
            f"--file={script}",
            str(dump),
        ]
    )
    connection.close()
    begin = [f"SET lock_timeout = '{LOCK_TIMEOUT}'", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public"]
    psql = [program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    run([*psql, *(f"--command={statement}" for statement in begin), f"--file={script}"])


def swap_media(unpacked: Path) -> None:
    """The files of before leave when the new ones stand."""
    unpacked.mkdir(exist_ok=True)
    old = unpacked.with_name("old")
    if media().exists():
        media().rename(old)
    unpacked.rename(media())


def media() -> Path:
    return Path(settings.MEDIA_ROOT).absolute()


def program(name: str) -> str:
    """The first that knows this server: on the PATH, or beside the embedded one. Older programs refuse it."""
    server = server_version()
    for candidate in candidates(name):
        stated = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False)
        version = re.search(r"\d+", stated.stdout)
        if version and int(version.group()) >= server:
            return candidate
    raise BackupError(f"There is no {name} of PostgreSQL {server} here: install its client programs.")


def server_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])


def candidates(name: str) -> Iterator[str]:
    if found := shutil.which(name):
        yield found
    with suppress(ServiceError):
        yield str(postgres_folder() / name)


def run(command: list[str]) -> None:
    done = subprocess.run(
        command,
        env=os.environ | where(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def where() -> dict[str, str]:
    """Django's connection in the words of PostgreSQL's programs: not on a command line, where others could read it."""
    names = {"dbname": "PGDATABASE"} | {
        name: f"PG{name.upper()}"
        for name in ("host", "port", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey")
    }
    parameters = connection.get_connection_params()
    return {names[name]: str(value) for name, value in parameters.items() if name in names and value}
