"""Tickets that wait on their customer are reminded of, warned of, and end by themselves; each step once."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.control.models import Calendar, ServicePolicy
from apps.intake.queries import request_key, request_page
from apps.intake.services import follow_up
from apps.output.services import acknowledge, deliver
from apps.response import services
from apps.response.acting import perform, read_acts, undo
from apps.response.closing.models import ClosingRule, ClosingStep
from apps.response.closing.queries import preview
from apps.response.closing.services import keep_open, save_rule, switch_rule, work_on_closing
from apps.response.statuses.services import save_status, set_status
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event, Message, Note
from tests.factories import NOW, make_ticket, make_token

DAY = timedelta(days=1)


def rule(cast, remind=3, warn=7, close=10, *, on=True, **more):
    given = {"department": None, "remind_after": remind, "warn_after": warn, "close_after": close} | more
    row = save_rule(rule=None, **given, by=cast.ada)
    return switch_rule(rule=row, on=True, by=cast.ada) if on else row


def waiting(cast, at=NOW, **more):
    return services.hold(ticket=make_ticket(cast, **more), waiting_on="waiting_customer", by=cast.ada, at=at)


def nights(cast, *days):
    """What was done on each of these days."""
    return [work_on_closing(by=cast.system, at=NOW + day * DAY) for day in days]


def steps(ticket):
    return list(ClosingStep.objects.filter(ticket=ticket).order_by("pk").values_list("kind", flat=True))


def test_a_waiting_ticket_is_reminded_of_and_warned_of_and_ends_each_once(cast):
    rule(cast, ends_as="closed")
    ticket = waiting(cast)
    assert nights(cast, 2, 3, 3, 4, 7, 7, 8, 10, 11) == [0, 1, 0, 0, 1, 0, 0, 1, 0]
    ticket.refresh_from_db()
    assert (ticket.status, steps(ticket)) == ("closed", ["reminder", "warning", "close"])
    assert Event.objects.get(kind="ticket.resolved").data["reason"] == "No answer from the customer"
    letters = list(ticket.messages.filter(direction="out").order_by("pk"))
    assert [one.is_automatic for one in letters] == [True, True]
    assert "in 3 days" in letters[1].body
    sent = deliver(message=letters[0], by=cast.system, at=NOW)
    assert sent.headers["Auto-Submitted"] != "no"


def test_its_customer_finds_the_letters_again_where_they_look_and_no_other_of_machines(cast, client):
    """Who follows by the link alone must not learn that it closes when it is closed."""
    rule(cast)
    ticket, other = waiting(cast), waiting(cast)
    acknowledge(ticket=ticket, by=cast.system, at=NOW)
    Message.receive(
        ticket=ticket, customer=cast.zoe, body="I am away.", by=cast.system, at=NOW, channel="email",
        is_automatic=True,
    )  # fmt: skip
    keep_open(ticket=other, by=cast.ana, at=NOW)
    nights(cast, 3, 7)
    page = request_page(ticket, at=NOW + 8 * DAY)
    ours = [said for said in page.conversation if said.ours]
    letters = list(ClosingStep.objects.order_by("pk").values_list("message__body", flat=True))
    assert [said.body for said in ours] == letters
    assert [(said.author, said.is_automatic) for said in ours] == [("Billing", True)] * 2
    assert not any(said.ours for said in request_page(other, at=NOW + 8 * DAY).conversation)
    assert "I am away." not in [said.body for said in page.conversation]
    seen = client.get(f"/help/r/{request_key(ticket)}/").content.decode()
    assert seen.count("sent automatically") == 2
    assert "settled in 3 days" in letters[1]


def test_those_that_waited_long_before_are_given_the_days_between_the_steps(cast):
    ticket = waiting(cast)
    rule(cast)
    assert nights(cast, 60, 61, 63, 64, 66, 67) == [1, 0, 0, 1, 0, 1]
    assert steps(ticket) == ["reminder", "warning", "close"]


STOPS = [
    "the customer wrote",
    "it goes on",
    "we wrote again",
    "kept open",
    "switched off",
    "another department",
]


@pytest.mark.parametrize("case", STOPS)
def test_it_stops(cast, case):
    made, ticket = rule(cast), waiting(cast)
    nights(cast, 3)
    at = NOW + 6 * DAY
    match case:
        case "the customer wrote":  # and nobody has heard of it yet
            follow_up(ticket=ticket, body="Here it is.", by=cast.system, at=at)
        case "it goes on":
            set_status(ticket=ticket, to="open", by=cast.ana, at=at)
        case "we wrote again":
            services.reply(ticket=ticket, body="Did you find it?", then="wait", by=cast.ana, at=at)
        case "kept open":
            keep_open(ticket=ticket, by=cast.ana, at=at)
        case "switched off":
            switch_rule(rule=made, on=False, by=cast.ada)
        case "another department":
            rule(cast, department=cast.billing, on=False)
    assert nights(cast, 7, 8) == [0, 0]
    if case == "we wrote again":  # a new time of waiting, with its own reminder
        assert nights(cast, 9) == [1]
        assert steps(ticket) == ["reminder", "reminder"]


def test_the_most_particular_rule_counts(cast):
    photo = save_status(status=None, label="Photo asked for", category="waiting_customer", by=cast.ada)
    everywhere = rule(cast, 3, None, 9)
    rule(cast, None, None, 5, department=cast.billing)
    rule(cast, 1, None, 30, department=cast.billing, status=photo)
    elsewhere, plain = waiting(cast, department=cast.shipping), waiting(cast)
    asked = set_status(ticket=make_ticket(cast), to=photo.key, by=cast.ana, at=NOW)
    planned = preview(everywhere, at=NOW + 5 * DAY)
    assert [(one.kind, [t.pk for t in one.tickets]) for one in planned] == [
        ("reminder", [elsewhere.pk]),
        ("close", []),
    ]
    assert nights(cast, 5) == [3]
    assert (steps(elsewhere), steps(plain), steps(asked)) == (["reminder"], ["close"], ["reminder"])


def test_nobody_is_closed_on_unheard_and_colleagues_are_told_once(cast):
    rule(cast)
    cast.zoe.email = None
    cast.zoe.save()
    ticket = waiting(cast)
    assert nights(cast, 3, 4, 10, 20) == [1, 0, 0, 0]
    ticket.refresh_from_db()
    assert (ticket.status, steps(ticket)) == ("waiting_customer", ["stays"])
    assert "no mail reaches the customer" in Note.objects.get(ticket=ticket).body


def test_it_is_said_in_the_customers_language_and_in_the_desks_own_words(cast):
    rule(cast, texts={"en": {"reminder": "Hi {name}, #{number}?"}, "de": {"warning": "Noch {days} Tage."}})
    english, german = waiting(cast), waiting(cast, language="de")
    french = waiting(cast, language="fr")
    nights(cast, 3, 7)
    said = {one.pk: [m.body for m in one.messages.filter(direction="out").order_by("pk")] for one in
            (english, german, french)}  # fmt: skip
    assert said[english.pk][0] == f"Hi Zoe, #{english.pk}?"
    assert said[german.pk][0].startswith("Guten Tag Zoe")
    assert said[german.pk][1] == "Noch 3 Tage."
    assert said[french.pk][0] == f"Hi Zoe, #{french.pk}?"


def test_the_preview_lists_what_it_would_do_and_asks_no_more_for_many(cast):
    made = rule(cast, on=False)

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            planned = preview(made, at=NOW + 4 * DAY)
        return [one.count for one in planned], len(queries)

    waiting(cast)
    counts, few = asked()
    for _ in range(5):
        waiting(cast)
    many, as_many = asked()
    assert (counts, many, few) == ([1, 0, 0], [6, 0, 0], as_many)
    assert nights(cast, 4) == [0]  # it is off


# --- in working days --------------------------------------------------------------------------------------


@pytest.fixture
def berlin(cast):
    """Billing is timed in Berlin, where Friday the 8th is a day off; Shipping around the clock, all week."""
    office = Calendar.objects.create(name="Berlin", time_zone="Europe/Berlin", days_off=[date(2026, 5, 8)])
    always = Calendar.objects.create(name="Always", week=["00:00-24:00"] * 7)
    for name, calendar, department in (("B", office, cast.billing), ("S", always, cast.shipping)):
        ServicePolicy.objects.create(name=name, calendar=calendar, department=department, resolve_minutes=60)
    special = Calendar.objects.create(name="Special", week=["", "", "", "", "", "", "09:00-10:00"])
    ServicePolicy.objects.create(
        name="Urgent", order=1, calendar=special, department=cast.billing, severity=1, resolve_minutes=60
    )


def test_days_off_do_not_count_and_each_department_has_its_own(cast, berlin):
    """It waits since Wednesday: Thursday is its first working day, Monday its second, Tuesday its third."""
    rule(cast, 1, 2, 3, counted_in="working")
    ours, theirs = waiting(cast), waiting(cast, department=cast.shipping)
    assert nights(cast, 1, 2, 3, 4) == [2, 1, 1, 0]
    assert (steps(ours), steps(theirs)) == (["reminder"], ["reminder", "warning", "close"])
    warned = theirs.messages.filter(direction="out").order_by("pk").last()
    assert "in 1 working days" in warned.body
    almost = work_on_closing(by=cast.system, at=NOW + 5 * DAY - timedelta(minutes=1))
    assert (almost, *nights(cast, 5, 6)) == (0, 1, 1)
    assert steps(ours) == ["reminder", "warning", "close"]


def test_a_ticket_is_counted_in_the_calendar_of_its_own_promise(cast, berlin):
    """What is urgent is timed in a calendar of Sundays: the Sunday after it is its first, and over a week later."""
    rule(cast, None, None, 1, counted_in="working")
    urgent, usual = waiting(cast, severity=1), waiting(cast)
    assert nights(cast, 1, 4, 10, 11, 12) == [1, 0, 0, 1, 0]
    closed = dict(ClosingStep.objects.values_list("ticket", "at"))
    assert (closed[usual.pk], closed[urgent.pk]) == (NOW + DAY, NOW + 11 * DAY)


def test_a_step_that_came_late_leaves_the_customer_their_working_days(cast, berlin):
    ticket = waiting(cast)
    rule(cast, 1, 2, 3, counted_in="working")
    assert nights(cast, 30, 31, 33, 34, 35) == [1, 0, 1, 1, 0]  # Friday, Saturday, Monday, Tuesday, Wednesday
    assert steps(ticket) == ["reminder", "warning", "close"]


def test_without_any_promise_the_first_calendar_counts(cast):
    Calendar.objects.create(name="Sundays", week=["", "", "", "", "", "", "09:00-10:00"])
    rule(cast, None, None, 1, counted_in="working")
    ticket = waiting(cast)
    # It began on a day off: the Sunday after it is its first day, and over on the next one.
    assert nights(cast, 4, 10, 11) == [0, 0, 1]
    assert steps(ticket) == ["close"]


def test_working_days_are_asked_once_whatever_the_number_of_tickets(cast, berlin):
    made = rule(cast, counted_in="working", on=False)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            planned = preview(made, at=NOW + 8 * DAY)
        return [one.count for one in planned], len(queries)

    waiting(cast)
    counts, few = asked()
    for number in range(20):
        waiting(cast, department=cast.shipping if number % 2 else cast.billing)
    many, as_many = asked()
    # The rules; the calendars; and two for each of three steps.
    assert (counts, many, few, as_many) == ([1, 0, 0], [21, 0, 0], as_many, 8)


WRONG = [
    ({"close_after": 0}, "close_after"),
    ({"close_after": 7}, "close_after"),
    ({"warn_after": 3}, "warn_after"),
    ({"remind_after": 400}, "remind_after"),
    ({"ends_as": "open"}, "ends_as"),
    ({"counted_in": "moons"}, "counted_in"),
    ({"texts": {"xx": {"reminder": "a"}}}, "texts"),
    ({"texts": {"en": {"bill": "a"}}}, "texts"),
    ({"texts": {"en": {"warning": "{amount}"}}}, "warning_en"),
]


@pytest.mark.parametrize(("wrong", "pointer"), WRONG)
def test_a_rule_that_can_not_be_is_refused(cast, wrong, pointer):
    given = {"department": None, "remind_after": 3, "warn_after": 7, "close_after": 10} | wrong
    with pytest.raises(Invalid) as refused:
        save_rule(rule=None, **given, by=cast.ada)
    assert (refused.value.pointer, ClosingRule.objects.count()) == (pointer, 0)


def test_leads_decide_for_their_own_department_alone(cast):
    mine = save_rule(
        rule=None, department=cast.billing, remind_after=None, warn_after=None, close_after=9, by=cast.lena
    )
    with pytest.raises(Invalid):
        save_rule(
            rule=None, department=cast.billing, remind_after=None, warn_after=1, close_after=9, by=cast.lena
        )
    for by, department in ((cast.lena, None), (cast.lena, cast.shipping), (cast.ana, cast.billing)):
        with pytest.raises(NotAllowed):
            save_rule(
                rule=mine, department=department, remind_after=None, warn_after=None, close_after=9, by=by
            )
    with pytest.raises(NotAllowed):
        switch_rule(rule=mine, on=True, by=cast.ana)


def test_an_act_keeps_it_open_and_is_taken_back(cast):
    ticket = waiting(cast)
    done = perform(ticket=ticket, acts=read_acts([{"act": "keep_open", "value": "yes"}]), by=cast.ana, at=NOW)
    ticket.refresh_from_db()
    assert not ticket.closes_itself
    undo(done=done, by=cast.ana, at=NOW)
    ticket.refresh_from_db()
    assert ticket.closes_itself


def test_the_pages_keep_preview_and_switch_it(cast, sign_in):
    ticket = waiting(cast, NOW - 30 * DAY)
    browser = sign_in(cast.ada)
    given = {"remind_after": 3, "warn_after": 7, "close_after": 10, "ends_as": "solved", "reminder_en": "Hi",
             "counted_in": "calendar"}  # fmt: skip
    assert browser.post("/admin/closing/", given | {"close_after": 5}).status_code == 422
    assert browser.post("/admin/closing/", given).status_code == 302
    made = ClosingRule.objects.get()
    assert (made.is_on, made.texts) == (False, {"en": {"reminder": "Hi"}})
    page = browser.get(f"/admin/closing/{made.pk}/").content.decode()
    assert "remind 1" in page
    assert f"/t/{ticket.pk}/" in page
    assert browser.post(f"/admin/closing/{made.pk}/switch/", {"on": "1"}).status_code == 302
    assert ClosingRule.objects.get().is_on
    assert browser.post(f"/t/{ticket.pk}/keep-open/", {"on": "1"}).status_code == 302
    assert "May close by itself" in browser.get(f"/t/{ticket.pk}/").content.decode()
    assert browser.post(f"/admin/closing/{made.pk}/forget/").status_code == 302
    assert not ClosingRule.objects.exists()
    assert sign_in(cast.ana).get("/admin/closing/").status_code == 403


def test_programs_do_the_same(cast, client):
    ticket = waiting(cast, NOW - 30 * DAY)
    auth = {"Authorization": f"Bearer {make_token(cast.robot, 'tickets:read', 'tickets:write', 'admin')}"}

    def ask(method, path, body=None, expect=200):
        answer = client.generic(
            method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=auth
        )
        assert answer.status_code == expect, answer.content
        return answer.json() if answer.content else None

    made = ask("POST", "closing-rules/", {"department": "billing", "remind_after": 3, "close_after": 10}, 201)
    ask("POST", "closing-rules/", {"close_after": 10, "soon": True}, 422)
    path = f"closing-rules/{made['id']}/"
    assert ask("GET", f"{path}preview/")["data"][0] == {
        "step": "reminder",
        "count": 1,
        "tickets": [ticket.pk],
    }
    assert ask("POST", f"{path}switch/", {"on": True})["is_on"]
    assert ask("PUT", path, {"department": "billing", "close_after": 12})["close_after"] == 12
    assert ask("POST", f"tickets/{ticket.pk}/keep-open/")["closes_itself"] is False
    assert [row["id"] for row in ask("GET", "closing-rules/")["data"]] == [made["id"]]
    ask("DELETE", path, expect=204)
