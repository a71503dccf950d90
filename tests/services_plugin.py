"""Early pytest plugin (`-p tests.services_plugin`): the real servers, made for this run and gone after it.

They must stand before pytest-django loads the settings, which read their addresses from the environment.
Under xdist the controller starts PostgreSQL, where each worker makes its own database; each worker starts its
own Valkey (4 MB, 0.1 s), so that queues, caches and live channels never mix.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.db import connections

from config.services import Services
from tests import template

ROOM_FOR_MEMORY = 1_000_000_000  # bytes; a container often gives /dev/shm only 64 MB

PREFIX = "hdtest-"

_running: list[Services] = []


@pytest.hookimpl(wrapper=True)  # a wrapper runs before pytest-django's own `tryfirst` hook
def pytest_load_initial_conftests(args: list[str]) -> Iterator[None]:
    if not {"--help", "-h", "--version"} & set(args):
        _start(_given())
    return (yield)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """pytest-django asks before it makes the first test database: it becomes a copy of a migrated one."""
    if server := os.environ.get("TEST_SERVER"):
        connections["default"].settings_dict["TEST"]["TEMPLATE"] = template.prepare(server)


def pytest_unconfigure() -> None:
    _stop()


def _stop() -> None:
    while _running:
        _running.pop().stop()


def _given() -> Mapping[str, str]:
    """What this process must not start: named by a person, or started by the controller."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return {"DATABASE_URL": os.environ["DATABASE_URL"]}
    return os.environ


def _start(given: Mapping[str, str]) -> None:
    base = fast_folder()
    _sweep(base)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
    folder.chmod(0o711)  # the servers' own account passes through
    (folder / "static").mkdir()  # whitenoise warns without it
    services = Services(folder, given=given, ephemeral=True)
    _running.append(services)
    atexit.register(_stop)  # a wrong setting ends pytest before it could unconfigure
    os.environ.update(services.start().environment() | _settings(folder))
    if services.postgres:
        os.environ["TEST_SERVER"] = services.postgres.url()


def fast_folder() -> Path:
    memory = Path("/dev/shm")
    fits = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_FOR_MEMORY
    return memory if fits else Path(tempfile.gettempdir())


def _sweep(base: Path) -> None:
    """A killed run leaves its folder in memory: the next one clears it away."""
    for left in base.glob(f"{PREFIX}*"):
        pid = int(left.name.removeprefix(PREFIX).split("-")[0])
        if left.stat().st_uid == os.geteuid() and not _runs(pid):
            shutil.rmtree(left, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _settings(folder: Path) -> dict[str, str]:
    return {
        "SECRET_KEY": "a key for tests, long enough to please the checks, of no other use",
        "INSECURE_LOCAL": "1",
        "DEBUG": "0",
        "SITE_URL": "http://testserver",
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "CONN_MAX_AGE": "0",  # threads of a test's server would keep the test database busy
        "MEDIA_ROOT": str(folder / "media"),
        "MAIL_SINK": str(folder / "mail"),
        "STATIC_ROOT": str(folder / "static"),
        "STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
        "NOTICE_SECONDS": "0",  # letters to colleagues leave at once; who tests their hold sets it
        "TEXT_ENCODER": "none",  # each process would load one for seconds; who tests them asks for them
        "BLIND_ONE_IN": "0",  # by its number, a test's ticket would hide its suggestions once in a while
    }
