"""Calendars: hours, holidays, own days off out of a file, by services, pages and API."""

import json
from datetime import date

import pytest
from django.utils import translation

from apps.control import ics, services
from apps.control.calendars import named_holidays
from apps.control.models import Calendar
from helpdesk.errors import Invalid, NotAllowed
from tests.factories import make_token

WEEK = ["09:00-17:00"] * 5 + ["", ""]
TODAY = date(2026, 5, 6)

FILE = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261224
DTEND;VALUE=DATE:20261227
SUMMARY:Between the years\\, shu
 t
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260601
SUMMARY:Founders' day
BEGIN:VALARM
SUMMARY:not this
END:VALARM
END:VEVENT
{more}
END:VCALENDAR
"""


def read(*lines, template=FILE):
    event = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"]) if lines else ""
    return ics.read(template.format(more=event), today=TODAY)


@pytest.mark.parametrize(
    ("language", "country", "name"),
    [
        ("de", "DE", "Neujahr"),
        ("en", "DE", "New Year's Day"),
        ("de", "FR", "New Year's Day"),
        ("fr", "FR", "Jour de l'an"),
    ],
)
def test_holidays_are_named_as_their_reader_calls_them_where_the_library_knows(language, country, name):
    with translation.override(language):
        assert named_holidays(country, "", start=date(2026, 1, 1), days=1) == [(date(2026, 1, 1), name)]


def test_a_calendar_file_gives_its_whole_days_with_their_names():
    found = {one.day.isoformat(): one.name for one in read().days}
    assert found == {
        "2026-06-01": "Founders' day",
        "2026-12-24": "Between the years, shut",
        "2026-12-25": "Between the years, shut",
        "2026-12-26": "Between the years, shut",
    }


NOT_TAKEN = [
    ("a time of day", ["DTSTART:20260701T090000Z", "SUMMARY:Meeting"], "time of day"),
    ("no date", ["SUMMARY:Some day"], "no date"),
    ("nonsense", ["DTSTART;VALUE=DATE:20261332"], "is no date"),
    ("backwards", ["DTSTART;VALUE=DATE:20260702", "DTEND;VALUE=DATE:20260701"], "before it begins"),
    ("too long", ["DTSTART;VALUE=DATE:20260702", "DTEND;VALUE=DATE:20270701"], "at most 31"),
    ("weekly", ["DTSTART;VALUE=DATE:20260702", "RRULE:FREQ=WEEKLY"], "repeats by a rule"),
    ("the first Monday", ["DTSTART;VALUE=DATE:20260702", "RRULE:FREQ=YEARLY;BYDAY=1MO"], "repeats by a rule"),
    ("hours", ["DTSTART;VALUE=DATE:20260702", "DURATION:PT5H"], "whole days"),
    ("cancelled", ["DTSTART;VALUE=DATE:20260702", "STATUS:CANCELLED"], "cancelled"),
]


@pytest.mark.parametrize(("case", "lines", "reason"), NOT_TAKEN, ids=[row[0] for row in NOT_TAKEN])
def test_what_is_not_understood_is_said(case, lines, reason):
    reading = read(*lines)
    assert len(reading.days) == 4
    assert [reason in one.reason for one in reading.not_taken] == [True]


TAKEN = [
    (["DTSTART;VALUE=DATE:20200807", "RRULE:FREQ=YEARLY"], 7),  # a year back, five ahead
    (["DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY"], 1),
    (["DTSTART;VALUE=DATE:20260807", "RRULE:FREQ=YEARLY;COUNT=2"], 2),
    (["DTSTART;VALUE=DATE:20260807", "RRULE:FREQ=YEARLY;UNTIL=20280101", "EXDATE;VALUE=DATE:20270807"], 1),
    (["DTSTART;VALUE=DATE:20260807", "DURATION:P1W"], 7),
    (["DTSTART;VALUE=DATE:20260807", "DTEND;VALUE=DATE:20260807"], 1),
    (["DTSTART;VALUE=DATE:20100807"], 0),
]


@pytest.mark.parametrize(("lines", "days"), TAKEN)
def test_days_that_repeat_or_last_are_written_out(lines, days):
    reading = read(*lines)
    assert (len(reading.days) - 4, reading.not_taken) == (days, ())


@pytest.mark.parametrize(
    "text", ["", "hello", "BEGIN:VCALENDAR\nEND:VCALENDAR", "\0" * 50, "BEGIN:VEVENT\n" * 500]
)
def test_a_file_that_is_none_is_said_to_be_none(text):
    reading = ics.read(text, today=TODAY)
    assert reading.days == ()
    assert reading.not_taken


@pytest.fixture
def calendar(cast):
    return services.save_calendar(
        calendar=None, name="Bavaria", time_zone="Europe/Berlin", week=WEEK, country="DE", subdivision="BY",
        by=cast.lena,
    )  # fmt: skip


REFUSED = [
    ({"name": ""}, "name"),
    ({"name": "Bavaria"}, "name"),
    ({"time_zone": "Europe/Nowhere"}, "time_zone"),
    ({"time_zone": "../etc/passwd"}, "time_zone"),
    ({"week": [""] * 7}, "week"),
    ({"week": ["9-5", *WEEK[1:]]}, "week"),
    ({"week": ["22:00-06:00", "05:00-09:00", *WEEK[2:]]}, "week"),
    ({"country": "ZZ"}, "country"),
    ({"subdivision": "XX"}, "subdivision"),
]


@pytest.mark.parametrize(("wrong", "pointer"), REFUSED)
def test_a_calendar_that_can_not_be_is_refused(cast, calendar, wrong, pointer):
    good = {"name": "Other", "time_zone": "UTC", "week": WEEK, "country": "DE", "subdivision": "BY"}
    with pytest.raises(Invalid) as refused:
        services.save_calendar(calendar=None, **good | wrong, by=cast.ada)
    assert refused.value.pointer == pointer
    assert Calendar.objects.count() == 1


def test_a_calendar_keeps_what_it_was(cast, calendar):
    services.save_calendar(calendar=calendar, name="Free State", time_zone="UTC", week=WEEK, by=cast.lena)
    assert {row.name for row in Calendar.pgh_event_model.objects.all()} == {"Bavaria", "Free State"}


def test_a_lead_leaves_calendars_alone_in_which_others_promise(cast, policy):
    with pytest.raises(NotAllowed):
        services.take_days_off(calendar=policy.calendar, days={TODAY: ""}, by=cast.lena)
    policy.calendar.refresh_from_db()
    assert policy.calendar.days_off == []


def test_a_calendar_that_is_used_is_not_deleted(cast, policy, calendar):
    with pytest.raises(services.CalendarInUse):
        services.drop_calendar(calendar=policy.calendar, by=cast.ada)
    services.drop_calendar(calendar=calendar, by=cast.ada)
    assert list(Calendar.objects.all()) == [policy.calendar]


def test_a_file_is_shown_before_it_is_kept(cast, calendar, sign_in):
    browser, place = sign_in(cast.lena), f"/admin/clocks/calendars/{calendar.pk}/days-off/"
    weekly = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260702\nRRULE:FREQ=WEEKLY\nSUMMARY:Jour fixe\nEND:VEVENT"
    shown = browser.post(place, {"text": FILE.format(more=weekly).replace("2026", "2036")})
    page = shown.content.decode()
    assert "Founders" in page
    assert "Jour fixe" in page
    assert Calendar.objects.get(pk=calendar.pk).days_off == []
    kept = {"keep": ["2036-12-24", "2036-06-01"], "name-2036-12-24": "Shut"}
    assert browser.post(place, kept).status_code == 302
    calendar.refresh_from_db()
    assert calendar.days_off == [date(2036, 6, 1), date(2036, 12, 24)]
    assert calendar.names_of_days == {"2036-12-24": "Shut"}
    assert browser.post(place, {"back": ["2036-06-01"]}).status_code == 302
    assert browser.post(place, {"day": "2036-07-01", "name": "Outing"}).status_code == 302
    assert browser.post(place, {"day": "soon"}).status_code == 422
    assert browser.post(place, {"text": " "}).status_code == 422
    calendar.refresh_from_db()
    assert calendar.days_off == [date(2036, 7, 1), date(2036, 12, 24)]


def test_a_calendar_is_tried_out_before_it_is_kept(cast, calendar, sign_in):
    browser, place = sign_in(cast.lena), f"/admin/clocks/calendars/{calendar.pk}/"
    typed = {"name": "Bavaria", "time_zone": "Europe/Berlin", "friday": "09:00-12:00", "monday": "10:00-12:00",
             "try-start": "2026-05-08T11:40", "try-minutes": 90}  # fmt: skip
    tried = browser.post(place, typed | {"try": "1"}).content.decode()
    assert "Mon 11 May, 11:10" in tried
    calendar.refresh_from_db()
    assert calendar.week == WEEK
    assert (
        "It is never open"
        in browser.post(place, {"name": "B", "time_zone": "UTC", "try": "1"}).content.decode()
    )
    assert browser.post(place, typed).status_code == 302
    assert browser.post(place, {"name": "B", "time_zone": "UTC"}).status_code == 422
    calendar.refresh_from_db()
    assert calendar.week == ["10:00-12:00", "", "", "", "09:00-12:00", "", ""]
    assert browser.get("/admin/clocks/calendars/").status_code == browser.get(place).status_code == 200


def test_agents_see_no_calendars(cast, calendar, sign_in):
    assert sign_in(cast.ana).get("/admin/clocks/calendars/").status_code == 403


def test_programs_do_with_calendars_what_the_pages_can(cast, client):
    auth = {"Authorization": f"Bearer {make_token(cast.robot, 'tickets:read', 'tickets:write', 'admin')}"}

    def ask(method, path, body=None, expect=200):
        answer = client.generic(
            method, f"/api/v1/calendars/{path}", json.dumps(body or {}), content_type="application/json",
            headers=auth,
        )  # fmt: skip
        assert answer.status_code == expect, answer.content
        return answer.json() if answer.content else None

    given = {"name": "Night", "time_zone": "Asia/Kolkata", "week": ["22:00-06:00"] * 7}
    made = ask("POST", "", given, 201)
    moment = {"start": "2026-05-06T18:00:00Z", "minutes": 60}  # 23:30 in Kolkata
    assert ask("POST", "due/", moment | {"calendar": made["id"]})["due_at"] == "2026-05-06T19:00:00Z"
    assert (
        ask("POST", "due/", moment | {"time_zone": "UTC", "week": WEEK})["due_at"] == "2026-05-07T10:00:00Z"
    )
    ask("POST", "due/", moment, 422)
    ask("POST", "due/", moment | {"time_zone": "UTC", "week": [""] * 7}, 422)
    shown = ask("POST", f"{made['id']}/days-off/", {"ics": FILE.format(more=""), "preview": True})
    assert shown["new"] == 4
    assert ask("GET", f"{made['id']}/")["days_off"] == []
    ask("POST", f"{made['id']}/days-off/", {"days": [{"day": "2026-12-24", "name": "Shut"}]})
    assert ask("GET", f"{made['id']}/")["days_off"] == [{"day": "2026-12-24", "name": "Shut"}]
    ask("DELETE", f"{made['id']}/days-off/", {"days": ["2026-12-24"]}, 204)
    ask("PUT", f"{made['id']}/", given | {"country": "IN"})
    ask("PUT", f"{made['id']}/", given | {"week": ["x"] * 7}, 422)
    ask("DELETE", f"{made['id']}/", expect=204)
    assert ask("GET", "")["data"] == []
