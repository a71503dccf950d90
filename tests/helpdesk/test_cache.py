"""While Valkey is away: pages go on, limits hold for each process, and it is said once."""

import pytest
from django.core.cache import caches
from redis.exceptions import ConnectionError as NoConnection

from helpdesk import cache
from tests.factories import PASSWORD, make_ticket


class Valkey:
    """The line to it, which can be cut; it counts who tries."""

    def __init__(self, monkeypatch):
        self.monkeypatch, self.asked = monkeypatch, 0

    def cut(self):
        def fail(*_, **__):
            self.asked += 1
            raise NoConnection("nobody answers")

        self.monkeypatch.setattr("redis.Redis.execute_command", fail)

    def mend(self):
        self.monkeypatch.undo()
        self.monkeypatch.setattr(cache, "outage", cache._Outage())


@pytest.fixture
def valkey():
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(cache, "outage", cache._Outage())
        yield Valkey(monkeypatch)
    caches["default"]._memory.clear()
    caches["default"].clear()


@pytest.fixture
def away(valkey):
    valkey.cut()
    return valkey


def test_what_is_kept_meanwhile_is_given_back(away):
    kept = caches["default"]
    assert kept.add("a", 1)
    assert not kept.add("a", 2)
    assert kept.incr("a") == 2
    assert kept.set_many({"b": [1], "c": None}) == []
    assert kept.get_many(["a", "b", "none"]) == {"a": 2, "b": [1]}
    assert "c" in kept
    assert kept.touch("b", 5)
    assert kept.delete("b")
    assert kept.get("b", "gone") == "gone"
    kept.delete_many(["a"])
    kept.clear()
    assert kept.get("c") is None


def test_threads_of_a_process_remember_together(away):
    caches["default"].set("a", 1)
    assert caches.create_connection("default").get("a") == 1


def test_nobody_waits_for_it_again_and_again(away, monkeypatch):
    now = [1_000.0]
    monkeypatch.setattr(cache.time, "monotonic", lambda: now[0])
    for _ in range(5):
        caches["default"].get("a")
    assert away.asked == 1
    now[0] += cache.PAUSE
    caches["default"].get("a")
    assert away.asked == 2


def test_it_is_said_once_a_minute(away, monkeypatch, caplog):
    now = [1_000.0]
    monkeypatch.setattr(cache.time, "monotonic", lambda: now[0])
    for _ in range(30):
        caches["default"].get("a")
        now[0] += cache.PAUSE
    assert [record.levelname for record in caplog.records if record.name == "helpdesk.cache"] == ["WARNING"]
    caches["default"].get("a")
    assert (
        caplog.messages.count("Valkey does not answer; this process remembers for itself: nobody answers")
        == 2
    )


def test_once_it_is_back_it_is_asked_again(valkey):
    kept = caches["default"]
    kept.set("a", "shared")
    valkey.cut()
    kept.set("a", "own")
    assert kept.get("a") == "own"
    valkey.mend()
    assert kept.get("a") == "shared"


def test_a_colleague_signs_in_reads_the_queue_and_replies(away, cast, client):
    ticket = make_ticket(cast)
    credentials = {"username": cast.ana.email, "password": PASSWORD}
    assert client.post("/login/", credentials, follow=True).status_code == 200
    assert f"/t/{ticket.pk}/".encode() in client.get("/queue/?view=all-open").content
    assert client.post(f"/t/{ticket.pk}/reply/", {"body": "Done."}).status_code == 302
    assert ticket.messages.last().body == "Done."


def test_whoever_guesses_a_password_is_locked_out_all_the_same(away, cast, client):
    wrong = {"username": cast.ana.email, "password": "wrong"}
    answers = [client.post("/login/", wrong).status_code for _ in range(9)]
    assert answers == [200] * 7 + [429] * 2


def test_a_session_that_ended_meanwhile_stays_ended(valkey, cast, sign_in):
    browser = sign_in(cast.ana)
    cookie = browser.cookies["sessionid"].value
    assert browser.get("/queue/").status_code == 200
    valkey.cut()
    browser.post("/logout/")
    valkey.mend()
    browser.cookies["sessionid"] = cookie
    assert browser.get("/queue/")["Location"].startswith("/login/")


def test_the_health_page_tells_of_it_and_stays_well(valkey, client, db):
    assert client.get("/health/").json() == {"status": "ok", "cache": "ok"}
    valkey.cut()
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "cache": "away"})


def test_a_key_that_is_missing_is_no_outage(valkey):
    with pytest.raises(ValueError, match="not found"):
        caches["default"].incr("nothing")
    assert not cache.outage.is_on
