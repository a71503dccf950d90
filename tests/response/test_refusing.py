"""An answer that comes too late is refused, where the policy says so: it is kept, and its writer is told once."""

import json
from datetime import timedelta

import pytest

from apps.intake.queries import request_key
from apps.intake.services import Contact, follow_up, receive_mail
from apps.output.models import Delivery
from apps.output.services import deliver
from apps.response import services
from apps.response.queries.conversation import conversation
from apps.response.queries.finding import find
from apps.response.queries.history import history
from apps.response.query import read
from apps.response.reopening import services as reopening
from apps.response.services.automatic import CAP, CAP_WINDOW
from helpdesk.errors import Invalid
from helpdesk.models import Direction, Event, Message, Participant, Ticket
from tests.factories import NOW, make_cast, make_ticket, make_token
from tests.output.test_races import at_once

DAY = timedelta(days=1)
LATE = NOW + 8 * DAY
HELP = "http://testserver/help/new/"


def refusing(cast, **more):
    return reopening.save_policy(department=None, days=7, late_answer="refuse", by=cast.ada, **more)


def solved(cast, **more):
    return services.solve(ticket=make_ticket(cast, **more), by=cast.ana, at=NOW)


def asked(cast, ticket, at=LATE, body="It is broken again.", **more):
    """Through the door of mail, portal and API alike, and heard."""
    message = follow_up(ticket=ticket, body=body, by=cast.system, at=at, **more)
    reopening.hear(message=message, by=cast.system, at=at)
    message.refresh_from_db()
    return message


def letters(ticket=None):
    rows = Message.objects.filter(direction=Direction.OUT, is_automatic=True)
    return list((rows.filter(ticket=ticket) if ticket else rows).order_by("pk"))


def test_it_stays_where_it_was_written_and_its_writer_is_asked_to_write_anew(cast):
    refusing(cast)
    ticket = solved(cast)
    message = asked(cast, ticket)
    ticket.refresh_from_db()
    assert (message.ticket, message.refused_at, ticket.status) == (ticket, LATE, "solved")
    assert Ticket.objects.count() == 1
    late, _ = find(read("is:refused", at=LATE), user=cast.ana)
    others, _ = find(read("-is:refused", at=LATE), user=cast.ana)
    assert (list(late), list(others)) == ([ticket], [])
    [letter] = letters()
    assert letter.body.startswith("Hello Zoe,\n\nyour request “Charged twice” (#")
    assert HELP in letter.body
    sent = deliver(message=letter, by=cast.system, at=LATE)
    assert (sent.to, sent.cc, sent.headers["Auto-Submitted"]) == (["zoe@customer.test"], [], "auto-replied")
    shown = [one.is_refused for one in conversation(ticket, people={}).entries if one.pk == message.pk]
    assert shown == [True]
    told = "What the customer wrote came too late: it stays over, and they were asked for a new request"
    assert told in [one.text for one in history(ticket)]


def test_the_same_news_twice_is_refused_once(cast):
    refusing(cast)
    ticket = solved(cast)
    message = asked(cast, ticket)
    stale = Message.objects.get(pk=message.pk)
    stale.refused_at = None  # as a worker read it that came second
    reopening.hear(message=stale, by=cast.system, at=LATE)
    assert len(letters()) == 1
    assert Event.objects.filter(kind="message.refused").count() == 1


def test_of_two_workers_at_once_one_sends_a_letter(transactional_db):
    cast = make_cast()
    refusing(cast)
    for _ in range(6):
        ticket = solved(cast)
        message = follow_up(ticket=ticket, body="It is broken again.", by=cast.system, at=LATE)
        one, other = Message.objects.get(pk=message.pk), Message.objects.get(pk=message.pk)
        outcomes = at_once(
            lambda one=one: reopening.hear(message=one, by=cast.system, at=LATE),
            lambda other=other: reopening.hear(message=other, by=cast.system, at=LATE),
        )
        assert outcomes == [None, None]
        assert len(letters(ticket)) == 1
        assert Event.objects.filter(kind="message.refused", ticket=ticket).count() == 1


HEARD = [
    ("within the days", 6, "It is broken again.", "open"),
    ("a mere thank-you", 8, "Thank you very much!", "solved"),
]


@pytest.mark.parametrize(("case", "age", "body", "status"), HEARD, ids=[row[0] for row in HEARD])
def test_nothing_else_is_refused(cast, case, age, body, status):
    refusing(cast)
    ticket = solved(cast)
    message = asked(cast, ticket, NOW + age * DAY, body)
    ticket.refresh_from_db()
    assert (ticket.status, message.refused_at, letters()) == (status, None, [])


def test_what_a_person_denied_to_be_thanks_is_open_again_after_the_days_too(cast):
    refusing(cast)
    ticket = solved(cast)
    message = asked(cast, ticket, body="Thanks!")
    reopening.deny_thanks(message=message, by=cast.ana, at=LATE)
    ticket.refresh_from_db()
    assert ticket.is_open


def test_words_for_a_request_that_went_on_elsewhere_are_heard_there(cast):
    reopening.save_policy(department=None, days=7, by=cast.ada)
    ticket = solved(cast)
    new = asked(cast, ticket).ticket
    refusing(cast)
    assert asked(cast, ticket, LATE + DAY, "And it smokes.").ticket == new
    services.solve(ticket=new, by=cast.ana, at=LATE + DAY)
    over = asked(cast, ticket, LATE + 20 * DAY, "Still.")
    assert (over.ticket, over.refused_at) == (ticket, LATE + 20 * DAY)


# --- the company's words ----------------------------------------------------------------------------------


def test_it_is_said_in_the_customers_language_and_in_the_companys_words(cast):
    refusing(cast, texts={"en": {"refusal": "Over, {name}: #{number}. Anew: {help}"}, "de": {}})
    english, german, french = solved(cast), solved(cast, language="de"), solved(cast, language="fr")
    for ticket in (english, german, french):
        asked(cast, ticket)
    said = [letters(ticket)[0].body for ticket in (english, german, french)]
    assert said[0] == f"Over, Zoe: #{english.pk}. Anew: {HELP}"
    assert said[1].startswith("Guten Tag Zoe,")
    assert HELP in said[1]
    assert said[2] == f"Over, Zoe: #{french.pk}. Anew: {HELP}"


WRONG = [
    ({"late_answer": "shout"}, "late_answer"),
    ({"texts": {"en": {"refusal": "Write anew."}}}, "refusal_en"),
    ({"texts": {"en": {"refusal": "{help} {days}"}}}, "refusal_en"),
    ({"texts": {"xx": {"refusal": "{help}"}}}, "texts"),
    ({"texts": {"en": {"reminder": "{help}"}}}, "texts"),
]


@pytest.mark.parametrize(("wrong", "pointer"), WRONG)
def test_words_that_would_not_do_are_refused(cast, wrong, pointer):
    with pytest.raises(Invalid) as refused:
        reopening.save_policy(department=None, days=7, **wrong, by=cast.ada)
    assert refused.value.pointer == pointer


# --- caps -------------------------------------------------------------------------------------------------


def test_on_one_ticket_three_letters_in_three_hours_are_enough(cast):
    refusing(cast)
    ticket = solved(cast)
    said = [asked(cast, ticket, LATE + timedelta(minutes=number)) for number in range(5)]
    assert all(message.refused_at for message in said)
    assert len(letters()) == 3
    assert sum("no letter went out" in one.text for one in history(ticket)) == 2
    asked(cast, ticket, LATE + CAP_WINDOW + timedelta(minutes=10))
    assert len(letters()) == 4


def test_one_address_gets_at_most_ten_in_three_hours(cast):
    refusing(cast)
    for number in range(CAP + 2):
        asked(cast, solved(cast), LATE + timedelta(minutes=number))
    assert len(letters()) == CAP


def mail(letter, *headers):
    lines = ("From: Zoe <zoe@customer.test>", "To: billing@desk.test", "Message-ID: <again@zoe.test>",
             f"In-Reply-To: <{letter.message_id}>", "Subject: Re: it")  # fmt: skip
    return "\n".join([*lines, *headers, "", "It is broken again.", ""]).encode()


MACHINES = [
    ("a person", (), 1, True),
    ("a list", ("List-Id: <all.zoe.test>",), 0, True),
    ("a machine that reports", ("Auto-Submitted: auto-generated",), 0, True),
    ("out of office", ("Auto-Submitted: auto-replied",), 0, False),
]


@pytest.mark.parametrize(("who", "headers", "written", "refused"), MACHINES, ids=[row[0] for row in MACHINES])
def test_no_machine_is_answered_by_one(cast, who, headers, written, refused):
    refusing(cast)
    ticket = make_ticket(cast)
    reply = services.reply(ticket=ticket, body="Done.", then="solve", by=cast.ana, at=NOW)
    deliver(message=reply, by=cast.system, at=NOW)
    reply.refresh_from_db()
    raw = mail(reply, *headers)
    taken = receive_mail(raw=raw, mailbox="billing@desk.test", by=cast.system, at=LATE)
    message = taken.message
    assert message.ticket == ticket
    reopening.hear(message=message, by=cast.system, at=LATE)
    message.refresh_from_db()
    assert (message.refused_at is not None, len(letters())) == (refused, written)


@pytest.mark.parametrize("case", ["bounces", "no address", "one of ours"])
def test_who_can_not_be_written_to_is_kept_all_the_same(cast, case):
    refusing(cast)
    ticket = solved(cast)
    if case == "bounces":
        cast.zoe.mark_undeliverable(until=LATE + DAY)
    else:
        cast.zoe.email = None if case == "no address" else "shipping@desk.test"
        cast.zoe.save()
    message = asked(cast, Ticket.objects.get(pk=ticket.pk))
    assert (message.refused_at, letters()) == (LATE, [])


def test_a_colleague_of_the_customer_who_wrote_gets_a_copy_and_nobody_else(cast):
    refusing(cast)
    ticket = solved(cast)
    for name in ("carl", "dora"):
        Participant.objects.create(ticket=ticket, email=f"{name}@customer.test", added_at=NOW)
    asked(cast, ticket, sender=Contact("carl@customer.test", "Carl"))
    sent = deliver(message=letters()[0], by=cast.system, at=LATE)
    assert (sent.to, sent.cc) == (["zoe@customer.test"], ["carl@customer.test"])


# --- what the customer sees -------------------------------------------------------------------------------


@pytest.fixture
def of_today(monkeypatch):
    """Pages are looked at nine days after."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATE)


def test_the_page_of_the_request_says_the_same_words_and_offers_no_form(cast, client, of_today):
    refusing(cast)
    ticket = solved(cast)
    path = f"/help/r/{request_key(ticket)}/"
    page = client.get(path).content.decode()
    assert "has been over for some time" in page
    assert 'href="/help/new/"' in page
    assert "<textarea" not in page
    assert "Not solved after all" not in page
    german = client.get(path, headers={"accept-language": "de"}).content.decode()
    assert "ist seit einiger Zeit abgeschlossen" in german


def test_a_form_that_was_open_already_loses_nothing(cast, client, of_today, deliver_news):
    refusing(cast)
    ticket = make_ticket(cast)
    deliver_news()
    services.solve(ticket=ticket, by=cast.ana, at=NOW)
    path = f"/help/r/{request_key(ticket)}/"
    answer = client.post(path, {"body": "It smokes."}, follow=True)
    assert "is over for good" in answer.content.decode()
    deliver_news(LATE)
    page = client.get(path).content.decode()
    assert "It smokes." in page
    assert "Came too late" in page
    empty = client.post(path, {"body": ""})
    assert (empty.status_code, "<textarea" in empty.content.decode()) == (422, True)


def test_the_page_offers_the_form_as_long_as_words_are_heard(cast, client):
    refusing(cast, texts={})
    ticket = services.solve(ticket=make_ticket(cast), by=cast.ana, at=NOW + 3_650 * DAY)
    assert "<textarea" in client.get(f"/help/r/{request_key(ticket)}/").content.decode()


def test_the_page_of_policies_and_programs_say_it(cast, sign_in, client):
    browser = sign_in(cast.ada)
    given = {"days": 14, "returns_to": "assignee", "late_answer": "refuse", "refusal_en": "Anew, please."}
    wrong = browser.post("/admin/reopening/", given)
    assert wrong.status_code == 422
    assert "It must say {help} somewhere." in wrong.content.decode()
    assert browser.post("/admin/reopening/", given | {"refusal_en": "Anew: {help}"}).status_code == 302
    page = browser.get("/admin/reopening/").content.decode()
    assert "for 14 days, then it is refused" in page
    assert "Anew: {help}" in page
    auth = {"Authorization": f"Bearer {make_token(cast.robot, 'tickets:read', 'tickets:write', 'admin')}"}
    body = {
        "department": "billing",
        "days": 0,
        "late_answer": "refuse",
        "texts": {"de": {"refusal": "{help}"}},
    }
    put = client.put("/api/v1/reopen-policies/", json.dumps(body), "application/json", headers=auth)
    assert (put.status_code, put.json()["late_answer"], put.json()["texts"]) == (200, "refuse", body["texts"])
    assert "{help}" in browser.get("/admin/reopening/?for=billing").context["form"]["refusal_de"].value()
    ticket = solved(cast)
    asked(cast, ticket)
    said = client.get(f"/api/v1/tickets/{ticket.pk}/?expand=messages", headers=auth).json()["messages"]
    assert [bool(one["refused_at"]) for one in said if one["direction"] == "in"] == [False, True]
    assert not Delivery.objects.exists()
