"""What a department has to do, how it answers, and that nobody sees more than is theirs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.analysis import services
from apps.analysis.models import Case, CaseState
from apps.analysis.queries.department import WORK_LIMIT, _answers, department_page, departments, waiting
from apps.analysis.queries.money import QUARTER_DAYS
from tests.analysis.test_pages import queries_of, route
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


def test_a_department_with_too_much_at_work_is_told_so(world, case, sign_in):
    for _ in range(WORK_LIMIT + 1):
        row = services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)
        for state in (CaseState.ROUTED, CaseState.INVESTIGATING):
            Case.objects.filter(pk=row.pk).update(
                state=state, owner=world.cast.omar, owner_department=world.cast.billing
            )
    page = sign_in(world.cast.nils).get(reverse("department", kwargs={"slug": "billing"})).content.decode()
    assert f"{WORK_LIMIT + 1} cases are at work" in page


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
