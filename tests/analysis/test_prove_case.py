"""What surrounds a verdict: the seal, the looks, the quarter, the second source, the record, and the ledger."""

from datetime import timedelta
from decimal import Decimal

import pgtrigger
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from apps.analysis import services
from apps.analysis.models import Case, CaseState, EffectivenessPlan, Parameter, Verdict
from apps.analysis.queries.ledger import ledger
from apps.analysis.queries.quarter import family_of
from apps.analysis.services.seal_plan import digest, frozen_baseline
from apps.intake.models import Suggestion
from apps.response.models import SampledWeek, SecondReading
from helpdesk.models import Ticket
from tests.analysis.stages import nothing_happens
from tests.analysis.test_the_walk import FIXED, SURGE, ago, walk_to_fixing, walk_to_monitoring
from tests.analysis.world import TODAY, sow
from tests.factories import NOW, make_token


def judged(world, case=None):
    case = case or walk_to_monitoring(world)
    return services.judge_case(case=case, by=world.cast.system, at=NOW)


def assume(world):
    for parameter, number in (
        (Parameter.CUSTOMER_VALUE, 100), (Parameter.MULTIPLIER, 4), (Parameter.LOSS_SILENT, "0.3"),
    ):  # fmt: skip
        services.set_assumption(
            parameter=parameter, low=Decimal(number), likely=Decimal(number), high=Decimal(number),
            source="Survey", dated_on=TODAY - timedelta(days=500), by=world.cast.nils, at=ago(450),
        )  # fmt: skip


# --- before the work starts


def test_the_baseline_is_half_a_year_and_what_it_can_show_is_told(years):
    plan = walk_to_fixing(years, at=ago(SURGE["found"])).plans.get()
    assert (plan.baseline_end - plan.baseline_start).days + 1 == 182
    assert "days to confirm 50% fewer" in str(plan.feasibility)


def test_after_a_relapse_the_baseline_is_the_proven_level(years):
    for issue, seed in ((years.refund, 4), (years.late, 11), (years.login, 12)):
        sow(years, issue, {(0, -60): 2.0}, seed=seed)
    sow(years, years.charged, {(0, -20): 0.6, (-20, -50): 5.0}, seed=3)
    case, verdict = proven_and_closed(years)
    later = NOW + timedelta(days=50)
    services.watch_proven(by=years.cast.system, at=later)
    prospect = services.prospect_of(case=Case.objects.get(pk=case.pk), at=later)
    assert prospect.baseline_start == verdict.window_start
    assert prospect.weekly < 7


# --- the seal


def test_the_seal_holds_over_storing_and_reading(years):
    plan = walk_to_fixing(years, at=ago(SURGE["found"])).plans.get()
    assert plan.seal == 2
    assert digest(plan) == plan.digest
    assert sum(frozen_baseline(plan)[0]) == pytest.approx(plan.weekly / 7 * len(frozen_baseline(plan)[0]))


@pytest.mark.parametrize(
    "changed",
    [{"expected_cut": 0.1}, {"second_source": "Another"}, {"baseline": b"nonsense"}, {"level": 0.5},
     {"decision_on": TODAY + timedelta(days=1)}, {"baseline_digest": "0" * 64}],
)  # fmt: skip
def test_a_tampered_plan_is_refused_loudly(years, changed):
    case = walk_to_monitoring(years)
    with pgtrigger.ignore("analysis.EffectivenessPlan:frozen_plans_stay"):
        EffectivenessPlan.objects.update(**changed)
    with nothing_happens(case), pytest.raises(services.PlanTampered):
        judged(years, case)
    assert not Verdict.objects.exists()


# --- the verdict and its record


def test_a_verdict_says_how_sure_it_is(years):
    verdict = judged(years)
    assert "8 in 10 sure the drop is between" in str(verdict.reason)
    assert (verdict.family, verdict.level) == (1, pytest.approx(0.04))
    assert verdict.q == verdict.p_spent


def test_what_else_is_due_this_quarter_makes_each_proof_harder(years):
    case = walk_to_monitoring(years)
    assert family_of(case, NOW) == family_of(case, NOW).__class__((), 0)
    walk_to_fixing(
        years, at=ago(20), until=15, by_hand=True
    )  # its date lies later this quarter or is overdue
    family = family_of(case, NOW)
    assert family.still_due == EffectivenessPlan.objects.exclude(case=case).count()
    verdict = judged(years, case)
    assert verdict.family == 2
    assert verdict.q == pytest.approx(min(1, 2 * verdict.p_spent))


def test_the_words_of_all_tickets_stand_beside_the_codes(years):
    tickets = Ticket.objects.values_list("pk", "primary_issue")
    Suggestion.objects.bulk_create(
        Suggestion(ticket_id=pk, issue_id=issue, rank=1, confidence=0.9) for pk, issue in tickets
    )
    verdict = judged(years)
    assert verdict.texts_ratio == pytest.approx(verdict.ratio, abs=0.1)
    assert any("agree with the codes" in str(remark) for remark in verdict.remarks)


def test_words_that_were_read_of_half_the_tickets_say_nothing(years):
    tickets = Ticket.objects.filter(pk__gt=Ticket.objects.order_by("pk")[1000].pk)
    Suggestion.objects.bulk_create(
        Suggestion(ticket=ticket, issue=years.charged, rank=1, confidence=0.9) for ticket in tickets
    )
    assert judged(years).texts_ratio is None


# --- the watch and the ledger


def proven_and_closed(world):
    assume(world)
    case = walk_to_monitoring(world)
    services.tell_customers(case=case, waived="Everybody was told", by=world.cast.nils, at=NOW)
    verdict = judged(world, case)
    assert verdict.verdict == "effective", verdict.reason
    return Case.objects.get(pk=case.pk), verdict


def test_the_ledger_counts_while_the_proof_holds(years):
    _, verdict = proven_and_closed(years)
    found = ledger(Case.objects.all(), at=NOW)
    [fix] = found.fixes
    days = (TODAY - verdict.window_start).days
    assert fix.holds
    assert found.saved.likely == pytest.approx(float(verdict.saved_likely) * days / 91)
    assert found.saved.low < found.saved.likely < found.saved.high
    assert found.running.likely == pytest.approx(float(verdict.saved_likely))
    assert sum(row.saved.likely for row in found.quarters if not row.department) == pytest.approx(
        found.saved.likely
    )
    assert {row.department for row in found.quarters} == {"", years.cast.billing.name}
    assert fix.waited_days == SURGE["found"] - FIXED


def test_a_fix_that_came_undone_stops_on_the_day_the_relapse_began(years):
    for issue, seed in ((years.refund, 4), (years.late, 11), (years.login, 12)):
        sow(years, issue, {(0, -60): 2.0}, seed=seed)
    sow(years, years.charged, {(0, -20): 0.6, (-20, -50): 5.0}, seed=3)
    _, verdict = proven_and_closed(years)
    [signal] = services.watch_proven(by=years.cast.system, at=NOW + timedelta(days=50))
    assert abs((signal.started_on - (TODAY + timedelta(days=20))).days) <= 4
    [fix] = ledger(Case.objects.all(), at=NOW + timedelta(days=50)).fixes
    assert fix.until == signal.started_on
    assert ledger(Case.objects.all(), at=NOW + timedelta(days=50)).running.likely == 0
    held = (signal.started_on - verdict.window_start).days
    assert fix.saved.likely == pytest.approx(float(verdict.saved_likely) * held / 91)


def test_a_proven_fix_is_watched_before_its_customers_are_told(years):
    for issue, seed in ((years.refund, 4), (years.late, 11), (years.login, 12)):
        sow(years, issue, {(0, -60): 2.0}, seed=seed)
    sow(years, years.charged, {(0, -50): 5.0}, seed=3)
    case = walk_to_monitoring(years)
    judged(years, case)
    assert Case.objects.get(pk=case.pk).state == CaseState.MONITORING
    assert len(services.watch_proven(by=years.cast.system, at=NOW + timedelta(days=30))) == 1
    assert Case.objects.get(pk=case.pk).state == CaseState.ASSESS


def test_the_page_of_the_ledger_its_file_and_its_answer_say_the_same(years, client, monkeypatch):
    case, verdict = proven_and_closed(years)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    client.force_login(years.cast.nils)
    page = client.get("/analysis/ledger/").content.decode()
    assert case.number in page
    [row] = client.get("/analysis/ledger.csv").content.decode().splitlines()[1:]
    assert row.startswith(f"{case.number},")
    assert f"{verdict.saved_likely:.2f}" in row
    assert client.get("/analysis/").status_code == 200


def test_the_ledger_costs_the_same_for_one_fix_and_for_more(years, django_assert_num_queries):
    proven_and_closed(years)
    with django_assert_num_queries(3):  # verdicts, relapses, costs
        ledger(Case.objects.all(), at=NOW)


def test_a_stranger_sees_no_ledger(years, client):
    client.force_login(years.cast.zoe if hasattr(years.cast.zoe, "is_active") else years.cast.ana)
    assert client.get("/analysis/ledger/").status_code in (403, 404)


def test_a_case_page_with_a_verdict_shows_its_remarks(years, client, monkeypatch):
    case, verdict = proven_and_closed(years)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    client.force_login(years.cast.nils)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "8 in 10 sure" in page
    assert f"verdict {verdict.pk}" in page


def test_the_ledger_by_api(years):
    _, verdict = proven_and_closed(years)
    robot = {"HTTP_AUTHORIZATION": f"Bearer {make_token(years.cast.robot, 'cases:read')}"}
    found = APIClient().get("/api/v1/analysis/ledger/", **robot).json()
    assert found["a_quarter"]["likely"] == pytest.approx(float(verdict.saved_likely))
    [fix] = found["fixes"]
    assert (fix["verdict"], fix["until"]) == (verdict.pk, None)


def read_twice(world, *, from_days, to_days, overlooked):
    """Forty tickets with the issue and forty others, coded a second time: so many had the wrong code."""
    week = SampledWeek.objects.create(
        monday=TODAY - timedelta(days=from_days), coded=500, drawn_at=ago(to_days)
    )
    for issue, wrong in ((world.charged, overlooked), (world.late, 0)):
        opened = {"opened_at__gte": ago(from_days), "opened_at__lt": ago(to_days)}
        tickets = Ticket.objects.filter(primary_issue=issue, **opened).order_by("pk")[:40]
        assert len(tickets) == 40
        for n, ticket in enumerate(tickets):
            first = world.login if n < wrong else issue
            SecondReading.objects.create(
                ticket=ticket, week=week, why="any", chance=0.1, state="agreed" if first == issue else "settled",
                first_issue=first, first_by=world.cast.ana, first_at=ticket.opened_at, second_issue=issue,
                second_by=world.cast.lena, second_at=ticket.opened_at, true_issue=issue,
            )  # fmt: skip


def test_coders_who_stay_as_they_were_leave_the_proof(years):
    read_twice(years, from_days=300, to_days=150, overlooked=2)
    week = {"from_days": 160, "to_days": 111}
    read_twice(years, **week, overlooked=2)
    verdict = judged(years)
    assert verdict.verdict == "effective"
    assert verdict.corrected_ratio is None  # too few since the fix were read twice
