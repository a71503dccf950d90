"""The migrated database that every test database is copied from.

Migrating from nothing takes a quarter of a minute; restoring what came of it takes half a second.
The dump is kept in .pytest_cache under a name made from all that it depends on, so it cannot be out of date.
"""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg2

from config.services.binaries import postgres_folder

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".pytest_cache"
NAME, MAKING = "helpdesk_template", "helpdesk_template_making"
OWN_IMPORT = re.compile(r"^(?:from|import) ((?:helpdesk|apps|config)[\w.]*)", re.MULTILINE)


def prepare(server: str) -> str:
    """Make the template database if this server has none yet, and hand back its name. Workers may ask at once."""
    with one_at_a_time(), closing(psycopg2.connect(server)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if not cursor.fetchone():
                cursor.execute(f"DROP DATABASE IF EXISTS {MAKING}")
                cursor.execute(f"CREATE DATABASE {MAKING}")
                fill(server.replace("/helpdesk?", f"/{MAKING}?"))
                cursor.execute(f"ALTER DATABASE {MAKING} RENAME TO {NAME}")
    return NAME


@contextmanager
def one_at_a_time():
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fill(url: str) -> None:
    dump = CACHE / f"template-{fingerprint()}.sql"
    if dump.exists():
        run([program("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={dump}", url])
        return
    run([sys.executable, "manage.py", "migrate", "--verbosity=0"], DATABASE_URL=url)
    for older in CACHE.glob("template-*.sql"):
        older.unlink()
    making = dump.with_suffix(f".{os.getpid()}")
    run([program("pg_dump"), "--no-owner", f"--file={making}", url])
    making.rename(dump)


def fingerprint() -> str:
    """Of the migrations, of our code that they import or that runs them, of the packages, and of the day: partitions
    begin at it."""
    digest = hashlib.sha256(f"{datetime.now(UTC).date()}".encode())
    migrations = [*ROOT.glob("helpdesk/migrations/*.py"), *ROOT.glob("apps/*/migrations/*.py")]
    imported = {module for path in migrations for module in OWN_IMPORT.findall(path.read_text())}
    sources = {source for module in imported for source in sources_of(ROOT / module.replace(".", "/"))}
    command = ROOT.glob("config/management/commands/migrate.py")
    for path in sorted({ROOT / "requirements.txt", *migrations, *sources, *command}):
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def sources_of(module: Path) -> list[Path]:
    return [module.with_suffix(".py")] if module.with_suffix(".py").exists() else [*module.rglob("*.py")]


def program(name: str) -> str:
    return str(postgres_folder() / name)


def run(command: list[str], **environment: str) -> None:
    subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True, stdout=subprocess.DEVNULL)
