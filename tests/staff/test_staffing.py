"""The staffing forecast: from tickets to people needed, beside those who are there."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.analysis.services import count_series
from apps.control.models import Calendar
from apps.staff import services
from apps.staff.forecast import NotEnoughHistory
from apps.staff.models import StaffingRule
from apps.staff.queries.forecast_page import finding, forecast_page
from apps.staff.queries.staffing import Levers, make_plan, read_basis
from apps.staff.services import Planned, enter_absence, set_availability, set_staffing
from helpdesk.errors import Invalid, NotAllowed
from tests.factories import NOW, make_token, make_user

TODAY = NOW.date()  # a Wednesday
SOW = """
    INSERT INTO helpdesk_ticket (subject, customer_id, department_id, status, severity, channel, contact_type,
        product_version, segment, region, language, remedy_wanted, attempts_before, outcome, handling_minutes,
        reopened_count, tags, custom, occurred_at, opened_at, updated_at, solved_at, clock_state)
    SELECT 'S', %(customer)s, %(department)s, 'closed', 3, channel, 'problem', '', '', '', '', '', 0, '', minutes, 0,
        '{}', '{}', at, at, at, at, ''
    FROM unnest(%(at)s::timestamptz[], %(channel)s::text[], %(minutes)s::int[]) AS sown (at, channel, minutes)
"""


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def office(cast):
    return Calendar.objects.create(name="Office")  # UTC, Monday to Friday, 9 to 17


def sow(cast, *, weeks=12, department=None, calls=(40, 20, 20, 20, 20), mails=8, minutes=12, channel="phone"):
    """Every week the same: calls of weekdays at 9 to 12, mails of every day at 20."""
    rows = []
    for n in range(1, weeks * 7 + 1):
        day = TODAY - timedelta(days=n)
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        if day.weekday() < 5:
            moments = [start + timedelta(hours=9 + k % 3, minutes=k) for k in range(calls[day.weekday()])]
            rows += [(at, channel, minutes) for at in moments]
        rows += [(start + timedelta(hours=20, minutes=k), "email", minutes) for k in range(mails)]
    at, channels, spent = zip(*rows, strict=True)
    given = {"customer": cast.zoe.pk, "department": (department or cast.billing).pk}
    with connection.cursor() as cursor:
        cursor.execute(SOW, given | {"at": list(at), "channel": list(channels), "minutes": list(spent)})
    return len(rows)


def count_days(weeks=30):
    count_series(first=TODAY - timedelta(weeks=weeks), last=TODAY - timedelta(days=1), at=NOW)


def plan(cast, levers=None, weeks=1):
    return make_plan(read_basis(cast.billing, weeks=weeks, at=NOW), levers)


def test_monday_mornings_need_more_than_are_there(cast, office):
    sow(cast)
    for n in range(2):
        make_user(f"agent{n}", "agent", cast.billing)
    found = plan(cast)
    worst = found.parts[0]
    assert (worst.weekday, worst.part) == (0, "mornings")
    assert finding(found).startswith("Monday mornings need ")
    assert finding(found).endswith(", 3 are there")
    # 13 or 14 calls an hour of 12 minutes are 2.7 erlang: 5 on the line, and shrinkage on top
    monday = found.days.index(date(2026, 5, 11))
    assert found.need.live[monday, 9:12].tolist() == [5, 5, 5]
    assert found.need.rota[monday, 9] == 8
    assert found.contacts.expected[monday] == pytest.approx(48, abs=0.5)
    assert found.live_hours[monday].sum() == pytest.approx(40, abs=0.5)


def test_the_days_before_eight_weeks_come_from_counted_days(cast, office):
    sow(cast, weeks=20)
    assert read_basis(cast.billing, weeks=1, at=NOW).volume.whole_weeks == 8
    count_days()
    found = read_basis(cast.billing, weeks=1, at=NOW).volume
    assert found.whole_weeks == 20
    assert found.live.days.counts.sum() == 20 * 120
    assert found.deferred.days.counts.sum() == 20 * 7 * 8


def test_another_departments_contacts_are_not_counted_and_all_together_are(cast, office):
    sow(cast, weeks=10)
    sow(cast, weeks=10, department=cast.shipping, mails=2)
    count_days()
    assert read_basis(cast.billing, weeks=1, at=NOW).volume.deferred.days.counts.sum() == 10 * 7 * 8
    assert read_basis(None, weeks=1, at=NOW).volume.deferred.days.counts.sum() == 10 * 7 * 10


def test_what_was_imported_is_no_work(cast, office):
    sow(cast, weeks=10, channel="import")
    count_days()
    volume = read_basis(cast.billing, weeks=1, at=NOW).volume
    assert volume.live.days.counts.sum() == 0
    assert volume.deferred.days.counts.sum() == 10 * 7 * 8


def test_who_is_away_is_not_there(cast, office):
    sow(cast)
    enter_absence(
        user=cast.ana, first=TODAY + timedelta(days=5), last=TODAY + timedelta(days=5), by=cast.ana, at=NOW
    )
    found = plan(cast)
    assert found.there[4, 9] == 0  # Sunday
    assert found.there[5, 9] == 0
    assert found.there[6, 9] == 1


def test_a_lead_counts_once_they_say_what_they_carry(cast, office):
    sow(cast)
    assert [user.name for user in read_basis(cast.billing, weeks=1, at=NOW).people] == ["Ana"]
    set_availability(user=cast.lena, capacity=5, by=cast.lena)
    assert len(read_basis(cast.billing, weeks=1, at=NOW).people) == 2


def test_hours_are_spread_over_the_open_ones(cast, office):
    office.week = ["08:00-18:00"] * 5 + ["", ""]
    office.save()
    sow(cast)
    assert plan(cast).there[1, 9] == pytest.approx(0.8)


def test_on_a_holiday_nobody_is_needed(cast, office):
    office.days_off = [date(2026, 5, 11)]
    office.save()
    sow(cast)
    found = plan(cast)
    assert found.need.rota[5].sum() == 0
    assert found.there[5].sum() == 0


def test_today_begins_now(cast, office):
    sow(cast)
    found = plan(cast)
    assert found.need.rota[0, :10].sum() == 0
    assert found.live_hours[0, 9] == 0
    assert found.live_hours[0, 10] > 0


def test_what_waits_for_an_answer_is_work_of_the_first_hours(cast, office):
    from tests.factories import make_ticket

    sow(cast)
    before = plan(cast)
    for _ in range(40):
        make_ticket(cast)
    after = plan(cast)
    assert after.basis.backlog == 40
    assert after.need.deferred[0, 14] > before.need.deferred[0, 14]
    assert after.need.rota[3:].tolist() == before.need.rota[3:].tolist()


def test_levers_move_what_they_say(cast, office):
    sow(cast)
    basis = read_basis(cast.billing, weeks=1, at=NOW)
    now = make_plan(basis)
    assert make_plan(basis, Levers(volume=0.5)).contacts.expected.sum() == pytest.approx(
        1.5 * now.contacts.expected.sum()
    )
    for more in (Levers(volume=0.5), Levers(live_minutes=24), Levers(answered_share=0.99)):
        assert make_plan(basis, more).need.rota.sum() > now.need.rota.sum()
    assert make_plan(basis, Levers(people=2)).there[1, 9] == now.there[1, 9] + 2
    assert make_plan(basis, Levers(people=20)).reached > now.reached


def test_the_last_four_weeks_are_tested(cast, office):
    sow(cast, weeks=7)
    assert plan(cast).tested is None
    sow(cast, weeks=20, calls=(0,) * 5, mails=1)
    count_days()
    found = plan(cast).tested
    assert found.error < 0.2
    assert len(found.actual) == 28


def test_without_four_weeks_nothing_is_said(cast, office):
    sow(cast, weeks=3)
    with pytest.raises(NotEnoughHistory, match="3 whole weeks"):
        plan(cast)


def test_minutes_that_nobody_wrote_down_have_to_be_entered(cast, office):
    sow(cast, minutes=0)
    with pytest.raises(NotEnoughHistory, match="minutes"):
        plan(cast)
    assumed = Planned(live_minutes=6, deferred_minutes=9, minutes_source="Stop watch", minutes_dated_on=TODAY)
    set_staffing(department=cast.billing, planned=assumed, by=cast.lena, at=NOW)
    assert plan(cast).basis.live.source == "Stop watch"


# --- what it is planned by


def test_a_department_has_its_rule_and_all_others_the_one_of_all(cast, office):
    set_staffing(department=None, planned=Planned(shrinkage=0.2), by=cast.ada, at=NOW)
    set_staffing(department=cast.billing, planned=Planned(shrinkage=0.4), by=cast.lena, at=NOW)
    set_staffing(department=cast.billing, planned=Planned(shrinkage=0.5), by=cast.lena, at=NOW)
    assert StaffingRule.objects.count() == 2
    history = StaffingRule._meta.get_field("id").model.pgh_event_model
    assert sorted(history.objects.values_list("shrinkage", flat=True)) == [0.2, 0.4, 0.5]
    services.withdraw_staffing(rule=StaffingRule.objects.get(department=cast.billing), by=cast.lena)
    assert read_basis(cast.billing, weeks=1, at=NOW).rule.shrinkage == 0.2


@pytest.mark.parametrize(
    ("who", "department"), [("lena", "shipping"), ("lena", None), ("ana", "billing"), ("nils", None)]
)
def test_others_do_not_set_it(cast, who, department):
    with pytest.raises(NotAllowed):
        set_staffing(
            department=department and getattr(cast, department),
            planned=Planned(),
            by=getattr(cast, who),
            at=NOW,
        )
    assert not StaffingRule.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"answered_share": 1.0}, "answered_share"), ({"busiest": 0.0}, "busiest"), ({"shrinkage": 1.0}, "shrinkage"),
        ({"promised_hours": 0}, "promised_hours"), ({"hours_a_week": 0}, "hours_a_week"),
        ({"answered_seconds": -1}, "answered_seconds"), ({"live_minutes": 0, "minutes_source": "x"}, "live_minutes"),
        ({"live_minutes": 5}, "minutes_source"), ({"live_minutes": 5, "minutes_source": "x"}, "minutes_dated_on"),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_are_refused(cast, wrong, pointer):
    with pytest.raises(Invalid) as refused:
        set_staffing(department=cast.billing, planned=Planned(**wrong), by=cast.lena, at=NOW)
    assert refused.value.pointer == pointer
    assert not StaffingRule.objects.exists()


# --- the doors


def test_the_page_says_what_it_found(cast, office, sign_in):
    sow(cast)
    answer = sign_in(cast.lena).get(reverse("forecast"))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Monday mornings need 8, 1 is there" in page
    assert "measured on" in page
    assert "What people are planned by" not in page


def test_a_what_if_stands_in_the_address(cast, office, sign_in):
    sow(cast)
    page = sign_in(cast.lena).get(reverse("forecast"), {"volume": "50", "weeks": "1", "week": "0"})
    assert page.context["page"].levers == Levers(volume=0.5)
    assert "with the change" in page.content.decode()


def test_a_lever_that_is_none_is_said_and_kept(cast, office, sign_in):
    sow(cast)
    answer = sign_in(cast.lena).get(reverse("forecast"), {"volume": "many"})
    assert answer.status_code == 422
    assert 'value="many"' in answer.content.decode()


def test_an_empty_desk_says_what_is_missing(cast, sign_in):
    answer = sign_in(cast.lena).get(reverse("forecast"))
    assert answer.status_code == 200
    assert "Not enough history" in answer.content.decode()


def test_a_lead_plans_their_own_department_only(cast, office, sign_in):
    client = sign_in(cast.lena)
    assert client.get(reverse("forecast"), {"department": "shipping"}).status_code == 404
    assert client.get(reverse("staffing_rules"), {"department": "shipping"}).status_code == 404
    assert sign_in(cast.nils).get(reverse("forecast"), {"department": "shipping"}).status_code == 200
    assert sign_in(cast.ana).get(reverse("forecast")).status_code == 403


def test_the_same_number_of_queries_for_few_and_for_many(cast, office):
    sow(cast, weeks=10)
    count_days()

    def statements():
        with CaptureQueriesContext(
            connection,
        ) as found:
            forecast_page(cast.billing, weeks=2, week=0, levers=Levers(volume=0.1), at=NOW)
        return len(found)

    few = statements()
    sow(cast, weeks=20)
    count_days()
    for n in range(5):
        user = make_user(f"many{n}", "agent", cast.billing)
        enter_absence(user=user, first=TODAY, last=TODAY, by=user, at=NOW)
    # rule, calendar, tickets, known days, day counts, products, departments, people, absences, backlog
    assert statements() == few == 10


def test_what_it_is_planned_by_is_set_on_its_page(cast, office, sign_in):
    client = sign_in(cast.lena)
    form = client.get(reverse("staffing_rules")).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"shrinkage": "25", "blends": "on"}
    assert client.post(reverse("staffing_rules"), typed | {"live_minutes": "6"}).status_code == 422
    assert client.post(reverse("staffing_rules"), typed).status_code == 302
    assert StaffingRule.objects.get().shrinkage == 0.25


def test_every_open_hour_is_a_row_of_the_file(cast, office, sign_in):
    sow(cast)
    answer = sign_in(cast.lena).get(reverse("forecast_csv"), {"weeks": "1"})
    lines = answer.content.decode().splitlines()
    assert lines[0].startswith("day,hour,calls expected")
    assert len(lines) == 1 + 5 * 8 - 1  # today from ten
    assert sign_in(cast.lena).get(reverse("forecast_csv"), {"volume": "x"}).status_code == 404


def test_a_program_reads_the_same(cast, office, client):
    sow(cast)
    token = {"HTTP_AUTHORIZATION": f"Bearer {make_token(cast.robot)}"}
    told = client.get("/api/v1/staffing/forecast/?department=billing&weeks=1&people=2", **token).json()
    assert told["department"] == "billing"
    assert told["parts"][0]["part"] == "mornings"
    assert len(told["days"]) == 7
    assert np.isclose(sum(day["there_hours"] for day in told["days"]), told["sums"]["there"])
    assert client.get("/api/v1/staffing/forecast/?weeks=3", **token).status_code == 422
    assert client.get("/api/v1/staffing/forecast/?colour=red", **token).status_code == 422
    assert client.get("/api/v1/staffing/forecast/?department=nowhere", **token).status_code == 404


def test_a_program_hears_when_too_little_is_known(cast, client):
    token = {"HTTP_AUTHORIZATION": f"Bearer {make_token(cast.robot)}"}
    answer = client.get("/api/v1/staffing/forecast/", **token)
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/docs/problems/#not-enough-history")


def test_rules_are_read_and_replaced_by_api(cast, office, sign_in):
    client = sign_in(cast.lena)
    put = {"content_type": "application/json"}
    answer = client.put("/api/v1/staffing/rules/", {"department": "billing", "shrinkage": 0.2}, **put)
    assert answer.status_code == 200
    assert client.get("/api/v1/staffing/rules/").json()["data"][0]["shrinkage"] == 0.2
    assert client.put("/api/v1/staffing/rules/", {"department": "shipping"}, **put).status_code == 403
    assert (
        client.put("/api/v1/staffing/rules/", {"department": "billing", "mood": 1}, **put).status_code == 422
    )


def test_numbers_that_would_take_a_town_are_refused_beside_the_forecast(cast, office, sign_in, monkeypatch):
    sow(cast)
    monkeypatch.setattr("apps.staff.erlang.MOST", 50)
    client, asked = sign_in(cast.ada), {"volume": 500, "live_minutes": 600}
    answer = client.get(reverse("forecast"), asked)
    assert answer.status_code == 422
    assert "look at the volume and the minutes" in answer.content.decode()
    assert client.get(reverse("forecast_csv"), asked).status_code == 404
    assert client.get("/api/v1/staffing/forecast/", asked).status_code == 422
