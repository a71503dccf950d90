"""Tickets that open themselves: written, shown, paused, and opened once for each moment."""

import threading
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest

from apps.control.models import Calendar, MadeTicket, RecurringTicket
from apps.control.recurring import services
from apps.control.recurring.services import Given, open_due, pause_recurring, remove_recurring, save_recurring
from apps.response.checklists.models import TicketTask
from apps.response.checklists.services import save_checklist
from helpdesk.errors import DomainError, Invalid, NotAllowed
from helpdesk.models import Note, Ticket
from tests.factories import NOW, make_cast, make_token
from tests.output.test_races import at_once

MONDAY = datetime(2026, 5, 11, 6, 0, tzinfo=UTC)  # eight o'clock in Berlin


def given(cast, **said):
    words = {
        "name": "Weekly check", "department": cast.billing, "customer": "zoe@customer.test",
        "subject": "Check the invoices", "body": "Look at last week's.", "rhythm": "weekdays", "weekdays": [0],
        "time": time(8), "time_zone": "Europe/Berlin", "start_on": date(2026, 5, 1),
        "acts": [{"act": "tag", "value": "weekly"}, {"act": "rate", "value": 2}],
    }  # fmt: skip
    return Given(**words | said)


def written(cast, **said):
    return save_recurring(given=given(cast, **said), by=cast.lena, at=NOW)


def test_it_opens_on_its_day_with_all_that_belongs_to_it_and_only_once(cast, sign_in):
    tasks = save_checklist(name="Check", lines=["! Count them"], by=cast.lena, at=NOW)
    row = written(cast, checklist=tasks)
    assert row.next_at == MONDAY
    assert open_due(by=cast.system, at=MONDAY - timedelta(seconds=1)) == 0
    assert open_due(by=cast.system, at=MONDAY) == 1
    assert open_due(by=cast.system, at=MONDAY + timedelta(minutes=1)) == 0

    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.customer, ticket.department) == (row.subject, cast.zoe, cast.billing)
    assert (ticket.tags, ticket.severity) == (["weekly"], 2)
    assert ticket.messages.get().is_automatic
    assert TicketTask.objects.get(ticket=ticket).text == "Count them"
    assert MadeTicket.objects.get().due_at == MONDAY
    row.refresh_from_db()
    assert row.next_at == MONDAY + timedelta(days=7)
    assert row.events.count() == 1  # that it moved on is no change of what was decided

    browser = sign_in(cast.lena)
    page = browser.get(f"/recurring/{row.pk}/").content.decode()
    assert f"/t/{ticket.pk}/" in page
    assert "Weekly check" in browser.get(f"/t/{ticket.pk}/history/").content.decode()


def test_what_was_missed_opens_once_and_two_workers_open_one(cast):
    row = written(cast, rhythm="daily")
    later = MONDAY + timedelta(days=9, minutes=5)
    assert open_due(by=cast.system, at=later) == 1
    assert MadeTicket.objects.get().due_at == MONDAY + timedelta(days=9)
    RecurringTicket.objects.filter(pk=row.pk).update(next_at=MONDAY)  # as another worker saw it
    assert open_due(by=cast.system, at=later) == 0
    assert Ticket.objects.count() == 1


def test_of_two_workers_at_once_each_due_day_opens_one_ticket(transactional_db, monkeypatch):
    """Each waits at the door until the other has come as well, and both go in at once, day after day."""
    cast = make_cast()
    rows = [written(cast, name=f"Check {number}", rhythm="daily") for number in range(3)]
    both = threading.Barrier(2)
    make = services._make

    def make_together(number, **who):
        with suppress(threading.BrokenBarrierError):
            both.wait(1)
        return make(number, **who)

    monkeypatch.setattr(services, "_make", make_together)
    for day in range(5):
        at = MONDAY + timedelta(days=day)
        both.reset()
        made = at_once(*[lambda at=at: open_due(by=cast.system, at=at)] * 2)
        assert sum(made) == len(rows), made
    assert Ticket.objects.count() == MadeTicket.objects.count() == 5 * len(rows)
    for row in rows:
        due = list(
            MadeTicket.objects.filter(template=row).order_by("due_at").values_list("due_at", flat=True)
        )
        assert due == [MONDAY + timedelta(days=day) for day in range(5)]
        assert not MadeTicket.objects.filter(template=row, ticket=None).exists()


def test_a_second_worker_who_saw_the_day_before_the_first_one_opened_it_opens_nothing(
    transactional_db, monkeypatch
):
    """The first holds the template while it opens the ticket; the second has read already that it is due."""
    cast = make_cast()
    written(cast)
    opened, inside, outside = services._opened, threading.Event(), threading.Event()

    def open_slowly(*row, **who):
        inside.set()
        assert outside.wait(30)
        return opened(*row, **who)

    monkeypatch.setattr(services, "_opened", open_slowly)

    def second():
        assert inside.wait(30)
        try:
            return open_due(by=cast.system, at=MONDAY)
        finally:
            outside.set()

    assert at_once(lambda: open_due(by=cast.system, at=MONDAY), second) == [1, 0]
    assert Ticket.objects.count() == 1


def test_a_holiday_that_was_added_since_is_left_out(cast):
    calendar = Calendar.objects.create(name="Office", time_zone="Europe/Berlin")
    row = written(cast, calendar=calendar)
    calendar.days_off = [MONDAY.date()]
    calendar.save()
    assert open_due(by=cast.system, at=MONDAY) == 0
    row.refresh_from_db()
    assert row.next_at == MONDAY + timedelta(days=7)


def test_what_rests_opens_nothing_and_makes_up_for_nothing(cast):
    who = {"by": cast.lena, "at": NOW}
    row = pause_recurring(row=written(cast), on=True, **who)
    assert open_due(by=cast.system, at=MONDAY) == 0
    row = pause_recurring(row=row, on=False, by=cast.lena, at=MONDAY + timedelta(days=1))
    assert row.next_at == MONDAY + timedelta(days=7)
    remove_recurring(row=row, by=cast.lena)
    assert not RecurringTicket.objects.exists()


def test_a_refused_act_leaves_a_note_and_a_customer_who_is_gone_pauses_it(cast):
    row = written(cast, acts=[{"act": "assign", "value": cast.ana.email}])
    cast.ana.is_active = False
    cast.ana.save()
    assert open_due(by=cast.system, at=MONDAY) == 1
    assert "Weekly check" in Note.objects.get().body
    cast.zoe.email = None
    cast.zoe.save()
    assert open_due(by=cast.system, at=MONDAY + timedelta(days=7)) == 0
    row.refresh_from_db()
    assert row.is_paused
    assert row.why_paused
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"end_on": date(2026, 4, 1)}, "end_on"),
        ({"time_zone": "Nowhere/Town"}, "time_zone"),
        ({"customer": "nobody"}, "customer"),
        ({"rhythm": "month_day", "day": 32}, "day"),
        ({"acts": [{"act": "assign", "value": "@me"}]}, "acts/0/value"),
        ({"body": " "}, "body"),
    ],
)
def test_what_can_not_be_is_refused_where_it_stands(cast, said, place):
    with pytest.raises(Invalid) as refused:
        written(cast, **said)
    assert refused.value.pointer == place
    assert not RecurringTicket.objects.exists()


def test_a_lead_writes_for_her_department_alone_and_an_agent_for_none(cast):
    with pytest.raises(NotAllowed):
        written(cast, department=cast.shipping)
    with pytest.raises(NotAllowed):
        services.save_recurring(given=given(cast), by=cast.ana, at=NOW)
    row = services.save_recurring(given=given(cast, department=cast.shipping), by=cast.ada, at=NOW)
    assert not row.is_visible_to(cast.lena)
    with pytest.raises(DomainError):
        written(cast)  # the name is taken


def test_the_page_shows_the_next_days_before_it_is_kept(cast, sign_in):
    browser = sign_in(cast.lena)
    words = {
        "name": "Month's end", "department": cast.billing.pk, "customer": "zoe@customer.test", "subject": "Close",
        "body": "Close the month.", "rhythm": "month_day", "day": "31", "week": "1", "month": "1", "time": "08:00",
        "time_zone": "UTC", "off_days": "skip", "start_on": "2030-01-31",
    }  # fmt: skip
    page = browser.post("/recurring/new/", words | {"do": "preview"}).content.decode()
    assert "28 Feb 2030" in page
    assert not RecurringTicket.objects.exists()
    assert browser.post("/recurring/new/", words | {"time": "x"}).status_code == 422
    kept = browser.post("/recurring/new/", words | {"then-tag": "month"})
    row = RecurringTicket.objects.get()
    assert kept.url == f"/recurring/{row.pk}/"
    assert row.acts == [{"act": "tag", "value": "month"}]
    for act, paused in (("pause", True), ("go-on", False)):
        browser.post(f"/recurring/{row.pk}/change/", {"act": act})
        row.refresh_from_db()
        assert row.is_paused is paused
    assert sign_in(cast.ana).get("/recurring/").status_code == 403
    browser.post(f"/recurring/{row.pk}/change/", {"act": "remove"})
    assert not RecurringTicket.objects.exists()


def test_the_list_takes_the_same_queries_for_one_and_for_four(cast, sign_in, django_assert_num_queries):
    browser = sign_in(cast.lena)
    for number in range(4):
        written(cast, name=f"Check {number}")
    with django_assert_num_queries(3):  # session, person, rows
        browser.get("/recurring/")


def test_a_program_does_the_same(cast, client):
    key = {"HTTP_AUTHORIZATION": f"Bearer {make_token(cast.robot, 'admin')}"}
    words = {
        "name": "Weekly", "department": "billing", "customer": "zoe@customer.test", "subject": "Check", "body": "Do.",
        "rhythm": "month_weekday", "weekdays": [0], "week": 1, "start_on": "2030-01-01",
        "acts": [{"act": "tag", "value": "weekly"}],
    }  # fmt: skip
    there, sent = "/api/v1/recurring-tickets/", {"content_type": "application/json", **key}
    shown = client.post(f"{there}preview/", words, **sent).json()
    assert shown["upcoming"][0].startswith("2030-01-07T08:00")
    made = client.post(there, words, **sent)
    assert made.status_code == 201
    one = f"{there}{made.json()['id']}/"
    changed = client.patch(one, {"week": -1, "is_paused": True}, **sent).json()
    assert changed["upcoming"][0].startswith("2030-01-28T08:00")
    assert changed["is_paused"]
    assert changed["acts"] == words["acts"]
    assert [row["name"] for row in client.get(there, **key).json()["data"]] == ["Weekly"]
    assert client.post(there, words | {"colour": "red"}, **sent).status_code == 422
    assert client.delete(one, **key).status_code == 204
