from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.evaluation import services
from apps.evaluation.models import Goal
from helpdesk.models import Department
from tests.factories import NOW, make_ticket


def test_an_empty_house_has_a_page(cast, sign_in):
    page = sign_in(cast.ada).get("/standards/")
    assert page.status_code == 200
    assert b"Whole company" in page.content


def test_it_shows_the_goal_the_share_and_of_how_many(cast, sign_in):
    services.set_goal(measure="coded", target=0.9, by=cast.ada, at=NOW)
    at = timezone.now() - timedelta(hours=3)
    for _ in range(12):
        make_ticket(cast, at=at).resolve(by=cast.ana, at=at)
    page = sign_in(cast.lena).get("/standards/").content.decode()
    assert "90\u00a0%" in page
    assert "goal missed" in page
    assert ">12<" in page


def test_a_departments_own_goal_comes_before_that_of_all(cast, sign_in):
    services.set_goal(measure="coded", target=0.9, by=cast.ada, at=NOW)
    services.set_goal(measure="coded", target=0.42, department=cast.billing, by=cast.ada, at=NOW)
    page = sign_in(cast.lena).get("/standards/").content.decode()
    assert "42\u00a0%" in page


def test_a_lead_sees_the_company_and_their_own_department(cast, sign_in):
    page = sign_in(cast.lena).get("/standards/")
    assert [section.department for section in page.context["reports"]] == [None, cast.billing]
    assert b"Shipping" not in page.content


@pytest.mark.parametrize("name", ["ana", "mallory", "zoe_account"])
def test_who_has_no_business_with_it_is_sent_away(cast, sign_in, name):
    assert sign_in(getattr(cast, name)).get("/standards/").status_code == 403


def test_it_costs_the_same_for_two_departments_and_for_twenty(cast, sign_in, judged_case):
    browser = sign_in(cast.ada)
    judged_case()
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get("/standards/")
    for number in range(18):
        department = Department.objects.create(name=f"Department {number}", slug=f"d{number}")
        make_ticket(cast, department=department, at=timezone.now() - timedelta(days=1))
        judged_case(department=department)
        services.set_goal(measure="coded", target=0.5, department=department, by=cast.ada, at=NOW)
    with CaptureQueriesContext(connection) as many:
        browser.get("/standards/")
    # the session, the user; goals, what is counted, departments, verdicts; clocks, solved, first contacts; costs,
    # charges; the taxonomy's release; the form's departments
    assert len(few) == len(many) == 13


def test_a_goal_is_set_on_the_page(cast, sign_in):
    answer = sign_in(cast.lena).post(
        "/standards/", {"measure": "resolve", "department": cast.billing.pk, "percent": "87.5"}
    )
    assert answer.status_code == 302
    assert Goal.objects.get().target == 0.875


@pytest.mark.parametrize("percent", ["", "0", "101", "many"])
def test_a_goal_that_is_no_share_is_told_on_the_page(cast, sign_in, percent):
    answer = sign_in(cast.ada).post(
        "/standards/", {"measure": "resolve", "department": "", "percent": percent}
    )
    assert answer.status_code == 422
    assert not Goal.objects.exists()


def test_a_lead_cannot_choose_another_department(cast, sign_in):
    answer = sign_in(cast.lena).post(
        "/standards/", {"measure": "resolve", "department": cast.shipping.pk, "percent": "90"}
    )
    assert answer.status_code == 422


def test_an_owner_reads_and_sets_nothing(cast, sign_in):
    browser = sign_in(cast.omar)
    assert b"Set a goal" not in browser.get("/standards/").content
    assert browser.post("/standards/", {"measure": "resolve", "percent": "90"}).status_code == 403


def test_a_goal_can_be_withdrawn_where_it_is_set(cast, sign_in):
    services.set_goal(measure="resolve", target=0.9, department=cast.billing, by=cast.ada, at=NOW)
    browser = sign_in(cast.lena)
    page = browser.get("/standards/", {"measure": "resolve", "department": cast.billing.pk})
    assert b"Withdraw this goal" in page.content
    browser.post(f"/standards/goals/{Goal.objects.get().pk}/withdraw/")
    assert not Goal.objects.exists()


def test_another_period_is_another_page(cast, sign_in):
    assert len(sign_in(cast.ada).get("/standards/?months=12").context["window"].months) == 12
    assert len(sign_in(cast.ada).get("/standards/?months=900").context["window"].months) == 6
