import pytest
from rest_framework.test import APIClient

from apps.analysis import services
from apps.analysis.models import Case, Exposure, Signal
from tests.analysis.stages import fresh, routed
from tests.analysis.world import TODAY, sow
from tests.factories import NOW


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def case(world):
    sow(world, world.charged, {(60, 0): 1.0}, seed=1)
    return routed(world)


def test_cases_are_listed_and_read_with_all_that_belongs_to_them(case, world, caller):
    robot = caller(world.cast.robot)
    assert [row["number"] for row in robot.get("/api/v1/cases/").json()["data"]] == [case.pk]
    assert robot.get("/api/v1/cases/?state=closed").json()["data"] == []
    found = robot.get(f"/api/v1/cases/{case.pk}/").json()
    assert (found["name"], found["owner"], found["issue"]) == (
        case.number,
        "omar@desk.test",
        "invoice/charged-twice",
    )
    assert found["causes"] == found["actions"] == found["plans"] == found["verdicts"] == []


def test_an_unknown_state_is_told(case, world, caller):
    assert caller(world.cast.robot).get("/api/v1/cases/?state=lost").status_code == 422


def test_the_tickets_of_a_case_are_quoted_without_names(case, world, caller):
    rows = caller(world.cast.robot).get(f"/api/v1/cases/{case.pk}/tickets/?limit=5").json()
    assert len(rows["data"]) == 5
    assert rows["has_more"] is True
    assert "Zoe" not in str(rows)


def test_the_owner_accepts_by_api_once(case, world, caller):
    omar = caller(world.cast.omar)
    key = {"HTTP_IDEMPOTENCY_KEY": "accept-31"}
    first = omar.post(f"/api/v1/cases/{case.pk}/accept/", {}, **key)
    assert (first.status_code, first.json()["state"]) == (200, "investigating")
    assert omar.post(f"/api/v1/cases/{case.pk}/accept/", {}, **key).json() == first.json()
    assert omar.post(f"/api/v1/cases/{case.pk}/accept/", {}).status_code == 409


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"reason": "not_ours"}, "Name the department"),
        ({"reason": "lazy"}, "reason"),
        ({"resaon": "not_ours"}, "Unknown field"),
        ({"reason": ["not_ours"]}, "plain value"),
        ([], "JSON object"),
    ],
)
def test_a_wrong_answer_is_refused_with_the_reason_and_nothing_happens(case, world, caller, body, said):
    answer = caller(world.cast.omar).post(f"/api/v1/cases/{case.pk}/reject/", body)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert fresh(case).state == "routed"


def test_who_may_not_is_told_so_and_a_stranger_finds_nothing(case, world, caller):
    assert caller(world.cast.nils).post(f"/api/v1/cases/{case.pk}/accept/", {}).status_code == 403
    assert caller(world.cast.ana).get(f"/api/v1/cases/{case.pk}/").status_code == 403
    assert caller(world.cast.nils, "tickets:read").get("/api/v1/cases/").status_code == 403
    assert caller(world.cast.nils).post(f"/api/v1/cases/{case.pk}/explode/", {}).status_code == 404
    assert APIClient().get("/api/v1/cases/").status_code == 401


def test_signals_are_listed_with_their_numbers(case, world, caller):
    Signal.objects.create(
        kind="surge",
        issue=world.late,
        label="Late parcel",
        sentence="More.",
        detector="x",
        started_on=TODAY,
        window_start=TODAY,
        window_end=TODAY,
        observed=9,
        expected=3,
        ratio=3,
        excess=6,
        first_seen_on=TODAY,
        last_seen_on=TODAY,
    )
    [row] = caller(world.cast.robot).get("/api/v1/signals/?state=new").json()["data"]
    assert (row["issue"], row["ratio"]) == ("delivery/late-parcel", 3)
    assert caller(world.cast.robot).get(f"/api/v1/signals/{row['id']}/").json()["label"] == "Late parcel"


def test_the_pareto_shows_what_is_uncoded(case, world, caller):
    sow(world, None, {(30, 0): 0.5}, seed=2)
    services.find_signals(by=world.cast.system, at=NOW)
    found = caller(world.cast.robot).get("/api/v1/analysis/pareto/?days=30").json()
    assert [row["label"] for row in found["data"]] == ["Charged twice", "Uncoded"]
    assert caller(world.cast.robot).get("/api/v1/analysis/pareto/?days=7").status_code == 422


def test_listing_costs_the_same_for_one_case_and_for_twenty(
    case, world, caller, django_assert_max_num_queries
):
    robot = caller(world.cast.robot)
    with django_assert_max_num_queries(4):
        robot.get("/api/v1/cases/")
    for _ in range(19):
        services.open_case(issue=world.late, by=world.cast.nils, at=NOW)
    with django_assert_max_num_queries(4):
        assert len(robot.get("/api/v1/cases/").json()["data"]) == 20
    assert Case.objects.count() == 20


def test_exposure_is_sent_day_by_day_and_corrected(world, caller):
    nils = caller(world.cast.nils)
    sent = {"day": "2026-05-05", "kind": "orders", "value": 900}
    assert nils.put("/api/v1/analysis/exposure/", sent).status_code == 200
    assert nils.put("/api/v1/analysis/exposure/", sent | {"value": 950}).status_code == 200
    assert Exposure.objects.get().value == 950
    for wrong in ({"value": 0}, {"day": "2027-01-01"}, {"kind": "moons"}, {"colour": "red"}):
        assert nils.put("/api/v1/analysis/exposure/", sent | wrong).status_code == 422
    assert caller(world.cast.ana).put("/api/v1/analysis/exposure/", sent).status_code == 403
