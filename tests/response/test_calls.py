"""Calls: logged on a ticket, opening one, and what follows from them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.response.calls.models import Call
from apps.response.calls.services import Spoken, log_call, take_contact
from apps.response.checklists.models import TicketTask
from apps.response.checklists.services import add_task
from apps.response.queries.conversation import conversation
from apps.response.queries.history import history
from apps.response.services import NotReady, TicketMerged
from apps.response.timekeeping.models import TimeEntry
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Customer, Event, Note, Status, Ticket
from tests.factories import NOW, make_issue, make_ticket, make_token
from tests.response.pages import count_queries

PHONE = "/intake/phone/"
TOMORROW = NOW + timedelta(days=1)
NEW = {"body": "The lamp flickers.", "channel": "phone", "contact_type": "problem"}


def told(cast, ticket, about="", **call) -> Call:
    return log_call(ticket=ticket, call=Spoken(**call), about=about, by=cast.ana, at=NOW)


def test_a_call_is_logged_with_all_that_follows_from_it(cast, ana):
    Customer.objects.filter(pk=cast.zoe.pk).update(phone="+4930123")
    ticket = make_ticket(cast)
    said = {"direction": "out", "number": "030 / 99-1", "minutes": 7, "about": "She will wait.",
            "outcome": "call_back", "call_back_at": "2999-01-04T10:00"}  # fmt: skip
    assert ana.get(f"/t/{ticket.pk}/calls/new/").status_code == 200
    answer = ana.post(f"/t/{ticket.pk}/calls/new/", said)
    assert (answer.status_code, Call.objects.count(), Note.objects.count()) == (302, 1, 1)
    row = Call.objects.get()
    assert (row.customer, row.number, row.minutes, row.taken_by) == (cast.zoe, "030991", 7, cast.ana)
    assert row.logged_at - row.begun_at == timedelta(minutes=7)
    assert row.note.body == "She will wait."
    task, entry = TicketTask.objects.get(), TimeEntry.objects.get()
    assert (task.assignee, task.due_at, task.text) == (cast.ana, row.call_back_at, "Call back: 030991")
    ticket.refresh_from_db()
    assert entry.minutes == ticket.handling_minutes == 7
    lines = [one.text for one in conversation(ticket, people={}).entries if one.kind == "event"]
    assert "Ana logged a call: We called, 7 min. We call back" in lines
    assert "We called, 7 min. We call back" in [one.text for one in history(ticket)]


def test_a_settled_call_solves_the_ticket_and_one_on_a_solved_ticket_changes_nothing(cast):
    ticket = make_ticket(cast)
    told(cast, ticket, outcome="settled")
    told(cast, ticket, outcome="settled")
    ticket.refresh_from_db()
    assert ticket.status == Status.SOLVED
    assert Event.objects.filter(kind="ticket.resolved").count() == 1


def test_a_settled_call_waits_for_what_must_be_done_first(cast):
    ticket = make_ticket(cast)
    add_task(ticket=ticket, text="Ask the bank", is_required=True, by=cast.ana, at=NOW)
    with pytest.raises(NotReady):
        told(cast, ticket, about="Done.", outcome="settled", minutes=3)
    assert [kind.objects.count() for kind in (Call, Note, TimeEntry)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("pointer", "call"),
    [
        ("minutes", {"minutes": 0}),
        ("minutes", {"minutes": 1441}),
        ("begun_at", {"begun_at": TOMORROW}),
        ("call_back_at", {"outcome": "call_back"}),
        ("call_back_at", {"outcome": "call_back", "call_back_at": NOW}),
        ("outcome", {"call_back_at": TOMORROW}),
    ],
)
def test_what_cannot_be_is_refused_where_it_was_said(cast, pointer, call):
    ticket = make_ticket(cast)
    with pytest.raises(Invalid) as refused:
        told(cast, ticket, about="Words", **call)
    assert refused.value.pointer == pointer
    assert [kind.objects.count() for kind in (Call, Note)] == [0, 0]


def test_only_who_may_note_logs_a_call_and_none_on_a_merged_ticket(cast):
    ticket, other = make_ticket(cast), make_ticket(cast)
    for who, error in ((cast.mallory, NotFound), (cast.zoe_account, NotAllowed)):
        with pytest.raises(error):
            log_call(ticket=ticket, call=Spoken(), by=who, at=NOW)
    other.merge_into(ticket, by=cast.ana, at=NOW)
    with pytest.raises(TicketMerged):
        told(cast, other)
    assert not Call.objects.exists()


def test_the_database_keeps_a_call_back_and_its_time_together(cast):
    row = told(cast, make_ticket(cast))
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=row.pk).update(outcome="call_back")


# --- about something new ------------------------------------------------------------------------------


def test_a_new_call_opens_a_ticket_and_is_settled_at_once(cast, ana):
    said = NEW | {"name": "Jo", "phone": "030 123", "direction": "in", "outcome": "settled", "minutes": "4"}
    assert ana.post(PHONE, said | {"outcome": "call_back"}).status_code == 422
    assert not Ticket.objects.exists()
    assert ana.post(PHONE, said).status_code == 302
    ticket, row = Ticket.objects.get(), Call.objects.get()
    assert (ticket.status, ticket.assignee, ticket.handling_minutes) == (Status.SOLVED, cast.ana, 4)
    assert (row.ticket, row.number, row.note) == (ticket, "030123", None)


def test_a_call_about_the_matter_of_others_stays_with_them_unless_we_settle_it(cast, ana):
    issue = make_issue(owner=cast.shipping)
    said = NEW | {"name": "Jo", "direction": "in", "issue": issue.code, "minutes": "4"}
    assert ana.post(PHONE, said | {"outcome": "talked"})["Location"] == PHONE
    assert ana.post(PHONE, said | {"outcome": "settled"})["Location"] != PHONE
    theirs, ours = Ticket.objects.order_by("pk")
    assert [theirs.department, theirs.assignee, theirs.handling_minutes] == [cast.shipping, None, 4]
    assert [ours.assignee, ours.status] == [cast.ana, Status.SOLVED]


def test_a_visit_is_no_call(cast):
    def visit(outcome):
        opening = {"subject": "", "body": "The lamp flickers.", "customer": cast.zoe, "channel": "walk_in"}
        return take_contact(opening=opening, call=Spoken(outcome=outcome, minutes=3), by=cast.ana, at=NOW)

    ticket = visit("settled")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.handling_minutes, Call.objects.count()) == (Status.SOLVED, 3, 0)
    with pytest.raises(Invalid):
        visit("message_left")
    assert Ticket.objects.count() == 1


def test_the_open_ticket_of_a_caller_takes_the_call(cast, ana):
    ticket = make_ticket(cast)
    page = ana.get(f"{PHONE}?customer={cast.zoe.pk}").content.decode()
    assert f"/t/{ticket.pk}/calls/new/?direction=in" in page
    form = ana.get(f"/t/{ticket.pk}/calls/new/?direction=in").context["form"]
    assert form["direction"].value() == "in"


def test_who_may_not_solve_is_not_offered_to_settle(cast, sign_in):
    place = f"/t/{make_ticket(cast).pk}/calls/new/"
    assert sign_in(cast.nils).post(place, {"direction": "in", "outcome": "settled"}).status_code == 422
    assert sign_in(cast.nils).post(place, {"direction": "in", "outcome": "talked"}).status_code == 302
    assert Call.objects.get().taken_by == cast.nils


# --- lists --------------------------------------------------------------------------------------------


def test_the_calls_of_a_customer_cost_the_same_and_are_those_one_may_see(cast, ana, client, sign_in):
    ticket = make_ticket(cast)
    told(cast, ticket, about="Hello")
    token = {"Authorization": f"Bearer {make_token(cast.robot)}"}
    place, listed = f"/customers/{cast.zoe.pk}/calls/", "/api/v1/calls/"
    one = count_queries(ana, place)
    for _ in range(19):
        told(cast, ticket, about="Hello", outcome="no_answer")
    # session, user, customer, calls
    assert count_queries(ana, place) == one <= 4
    assert len(client.get(listed, headers=token).json()["data"]) == 20
    assert sign_in(cast.mallory).get(place).status_code == 404
    assert sign_in(cast.mallory).get(listed).json()["data"] == []


def test_programs_log_and_read_calls(cast, client):
    ticket = make_ticket(cast)
    token = {"Authorization": f"Bearer {make_token(cast.robot)}"}
    place, call = f"/api/v1/tickets/{ticket.pk}/calls/", {"direction": "in", "outcome": "talked"}

    def post(said):
        key = {"Idempotency-Key": f"call-{len(said)}"}
        return client.post(place, said, content_type="application/json", headers=token | key)

    for _ in range(2):
        assert post(call | {"about": "Hi"}).status_code == 201
    assert [one["about"] for one in client.get(place, headers=token).json()["data"]] == ["Hi"]
    begun = Call.objects.get().begun_at
    for asked, found in (
        ({"customer": cast.zoe.pk}, 1),
        ({"customer": cast.zoe.pk + 1}, 0),
        ({"from": begun.isoformat()}, 1),
        ({"to": begun.isoformat()}, 0),
    ):
        assert len(client.get("/api/v1/calls/", asked, headers=token).json()["data"]) == found
    wrong = client.get("/api/v1/calls/", {"from": "yesterday"}, headers=token)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/from")
    assert post(call | {"length": 3, "about": "Hi"}).status_code == 422
