"""What a department has to do, how it answers, and that nobody sees more than is theirs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.analysis import services
from apps.analysis.forms_ownership import RouteForm
from apps.analysis.models import Case, CaseState, WorkLimit
from apps.analysis.queries.department import _answers, department_page, departments, waiting, work_limits
from apps.analysis.queries.money import QUARTER_DAYS
from tests.analysis.stages import assessed
from tests.analysis.test_pages import queries_of, route
from tests.analysis.world import sow
from tests.factories import NOW


@pytest.fixture
def case(world):
    opened = services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)
    Case.objects.filter(pk=opened.pk).update(
        statement="Charged twice", is_text="x", is_not_text="y", money_likely=9_100, money_low=5_000,
        money_high=12_000,
    )  # fmt: skip
    return route(world, Case.objects.get(pk=opened.pk))


def test_waiting_costs_the_money_at_risk_for_each_day_since_the_hand_over(case):
    row = waiting(case, NOW.date() + timedelta(days=10))
    assert row.cost == pytest.approx(9_100 * 10 / QUARTER_DAYS)
    case.money_likely = None
    assert waiting(case, NOW.date()).cost is None


def test_an_answer_counts_from_its_hand_over_and_is_on_time_by_its_day():
    told = [
        ("case:1", "case.routed", NOW, {"due": (NOW.date() + timedelta(days=3)).isoformat()}),
        ("case:2", "case.routed", NOW, {"due": (NOW.date() + timedelta(days=3)).isoformat()}),
        ("case:1", "case.accepted", NOW + timedelta(days=2), {}),
        ("case:2", "case.rejected", NOW + timedelta(days=6), {}),
        ("case:3", "case.accepted", NOW, {}),  # handed over before the year began
    ]
    answering = _answers(told)
    assert (answering.answered, answering.days, answering.on_time) == (2, 4.0, 1)
    assert answering.share_on_time == 0.5
    assert _answers([]).days is None


def test_the_queue_is_ordered_by_money_or_by_age(world, case):
    older = services.open_case(issue=world.refund, by=world.cast.nils, at=NOW - timedelta(days=40))
    Case.objects.filter(pk=older.pk).update(money_likely=10, owner_department=world.cast.billing)

    def order(by):
        page = department_page(world.cast.billing, user=world.cast.nils, by=by, at=NOW)
        return [row.case.pk for row in page.queue]

    assert order("money") == [case.pk, older.pk]
    assert order("age") == [older.pk, case.pk]


def at_work(world, number):
    for _ in range(number):
        row = services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)
        for state in (CaseState.ROUTED, CaseState.INVESTIGATING):
            Case.objects.filter(pk=row.pk).update(
                state=state, owner=world.cast.omar, owner_department=world.cast.billing
            )


def test_a_department_with_too_much_at_work_is_told_so(world, case, sign_in):
    at_work(world, 6)
    page = sign_in(world.cast.nils).get(reverse("department", kwargs={"slug": "billing"})).content.decode()
    assert "6 cases are at work, 5 are its limit" in page
    page = sign_in(world.cast.nils).get(reverse("departments")).content.decode()
    assert "6 of 5" in page


def test_an_administrator_says_how_much_a_department_should_have_at_work(world, case, sign_in):
    at_work(world, 6)
    url = reverse("department", kwargs={"slug": "billing"})
    assert sign_in(world.cast.ada).post(url, {"cases": "8"}).status_code == 302
    assert "cases are at work" not in sign_in(world.cast.nils).get(url).content.decode()
    assert WorkLimit.objects.get().department == world.cast.billing
    sign_in(world.cast.ada).post(url, {"cases": ""})
    assert not WorkLimit.objects.exists()


def test_a_limit_that_is_none_is_refused(world, case, sign_in):
    answer = sign_in(world.cast.ada).post(reverse("department", kwargs={"slug": "billing"}), {"cases": "0"})
    assert answer.status_code == 422
    assert not WorkLimit.objects.exists()


def test_nobody_else_sets_it(world, case, sign_in):
    answer = sign_in(world.cast.omar).post(reverse("department", kwargs={"slug": "billing"}), {"cases": "8"})
    assert answer.status_code == 403
    assert not WorkLimit.objects.exists()


def test_the_limit_of_all_counts_where_there_is_none_of_its_own(world):
    services.set_work_limit(cases=3, by=world.cast.ada, at=NOW)
    services.set_work_limit(department=world.cast.billing, cases=7, by=world.cast.ada, at=NOW)
    limits = work_limits()
    assert (limits[world.cast.billing.pk], limits[world.cast.shipping.pk]) == (7, 3)


def test_who_routes_a_case_is_told_that_the_owner_has_enough(world, case):
    sow(world, world.charged, {(40, 0): 1.0}, seed=1)
    at_work(world, 5)
    waiting = assessed(world)
    form = RouteForm(case=waiting, user=world.cast.nils, by_link=False)
    assert "Billing has 5 cases at work, and 5 are its limit." in form.fields["department"].help_text


def test_the_departments_stand_in_the_order_of_what_is_overdue(world, case):
    Case.objects.filter(pk=case.pk).update(due_on=NOW.date() - timedelta(days=1))
    other = services.open_case(issue=world.late, by=world.cast.nils, at=NOW)
    Case.objects.filter(pk=other.pk).update(owner_department=world.cast.shipping)
    rows = departments(user=world.cast.nils, at=NOW)
    assert [row.department for row in rows] == [world.cast.billing, world.cast.shipping]
    assert (rows[0].overdue, rows[0].unanswered, rows[0].largest) == (1, 1, 9_100)


def test_the_page_costs_the_same_for_one_case_and_for_ten(world, case, sign_in):
    client, url = sign_in(world.cast.nils), reverse("department", kwargs={"slug": "billing"})
    one = queries_of(client, url)
    for _ in range(9):
        row = services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)
        Case.objects.filter(pk=row.pk).update(owner_department=world.cast.billing)
    assert queries_of(client, url) == one <= 14
    assert queries_of(client, reverse("departments")) <= 10


def test_the_board_shows_one_department(world, case, sign_in):
    client = sign_in(world.cast.nils)
    assert case.number in client.get(reverse("board"), {"department": "billing"}).content.decode()
    assert case.number not in client.get(reverse("board"), {"department": "shipping"}).content.decode()
    assert client.get(reverse("board"), {"department": "nowhere"}).status_code == 404


def test_an_owner_sees_no_case_of_another_department(world, case, sign_in):
    mallory = sign_in(world.cast.mallory)
    answer = mallory.get(reverse("department", kwargs={"slug": "billing"}))
    assert answer.status_code == 403 or case.number not in answer.content.decode()
