"""Whatever comes in by the API, from whoever: a clear answer, never a fault of ours, and nothing lost."""

import json
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

import psycopg2
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.control import services as control
from apps.response import services as response
from helpdesk.models import ApiToken, Attachment, Department, Event, Message, Role, Ticket
from tests.factories import NOW, make_ticket, make_token, make_user
from tests.journeys import nasty
from tests.journeys.program import FORM, GOOD, MULTIPART, TICKETS, Program, no_fault, refused

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
            *alone[:: 1 if path == TICKETS else 17],
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
        for turn in range(0, len(nasty.TEXTS) if query else 1, 4):
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
