"""The one port: pages in threads, live updates as a stream, and bodies that are refused before they are read."""

import asyncio
import json
import socket
import threading
import time
from contextlib import contextmanager

import httptools  # noqa: F401  (uvicorn takes it when it is there; without it other code would be tested)
import pytest
import uvicorn
from django.conf import settings

from config import edge, live
from helpdesk import events
from helpdesk.live import announce
from helpdesk.models import Event, Ticket
from tests.factories import make_token

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port(monkeypatch):
    """The real server, in a thread of this process: it shares the test's database."""
    monkeypatch.setattr(edge, "hub", live.Hub())  # a hub belongs to the event loop it began in
    with socket.create_server(("127.0.0.1", 0)) as door, served(door):
        yield door.getsockname()[1]


@contextmanager
def served(door):
    config = uvicorn.Config(edge.application, log_level="error", timeout_graceful_shutdown=0.2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield
    server.should_exit = True
    thread.join(5)


class Caller:
    """A browser that speaks its bytes itself, to say what no client library would."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self.heard = b""

    def ask(self, line, *headers, body=b""):
        head = "\r\n".join([f"{line} HTTP/1.1", "Host: testserver", *headers, "", ""])
        self.socket.sendall(head.encode() + body)
        return self

    def hear(self, words):
        """What has been said when these words are in it."""
        while words not in self.heard:
            more = self.socket.recv(4096)
            assert more, f"the connection ended before {words!r}: {self.heard!r}"
            self.heard += more
        return self.heard.decode()

    def close(self):
        self.socket.close()


@pytest.fixture
def call(port):
    callers = []

    def make():
        callers.append(Caller(port))
        return callers[-1]

    yield make
    for caller in callers:
        caller.close()


@pytest.fixture
def session(cast, sign_in):
    cookie = sign_in(cast.ana).cookies[settings.SESSION_COOKIE_NAME].value
    return f"Cookie: other=1; {settings.SESSION_COOKIE_NAME}={cookie}"


def test_pages_come_from_django(call):
    assert "200 OK" in call().ask("GET /health/").hear(b'"ok"')


def test_a_person_who_is_logged_in_hears_of_a_change(call, session):
    caller = call().ask("GET /live/", session)
    assert "text/event-stream" in caller.hear(b"retry: 2000\n\n")

    announce([("ticket.opened", "ticket:12")])

    said = caller.hear(b"}\n\n")
    event = json.loads(said.split("data: ")[-1])
    assert event == {"kind": "ticket.opened", "about": "ticket:12"}


def test_every_open_page_hears_of_it_and_one_that_left_is_forgotten(call, session):
    callers = [call().ask("GET /live/", session) for _ in range(3)]
    for caller in callers:
        caller.hear(b"retry")
    callers[0].close()
    until(lambda: len(edge.hub.streams) == 2)

    announce([("ticket.opened", "ticket:13")])

    for caller in callers[1:]:
        assert "ticket:13" in caller.hear(b"}\n\n")


def test_a_stranger_hears_nothing(call):
    assert "403 Forbidden" in call().ask("GET /live/").hear(b"Log in")


def test_a_customer_with_an_account_hears_nothing(call, cast, sign_in):
    cookie = sign_in(cast.zoe_account).cookies[settings.SESSION_COOKIE_NAME].value
    asked = call().ask("GET /live/", f"Cookie: {settings.SESSION_COOKIE_NAME}={cookie}")
    assert "403 Forbidden" in asked.hear(b"Log in")


def test_a_session_that_was_never_given_hears_nothing(call):
    forged = f"Cookie: {settings.SESSION_COOKIE_NAME}=abcdefghijklmnopqrstuvwxyz012345"

    assert "403 Forbidden" in call().ask("GET /live/", forged).hear(b"Log in")


def test_a_broken_cookie_is_a_stranger(call):
    assert "403 Forbidden" in call().ask("GET /live/", 'Cookie: =;;[=x"; sessionid').hear(b"Log in")


def test_somebody_who_has_left_the_house_hears_nothing(call, session, cast):
    cast.ana.is_active = False
    cast.ana.save(update_fields=["is_active"])

    assert "403 Forbidden" in call().ask("GET /live/", session).hear(b"Log in")


def test_live_updates_are_read_only(call, session):
    assert "405 " in call().ask("POST /live/", session, "Content-Length: 0").hear(b"Only GET")


def test_a_slow_page_is_let_go_instead_of_filling_the_memory():
    async def fall_behind():
        stream = live.Stream()
        for number in range(live.BACKLOG + 1):
            stream.put(b"%d" % number)
        return [line async for line in stream.lines()]

    assert asyncio.run(fall_behind()) == [b"retry: 2000\n\n"]


def test_when_valkey_does_not_answer_a_page_is_told_to_come_back(call, session, monkeypatch, settings):
    settings.LIVE_URL = "unix:///nowhere/valkey.sock"
    monkeypatch.setattr(live, "PATIENCE", 0.1)

    assert "503 " in call().ask("GET /live/", session).hear(b"Live updates pause")


def test_a_call_of_the_api_is_carried_whole(call, cast):
    body = json.dumps(
        {"subject": "Late", "body": "Wo ist es? ä", "customer": {"email": "jo@x.test"}}
    ).encode()
    headers = (f"Authorization: Bearer {make_token(cast.robot)}", "Content-Type: application/json")
    caller = call()

    caller.ask("POST /api/v1/tickets/", *headers, f"Content-Length: {len(body)}", body=body).hear(
        b"201 Created"
    )

    assert Ticket.objects.get(subject="Late").messages.get().body == "Wo ist es? ä"
    said = caller.ask("GET /api/v1/tickets/", *headers, "X-Request-Id: ab-12345678").hear(b'"has_more"')
    assert "x-request-id: ab-12345678" in said


def test_a_large_upload_is_carried_in_pieces(call, cast):
    content = b"x" * (edge.SHORT_BODY + 1)
    headers = (f"Authorization: Bearer {make_token(cast.robot)}", f"Content-Length: {len(content)}")

    asked = call().ask("POST /api/v1/uploads/?filename=a.txt", *headers, body=content)

    assert "201 Created" in asked.hear(f'"size":{len(content)}'.encode())


def test_a_caller_that_leaves_in_the_middle_of_its_body_opens_nothing(call, cast, port):
    caller = call().ask(
        "POST /api/v1/tickets/", f"Authorization: Bearer {make_token(cast.robot)}", "Content-Length: 500"
    )
    caller.close()

    assert "200 OK" in call().ask("GET /health/").hear(b'"ok"')
    assert not Ticket.objects.exists()


def test_what_happened_in_a_web_process_is_carried_by_its_courier(call, cast, monkeypatch):
    told = []
    monkeypatch.setattr(events, "queue", told.extend)
    body = json.dumps({"subject": "Late", "body": "Where?", "customer": {"email": "jo@x.test"}}).encode()
    headers = (f"Authorization: Bearer {make_token(cast.robot)}", "Content-Type: application/json")

    call().ask("POST /api/v1/tickets/", *headers, f"Content-Length: {len(body)}", body=body).hear(b"201")

    until(lambda: told)
    assert told == [(event.pk, event.at) for event in Event.objects.filter(kind="ticket.opened")]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(call):
    length = edge.LARGEST_BODY + 1

    said = call().ask("POST /", f"Content-Length: {length}").hear(b"larger than 30 MB")

    assert "413 " in said


def test_the_sender_of_a_large_body_reads_the_refusal_after_sending_it_all(call):
    length = edge.LARGEST_BODY + 1

    said = call().ask("POST /", f"Content-Length: {length}", body=b"x" * length).hear(b"larger than 30 MB")

    assert "413 " in said


def test_headers_that_are_too_large_are_refused(call):
    said = call().ask("GET /login/", "X-Long: " + "x" * edge.LARGEST_HEAD).hear(b"larger than 64 KB")

    assert "431 " in said


def test_the_api_refuses_a_large_body_in_its_own_format(call):
    said = call().ask("POST /api/v1/tickets/", "Content-Length: 99999999999").hear(b"}")

    assert "application/problem+json" in said
    assert json.loads(said.split("\r\n\r\n")[1])["status"] == 413


def test_a_body_without_a_length_is_refused(call):
    """Django would take it for an empty one."""
    said = call().ask("POST /", "Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n").hear(b"chunks")

    assert "411 " in said


def until(condition, *, seconds=5):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
