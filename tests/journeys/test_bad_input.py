"""Whatever comes in by whichever door: a clear answer or quarantine, never a fault of ours, and nothing lost."""

import io
import json
import socket
import sys
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.control import services as control
from apps.intake.models import InboundMail, MailState
from apps.response import services as response
from helpdesk.models import ApiToken, Attachment, Department, Event, Message, Role, Ticket
from tests.factories import NOW, make_issue, make_ticket, make_token, make_user
from tests.intake.letters import mail, multipart, part
from tests.journeys import nasty
from tests.journeys.house import House

TICKETS = "/api/v1/tickets/"
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
GOOD = {"subject": "Late", "body": "Where is my parcel?", "customer": {"email": "jo@x.test", "name": "Jo"}}
SCOPES = ("tickets:read", "tickets:write", "taxonomy:read", "cases:read", "cases:write", "admin")


class Program:
    """A client of the API with a token. Faults of ours come back as answers, as they would over the wire."""

    def __init__(self, key=""):
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def send(self, method, path, body=b"", *, kind="application/json", **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(method, path, data, content_type=kind, headers=self.headers | headers)


@pytest.fixture
def program(cast):
    return Program(make_token(cast.ada, *SCOPES))


def refused(answer, *statuses):
    """A problem in the API's own format, with words for a person."""
    assert answer.status_code in statuses, f"{answer.status_code}: {answer.content[:500]}"
    assert answer["Content-Type"] == "application/problem+json", answer["Content-Type"]
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    return problem


def no_fault(answer, what):
    """Not a fault of ours; and what the API refuses, it refuses in its own format."""
    assert answer.status_code < 500, f"{what[:300]!r}: {answer.status_code} {answer.content[:300]}"
    if what.split(" ")[1].startswith("/api/v1/") and answer.status_code >= 400:
        refused(answer, answer.status_code)


# --- the API ------------------------------------------------------------------------------------------

BODIES = {
    "nothing": (b"", "application/json", (400, 422)),
    "no JSON": (b"{subject: late}", "application/json", (400,)),
    "half of it": (b'{"subject": "la', "application/json", (400,)),
    "NaN": (b'{"subject": NaN}', "application/json", (400,)),
    "infinity": (b'{"attempts_before": -Infinity}', "application/json", (400,)),
    "a number of 5,000 digits": (b'{"attempts_before": ' + b"9" * 5_000 + b"}", "application/json", (400,)),
    "an array": (b"[1, 2]", "application/json", (422,)),
    "a text": (b'"late"', "application/json", (422,)),
    "null": (b"null", "application/json", (422,)),
    "invalid UTF-8": (b'{"subject": "\xff\xfe"}', "application/json", (400,)),
    "UTF-16": ('{"subject": "late"}'.encode("utf-16"), "application/json", (400,)),
    "a byte order mark": (b"\xef\xbb\xbf{}", "application/json", (400,)),
    "a NUL": (b'{"subject": "a\\u0000b"}', "application/json", (400,)),
    "a NUL as a byte": (b'{"subject": "a\0b"}', "application/json", (400,)),
    "a NUL in a name": (b'{"sub\\u0000ject": "a"}', "application/json", (400,)),
    "half a character": (b'{"subject": "\\ud800"}', "application/json", (400, 422)),
    "half a character in a name": (b'{"\\ud800": 1}', "application/json", (400, 422)),
    "a hundred thousand levels": (nasty.deep(100_000), "application/json", (400,)),
    "a form": (b"subject=late", FORM, (415,)),
    "a multipart form": (b"--b\r\n\r\nx\r\n--b--", MULTIPART, (415,)),
    "a multipart form without boundary": (b"x", "multipart/form-data", (415,)),
    "XML": (b"<ticket/>", "application/xml", (415,)),
    "no type": (b"{}", "", (415, 422)),
    "half a type": (b"{}", "application/", (415,)),
    "a charset nobody knows": (b"{}", "application/json; charset=klingon", (400, 415, 422)),
    "26 MB": (b'{"body": "' + b"x" * 27_300_000 + b'"}', "application/json", (413,)),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("key", ["", "k-1"])
def test_a_body_that_can_not_be_read_is_refused(program, name, key):
    body, kind, statuses = BODIES[name]
    refused(
        program.send("POST", TICKETS, body, kind=kind, **({"Idempotency-Key": key} if key else {})), *statuses
    )
    assert not Ticket.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("levels", [*range(20, 400, 40), *range(400, 1_000, 15)])
def test_no_depth_of_custom_fields_is_a_fault(program, levels):
    body = json.dumps(GOOD).encode()[:-1] + b', "custom": ' + nasty.deep(levels) + b"}"
    answer = program.send("POST", TICKETS, body, **{"Idempotency-Key": "deep"})
    if answer.status_code != 201:
        refused(answer, 400, 422)
        assert not Ticket.objects.exists()


def test_a_backslash_and_a_u_are_no_nul(program):
    said = r"The log says \u0000 and then nothing."
    assert program.send("POST", TICKETS, GOOD | {"body": said}).status_code == 201
    assert Message.objects.get().body == said


def test_other_alphabets_and_signs_come_through_whole(program):
    said = "\u202eمرحبا\u202c 👩‍👩‍👧‍👦 Ünïcödé 漢字 \U0001f1e9\U0001f1ea"
    answer = program.send("POST", TICKETS, GOOD | {"subject": said, "body": said})
    assert answer.status_code == 201
    assert program.send("GET", answer.json()["url"]).json()["subject"] == said


def test_a_date_at_the_edge_of_time_breaks_no_page(program, cast, sign_in):
    for text in ("0001-01-01T00:00:00Z", "0001-01-01T23:59:59Z", "1000-01-01T00:00:00Z"):
        no_fault(program.send("POST", TICKETS, GOOD | {"occurred_at": text}), f"POST {TICKETS} {text}")
    cast.ada.time_zone = "America/Los_Angeles"
    cast.ada.save()
    ada = sign_in(cast.ada)
    ada.raise_request_exception = False
    for number in Ticket.objects.values_list("pk", flat=True):
        no_fault(ada.get(f"/t/{number}/"), f"GET /t/{number}/")
        no_fault(program.send("GET", f"{TICKETS}{number}/"), f"GET {TICKETS}{number}/")


def test_no_value_of_any_field_is_a_fault(program, cast):
    numbers = {
        "number": make_ticket(cast).pk,
        "external_id": "a/b",
        "int": 1,
        "str": "x",
        "name": "reject",
        "pk": 1,
    }
    asked = 0
    for method, path, _, fields in nasty.operations():
        if method in ("GET", "HEAD"):
            continue
        address = nasty.filled(path, **numbers)
        whole = GOOD if path == TICKETS else {}
        alone = [whole | {field: value} for field in fields for value in nasty.VALUES]
        for body in [
            *alone[:: 1 if path == TICKETS else 5],
            *[nasty.turned(nasty.VALUES, fields, t) for t in range(6)],
        ]:
            no_fault(program.send(method, address, body), f"{method} {address} {body}")
            asked += 1
    assert asked > 300


def test_no_question_is_a_fault(program, cast):
    number = make_ticket(cast).pk
    for method, path, query, _ in nasty.operations():
        if method != "GET":
            continue
        for turn in range(0, len(nasty.TEXTS) if query else 1, 2):
            for name in query or ["q"]:
                asked = urlencode(nasty.turned(nasty.TEXTS, [name], turn))
                address = f"{nasty.filled(path, number=number, int=1, str='x')}?{asked}"
                no_fault(program.send("GET", address), f"GET {address}")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PERSON = st.fixed_dictionaries(
    {}, optional={name: st.text() | JSON for name in ("email", "name", "phone", "mail")}
)
TICKET = st.fixed_dictionaries(
    {"customer": st.just({"email": "jo@x.test"}) | PERSON | JSON},
    optional={
        "subject": st.text() | JSON, "body": st.text() | JSON, "custom": st.dictionaries(st.text(), JSON) | JSON,
        "tags": st.lists(st.text(), max_size=3) | JSON, "cc": st.lists(PERSON, max_size=2) | JSON,
        "issue": st.text() | JSON,
        "severity": st.sampled_from(["high", 1, 9]) | JSON, "occurred_at": st.datetimes().map(str) | JSON,
        "channel": st.sampled_from(["api", "phone", "import"]) | JSON, "external_id": st.text() | JSON,
        "attempts_before": st.integers() | JSON, "language": st.text() | JSON, "product": JSON, "department": JSON,
        "attachments": JSON, "remedy_wanted": st.text() | JSON, "product_version": st.text() | JSON, "surprise": JSON,
    },
)  # fmt: skip


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=TICKET | JSON)
def test_any_json_opens_a_ticket_or_is_refused_whole(program, body):
    before = (Ticket.objects.count(), Event.objects.count(), Message.objects.count())
    answer = program.send("POST", TICKETS, body)
    if answer.status_code == 201:
        assert Ticket.objects.count() == before[0] + 1
        assert Ticket.objects.filter(pk=answer.json()["number"]).exists()
    else:
        refused(answer, 400, 409, 422)
        assert (Ticket.objects.count(), Event.objects.count(), Message.objects.count()) == before


def test_a_method_nobody_answers_is_405(program, cast):
    number = make_ticket(cast).pk
    for method in ("PUT", "DELETE", "TRACE", "PROPFIND", "FOO"):
        refused(program.send(method, f"{TICKETS}{number}/"), 405)
    refused(program.send("DELETE", TICKETS), 405)


@pytest.mark.parametrize("key", ["x" * 256, "a\x80b", "a\tb", "\x7f"])
def test_an_idempotency_key_that_can_not_be_kept_is_refused(program, key):
    refused(program.send("POST", TICKETS, GOOD, **{"Idempotency-Key": key}), 422)
    assert not Ticket.objects.exists()


def test_a_key_that_is_just_being_answered_is_409(program, cast):
    with psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None}) as elsewhere:
        elsewhere.cursor().execute("SELECT pg_advisory_lock(%s, hashtext('busy'))", [cast.ada.pk])
        refused(program.send("POST", TICKETS, GOOD, **{"Idempotency-Key": "busy"}), 409)
    elsewhere.close()
    assert not Ticket.objects.exists()


def test_a_key_that_was_used_for_something_else_is_422(program):
    program.send("POST", TICKETS, GOOD, **{"Idempotency-Key": "k"})
    refused(program.send("POST", TICKETS, GOOD | {"body": "Other"}, **{"Idempotency-Key": "k"}), 422)
    assert Ticket.objects.count() == 1


# --- who asks -----------------------------------------------------------------------------------------


def test_a_token_that_does_not_count_is_401_and_one_that_may_not_403(cast):
    make_ticket(cast)
    key = make_token(cast.robot)
    late = make_token(cast.robot)
    ApiToken.objects.filter(start=late[:10]).update(expires_at=NOW - timedelta(days=1))
    revoked = make_token(cast.robot)
    ApiToken.objects.filter(start=revoked[:10]).update(revoked_at=NOW)
    wrong = ["hd_nothing", key[:-1], key + "x", late, revoked, "é", "x" * 10_000, "a b c"]
    for bearer in wrong:
        for method, path in (
            ("GET", TICKETS),
            ("POST", TICKETS),
            ("GET", TICKETS + "1/"),
            ("POST", "/api/v1/uploads/"),
        ):
            refused(Program(bearer).send(method, path, GOOD), 401)
    refused(Program().send("GET", TICKETS, Authorization="Basic ??"), 401)
    refused(Program(make_token(cast.robot, "tickets:read")).send("POST", TICKETS, GOOD), 403)
    refused(Program(make_token(cast.robot, "tickets:write")).send("GET", TICKETS), 403)
    refused(Program(make_token(cast.robot, "cases:read")).send("GET", TICKETS), 403)
    assert Ticket.objects.count() == 1


@pytest.fixture
def billing_only(cast, deliver_news):
    """A ticket of Billing with everything that can hang on it."""
    ticket = make_ticket(cast)
    control.lay_out_defaults()
    response.assign(ticket=ticket, assignee=cast.ana, expected=None, by=cast.lena, at=NOW)
    message = response.reply(ticket=ticket, body="We look.", then="", by=cast.ana, at=NOW)
    file = Attachment.keep(message=message, name="bill.pdf", content=b"%PDF", content_type="application/pdf")
    deliver_news(NOW + timedelta(seconds=1))
    return SimpleNamespace(ticket=ticket, message=message, file=file)


def test_a_strangers_number_is_404_on_every_page(cast, sign_in, billing_only):
    mallory = sign_in(cast.mallory)
    mallory.raise_request_exception = False
    number = billing_only.ticket.pk
    routes = [route for route in nasty.pages() if route.startswith("/t/<int:number>/")]
    assert len(routes) > 10
    before = Event.objects.count()
    for route in routes:
        address = nasty.filled(route, number=number, pk=1, what="severity")
        for method in ("GET", "POST"):
            answer = mallory.generic(method, address)
            assert answer.status_code in (404, 405), f"{method} {address}: {answer.status_code}"
    for address in (f"/messages/{billing_only.message.pk}/undo/", f"/attachments/{billing_only.file.pk}/"):
        answers = {mallory.generic(method, address).status_code for method in ("GET", "POST")}
        assert answers <= {404, 405}, f"{address}: {answers}"
    assert mallory.post("/admin/deliveries/1/retry/").status_code in (403, 404)
    assert Event.objects.count() == before


def test_a_strangers_number_is_404_for_programs_of_another_department(cast, billing_only):
    cast.robot.department = cast.shipping
    cast.robot.save()
    stranger = Program(make_token(cast.robot))
    before = Event.objects.count()
    for method, path, _, _ in nasty.operations():
        if path.startswith("/api/v1/tickets/<number>/"):
            body = {"body": "x", "department": "shipping", "question": "x", "answer": "x"}
            known = [{}, {"body": "x"}, {"department": "shipping", "question": "x"}, {"into": 1}, body]
            for one in known:
                answer = stranger.send(method, nasty.filled(path, number=billing_only.ticket.pk), one)
                assert answer.status_code in (403, 404, 422), f"{method} {path}: {answer.status_code}"
            assert answer.status_code != 403 or method != "GET", path
    refused(stranger.send("GET", f"{TICKETS}{billing_only.ticket.pk}/"), 404)
    assert Event.objects.count() == before


def test_a_strangers_referral_is_404(cast, sign_in, billing_only):
    third = Department.objects.create(name="Repairs", slug="repairs")
    referral = control.refer(
        ticket=billing_only.ticket, department=third, question="When?", by=cast.ana, at=NOW
    )
    otto = make_user("otto", Role.OWNER, cast.shipping)  # may answer, but not for Repairs
    mallory, program = sign_in(cast.mallory), Program(make_token(otto))
    mallory.raise_request_exception = False
    assert mallory.get(f"/referrals/{referral.pk}/").status_code == 404
    assert mallory.post(f"/referrals/{referral.pk}/", {"answer": "Never."}).status_code == 404
    assert mallory.post(f"/referrals/{referral.pk}/close/", {"confirmed": "yes"}).status_code == 404
    refused(program.send("POST", f"/api/v1/referrals/{referral.pk}/answer/", {"answer": "Never."}), 404)


# --- pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", nasty.pages())
def test_no_parameter_of_any_page_is_a_fault(cast, sign_in, route):
    make_issue("late", owner=cast.billing)
    known = {"number": make_ticket(cast).pk, "code": "late", "int": 1, "what": "severity"}
    names = nasty.names_of_parameters()
    for turn in range(4):
        ada = sign_in(cast.ada)  # some pages sign out
        ada.raise_request_exception = False
        fields = nasty.turned(nasty.TEXTS, names, turn)
        address = nasty.filled(route, **known, str="x")
        no_fault(ada.get(f"{address}?{urlencode(fields)}"), f"GET {address} {turn}")
        no_fault(ada.post(address, nasty.turned(nasty.TEXTS, names, turn + 4)), f"POST {address} {turn}")
    for same in (dict.fromkeys(names, "9" * 5_000), dict.fromkeys(names, "9" * 19)):
        no_fault(ada.get(f"{address}?{urlencode(same)}"), f"GET {address} nines")
        no_fault(ada.post(address, same), f"POST {address} nines")
    for value in (0, nasty.TOO_BIG, 10**30, "9" * 5_000, "%00", "%ff%fe", "%ED%A0%80", "a" * 5_000):
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
    "a header of 200 kB": (asked("GET /login/", "X: " + "x" * 200_000), b"2"),
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
