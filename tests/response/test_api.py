import pytest

from apps.response import services
from apps.response.models import Guidance
from helpdesk.models import Event, Message, Note
from tests.factories import NOW, make_issue, make_product, make_ticket, make_token


@pytest.fixture
def api(cast, client):
    headers = {"Authorization": f"Bearer {make_token(cast.robot)}"}

    def call(method, path, body=None, **more):
        send = getattr(client, method)
        return send(f"/api/v1/tickets/{path}", body, content_type="application/json", headers=headers | more)

    return call


def test_a_reply_is_written_once_for_its_key(cast, api):
    ticket = make_ticket(cast)
    body = {"body": "We have credited it.", "then": "solve"}
    first = api("post", f"{ticket.pk}/replies/", body, **{"Idempotency-Key": "1"})
    again = api("post", f"{ticket.pk}/replies/", body, **{"Idempotency-Key": "1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first.json()["status"], ticket.messages.filter(direction="out").count()) == ("solved", 1)


def test_a_newer_message_stops_a_reply(cast, api):
    ticket = make_ticket(cast)
    seen = ticket.messages.get().pk
    Message.receive(ticket=ticket, customer=cast.zoe, body="Wait", by=cast.system, at=NOW)
    answer = api("post", f"{ticket.pk}/replies/", {"body": "x", "seen": seen})
    assert (answer.status_code, answer.json()["title"]) == (409, "Newer message")


@pytest.mark.parametrize(
    ("path", "body", "field", "value"),
    [
        ("assign", {"assignee": "ana@desk.test"}, "assignee", "ana@desk.test"),
        ("assign", {"assignee": None}, "assignee", None),
        ("classify", {"issue": "charged-twice", "suspected_cause": "product"}, "issue", "charged-twice"),
        ("hold", {"waiting_on": "waiting_owner", "reason": "Stock"}, "status", "waiting_owner"),
        ("solve", {}, "status", "solved"),
    ],
)
def test_each_act_answers_with_the_ticket(cast, api, path, body, field, value):
    make_issue()
    ticket = make_ticket(cast)
    answer = api("post", f"{ticket.pk}/{path}/", body)
    assert (answer.status_code, answer.json()[field]) == (200, value)


def test_a_solved_ticket_is_reopened(cast, api):
    ticket = make_ticket(cast)
    api("post", f"{ticket.pk}/solve/", {})
    assert api("post", f"{ticket.pk}/reopen/", {"reason": "Not over"}).json()["status"] == "open"
    assert api("post", f"{ticket.pk}/reopen/", {}).status_code == 409


def test_a_note_is_added_and_two_tickets_are_merged(cast, api):
    cast.robot.role = "agent"
    cast.robot.department = cast.billing
    cast.robot.save()
    ticket, other = make_ticket(cast), make_ticket(cast)
    assert api("post", f"{ticket.pk}/notes/", {"body": "Look"}).status_code == 201
    assert Note.objects.get().body == "Look"
    assert api("post", f"{ticket.pk}/merge/", {"into": other.pk}).json()["merged_into"] == other.pk


def test_a_remedy_above_the_limit_is_refused(cast, api):
    issue, ticket = make_issue(), make_ticket(cast)
    Guidance.objects.create(issue=issue, agent_limit=10, lead_limit=10)
    services.classify(ticket=ticket, issue=issue, by=cast.ana, at=NOW)
    assert api("post", f"{ticket.pk}/remedy/", {"remedy": "refund", "amount": "11"}).status_code == 403
    assert api("post", f"{ticket.pk}/remedy/", {"remedy": "refund", "amount": "10"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("replies", {"body": ""}, "/body"),
        ("replies", {"body": "x", "colour": "red"}, "/colour"),
        ("replies", {"body": "x", "then": "explode"}, "/then"),
        ("assign", {"assignee": "nobody@desk.test"}, "/assignee"),
        ("assign", {}, "/assignee"),
        ("classify", {"issue": "nothing"}, "/issue"),
        ("classify", {}, "/issue"),
        ("hold", {"waiting_on": "godot"}, "/waiting_on"),
        ("remedy", {"remedy": "gold"}, "/remedy"),
        ("merge", {"into": "x"}, "/into"),
    ],
)
def test_bad_input_names_the_field(cast, api, path, body, pointer):
    ticket = make_ticket(cast)
    events = Event.objects.count()
    answer = api("post", f"{ticket.pk}/{path}/", body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert Event.objects.count() == events


# PATCH


def test_what_is_named_is_changed_and_nothing_else(cast, api):
    make_product()
    ticket = make_ticket(cast)
    body = {"severity": "critical", "product": "lamp", "tags": ["vip"], "assignee": "ana@desk.test"}
    answer = api("patch", f"{ticket.pk}/", body)
    assert answer.status_code == 200
    assert {key: answer.json()[key] for key in body} == body
    assert api("patch", f"{ticket.pk}/", {"product_version": "2"}).json()["product"] == "lamp"


def test_a_department_takes_over_and_its_agent_with_it(cast, api):
    ticket = make_ticket(cast)
    answer = api("patch", f"{ticket.pk}/", {"department": "shipping", "assignee": "mallory@desk.test"})
    assert (answer.json()["department"], answer.json()["assignee"]) == ("shipping", "mallory@desk.test")


def test_all_is_changed_or_nothing(cast, api):
    ticket = make_ticket(cast)
    events = Event.objects.count()
    answer = api("patch", f"{ticket.pk}/", {"severity": "critical", "assignee": "omar@desk.test"})
    ticket.refresh_from_db()
    assert (answer.status_code, ticket.severity, Event.objects.count()) == (422, 3, events)


def test_a_change_of_something_that_changed_meanwhile_is_refused(cast, api):
    ticket = make_ticket(cast)
    tag = api("get", f"{ticket.pk}/")["ETag"]
    changed = api("patch", f"{ticket.pk}/", {"severity": "high"}, **{"If-Match": tag})
    assert changed.status_code == 200
    assert api("patch", f"{ticket.pk}/", {"severity": "low"}, **{"If-Match": tag}).status_code == 412
    assert (
        api("patch", f"{ticket.pk}/", {"severity": "low"}, **{"If-Match": changed["ETag"]}).status_code == 200
    )


@pytest.mark.parametrize(
    "path", ["", "replies/", "notes/", "assign/", "classify/", "hold/", "solve/", "reopen/"]
)
def test_a_ticket_out_of_sight_is_not_there(cast, client, path):
    ticket = make_ticket(cast)
    cast.robot.department = cast.shipping
    cast.robot.save()
    headers = {"Authorization": f"Bearer {make_token(cast.robot)}"}
    send = client.post if path else client.patch
    url = f"/api/v1/tickets/{ticket.pk}/{path}"
    body = {
        "": {"severity": "high"},
        "assign/": {"assignee": None},
        "classify/": {"issue": make_issue().code},
    }
    answer = send(url, body.get(path, {"body": "x"}), content_type="application/json", headers=headers)
    assert answer.status_code == 404


def test_a_token_for_reading_writes_nothing(cast, client):
    ticket = make_ticket(cast)
    headers = {"Authorization": f"Bearer {make_token(cast.robot, 'tickets:read')}"}
    path = f"/api/v1/tickets/{ticket.pk}/replies/"
    assert (
        client.post(path, {"body": "x"}, content_type="application/json", headers=headers).status_code == 403
    )


def test_the_list_takes_the_queue_s_language(api, cast):
    vip = make_ticket(cast, subject="Lamp", tags=["vip"])
    make_ticket(cast, subject="Chair")
    found = api("get", "?q=is:open+(tag:vip+or+table)").json()
    assert [ticket["number"] for ticket in found["data"]] == [vip.pk]


@pytest.mark.parametrize("text", ["colour:red", "department:nowhere", "(is:open"])
def test_a_question_with_a_mistake_in_it_is_refused_by_api(api, cast, text):
    answer = api("get", f"?q=is:open+{text}")
    assert answer.status_code in (400, 422)
    assert text.partition(":")[0].lstrip("(") in answer.content.decode()
