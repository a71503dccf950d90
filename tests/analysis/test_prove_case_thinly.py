"""Where little can be shown: plans that are frozen knowingly, looks that are not sure, coders who change."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.analysis import services
from apps.analysis.models import Case, CaseState
from apps.analysis.services.seal_plan import digest
from tests.analysis.stages import add_action, nothing_happens, planning
from tests.analysis.test_prove_case import judged, read_twice
from tests.analysis.test_the_walk import FIXED, SURGE, walk_to_monitoring
from tests.analysis.world import TODAY, sow, sow_quiet
from tests.factories import NOW


def test_a_cut_that_would_not_be_seen_is_frozen_only_knowingly(world):
    sow_quiet(world, days=230, rate=1.0)
    case = planning(world)
    add_action(world, case)
    given = {"case": case, "expected_cut": 0.2, "second_source": "x", "by": world.cast.omar, "at": NOW}
    with nothing_happens(case), pytest.raises(services.HardToProve, match=r"in 84 days the power is \.\d\d"):
        services.freeze_plan(**given, knowing=False)
    plan = services.freeze_plan(**given, knowing=True)
    assert not plan.is_feasible
    assert "could not be shown in 56 days" in str(plan.feasibility)


def test_a_plan_with_looks_spends_little_on_the_first(world):
    sow_quiet(world, days=230, rate=2.0)
    case = planning(world)
    add_action(world, case)
    plan = services.freeze_plan(
        case=case,
        expected_cut=0.5,
        window_days=84,
        design="looks",
        second_source="x",
        by=world.cast.omar,
        at=NOW,
    )
    assert (plan.look, plan.looks, plan.window_days) == (1, 3, 28)
    assert plan.level == pytest.approx(0.0007, abs=1e-4)


def test_looks_that_are_not_sure_go_on_and_the_last_one_ends(world):
    sow_quiet(world, days=420, but=(world.charged,))
    sow(world, world.charged, {(420, 0): 0.25}, seed=1)
    case = walk_to_monitoring(world, cut=0.2, by_hand=True)
    judged(world, case)
    second = case.plans.last()
    assert (second.look, second.window_days) == (2, 112)
    assert second.level < 0.02
    assert digest(second) == second.digest


def test_the_case_page_says_what_can_be_shown_before_the_plan_is_frozen(world, client, monkeypatch):
    sow_quiet(world, days=230, rate=1.0)
    case = planning(world)
    add_action(world, case)
    services.count_days(first=TODAY - timedelta(days=230), last=TODAY, at=NOW)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    client.force_login(world.cast.omar)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "could not be shown" in page
    sent = {"expected_cut": 20, "window_days": 56, "design": "one date", "second_source": "Ledger"}
    refused = client.post(f"/cases/{case.pk}/freeze-plan/", sent)
    assert refused.status_code == 422
    assert "in 84 days the power is" in refused.content.decode()
    assert client.post(f"/cases/{case.pk}/freeze-plan/", sent | {"knowing": "on"}).status_code == 302
    assert "This can probably not be proven" in client.get(f"/cases/{case.pk}/").content.decode()


def test_coders_who_overlook_it_now_withhold_the_proof(world):
    sow_quiet(world, days=420, but=(world.charged,))
    sow(
        world,
        world.charged,
        {(420, SURGE["begins"]): 2.0, (SURGE["begins"], FIXED): 6.0, (FIXED, 0): 1.0},
        seed=1,
    )
    read_twice(world, from_days=300, to_days=150, overlooked=2)
    read_twice(world, from_days=65, to_days=15, overlooked=24)
    case = walk_to_monitoring(world)
    verdict = judged(world, case)
    assert verdict.verdict == "coding changed", verdict.reason
    assert verdict.corrected_high > 1 > verdict.high
    assert Case.objects.get(pk=case.pk).state == CaseState.MONITORING
    assert case.plans.last().look == 2
