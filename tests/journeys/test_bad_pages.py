"""Whatever comes in by pages, mail or the bare wire: a clear answer or quarantine, and nothing lost."""

import io
import socket
import sys
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client

from apps.intake.models import InboundMail, MailState
from helpdesk.models import Message, Ticket
from tests.factories import make_issue, make_ticket
from tests.intake.letters import mail, multipart, part
from tests.journeys import nasty
from tests.journeys.house import House
from tests.journeys.program import FORM, MULTIPART, TICKETS, no_fault


@pytest.mark.parametrize("route", nasty.pages())
def test_no_parameter_of_any_page_is_a_fault(cast, sign_in, route):
    make_issue("late", owner=cast.billing)
    known = {"number": make_ticket(cast).pk, "code": "late", "int": 1, "what": "severity"}
    names = nasty.names_of_parameters()
    turn = nasty.pages().index(route)  # so that all pages together have met every value in many places
    ada = sign_in(cast.ada)
    ada.raise_request_exception = False
    fields = nasty.turned(nasty.TEXTS, names, turn)
    address = nasty.filled(route, **known, str="x")
    no_fault(ada.get(f"{address}?{urlencode(fields)}"), f"GET {address} {turn}")
    no_fault(ada.post(address, nasty.turned(nasty.TEXTS, names, turn + 1)), f"POST {address} {turn}")
    for same in (dict.fromkeys(names, "9" * 5_000), dict.fromkeys(names, "9" * 19)):
        no_fault(ada.get(f"{address}?{urlencode(same)}"), f"GET {address} nines")
        no_fault(ada.post(address, same), f"POST {address} nines")
    for value in (nasty.TOO_BIG, "9" * 5_000, "%00", "%ED%A0%80"):
        if "<" in route:
            address = nasty.filled(route, int=value, str=value, slug=value, path=value)
            no_fault(ada.get(address), f"GET {address}")
            no_fault(ada.post(address), f"POST {address}")


QUESTIONS = (
    *nasty.TEXTS, "is:open " * 200, "(" * 500, "a or " * 100, '"' * 99, "-" * 99, "created:<99999999999999999999d",
    "created:0001-01-01", "created:>9999-12-31", "updated:>0001-01-01", "due:<9999-12-31", "due:<9999w", "#" + "9" * 18,
    "issue:" + "a/" * 200, "assignee:@me@me", "tag:'", "a & b | !c <-> d:*", "\\", ":*", "sort:sort:sort",
)  # fmt: skip


def test_no_place_to_go_on_from_is_a_fault(cast, sign_in):
    make_ticket(cast)
    ada = sign_in(cast.ada)
    ada.raise_request_exception = False
    nines = "9" * 5_000
    for sort in ("due", "updated", "created", "oldest", "severity"):
        for after in (
            f"{nines}~{nines}",
            f"{nasty.TOO_BIG}~1",
            "~",
            "~~~",
            "0001-01-01T00:00:00+14:00~1",
            "x~-1",
        ):
            asked_for = f"/queue/?{urlencode({'q': f'sort:{sort}', 'sort': sort, 'after': after})}"
            no_fault(ada.get(asked_for), f"GET {asked_for}")


@pytest.mark.parametrize(
    "address", ["/queue/?q=", "/search/?q=", "/api/v1/tickets/?q=", "/api/v1/search/?q="]
)
def test_no_search_is_a_fault(cast, sign_in, program, address):
    make_ticket(cast)
    ada = sign_in(cast.ada)
    ada.raise_request_exception = False
    for text in QUESTIONS:
        asked = address + urlencode({"": text})[1:]
        answer = program.send("GET", asked) if address.startswith("/api/") else ada.get(asked)
        no_fault(answer, f"GET {asked}")


FORMS = {
    "invalid UTF-8": (b"username=%ff%fe&password=\xff", FORM),
    "a NUL": (b"username=a%00b&password=%00", FORM),
    "half a character": (b"body=%ED%A0%80&email=%ED%A0%80", FORM),
    "another charset": (b"body=x", "application/x-www-form-urlencoded; charset=utf-16"),
    "two thousand fields": (b"&".join(b"f%d=1" % n for n in range(2_000)), FORM),
    "27 MB": (b"body=" + b"x" * 27_300_000, FORM),
    "JSON": (b'{"body": "x"}', "application/json"),
    "no boundary": (b"--b\r\n\r\nx", "multipart/form-data"),
    "an endless part": (b"--b\r\nContent-Disposition: form-data; name=body\r\n\r\nx", MULTIPART),
    "a part without a name": (b"--b\r\nX: y\r\n\r\nx\r\n--b--\r\n", MULTIPART),
    "broken base64": (
        b"--b\r\nContent-Disposition: form-data; name=x\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--b--\r\n",
        MULTIPART,
    ),
    "a file with a terrible name": (
        (
            b'--b\r\nContent-Disposition: form-data; name="files"; filename="../../\xff\x00a.exe"\r\n\r\nMZ\r\n--b\r\n'
            b'Content-Disposition: form-data; name="body"\r\n\r\nHello\r\n--b\r\n'
            b'Content-Disposition: form-data; name="email"\r\n\r\njo@x.test\r\n--b--\r\n'
        ),
        MULTIPART,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("address", ["/help/new/", "/login/", "/setup/", "/help/r/nothing/", "/s/nothing/"])
def test_no_form_is_a_fault(cast, name, address):
    body, kind = FORMS[name]
    answer = Client(raise_request_exception=False).post(address, body, content_type=kind)
    no_fault(answer, f"POST {address} {name}")
    assert answer.status_code in (200, 302, 400, 404, 413, 415, 422)
    if name == "27 MB" and address in ("/help/new/", "/login/"):
        assert answer.status_code == 413


@pytest.mark.parametrize(
    "key", ["x", "%00", "%ff", "a" * 4_000, "1:2:3", "eyJ0IjoxfQ:1abc:def", "%F0%9F%92%A9", "..%2f..", "é"]
)
def test_a_key_nobody_gave_opens_nothing(db, key):
    browser = Client(raise_request_exception=False)
    for address in (f"/help/r/{key}/", f"/s/{key}/", f"/o/{key}/"):
        for method in ("GET", "POST"):
            assert browser.generic(method, address).status_code in (400, 403, 404, 405), f"{method} {address}"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"}, {"Host": "a b"}, {"Accept": "text/x-klingon"}, {"Accept": "\xff" * 50},
        {"Accept-Language": "x" * 5_000}, {"Accept-Language": "de;q=nan,*;q=1e400"},
        {"Cookie": "sessionid=a\x00b; csrftoken=\xff"}, {"Cookie": "sessionid=" + "x" * 4_000}, {"Cookie": "=;;=;"},
        {"X-Forwarded-For": "\xff"},
        {"Referer": "http://[::1"}, {"Origin": "http://[::1"}, {"If-None-Match": '"' * 100},
        {"If-Modified-Since": "Mon, 99 Foo 99999 99:99:99 GMT"}, {"Range": "bytes=9-1"},
        {"X-Request-Id": "\r\nX: y"}, {"HX-Request": "true", "HX-Target": "\xff"},
        {"Content-Type": "text/plain; charset=utf-16"}, {"Content-Length": "-1"}, {"Content-Length": "ten"},
    ],
    ids=str,
)  # fmt: skip
def test_no_header_is_a_fault(cast, headers):
    browser = Client(raise_request_exception=False)
    for address in (
        "/",
        "/login/",
        "/help/new/?about=%C3%A4",
        "/health/",
        TICKETS,
        "/nothing/",
        "/api/nothing/",
    ):
        for method in ("GET", "POST"):
            kind = {"content_type": headers["Content-Type"]} if "Content-Type" in headers else {}
            answer = browser.generic(method, address, headers=headers, **kind)
            assert answer.status_code < 500, f"{method} {address} {headers}: {answer.status_code}"


# --- mail ---------------------------------------------------------------------------------------------

MAILS = {
    "nothing": b"",
    "no header": b"Hello, where is my parcel?",
    "noise": bytes(range(256)) * 400,
    "NULs": mail(b"a\0b\0c", {"Subject": b"\0\0late\0"}),
    "a subject of 10 MB": mail("Hello", {"Subject": "late " * 2_000_000}),
    "3,000 recipients": mail("Hello", {"To": ", ".join(f"p{n}@x.test" for n in range(3_000))}),
    "a line of 5 MB": mail("x" * 5_000_000),
    "an unfinished multipart": multipart(part("text/plain", "Hello"))[:-9],
    "a boundary that never comes": mail("Hello", {"Content-Type": "multipart/mixed; boundary=nowhere"}),
    "broken base64": mail("%%%%", {"Content-Transfer-Encoding": "base64", "Content-Type": "text/plain"}),
    "an unknown charset": mail(b"caf\xe9", {"Content-Type": "text/plain; charset=klingon"}),
    "a codec that is no charset": mail(b"x", {"Content-Type": "text/plain; charset=zlib"}),
    "bytes above 127 everywhere": mail(b"\xff\xfe\xfd", {"Subject": b"\xff\xfe", "From": b"\xff <zoe@example.org>"}),
    "half a character": mail("Hello", {"Subject": "=?utf-8?b?7aCA?=", "From": "=?utf-16?q?=D8=00?= <zoe@example.org>"}),
    "right to left and families": mail("مرحبا 👩‍👩‍👧‍👦", {"Subject": "\u202eمرحبا 👩‍👩‍👧‍👦"}),
    "the year 1": mail("Hello", {"Date": "Mon, 1 Jan 0001 00:00:00 +1400"}),
    "the year 9999": mail("Hello", {"Date": "Fri, 31 Dec 9999 23:59:59 -1400"}),
    "a message id of 10 kB": mail("Hello", {"Message-ID": "<" + "x" * 10_000 + "@x>"}),
    "5,000 references": mail("Hello", {"References": " ".join(f"<{n}@x.test>" for n in range(5_000))}),
    "no sender": mail("Hello", {"From": None}),
    "a sender that is none": mail("Hello", {"From": "<<<>>>,,;:@@"}),
    "a ticket that is not there": mail("Hello", {"Subject": f"Re: [#{nasty.TOO_BIG}] late"}),
    "a file with a terrible name": multipart(
        part("text/plain", "Hello"),
        part("application/pdf", "%PDF", Content_Disposition='attachment; filename="../../\x01/etc/passwd\\..\\x"'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_is_never_lost(cast, name, monkeypatch, capsys):
    raw = MAILS[name]
    for _ in range(2):  # the mail server tries again
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        call_command("receive_mail", mailbox="billing@desk.test")
    taken = InboundMail.objects.get()
    assert bytes(taken.raw) == raw
    match taken.state:
        case MailState.DONE:
            assert Message.objects.get().ticket_id == taken.ticket_id
        case MailState.QUARANTINED | MailState.SCREENED:
            assert taken.reason
            assert not Ticket.objects.exists()
        case state:
            pytest.fail(f"{state}: {taken.reason}")


# --- on the wire --------------------------------------------------------------------------------------


def asked(line, *headers, host="localhost"):
    """A request as it goes over the wire."""
    return "\r\n".join([f"{line} HTTP/1.1", f"Host: {host}", *headers, "", ""]).encode()


WIRE = {
    "a body of 31 MB": (asked("POST /api/v1/tickets/", "Content-Length: 32505857"), b"413"),
    "a body of no known length": (asked("POST /help/new/", "Transfer-Encoding: chunked") + b"0\r\n\r\n", b"411"),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
    "a length that is none": (asked("POST /login/", "Content-Length: ten"), b"400"),
    "a foreign host": (asked("GET /", host="evil.example"), b"400"),
    "half characters in a path": (asked("GET /t/%ED%A0%80/"), b"404"),
    "bytes in a path": (asked("GET /help/r/%ff%fe/"), b"404"),
    "a NUL in a path": (asked("GET /help/%00/"), b"400"),
    "a NUL in a query": (asked("GET /api/v1/tickets/?q=%00"), b"400"),
    "a query of 60 kB": (asked("GET /login/?q=" + "x" * 60_000), b"200"),
    "a header of 200 kB": (asked("GET /login/", "X: " + "x" * 200_000), b"431"),
    "a compression as charset": (asked("GET /login/?q=1", "Content-Type: text/plain; charset=zlib"), b"415"),
    "the same for the API": (asked("GET /api/v1/tickets/", "Content-Type: text/plain; charset=bz2"), b"415"),
    "a strange method": (asked("BREW /api/v1/tickets/"), b"4"),
    "another protocol": (
        asked(
            "GET /live/", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ),
        b"403",
    ),
}  # fmt: skip


def test_the_server_answers_whatever_comes_over_the_wire(transactional_db, tmp_path):
    with House(tmp_path, processes=("web",)) as house:
        for name, (request, status) in WIRE.items():
            answer = over_the_wire(house.port, request)
            assert answer.split(b" ")[1].startswith(status), f"{name}: {answer[:300]}"
        assert b" 200 " in over_the_wire(house.port, b"GET /health/ HTTP/1.1\r\nHost: localhost\r\n\r\n")


def over_the_wire(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(request)
        return client.recv(4_000)
