"""The programs' door: one line opens a ticket; whatever else comes in gets a clear answer."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.models import Attachment, Customer, Event, IdempotencyKey, Message, Ticket
from tests.factories import NOW, make_issue, make_product, make_ticket, make_token, make_user

ONE_LINE = {
    "subject": "Charged twice",
    "body": "Please look.",
    "customer": {"email": "jo@x.test", "name": "Jo"},
}
URL = "/api/v1/tickets/"


class Program:
    """A client that carries a token."""

    def __init__(self, key: str) -> None:
        self.browser, self.key = Client(raise_request_exception=False), key

    def __call__(self, method, url=URL, body=None, **headers):
        headers = {"Authorization": f"Bearer {self.key}"} | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        data = body if isinstance(body, bytes | str) else "" if body is None else json.dumps(body)
        return self.browser.generic(method, url, data, content_type="application/json", headers=headers)


@pytest.fixture
def program(cast) -> Program:
    return Program(make_token(cast.robot))


def is_problem(answer, status: int, code: str | None = None) -> bool:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["request_id"]
    return code is None or code in (
        problem["type"].rpartition("#")[2],
        *(e["code"] for e in problem["errors"]),
    )


# --- POST /tickets/ -----------------------------------------------------------------------------------


def test_one_line_opens_a_ticket(program, cast):
    answer = program("POST", body=ONE_LINE)
    assert answer.status_code == 201
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/api/v1/tickets/{ticket.pk}/"
    said = answer.json()
    assert (said["number"], said["channel"], said["status"], said["department"]) == (
        ticket.pk,
        "api",
        "new",
        "billing",
    )
    assert said["customer"] == {"id": ticket.customer_id, "email": "jo@x.test", "name": "Jo"}
    assert Message.objects.get().body == "Please look."


def test_every_optional_field_is_taken(program, cast):
    make_issue(owner=cast.shipping)
    make_product()
    answer = program("POST", body=ONE_LINE | {
        "issue": "charged-twice", "product": "lamp", "product_version": "2", "severity": "high", "channel": "phone",
        "contact_type": "complaint", "occurred_at": "2026-05-01T10:00:00+02:00", "external_id": "A-7",
        "tags": ["vip"], "custom": {"order": {"id": 7}}, "department": "billing", "remedy_wanted": "refund",
        "attempts_before": 2, "language": "de", "cc": [{"email": "al@x.test"}],
    })  # fmt: skip
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert said["occurred_at"] == "2026-05-01T08:00:00Z"
    assert (said["issue"], said["product"], said["severity"], said["department"], said["external_id"]) == (
        "charged-twice", "lamp", "high", "billing", "A-7",
    )  # fmt: skip
    assert said["custom"] == {"order": {"id": 7}}


def test_opening_takes_few_queries(program, cast):
    make_issue(owner=cast.shipping)
    program("POST", body=ONE_LINE)
    with CaptureQueriesContext(connection) as plain:
        # token; own fields; customer; department; ticket, event, message; a savepoint around them in tests only
        program("POST", body=ONE_LINE)
    assert len(plain) <= 9, [query["sql"][:80] for query in plain]
    with CaptureQueriesContext(connection) as full:
        # and: issue; customer twice more to make it; code and its event
        program("POST", body=ONE_LINE | {"issue": "charged-twice", "customer": {"email": "new@x.test"}})
    assert len(full) <= 13, [query["sql"][:80] for query in full]


def test_a_file_is_uploaded_first_and_named_by_its_token(program, cast):
    headers = {"Authorization": f"Bearer {program.key}"}
    upload = program.browser.generic(
        "POST", "/api/v1/uploads/?filename=bill.pdf", b"%PDF", content_type="application/pdf", headers=headers
    )
    assert upload.status_code == 201, upload.content
    answer = program("POST", body=ONE_LINE | {"attachments": [upload.json()["token"]]})
    assert answer.status_code == 201, answer.content
    file = Attachment.objects.get()
    assert (file.name, file.content_type, file.file.read()) == ("bill.pdf", "application/pdf", b"%PDF")


REFUSED = {
    "unknown field": (ONE_LINE | {"sbject": "a"}, "unknown"),
    "unknown field of the customer": (ONE_LINE | {"customer": {"mail": "a"}}, "unknown"),
    "no customer": ({"subject": "a"}, "required"),
    "nobody": (ONE_LINE | {"customer": {}}, "required"),
    "no address": (ONE_LINE | {"customer": {"email": "jo"}}, "invalid"),
    "nothing said": (ONE_LINE | {"subject": "", "body": ""}, "invalid"),
    "a subject of 10 MB": (ONE_LINE | {"subject": "x" * 10_000_000}, "max_length"),
    "unknown issue": (ONE_LINE | {"issue": "nope"}, "unknown"),
    "unknown product": (ONE_LINE | {"product": "nope"}, "unknown"),
    "unknown department": (ONE_LINE | {"department": "nope"}, "unknown"),
    "unknown severity": (ONE_LINE | {"severity": "terrible"}, "invalid_choice"),
    "unknown channel": (ONE_LINE | {"channel": "pigeon"}, "invalid_choice"),
    "no time": (ONE_LINE | {"occurred_at": "yesterday"}, "invalid"),
    "the future": (ONE_LINE | {"occurred_at": "2999-01-01T00:00:00Z"}, "invalid"),
    "a list": ([ONE_LINE], "invalid"),
    "a text": (json.dumps("hello"), "invalid"),
    "half a character": (ONE_LINE | {"body": "\ud800"}, "surrogate_characters_not_allowed"),
    "half a character in custom": (ONE_LINE | {"custom": {"a": "\ud800"}}, "invalid"),
    "custom that is no object": (ONE_LINE | {"custom": [1]}, "invalid"),
    "custom too large": (ONE_LINE | {"custom": {"a": "x" * 40_000}}, "max_length"),
    "tags that are no list": (ONE_LINE | {"tags": "vip"}, "not_a_list"),
    "a token of nobody": (ONE_LINE | {"attachments": ["x"]}, "invalid"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_taken_is_said_field_by_field(program, cast, case):
    body, code = REFUSED[case]
    assert is_problem(program("POST", body=body), 422, code), case
    assert not Ticket.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"subject": NaN}', b"", b'{"a": 1e400}']
)
def test_what_is_no_json_is_refused(program, cast, body):
    assert program("POST", body=body).status_code in (400, 422)
    assert not Ticket.objects.exists()


def test_an_infinite_number_is_refused(program, cast):
    body = json.dumps(ONE_LINE)[:-1] + ', "custom": {"a": 1e400}}'
    assert is_problem(program("POST", body=body), 422)


def test_a_nul_character_is_refused(program, cast):
    assert is_problem(program("POST", body=ONE_LINE | {"body": "a\0b"}), 400, "parse-error")


def test_too_large_a_request_is_refused(program, cast):
    answer = program("POST", body=ONE_LINE | {"body": "x" * (27 * 1024 * 1024)})
    assert is_problem(answer, 413, "too-large")


def test_another_content_type_is_refused(program, cast):
    answer = program.browser.post(URL, {"a": "b"}, headers={"Authorization": f"Bearer {program.key}"})
    assert is_problem(answer, 415)


def test_a_taken_external_id_is_a_conflict(program, cast):
    program("POST", body=ONE_LINE | {"external_id": "A-1"})
    assert is_problem(program("POST", body=ONE_LINE | {"external_id": "A-1"}), 409, "external-id-taken")
    assert Ticket.objects.count() == 1


# --- who calls ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["hd_wrong", "", "\xe9"])
def test_a_wrong_token_is_401(cast, key):
    answer = Program(key)("POST", body=ONE_LINE)
    assert is_problem(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_missing_scope_is_403(cast):
    reader = Program(make_token(cast.robot, "tickets:read"))
    assert is_problem(reader("POST", body=ONE_LINE), 403)
    writer = Program(make_token(cast.robot, "tickets:write"))
    assert is_problem(writer("GET"), 403)
    assert not Ticket.objects.exists()


# --- idempotency --------------------------------------------------------------------------------------


def test_the_same_key_and_body_replays_the_first_answer(program, cast):
    first = program("POST", body=ONE_LINE, Idempotency_Key="k1")
    again = program("POST", body=ONE_LINE, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Ticket.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(program, cast):
    program("POST", body=ONE_LINE, Idempotency_Key="k1")
    assert is_problem(program("POST", body=ONE_LINE | {"subject": "b"}, Idempotency_Key="k1"), 422)
    assert Ticket.objects.count() == 1


def test_a_refused_request_does_not_use_up_its_key(program, cast):
    assert program("POST", body={"subject": "a"}, Idempotency_Key="k1").status_code == 422
    assert program("POST", body=ONE_LINE, Idempotency_Key="k1").status_code == 201
    assert IdempotencyKey.objects.count() == 1


# --- reading ------------------------------------------------------------------------------------------


def test_the_list_is_paged_without_repeating_or_missing_one(program, cast):
    numbers = [make_ticket(cast).pk for _ in range(5)]
    page = program("GET", f"{URL}?limit=2").json()
    seen = [row["number"] for row in page["data"]]
    make_ticket(cast)  # a newer one in between shifts nothing
    while page["has_more"]:
        page = program("GET", f"{URL}?{urlencode({'limit': 2, 'cursor': page['next_cursor']})}").json()
        seen += [row["number"] for row in page["data"]]
    assert seen == sorted(numbers, reverse=True)


def test_the_list_is_narrowed(program, cast):
    billing, double = make_issue("billing"), None
    double = make_issue("double", parent=billing)
    coded = make_ticket(cast, primary_issue=double, tags=["vip"], external_id="A-1")
    coded.classify(double, release=double.release, by=cast.ana, at=NOW)
    other = make_ticket(cast, subject="Late parcel", body="Where is it?", department=cast.shipping)
    other.begin(by=cast.ana, at=NOW + timedelta(hours=1))

    def found(query):
        answer = program("GET", f"{URL}?{query}")
        assert answer.status_code == 200, answer.content
        return [row["number"] for row in answer.json()["data"]]

    assert found("status=new") == [coded.pk]
    assert found("status=new,open") == [other.pk, coded.pk]
    assert found("issue=billing") == [coded.pk]
    assert found("department=shipping") == [other.pk]
    assert found("customer=ZOE@customer.test") == [other.pk, coded.pk]
    assert found("q=parcels") == [other.pk]
    assert found("q=where") == [other.pk]
    assert found("external_id=A-1") == [coded.pk]
    assert found("tag=vip") == [coded.pk]
    assert found("updated_after=2026-05-06T10:30:00Z") == [other.pk]
    assert program("GET", f"{URL}?count=exact&limit=1").json()["count"] == 2


@pytest.mark.parametrize(
    "query",
    ["statsu=new", "status=broken", "issue=nope", "limit=0", "limit=201", "limit=x", "expand=secrets",
     "updated_after=x", "updated_after=2026-13-01T00:00:00Z", "updated_after=2026-05-06T10:00:00"],
)  # fmt: skip
def test_a_wrong_question_is_refused(program, cast, query):
    assert is_problem(program("GET", f"{URL}?{query}"), 422)


@pytest.mark.parametrize(
    "cursor",
    ["abcde", "!!", "%21%21", "cD0xMg==!", "☃", "aGVsbG8=", "bz14", "bz0tMQ==", "cD14", "cD0=", "cD0xMg"],
    # the last ones say: hello, o=x, o=-1, p=x, p=, and p=12 without its end
)
def test_a_mark_to_go_on_from_that_is_not_ours_is_refused(program, cast, cursor):
    answer = program("GET", f"{URL}?cursor={cursor}")
    assert is_problem(answer, 422)
    assert answer.json()["errors"][0]["pointer"] == "/cursor"


def test_without_a_mark_the_list_begins_at_its_beginning(program, cast):
    ticket = make_ticket(cast)
    assert program("GET", f"{URL}?cursor=").json()["data"][0]["number"] == ticket.pk


def test_a_nul_in_a_question_is_refused(program, cast):
    assert is_problem(program("GET", f"{URL}?q=a%00"), 400)


def test_the_list_costs_the_same_for_one_row_and_for_twenty(program, cast):
    issue = make_issue()

    def costs():
        with CaptureQueriesContext(connection) as queries:
            answer = program("GET", f"{URL}?expand=customer,issues,messages,participants")
        assert answer.status_code == 200
        # token, tickets with their rows, issues, messages, attachments, participants
        return len(queries)

    program("GET")
    for count in (1, 19):
        for _ in range(count):
            make_ticket(cast).classify(issue, release=issue.release, by=cast.ana, at=NOW)
        if count == 1:
            one = costs()
    assert costs() == one <= 9


def test_a_ticket_is_read_with_what_belongs_to_it(program, cast):
    ticket = make_ticket(cast)
    said = program("GET", f"{URL}{ticket.pk}/?expand=customer,messages,issues,participants").json()
    assert said["customer"]["segment"] == "home"
    assert [one["body"] for one in said["messages"]] == ["Please look at my invoice."]
    assert said["issues"] == said["participants"] == []


def test_an_unchanged_ticket_is_not_sent_again(program, cast):
    ticket = make_ticket(cast)
    first = program("GET", f"{URL}{ticket.pk}/")
    assert program("GET", f"{URL}{ticket.pk}/", If_None_Match=first["ETag"]).status_code == 304
    ticket.begin(by=cast.ana, at=NOW + timedelta(hours=1))
    assert program("GET", f"{URL}{ticket.pk}/", If_None_Match=first["ETag"]).status_code == 200


def test_a_client_of_one_department_sees_no_other(cast):
    limited = Program(make_token(make_user("shop", "api_client", cast.shipping)))
    ticket = make_ticket(cast)
    assert is_problem(limited("GET", f"{URL}{ticket.pk}/"), 404)
    assert is_problem(limited("POST", f"{URL}{ticket.pk}/messages/", {"body": "x"}), 404)
    assert limited("GET").json()["data"] == []
    assert limited("POST", body=ONE_LINE).json()["department"] == "shipping"


def test_a_person_reads_with_the_session(cast, sign_in):
    ticket = make_ticket(cast)
    assert sign_in(cast.ana).get(f"{URL}{ticket.pk}/").status_code == 200
    assert sign_in(cast.mallory).get(f"{URL}{ticket.pk}/").status_code == 404


@pytest.mark.parametrize("number", ["999999", "99999999999999999999"])
def test_an_unknown_number_is_404(program, cast, number):
    assert is_problem(program("GET", f"{URL}{number}/"), 404)


# --- writing again ------------------------------------------------------------------------------------


def test_the_customer_writes_again(program, cast):
    ticket = make_ticket(cast)
    answer = program("POST", f"{URL}{ticket.pk}/messages/", {"body": "Any news?"})
    assert answer.status_code == 201
    assert answer.json()["sender"]["email"] == "zoe@customer.test"
    assert Event.objects.filter(kind="message.received").count() == 2


def test_an_empty_message_is_refused(program, cast):
    ticket = make_ticket(cast)
    assert is_problem(program("POST", f"{URL}{ticket.pk}/messages/", {"body": " "}), 422)
    assert ticket.messages.count() == 1


# --- PUT /tickets/by-external-id/ ---------------------------------------------------------------------


def test_put_opens_once_and_then_answers_with_the_ticket(program, cast):
    url = f"{URL}by-external-id/shop/7%20a/"
    first, second = program("PUT", url, ONE_LINE), program("PUT", url, ONE_LINE | {"subject": "Other words"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Ticket.objects.get().external_id == "shop/7 a"
    assert Customer.objects.filter(email="jo@x.test").count() == 1
    assert program("GET", url).json()["number"] == first.json()["number"]


def test_put_shows_nobody_what_is_not_theirs(cast):
    make_ticket(cast, external_id="A-1")
    limited = Program(make_token(make_user("shop", "api_client", cast.shipping)))
    assert is_problem(limited("PUT", f"{URL}by-external-id/A-1/", ONE_LINE), 404)


@pytest.mark.parametrize("body", ["null", "[]", "7", '"a ticket"'])
def test_json_that_is_no_object_is_refused_with_the_reason(program, body):
    answer = program("POST", body=body)
    assert is_problem(answer, 422), answer.content
    assert answer.json()["errors"][0]["detail"]
