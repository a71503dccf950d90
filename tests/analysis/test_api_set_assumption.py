"""A number of the money model is set by a program."""

from decimal import Decimal

import pytest

from apps.analysis.models import Assumption
from helpdesk.models import Event
from tests.analysis.world import TODAY

ADDRESS = "/api/v1/analysis/assumptions/"


@pytest.fixture
def number(world):
    return {
        "parameter": "contact_cost", "low": "4", "likely": "5.5", "high": "7", "unit": "$", "source": "Controlling, Q2",
        "dated_on": TODAY.isoformat(), "owner": world.cast.nils.email, "issue": world.charged.path,
    }  # fmt: skip


def test_a_number_is_set_with_its_source_and_who_answers(world, caller, number):
    answer = caller(world.cast.robot).post(ADDRESS, number)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["likely"], told["source"], told["answers_for"]) == (
        "5.5000",
        "Controlling, Q2",
        "nils@desk.test",
    )
    row = Assumption.objects.get()
    assert (row.issue, row.owner, row.set_by) == (world.charged, world.cast.nils, world.cast.robot)
    assert Event.objects.get(kind="assumption.set").about == f"assumption:{row.pk}"


def test_the_same_again_is_no_new_row_and_no_news(world, caller, number):
    robot = caller(world.cast.robot)
    first, second = (robot.post(ADDRESS, number).json() for _ in range(2))
    assert first["id"] == second["id"]
    assert Event.objects.filter(kind="assumption.set").count() == 1


def test_a_new_number_leaves_the_old_one_for_the_days_before(world, caller, number):
    robot = caller(world.cast.robot)
    robot.post(ADDRESS, number | {"valid_from": "2026-01-01"})
    robot.post(ADDRESS, number | {"likely": "6"})
    assert sorted(Assumption.objects.values_list("likely", flat=True)) == [Decimal("5.5"), Decimal(6)]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"parameter": "luck"}, "/parameter"),
        ({"low": "6"}, "/likely"),
        ({"low": "-1"}, "/low"),
        ({"source": " "}, "/source"),
        ({"dated_on": "last spring"}, "/dated_on"),
        ({"issue": "no/such"}, "/issue"),
        ({"owner": "zoe@customer.test"}, "/owner"),
        ({"channel": "pigeon"}, "/channel"),
        ({"colour": "red"}, "/colour"),
        ({"parameter": "customer_base"}, "/issue"),
    ],
)
def test_what_is_wrong_is_said_as_a_problem(world, caller, number, wrong, pointer):
    answer = caller(world.cast.robot).post(ADDRESS, number | wrong)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert not Assumption.objects.exists()
    assert not Event.objects.filter(kind="assumption.set").exists()


def test_a_program_names_who_answers_for_it(world, caller, number):
    del number["owner"]
    answer = caller(world.cast.robot).post(ADDRESS, number)
    assert answer.json()["errors"][0]["pointer"] == "/owner"


@pytest.mark.parametrize("name", ["ana", "omar", "lena"])
def test_it_takes_the_right_to_set_assumptions(world, caller, number, name):
    assert caller(getattr(world.cast, name)).post(ADDRESS, number).status_code == 403
    assert not Assumption.objects.exists()


def test_it_takes_the_scope_to_write(world, caller, number):
    assert caller(world.cast.robot, "cases:read").post(ADDRESS, number).status_code == 403
