"""What stands between started servers and the first page:   python -m config.up.prepare [--empty]

Progress goes to standard error; standard output says who may log in.
"""

import hashlib
import inspect
import os
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from config.demo.logins import LOGINS

if TYPE_CHECKING:
    from helpdesk.models import User


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    with redirect_stdout(sys.stderr):
        migrate()
        collect_static_files()
        if "--empty" not in sys.argv and not people().exists():
            call_command("demo", stdout=StringIO())  # it names the logins too; we do, when the desk answers
    print(who_may_log_in())


def migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database ...", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


def collect_static_files() -> None:
    """Only when a file has changed: compressing them takes seconds."""
    stamp = Path(settings.STATIC_ROOT) / "collected.txt"
    now = fingerprint_of_static_files()
    if stamp.exists() and stamp.read_text() == now:
        return
    print("Collecting static files ...", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)


def fingerprint_of_static_files() -> str:
    from django.contrib.staticfiles.finders import get_finders

    storage_class = import_string(settings.STORAGES["staticfiles"]["BACKEND"])
    digest = hashlib.sha256(inspect.getsource(storage_class).encode())  # how they are folded and hashed
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def people() -> "QuerySet[User]":
    """Everybody but the row in whose name machines act."""
    from helpdesk.models import Role, User

    return User.objects.exclude(role=Role.SYSTEM)


def who_may_log_in() -> str:
    if not people().exists():
        return f"  Nobody can log in yet. Make the first administrator: {settings.SITE_URL}/setup/"
    known = set(people().filter(email__in=[login.email for login in LOGINS]).values_list("email", flat=True))
    lines = [
        f"  {login.role:18} {login.email:36} {login.password}" for login in LOGINS if login.email in known
    ]
    return "\n".join(["  Log in as", *lines]) if lines else ""


if __name__ == "__main__":
    try:
        main()
    except CommandError as error:
        sys.exit(str(error))
