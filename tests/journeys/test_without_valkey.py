"""Valkey dies under a web process that is at work: people go on working, and nothing they do is lost."""

import json
import tempfile
import time
from pathlib import Path

import pytest

from config.services import Services
from helpdesk.models import Event
from tests.factories import PASSWORD, make_ticket
from tests.journeys.house import House, eventually
from tests.services_plugin import fast_folder

PATIENCE = 12  # seconds for seven pages, each of which must not wait for Valkey


@pytest.fixture
def valkey():
    """One of its own, to be killed."""
    with tempfile.TemporaryDirectory(prefix="hd-valkey-", dir=fast_folder()) as name:
        Path(name).chmod(0o711)  # the server's own account passes through
        with Services(Path(name), given={"DATABASE_URL": "somebody else's"}) as services:
            yield services


@pytest.fixture
def house(transactional_db, tmp_path, valkey):
    house = House(tmp_path, processes=("web",))
    house.environment |= valkey.environment()
    with house:
        yield house


@pytest.mark.slow
def test_people_work_on_while_valkey_is_away(house, valkey, cast):
    ticket = make_ticket(cast)
    here = house.browser()
    here.sign_in(cast.ana.email, PASSWORD)

    valkey.stop()
    began = time.monotonic()
    here.get("/queue/?view=all-open")
    assert (here.status, f"/t/{ticket.pk}/" in here.page) == (200, True)
    here.get(f"/t/{ticket.pk}/")
    here.post(f"/t/{ticket.pk}/reply/", {"body": "It is on its way."})
    assert here.status == 200
    late = house.browser()
    late.sign_in(cast.lena.email, PASSWORD)
    assert "It is on its way." in late.get(f"/t/{ticket.pk}/")
    assert time.monotonic() - began < PATIENCE
    assert json.loads(late.get("/health/")) == {"status": "ok", "cache": "away"}
    assert Event.objects.get(kind="message.written").owes, "the sweep tells of it later"

    valkey.start()
    eventually(lambda: json.loads(late.get("/health/"))["cache"] == "ok")
    assert here.get("/queue/?view=all-open")
    assert here.status == 200
