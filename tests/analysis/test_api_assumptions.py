"""The numbers of the money model by API: those in force, those of a day, and all that ever were."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from apps.analysis import services
from apps.analysis.models import Parameter
from tests.analysis.test_pages import queries_of
from tests.analysis.world import TODAY
from tests.factories import NOW

ADDRESS = "/api/v1/analysis/assumptions/"


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def rows(world):
    """The multiplier twice, the later one for this month; and one for an issue."""
    for number, issue, since in ((4, None, 300), (5, None, 5), (9, world.charged, 300)):
        services.set_assumption(
            parameter=Parameter.MULTIPLIER, low=Decimal(1), likely=Decimal(number), high=Decimal(12), issue=issue,
            source="Survey of spring", dated_on=TODAY - timedelta(days=400), valid_from=TODAY - timedelta(days=since),
            by=world.cast.nils, at=NOW,
        )  # fmt: skip
    return world


def asked(client, query=""):
    answer = client.get(f"{ADDRESS}?{query}")
    assert answer.status_code == 200, answer.content
    return sorted(Decimal(row["likely"]) for row in answer.json()["data"])


def test_the_numbers_in_force_are_told_with_source_and_who_answers(rows, caller):
    robot = caller(rows.cast.robot)
    assert asked(robot) == [5, 9]
    row = robot.get(ADDRESS).json()["data"][0]
    assert (row["parameter"], row["issue"], row["likely"]) == (
        "multiplier",
        "invoice/charged-twice",
        "9.0000",
    )
    assert (row["source"], row["answers_for"]) == ("Survey of spring", "nils@desk.test")


def test_those_of_a_day_and_all_of_them_can_be_asked_for(rows, caller):
    robot = caller(rows.cast.robot)
    assert asked(robot, f"on={TODAY - timedelta(days=30)}") == [4, 9]
    assert asked(robot, "show=every") == [4, 5, 9]
    assert asked(robot, "parameter=contact_cost") == []
    first = robot.get(f"{ADDRESS}?limit=1").json()
    assert asked(robot, f"limit=1&cursor={first['next_cursor']}") == [5]


@pytest.mark.parametrize("query", ["on=soon", "show=some", "parameter=luck", "limit=0"])
def test_what_cannot_be_asked_is_told(rows, caller, query):
    refused = caller(rows.cast.robot).get(f"{ADDRESS}?{query}")
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")


def test_it_costs_the_same_for_one_number_and_for_many(rows, caller):
    robot = caller(rows.cast.robot)
    one = queries_of(robot, f"{ADDRESS}?parameter=multiplier&limit=1")
    assert queries_of(robot, ADDRESS) == one


def test_they_are_for_who_sees_the_analysis(rows, caller):
    assert caller(rows.cast.ana).get(ADDRESS).status_code == 403
    assert caller(rows.cast.robot, "tickets:read").get(ADDRESS).status_code == 403
    assert APIClient().get(ADDRESS, HTTP_AUTHORIZATION="Bearer hd_wrong").status_code == 401
