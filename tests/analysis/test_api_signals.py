"""Signals are judged by API as on their page: promoted, merged, snoozed three ways, dismissed; and refused alike."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from apps.analysis import services
from apps.analysis.models import Case
from helpdesk.models import Event, Role
from tests.analysis.stages import assessed
from tests.analysis.test_pages import make_signal
from tests.analysis.world import TODAY
from tests.factories import NOW, make_user

TOMORROW = (TODAY + timedelta(days=1)).isoformat()


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def signal(world):
    return make_signal(issue=world.charged)


def address(signal, judgement):
    return f"/api/v1/signals/{signal.pk}/{judgement}/"


def nothing_was_judged(signal):
    signal.refresh_from_db()
    return signal.state == "new" and not Event.objects.filter(kind="signal.judged").exists()


def test_a_signal_is_promoted_once_and_its_case_is_named(signal, world, caller):
    robot, key = caller(world.cast.robot), {"HTTP_IDEMPOTENCY_KEY": "promote-1"}
    first = robot.post(address(signal, "promote"), {}, **key)
    assert first.status_code == 200, first.content
    assert (first.json()["state"], first.json()["case"]) == ("promoted", Case.objects.get().pk)
    again = robot.post(address(signal, "promote"), {}, **key)
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")
    assert Case.objects.count() == 1
    other = robot.post(address(make_signal(2), "promote"), {}, **key)
    assert other.status_code == 422
    refused = robot.post(address(signal, "promote"), {})
    assert (refused.status_code, refused.json()["title"]) == (409, "Already judged")


def test_a_signal_is_merged_into_a_case(signal, world, caller):
    case = assessed(world)
    merged = caller(world.cast.robot).post(address(signal, "merge"), {"into": f"case:{case.pk}"}).json()
    assert (merged["state"], merged["case"], merged["into"]) == ("merged", case.pk, None)


def test_a_signal_is_merged_into_another(signal, world, caller):
    other = make_signal(2)
    merged = caller(world.cast.robot).post(address(signal, "merge"), {"into": f"signal:{other.pk}"}).json()
    assert (merged["state"], merged["case"], merged["into"]) == ("merged", None, other.pk)


@pytest.mark.parametrize(
    ("asked", "until", "above"),
    [
        ({"until": TOMORROW}, TOMORROW, None),
        ({"above": 50, "reason": "Small yet"}, None, 50),
        ({}, None, None),
        ({"until": None, "above": None}, None, None),
    ],
)
def test_a_signal_is_snoozed_three_ways(signal, world, caller, asked, until, above):
    snoozed = caller(world.cast.robot).post(address(signal, "snooze"), asked)
    assert snoozed.status_code == 200, snoozed.content
    found = snoozed.json()
    assert (found["state"], found["snoozed_until"], found["snoozed_above"]) == ("snoozed", until, above)
    assert found["reason"] == asked.get("reason", "")


def test_a_signal_is_dismissed_with_a_reason(signal, world, caller):
    asked = {"dismissal": "planned", "reason": "The price letter"}
    found = caller(world.cast.robot).post(address(signal, "dismiss"), asked).json()
    assert (found["state"], found["dismissal"], found["reason"]) == (
        "dismissed",
        "planned",
        "The price letter",
    )
    assert found["judged_at"].startswith("2026-05-06T10:00")


@pytest.mark.parametrize(
    ("judgement", "asked", "said"),
    [
        ("promote", {"title": "Mine"}, "Unknown field"),
        ("merge", {}, "/into"),
        ("merge", {"into": "case:987654"}, "Choose one from the list"),
        ("merge", {"into": "31"}, "Choose one from the list"),
        ("merge", {"into": ["case:1"]}, "One plain value"),
        ("snooze", {"until": "2026-05-06"}, "day in the future"),
        ("snooze", {"until": "soon"}, "/until"),
        ("snooze", {"above": 9}, "larger number"),
        ("snooze", {"above": 10**12}, "/above"),
        ("snooze", {"untill": TOMORROW}, "Known: until, above, reason"),
        ("dismiss", {"dismissal": "boring"}, "/dismissal"),
        ("dismiss", {"dismissal": "fixed"}, "/reason"),
        ("dismiss", {"dismissal": "level"}, "/reason"),
        ("dismiss", [], "JSON object"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field_and_nothing_is_judged(
    signal, world, caller, judgement, asked, said
):
    refused = caller(world.cast.robot).post(address(signal, judgement), asked)
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert said in refused.content.decode()
    assert nothing_was_judged(signal)


def test_a_signal_is_not_merged_into_itself(signal, world, caller):
    refused = caller(world.cast.robot).post(address(signal, "merge"), {"into": f"signal:{signal.pk}"})
    assert refused.status_code == 422
    assert nothing_was_judged(signal)


def test_nobody_merges_into_a_case_that_is_not_theirs_to_see(signal, world, caller):
    case = assessed(world)
    theirs = make_user("courier", Role.API_CLIENT, world.cast.shipping)
    refused = caller(theirs).post(address(signal, "merge"), {"into": f"case:{case.pk}"})
    assert refused.status_code == 422
    assert case.title not in refused.content.decode()
    assert nothing_was_judged(signal)


def test_a_closed_case_takes_no_signal(signal, world, caller):
    case = assessed(world)
    services.close_case(case=case, outcome="cancelled", note="Too small", by=world.cast.nils, at=NOW)
    assert (
        caller(world.cast.robot).post(address(signal, "merge"), {"into": f"case:{case.pk}"}).status_code
        == 422
    )
    assert nothing_was_judged(signal)


def test_who_may_not_judge_is_refused_and_a_stranger_too(signal, world, caller):
    assert caller(world.cast.ana).post(address(signal, "promote"), {}).status_code == 403
    assert caller(world.cast.omar).post(address(signal, "dismiss"), {"dismissal": "noise"}).status_code == 403
    assert caller(world.cast.robot, "cases:read").post(address(signal, "promote"), {}).status_code == 403
    assert APIClient().post(address(signal, "promote"), {}).status_code == 401
    wrong = APIClient().post(address(signal, "promote"), {}, HTTP_AUTHORIZATION="Bearer hd_wrong")
    assert (wrong.status_code, wrong["Content-Type"]) == (401, "application/problem+json")
    assert nothing_was_judged(signal)


def test_what_is_not_there_is_not_found(signal, world, caller):
    robot = caller(world.cast.robot)
    assert robot.post("/api/v1/signals/987654/promote/", {}).status_code == 404
    assert robot.post(address(signal, "explode"), {}).status_code == 404
    assert robot.get(address(signal, "promote")).status_code == 405
    assert nothing_was_judged(signal)
