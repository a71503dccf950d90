"""A desk that serves one of the worlds to real browsers: a database of its own, and the web process over it."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import Popen

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from helpdesk import events
from tests import template
from tests.browser.pseudo import write_catalogue
from tests.browser.worlds import Places
from tests.factories import NOW
from tests.journeys.house import House

SKIPPED = ("drf_spectacular_sidecar", "rest_framework")  # 28 MB that none of these pages ask for

# Does what it is handed, a piece a line, and answers with what went wrong.
WORKER = """
import json, sys, traceback
for line in sys.stdin:
    trouble = ""
    try:
        exec(json.loads(line), {})
    except Exception:
        trouble = traceback.format_exc()
    print(json.dumps(trouble), flush=True)
"""


class Desk:
    """Where a world is to be seen, and by which addresses."""

    def __init__(self, house: House, places: Places, database: str) -> None:
        self.site = house.site
        self.places = places
        self._database = database
        self._house = house
        self._worker: Popen[bytes] | None = None

    def address(self, place: str) -> str:
        """The whole address of a path, or of a name that the world gave to one."""
        path = place if place.startswith("/") else self.places[place]
        return self.site + path

    def session(self, person: str) -> str:
        return self.places[f"session:{person}"]

    def work(self, code: str) -> None:
        """What a worker would do by now. It stays for the next time: to start one takes seconds."""
        self._worker = self._worker or self._house.stay("shell", "-v", "0", "-c", WORKER)
        given, said = self._worker.stdin, self._worker.stdout
        assert given
        assert said
        given.write(json.dumps(code).encode() + b"\n")
        given.flush()
        trouble = json.loads(said.readline() or '"It ended."')
        assert not trouble, trouble

    @contextmanager
    def connected(self) -> Iterator[None]:
        """This process looks into the desk's own database."""
        with connected_to(self._database):
            yield

    def last_words(self, lines: int = 15) -> str:
        """What the web process wrote last."""
        return "\n".join(self._house.log.read_text().splitlines()[-lines:])


@contextmanager
def open_desk(folder: Path, world: Callable[[], Places], blocker: DjangoDbBlocker) -> Iterator[Desk]:
    """Build the world and serve it, on the day on which it was built."""
    folder.mkdir()
    with blocker.unblock(), own_database(world.__name__) as database, pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "queue", lambda keys: None)
        places = world()
        house = house_of(folder, world.__name__)
    with house:
        yield Desk(house, places, database)


def house_of(folder: Path, name: str) -> House:
    """The web process alone, on the day of the world; what it tells workers and pages is for no other house."""
    day = (NOW - datetime.now(UTC)) / timedelta(days=1)
    house = House(folder, days_later=day, processes=("web",))
    house.environment |= {
        "STATIC_ROOT": str(folder.parent / "static"),
        "STATICFILES_STORAGE": "helpdesk.staticfiles.Storage",
        "UNDO_SECONDS": "10",
        "CELERY_PREFIX": name,
        "CACHE_PREFIX": name,
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "PSEUDO_LOCALE": str(folder.parent / "locale"),
    }
    if not (folder.parent / "locale").exists():
        write_catalogue(folder.parent / "locale")
    collect_static(house)
    return house


def collect_static(house: House) -> None:
    """As for production: folded, hashed, compressed; once for all desks of this process."""
    if not Path(house.environment["STATIC_ROOT"]).exists():
        ignored = [word for name in SKIPPED for word in ("-i", name)]
        house.manage("collectstatic", "--noinput", "--verbosity=0", *ignored)


@contextmanager
def own_database(world: str) -> Iterator[str]:
    """Another copy of the migrated database, so that what stays here for all tests is nobody else's surprise."""
    own = f"{world}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    embedded = os.environ.get("TEST_SERVER")
    original = template.prepare(embedded) if embedded else "template1"
    connection.close()
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as server:
        server.autocommit = True
        server.cursor().execute(f"DROP DATABASE IF EXISTS {own} WITH (FORCE)")
        server.cursor().execute(f"CREATE DATABASE {own} TEMPLATE {original}")
    with connected_to(own):
        if not embedded:
            call_command("migrate", verbosity=0)
        yield own


@contextmanager
def connected_to(database: str) -> Iterator[None]:
    """This thread works on that database."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
