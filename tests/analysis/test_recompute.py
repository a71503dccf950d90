"""Every figure names where it comes from, and comes out again; what was tampered with does not."""

import io
import json
import re
from datetime import timedelta
from html import unescape

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from apps.analysis import services
from apps.analysis.models import Action, Case, EffectivenessPlan, Signal, Verdict
from apps.analysis.provenance import Address
from apps.analysis.queries.case_figures import case_figures
from helpdesk.models import TicketIssue
from tests.analysis.test_prove_case import assume, judged, proven_and_closed
from tests.analysis.test_the_walk import SURGE, ago, walk_to_monitoring, walk_to_routed
from tests.analysis.world import TODAY, day_before, sow
from tests.factories import NOW, make_token

LATER = (NOW + timedelta(hours=1)).isoformat().replace("+", "%2B")


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def recompute(address):
    out = io.StringIO()
    call_command("recompute", address, stdout=out)
    return json.loads(out.getvalue())


def addresses_on(page):
    return [unescape(found) for found in re.findall(r"recompute (?:'|&#x27;)(.+?)(?:'|&#x27;)</code>", page)]


def kinds_on(page):
    return {Address.read(address).kind for address in addresses_on(page)}


def page_of(client, name, **where):
    return client.get(reverse(name, kwargs=where or None)).content.decode()


def api(world, path):
    key = make_token(world.cast.robot, "cases:read")
    return APIClient().get(f"/api/v1/{path}", HTTP_AUTHORIZATION=f"Bearer {key}").json()


def recode_one(world):
    row = TicketIssue.objects.filter(issue=world.charged, at__gte=ago(30)).order_by("at").first()
    row.ticket.classify(world.late, release=row.release, by=world.cast.ana, at=NOW)
    row.ticket.take_off(world.charged, by=world.cast.ana, at=NOW)


# --- every page


def test_all_that_a_case_page_shows_comes_out_again(years, sign_in):
    case, _ = proven_and_closed(years)
    page = page_of(sign_in(years.cast.nils), "case", number=case.pk)
    assert kinds_on(page) == {"case", "case/money", "plan", "verdict", "signal"}
    for address in addresses_on(page):
        recompute(address)
    assert "Taxonomy release 1, as of" in page


def test_what_could_be_proven_comes_out_again_when_the_case_has_gone_on(years, sign_in):
    case = walk_to_routed(years, at=ago(SURGE["found"]))
    services.accept_case(case=case, by=years.cast.omar, at=ago(SURGE["found"]))
    page = page_of(sign_in(years.cast.nils), "case", number=case.pk)
    [address] = {address for address in addresses_on(page) if Address.read(address).kind == "case"}
    assert recompute(address)["figures"]["prospect"]["outlooks"]
    services.hold_case(
        case=case, reason="A freeze", review_on=TODAY + timedelta(days=9), by=years.cast.nils, at=NOW
    )
    assert recompute(address)["figures"]["prospect"]["outlooks"]


def test_an_owner_without_an_account_sees_where_figures_come_from(years, client):
    case = walk_to_routed(years, at=ago(SURGE["found"]))
    key = services.make_link(case=case, user=years.cast.omar, at=NOW)
    assert "case" in kinds_on(page_of(client, "owner_page", key=key))


def test_lists_of_cases_say_where_the_money_of_each_comes_from(years, sign_in):
    assume(years)
    case = walk_to_routed(years, at=ago(SURGE["found"]))
    boss, owner = sign_in(years.cast.nils), sign_in(years.cast.omar)
    for page in (page_of(boss, "board"), page_of(owner, "needs_you")):
        [address] = addresses_on(page)
        assert address.startswith(f"case:{case.pk}/money?")
        assert case.number in page
        assert recompute(address)["figures"]["money_likely"] == str(case.money_likely)


def test_the_ledger_comes_out_again_and_so_does_its_figure_on_the_analysis(years, sign_in):
    proven_and_closed(years)
    client = sign_in(years.cast.nils)
    [address] = set(addresses_on(page_of(client, "ledger")))
    assert recompute(address)["figures"]["saved"]["likely"] > 0
    assert address in addresses_on(page_of(client, "analysis"))
    assert address in client.get(reverse("ledger_csv")).content.decode()
    assert api(years, "analysis/ledger/")["provenance"]["address"] == address


def test_a_ledger_of_part_of_the_cases_names_its_person(years, sign_in):
    proven_and_closed(years)
    [address] = set(addresses_on(page_of(sign_in(years.cast.omar), "ledger")))
    assert Address.read(address).asked == {"person": str(years.cast.omar.pk)}
    assert len(recompute(address)["figures"]["fixes"]) == 1


def test_the_ledger_of_a_past_day_knows_no_later_relapse(years):
    for issue, seed in ((years.refund, 4), (years.late, 11), (years.login, 12)):
        sow(years, issue, {(0, -60): 2.0}, seed=seed)
    sow(years, years.charged, {(0, -20): 0.6, (-20, -50): 5.0}, seed=3)
    proven_and_closed(years)
    moment = (NOW + timedelta(days=40)).isoformat().replace("+", "%2B")
    before = recompute(f"ledger?as_of={moment}")
    services.watch_proven(by=years.cast.system, at=NOW + timedelta(days=50))
    assert recompute(before["provenance"]["address"])["figures"] == before["figures"]
    [signal] = Signal.objects.filter(kind="regression")
    assert recompute(f"signal:{signal.pk}")["figures"]["observed"] == signal.observed


def test_a_department_says_where_its_figures_come_from(years, sign_in):
    assume(years)
    case = walk_to_routed(years, at=ago(SURGE["found"]))
    client = sign_in(years.cast.nils)
    assert kinds_on(page_of(client, "departments")) == {"case/money"}
    page = page_of(client, "department", slug="billing")
    assert kinds_on(page) == {"department", "case/money"}
    [address] = [one for one in addresses_on(page) if one.startswith("department:billing?")]
    assert recompute(address)["figures"]["queue"][case.number]["cost"] > 0
    services.accept_case(case=case, by=years.cast.omar, at=NOW)
    with pytest.raises(CommandError, match="1 cases accepted"):
        recompute(address)


def test_the_api_says_the_same_address_as_the_page(years, sign_in):
    case, verdict = proven_and_closed(years)
    shown = addresses_on(page_of(sign_in(years.cast.nils), "case", number=case.pk))
    told = api(years, f"cases/{case.pk}/")
    assert told["money_provenance"]["address"] in shown
    assert told["verdicts"][0]["provenance"]["address"] in shown
    assert told["plans"][0]["provenance"]["address"] in shown
    assert api(years, "cases/")["data"][0]["money_provenance"] == told["money_provenance"]
    [signal] = api(years, "signals/")["data"]
    assert signal["provenance"] == api(years, f"signals/{signal['id']}/")["provenance"]
    assert signal["provenance"]["address"] in shown
    assert recompute(f"case:{case.pk}/verdict")["figures"]["ratio"] == verdict.ratio


# --- what was tampered with


@pytest.mark.parametrize("name", ["p", "saved_likely", "ceiling", "high"])
def test_a_verdict_that_was_tampered_with_is_noticed(years, name):
    _, verdict = proven_and_closed(years)
    with pgtrigger.ignore("analysis.Verdict:verdicts_stay"):
        Verdict.objects.update(**{name: getattr(verdict, name) * 2})
    with pytest.raises(CommandError, match=f"differ: {name}: "):
        recompute(f"verdict:{verdict.pk}")


def test_money_that_was_tampered_with_is_noticed(years):
    assume(years)
    case = walk_to_routed(years, at=ago(SURGE["found"]))
    Case.objects.update(money_likely=case.money_likely / 2)
    with pytest.raises(CommandError, match="money_likely: "):
        recompute(f"case:{case.pk}/money")


def test_a_plan_that_was_tampered_with_is_noticed(years):
    walk_to_monitoring(years)
    plan = EffectivenessPlan.objects.get()
    recompute(f"plan:{plan.pk}")
    with pgtrigger.ignore("analysis.EffectivenessPlan:frozen_plans_stay"):
        EffectivenessPlan.objects.update(power=0.99)
    with pytest.raises(CommandError, match="power: "):
        recompute(f"plan:{plan.pk}")


def test_figures_that_are_not_those_that_were_shown_are_noticed(years):
    proven_and_closed(years)
    address = recompute(f"ledger?as_of={LATER}")["provenance"]["address"]
    with pytest.raises(CommandError, match="Nothing that moves them is written down"):
        recompute(re.sub("digest=.", "digest=x", address))


# --- what has changed by right


def test_recoding_changes_no_verdict_and_is_said(years):
    verdict = judged(years)
    recode_one(years)
    services.count_days(first=verdict.plan.baseline_start, last=verdict.window_end, at=NOW)
    found = recompute(f"verdict:{verdict.pk}")
    assert any("Coded otherwise since: 1 of tickets" in said for said in found["changed_since"])


def test_a_dearer_fix_is_named_as_what_changed_the_ledger(years):
    proven_and_closed(years)
    address = recompute("ledger")["provenance"]["address"]
    Action.objects.update(cost=4_000)
    case = Case.objects.get()
    case.change(title="Another title", by=years.cast.nils, at=NOW)
    with pytest.raises(CommandError, match="cases changed"):
        recompute(address)


def test_a_case_of_a_past_day_counts_what_was_linked_then(years):
    assume(years)
    case = walk_to_routed(years, at=ago(SURGE["found"]))
    services.count_days(first=day_before(400), last=day_before(1), at=NOW)
    before = case_figures(case, verdicts=[], at=NOW)
    evidence = case.evidence.first()
    services.exclude_ticket(evidence=evidence, by=years.cast.nils, at=NOW + timedelta(hours=1))
    recompute(before.provenance.address)
    assert case_figures(case, verdicts=[], at=NOW + timedelta(hours=2)).figures.tickets == (
        before.figures.tickets - 1
    )


@pytest.mark.parametrize(
    "wrong", ["signal:7", "verdict:7", "plan:7", "case:7", "case:7/money", "case:7/verdict", "case", "digest:7",
              "ledger?person=99999", "standards?months=5", "standards?departments=moon", "exposure?days=3"],
)  # fmt: skip
def test_what_is_not_there_is_refused(wrong, db):
    with pytest.raises(CommandError, match="no address"):
        recompute(wrong)
