"""Two hundred tickets while everything is killed in turn: each is there, everybody heard of it, nothing twice."""

import json
import re
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from email import message_from_bytes
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError

import psycopg2
import pytest

from tests.journeys.desk import Desk
from tests.journeys.house import Browser, eventually
from tests.services_plugin import fast_folder

TICKETS, CALLERS = 200, 6
INSISTENT, CAP = 20, 10  # one customer opens so many of them, and hears of so many (apps.output acknowledge)
KILLS = [  # after so many answers
    (20, ["worker"]), (45, ["valkey"]), (70, ["postgres"]), (95, ["web"]), (120, ["scheduler"]),
    (145, ["worker", "valkey", "postgres"]),
]  # fmt: skip
PROMISED = ["acknowledge", "first_reply", "resolve"]  # by the policy of a new helpdesk
QUARTER_OF_AN_HOUR = "interval '16 minutes'"
PATIENCE = 400  # seconds; on an idle computer a fifth of it


class Desperate:
    """Callers of the API who ask again and again, each request under its own key, until they are answered."""

    def __init__(self, site, token):
        self.site, self.token = site, token
        self.answers = {}
        self.replayed = 0
        self.troubles = Counter()

    def open_ticket(self, index):
        who = "insistent" if index % (TICKETS // INSISTENT) == 0 else f"customer-{index}"
        body = {
            "subject": f"Parcel {index} is late",
            "body": "Where is it?",
            "customer": {"email": f"{who}@chaos.test"},
        }
        while (answer := self._ask(body, key=f"chaos-{index}")) is None:
            time.sleep(0.3)
        self.answers[index] = answer

    def _ask(self, body, *, key):
        """The number of the ticket; None when the answer was no answer."""
        request = urllib.request.Request(f"{self.site}/api/v1/tickets/", json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Idempotency-Key", key)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                number = json.load(answer)["number"]
                self.replayed += "Idempotent-Replayed" in answer.headers
                return number
        except HTTPError as error:
            if error.code not in (409, 429, 503):
                pytest.fail(f"{key}: {error.code} {error.read().decode(errors='replace')}")
            self.troubles[error.code] += 1
            time.sleep(float(error.headers.get("Retry-After", 1)))
        except (OSError, HTTPException, ValueError) as error:  # cut off, refused, half an answer
            self.troubles[type(error).__name__] += 1


@pytest.fixture
def desk(monkeypatch):
    monkeypatch.setenv("SWEEP_SECONDS", "20")  # what was lost is found by the sweep, round after round
    with tempfile.TemporaryDirectory(prefix="hd chaos ", dir=fast_folder()) as name:
        Path(name).chmod(0o711)  # the servers' own account passes through
        running = Desk(Path(name) / "var", "--web", "1", "--worker", "2")
        yield running
        running.end()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds the processes in /proc")
def test_tickets_outlive_the_death_of_everything_and_nothing_happens_twice(desk):
    began = time.monotonic()
    callers = Desperate(desk.address(), token_for_a_program(desk))
    started = time.monotonic()

    with ThreadPoolExecutor(CALLERS) as pool:
        killer = threading.Thread(target=kill_in_turn, args=(desk, callers), daemon=True)
        killer.start()
        list(pool.map(callers.open_ticket, range(TICKETS)))
        killer.join(30)
    answered = time.monotonic()
    assert not killer.is_alive(), "not everything was killed"
    settled = Settled(desk)
    try:
        eventually(settled, seconds=PATIENCE)
    except AssertionError as unsettled:
        pytest.fail(f"{unsettled}\n{settled.what_is_left}\n{desk.said[-4000:]}")

    house = State(desk)
    doubles = len(house.files) - len(set(house.files))
    print(
        f"\n{TICKETS} tickets in {answered - started:.1f} s, with {sum(len(parts) for _, parts in KILLS)} kills; "
        f"ready {started - began:.1f} s after the start, settled {time.monotonic() - answered:.1f} s after the last"
        f"\ncallers: {dict(callers.troubles)}, answered from memory {callers.replayed}"
        f"\nletters: {house.letters}, files {len(house.files)} of which sent again {doubles}, stuck {settled.stuck}"
    )
    numbers = sorted(callers.answers.values())
    assert numbers == house.tickets
    assert len(set(numbers)) == TICKETS
    assert house.opened == house.first_messages == dict.fromkeys(numbers, 1)
    assert house.twice == []
    assert house.clocks == dict.fromkeys(numbers, PROMISED)
    assert set(house.acknowledged.values()) == {1}
    assert len(house.acknowledged) == TICKETS - INSISTENT + CAP
    assert house.acknowledge_clocks == {
        number: "met" if number in house.acknowledged else "running" for number in numbers
    }
    assert house.letters == {"sent": len(house.acknowledged)}
    assert house.told_as_sent == house.letters["sent"]
    assert set(house.files) == house.letter_ids
    # A sender that dies between the server's yes and its own note sends again, under the same Message-ID.
    assert doubles <= settled.stuck
    assert house.failures == 0


def token_for_a_program(desk):
    admin = Browser(desk.address())
    admin.get("/setup/")
    admin.post(
        "/setup/",
        {"company": "Chaos", "name": "Ada", "email": "ada@desk.test", "password": "correct horse battery"},
    )
    admin.get("/admin/tokens/")
    page = admin.post("/admin/tokens/", {"name": "shop", "scopes": ["tickets:read", "tickets:write"]})
    key = re.search(r"hd_[\w-]{40,}", page)
    assert key, f"{admin.status}: {page[:2000]}"
    return key[0]


def kill_in_turn(desk, callers):
    for after, parts in KILLS:
        while len(callers.answers) < after:
            time.sleep(0.02)
        for part in parts:
            desk.kill(part)


class Settled:
    """Nobody waits for news and no letter waits to leave."""

    __name__ = "everything is settled"

    def __init__(self, desk):
        self.desk = desk
        self.stuck = 0
        self.what_is_left = []

    def __call__(self):
        time.sleep(0.5)
        with suppress(psycopg2.OperationalError), closing(psycopg2.connect(self.desk.database)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                self.what_is_left = self._left(cursor)
                if self._owed(cursor):
                    return None
                self._let_a_quarter_of_an_hour_pass(cursor)
                cursor.execute(
                    "SELECT count(*) FROM output_delivery WHERE state IN ('held', 'queued', 'sending')"
                )
                return None if cursor.fetchone()[0] or self._owed(cursor) else self

    def _left(self, cursor):
        cursor.execute(
            "SELECT count(*), 'owed: ' || kind || ' to ' || owes::text FROM helpdesk_event"
            " WHERE owes <> '{}' GROUP BY 2"
            " UNION ALL SELECT count(*), 'failed: ' || subscriber || ' ' || error"
            " FROM helpdesk_subscriberfailure GROUP BY 2"
            " UNION ALL SELECT count(*), 'letters ' || state FROM output_delivery GROUP BY 2"
        )
        return cursor.fetchall()

    def _owed(self, cursor):
        cursor.execute("SELECT count(*) FROM helpdesk_event WHERE owes <> '{}'")
        return cursor.fetchone()[0]

    def _let_a_quarter_of_an_hour_pass(self, cursor):
        """For the letters whose sender died with them in its hand: then they are tried again."""
        cursor.execute(
            f"UPDATE output_delivery SET claimed_at = claimed_at - {QUARTER_OF_AN_HOUR}"
            " WHERE state = 'sending' AND claimed_at < now() - interval '20 seconds'"
        )
        self.stuck += cursor.rowcount


class State:
    """What stands in the database and in the folder of sent mail, once all is quiet."""

    def __init__(self, desk):
        with closing(psycopg2.connect(desk.database)) as connection, connection.cursor() as cursor:
            self.cursor = cursor
            self.tickets = [number for (number,) in self._rows("SELECT id FROM helpdesk_ticket ORDER BY id")]
            self.opened = dict(
                self._rows(
                    "SELECT ticket_id, count(*) FROM helpdesk_event WHERE kind = 'ticket.opened' GROUP BY 1"
                )
            )
            self.first_messages = dict(
                self._rows(
                    "SELECT ticket_id, count(*) FROM helpdesk_message WHERE direction = 'in' GROUP BY 1"
                )
            )
            self.twice = self._rows(
                "SELECT ticket_id, kind, count(*) FROM helpdesk_event WHERE kind LIKE 'ticket.%'"
                " GROUP BY 1, 2 HAVING count(*) > 1"
            )
            self.clocks = dict(
                self._rows(
                    "SELECT ticket_id, array_agg(kind::text ORDER BY kind) FROM control_clock GROUP BY 1"
                )
            )
            self.acknowledge_clocks = dict(
                self._rows("SELECT ticket_id, state FROM control_clock WHERE kind = 'acknowledge'")
            )
            self.acknowledged = dict(
                self._rows(
                    "SELECT ticket_id, count(*) FROM output_delivery WHERE kind = 'acknowledgement' GROUP BY 1"
                )
            )
            self.letters = dict(self._rows("SELECT state, count(*) FROM output_delivery GROUP BY 1"))
            self.letter_ids = {name for (name,) in self._rows("SELECT letter_id FROM output_delivery")}
            self.told_as_sent = self._rows(
                "SELECT count(*) FROM helpdesk_event WHERE kind = 'delivery.sent'"
            )[0][0]
            self.failures = self._rows("SELECT count(*) FROM helpdesk_subscriberfailure")[0][0]
        self.files = [
            message_from_bytes(path.read_bytes())["Message-ID"].strip()
            for path in (desk.data / "mail").glob("*.eml")
        ]

    def _rows(self, query):
        self.cursor.execute(query)
        return self.cursor.fetchall()
