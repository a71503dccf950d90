"""A mere thank-you opens nothing; a person can say that it was more."""

import json
from datetime import timedelta

import pytest

from apps.intake.queries import request_key
from apps.intake.services import follow_up
from apps.output.services import acknowledge
from apps.response import services
from apps.response.links.queries import links_of
from apps.response.reopening import services as reopening
from apps.response.reopening.models import ReopenPolicy
from apps.response.transitions import NotNow
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Absence, Attachment, Event, Message, Ticket
from tests.factories import NOW, make_ticket, make_token

HOUR = timedelta(hours=1)


def solved(cast):
    return services.solve(ticket=make_ticket(cast), by=cast.ana, at=NOW)


def written(cast, ticket, body, **more):
    fields = {"channel": "email", "sender_name": "Zoe"} | more
    message = Message.receive(
        ticket=ticket, customer=cast.zoe, body=body, by=cast.system, at=NOW + HOUR, **fields
    )
    reopening.hear(message=message, by=cast.system, at=NOW + HOUR)
    ticket.refresh_from_db()
    message.refresh_from_db()
    return message


def test_a_thank_you_leaves_a_solved_ticket_solved(cast):
    ticket = solved(cast)
    message = written(cast, ticket, "Thank you very much!\n\nBest regards,\nZoe\n\n> We sent a new one.")
    assert (ticket.status, message.is_thanks) == ("solved", True)
    reopening.hear(message=message, by=cast.system, at=NOW + HOUR)
    assert Event.objects.filter(kind="message.judged").count() == 1
    assert not Event.objects.filter(kind="ticket.reopened").exists()


def test_whoever_says_more_opens_it_again(cast):
    ticket = solved(cast)
    message = written(cast, ticket, "Thank you, but it is still broken.")
    assert (ticket.status, message.is_thanks) == ("open", None)


def test_a_thank_you_ends_no_waiting_differently_than_before(cast):
    ticket = make_ticket(cast)
    services.hold(ticket=ticket, waiting_on="waiting_customer", by=cast.ana, at=NOW)
    message = written(cast, ticket, "Thanks!")
    assert (ticket.status, message.is_thanks) == ("open", None)


def test_a_person_says_that_it_was_more(cast, sign_in):
    ticket = solved(cast)
    message = written(cast, ticket, "Thanks!")
    browser = sign_in(cast.ana)
    assert "It says more" in browser.get(f"/t/{ticket.pk}/").content.decode()
    assert browser.post(f"/t/{ticket.pk}/messages/{message.pk}/deny-thanks/").status_code == 302
    ticket.refresh_from_db()
    message.refresh_from_db()
    assert (ticket.status, message.is_thanks) == ("open", False)
    with pytest.raises(NotNow):
        reopening.deny_thanks(message=message, by=cast.ana, at=NOW)


def test_a_program_says_that_it_was_more(cast, client):
    ticket = solved(cast)
    message = written(cast, ticket, "Vielen Dank!")
    auth = {"Authorization": f"Bearer {make_token(cast.ana)}"}
    answer = client.post(
        f"/api/v1/tickets/{ticket.pk}/messages/{message.pk}/deny-thanks/",
        {},
        "application/json",
        headers=auth,
    )
    assert (answer.status_code, answer.json()["status"]) == (200, "open")


# --- for how long an answer opens it again ------------------------------------------------------------------

DAY = timedelta(days=1)


def policy(cast, days, *, department=None, **more):
    return reopening.save_policy(department=department, days=days, by=cast.ada, **more)


def asked(cast, ticket, at, body="It is broken again.", **more):
    """Through the door of mail, portal and API alike, and heard."""
    message = follow_up(ticket=ticket, body=body, by=cast.system, at=at, **more)
    reopening.hear(message=message, by=cast.system, at=at)
    reopening.hear(message=message, by=cast.system, at=at)  # the same news twice
    message.refresh_from_db()
    return message


AGES = [
    ("nothing said", None, None, 400, True),
    ("within the company's days", 7, None, 6, True),
    ("after the company's days", 7, None, 7, False),
    ("never", 0, None, 0, False),
    ("the department's own days count", 7, 30, 20, True),
    ("the department's own are over", 30, 2, 3, False),
]


@pytest.mark.parametrize(("case", "company", "own", "age", "opens"), AGES, ids=[row[0] for row in AGES])
def test_an_answer_opens_it_again_for_as_long_as_the_policy_says(cast, case, company, own, age, opens):
    if company is not None:
        policy(cast, company)
    if own is not None:
        policy(cast, own, department=cast.billing)
    ticket = solved(cast)
    message = asked(cast, ticket, NOW + age * DAY)
    ticket.refresh_from_db()
    assert (ticket.is_open, message.ticket == ticket) == (opens, opens)
    assert Ticket.objects.count() == (1 if opens else 2)


def test_after_that_it_goes_on_as_a_new_ticket_and_nothing_is_lost(cast, client):
    policy(cast, 7)
    ticket = solved(cast)
    at = NOW + 8 * DAY
    message = follow_up(ticket=ticket, body="It is broken again.", channel="form", by=cast.system, at=at)
    Attachment.objects.create(message=message, name="photo.png", size=3, content_type="image/png", file="x")
    reopening.hear(message=message, by=cast.system, at=at)
    new = Ticket.objects.exclude(pk=ticket.pk).get()
    said = new.messages.get()
    assert (said.pk, said.body, said.attachments.count()) == (message.pk, "It is broken again.", 1)
    assert (new.customer, new.department, new.opened_at, new.status) == (
        cast.zoe,
        ticket.department,
        at,
        "new",
    )
    [link] = links_of(new, user=cast.ana)
    assert (link.relation.name, link.number) == ("follow_up_of", ticket.pk)
    written = acknowledge(ticket=new, by=cast.system, at=at)
    assert f"#{new.pk}" in written.body
    assert f"goes on from your request #{ticket.pk}" in written.body
    page = client.get(f"/help/r/{request_key(ticket)}/").content.decode()
    assert f"goes on as request #{new.pk}" in page
    assert request_key(new) in page
    # Whoever answers the old letters once more is heard on the new ticket.
    more = asked(cast, ticket, at + HOUR, "And it smokes.")
    assert more.ticket == new
    services.hold(ticket=new, waiting_on="waiting_customer", by=cast.ana, at=at + HOUR)
    asked(cast, ticket, at + 2 * HOUR, "Here is the photo.")
    new.refresh_from_db()
    assert (new.status, new.messages.filter(direction="in").count()) == ("open", 3)
    services.solve(ticket=new, by=cast.ana, at=at + 2 * HOUR)
    asked(cast, ticket, at + DAY, "Again.")
    new.refresh_from_db()
    assert (new.status, new.reopened_count, Ticket.objects.count()) == ("open", 1, 2)
    services.solve(ticket=new, by=cast.ana, at=at + DAY)
    third = asked(cast, ticket, at + 20 * DAY, "And again.").ticket
    assert third not in (ticket, new)


RETURNS = [
    ("assignee", "there", True),
    ("assignee", "away", False),
    ("assignee", "left", False),
    ("assignee", "elsewhere", False),
    ("department", "there", False),
]


@pytest.mark.parametrize(("returns_to", "where", "keeps"), RETURNS)
def test_it_goes_back_to_whoever_had_it_if_they_are_there(cast, returns_to, where, keeps):
    policy(cast, 7, returns_to=returns_to)
    ticket = make_ticket(cast)
    ticket.assign(cast.ana, by=cast.ana, at=NOW)
    services.solve(ticket=ticket, by=cast.ana, at=NOW)
    if where == "away":
        Absence.enter(user=cast.ana, begins_at=NOW, ends_at=None, stand_in=None, by=cast.ana, at=NOW)
    elif where == "left":
        cast.ana.is_active = False
        cast.ana.save()
    elif where == "elsewhere":
        cast.ana.department = cast.shipping
        cast.ana.save()
    asked(cast, ticket, NOW + DAY)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == ("open", cast.ana if keeps else None)


def test_leads_decide_for_their_own_department_alone(cast):
    reopening.save_policy(department=cast.billing, days=3, by=cast.lena)
    for department in (None, cast.shipping):
        with pytest.raises(NotAllowed):
            reopening.save_policy(department=department, days=3, by=cast.lena)
    with pytest.raises(NotAllowed):
        reopening.save_policy(department=cast.billing, days=3, by=cast.ana)
    for wrong in ({"days": -1}, {"days": 99_999}, {"days": 1, "returns_to": "nobody"}):
        with pytest.raises(Invalid):
            reopening.save_policy(department=cast.billing, **wrong, by=cast.ada)
    assert ReopenPolicy.objects.get().days == 3
    reopening.forget_policy(department=cast.billing, by=cast.lena)
    assert not ReopenPolicy.objects.exists()


def test_the_page_and_programs_say_it(cast, sign_in, client):
    browser, kept = sign_in(cast.ada), {"returns_to": "assignee", "late_answer": "new_ticket"}
    assert browser.post("/admin/reopening/", {"days": 14} | kept).status_code == 302
    assert browser.post("/admin/reopening/", {"days": "soon"} | kept).status_code == 422
    page = browser.get("/admin/reopening/").content.decode()
    assert "for 14 days" in page
    assert "as the company" in page
    assert sign_in(cast.ana).get("/admin/reopening/").status_code == 403
    auth = {"Authorization": f"Bearer {make_token(cast.robot, 'tickets:read', 'tickets:write', 'admin')}"}
    body = json.dumps({"department": "billing", "days": 0, "returns_to": "department"})
    put = client.put("/api/v1/reopen-policies/", body, "application/json", headers=auth)
    assert (put.status_code, put.json()["days"]) == (200, 0)
    wrong = client.put("/api/v1/reopen-policies/", json.dumps({"day": 1}), "application/json", headers=auth)
    assert wrong.status_code == 422
    known = client.get("/api/v1/reopen-policies/", headers=auth).json()["data"]
    assert [row["department"] for row in known] == [None, "billing"]
    assert client.delete("/api/v1/reopen-policies/billing/", headers=auth).status_code == 204
    assert browser.post("/admin/reopening/billing/forget/").status_code == 302
    assert ReopenPolicy.objects.get().department is None
