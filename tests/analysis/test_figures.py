"""The analysis page's figures: with money, as of any day, and again from their address."""

import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.analysis.figures import Asked
from apps.analysis.models import Assumption
from apps.analysis.queries.figures import figures
from apps.analysis.queries.money import money_model
from apps.analysis.simulation import exact
from helpdesk.models import Ticket, TicketIssue
from helpdesk.templatetags.helpdesk import money, number
from tests.analysis.assumptions import assume
from tests.analysis.kept_worlds import count_days
from tests.analysis.world import TODAY, day_before, sow
from tests.factories import NOW, make_issue, make_ticket, make_token

MONEY = Asked(by="money", place="region")


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def recompute(address):
    out = io.StringIO()
    call_command("recompute", address, stdout=out)
    return json.loads(out.getvalue())


def address_on(page):
    return unescape(re.search(r"recompute (?:'|&#x27;)(.+?)(?:'|&#x27;)</code>", page)[1])


# --- the same figures everywhere


@pytest.mark.parametrize("query", ["?by=money&place=region", "?days=30", "?prevent=25&solicit=0&satisfy=5"])
def test_the_page_shows_what_its_address_computes_to_the_last_digit(weighed, sign_in, query):
    page = sign_in(weighed.cast.nils).get(reverse("analysis") + query).content.decode()
    found = recompute(address_on(page))["figures"]
    shown = unescape(page)
    assert number(found["tickets"]) in shown
    for issue in found["issues"]:
        assert issue["label"] in shown
        if issue["money"]:
            for end in ("low", "likely", "high"):
                assert money(issue["money"][end]) in shown
    for payoff in found["damage"]["payoffs"]:
        assert money(payoff["money"]["likely"]) in shown
        assert number(payoff["customers"]["low"]) in shown
    for charge in found["costs"]["charges"]:
        assert money(charge["cost"]["high"]) in shown
    for place in found["places"]:
        assert place["rank_words"] in shown
        assert number(place["rate"], 1) in shown


def test_page_api_file_and_command_agree(weighed, sign_in):
    client = sign_in(weighed.cast.nils)
    page = client.get(reverse("analysis") + "?by=money&place=region").content.decode()
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {make_token(weighed.cast.robot, 'cases:read')}"}
    api = client.get("/api/v1/analysis/figures/?by=money&place=region", **bearer).json()
    pareto = client.get("/api/v1/analysis/pareto/?by=money&place=region", **bearer).json()
    table = client.get(reverse("pareto_csv") + "?by=money&place=region").content.decode()
    command = recompute(address_on(page))
    assert api["figures"] == command["figures"]
    assert api["provenance"] == command["provenance"] == pareto["provenance"]
    assert api["provenance"]["address"] == address_on(page)
    assert [row["money_at_risk"] for row in pareto["data"]] == [
        row["money"] for row in api["figures"]["issues"]
    ]
    assert all(line.endswith(api["provenance"]["address"]) for line in table.splitlines()[1:])
    assert api["figures"]["issues"][0]["money"]["likely"] in table


def test_what_the_api_cannot_be_asked_is_told(weighed, client):
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {make_token(weighed.cast.robot, 'cases:read')}"}
    for wrong in ("days=7", "by=mood", "colour=red", "as_of=yesterday", "as_of=0001-01-01T00:00:00Z"):
        assert client.get(f"/api/v1/analysis/figures/?{wrong}", **bearer).status_code == 422


def test_the_command_says_when_the_rows_behind_the_figures_have_changed(weighed):
    address = figures(MONEY, at=NOW).provenance.address
    assert recompute(address)["provenance"]["address"] == address
    ticket = TicketIssue.objects.filter(issue=weighed.charged).order_by("-at").first().ticket
    ticket.classify(weighed.late, release=ticket.issues.get().release, by=weighed.cast.ana, at=NOW)
    with pytest.raises(CommandError, match="coded again"):
        recompute(address)


@pytest.mark.parametrize("wrong", ["moon?days=30", "analysis?days=7", "analysis?as_of=soon", "analysis?by"])
def test_the_command_refuses_what_is_no_address(wrong, db):
    with pytest.raises(CommandError, match="no address"):
        recompute(wrong)


def test_the_same_question_has_the_same_answer_an_hour_later(weighed):
    one, later = figures(MONEY, at=NOW), figures(MONEY, at=NOW + timedelta(hours=1))
    assert one.figures == later.figures


def test_the_figures_cost_as_many_queries_for_four_issues_as_for_forty(weighed, sign_in):
    def queries():
        with CaptureQueriesContext(connection) as found:
            figures(MONEY, at=NOW)
        return len(found)

    few = queries()
    for n in range(36):
        issue = make_issue(f"more-{n}", owner=weighed.cast.billing)
        sow(weighed, issue, {(40, 0): 0.2}, seed=50 + n)
        assume(weighed, "multiplier", 2, 3, 4, issue=issue)
    count_days()
    # Taxonomy (2), assumptions, outcomes, names (2), days, contacts, customers, moves, refunds, exposure,
    # departments, release.
    assert queries() == few <= 14


# --- as of another day


def test_a_figure_of_a_past_day_uses_what_was_assumed_then(weighed):
    before = figures(MONEY, at=NOW - timedelta(days=1))
    assert before.figures.damage is None  # nothing was set yet
    assume(weighed, "customer_value", 500, 600, 800, valid_from=TODAY + timedelta(days=7))
    now, then = figures(MONEY, at=NOW), figures(MONEY, at=NOW + timedelta(days=7))
    assert now.figures.damage.money.likely < then.figures.damage.money.likely
    assume(weighed, "customer_value", 1, 1, 1, at=NOW + timedelta(hours=2))
    assert figures(MONEY, at=NOW).figures == now.figures  # written down later


def test_the_page_looks_back(weighed, sign_in):
    early = (NOW - timedelta(days=30)).isoformat()
    page = sign_in(weighed.cast.nils).get(reverse("analysis"), {"as_of": early}).content.decode()
    assert "A look back" in page
    assert Assumption.objects.count()
    assert "None is set" in page or "none is set yet" in page
    assert recompute(address_on(page))["figures"]["last"] == day_before(31).isoformat()
    for odd in ("soon", "2099-01-01T00:00:00+00:00", "2026-01-01", "0001-01-01T00:00:00+00:00"):
        assert sign_in(weighed.cast.nils).get(reverse("analysis"), {"as_of": odd}).status_code == 200


# --- money


def test_the_likely_money_of_an_issue_is_the_formula_by_hand(weighed):
    found = next(one for one in figures(MONEY, at=NOW).figures.issues if one.issue == weighed.charged.path)
    tickets = found.tickets * 91 / 90
    heard = 0.6 * 0.02 + 0.2 * 0.08 + 0.2 * 0.20
    by_hand = exact(tickets * heard * 60 + tickets * 2 * 0.10 * 60)
    assert abs(found.money.likely - by_hand) <= Decimal("0.01")
    assert found.money.low < found.money.likely < found.money.high


def test_issue_page_and_case_put_the_same_money_at_risk(weighed):
    model = money_model(NOW)
    found = next(one for one in figures(MONEY, at=NOW).figures.issues if one.issue == weighed.charged.path)
    case = model.at_risk(found.tickets * 91 / 90, weighed.charged.pk)
    for end in ("low", "likely", "high"):
        assert abs(getattr(case, end) - getattr(found.money, end)) <= Decimal("0.01")
    assert case.note == ""


def test_another_issue_more_moves_nobodys_money(weighed):
    before = {one.issue: one.money for one in figures(MONEY, at=NOW).figures.issues}
    issue = make_issue("more", owner=weighed.cast.billing)
    sow(weighed, issue, {(40, 0): 1.0}, seed=50)
    assume(weighed, "multiplier", 2, 30, 40, issue=issue)
    count_days()
    after = {one.issue: one.money for one in figures(MONEY, at=NOW).figures.issues}
    assert {path: after[path] for path in before} == before


def test_an_assumption_about_a_channel_weighs_the_contacts_that_came_by_it(weighed):
    sow(weighed, weighed.login, {(60, 0): 2.0}, seed=60, channel="phone")
    count_days()
    before = {one.issue: one.money for one in figures(MONEY, at=NOW).figures.issues}
    assume(weighed, "multiplier", 20, 30, 50, channel="phone")
    after = {one.issue: one.money for one in figures(MONEY, at=NOW).figures.issues}
    assert after[weighed.login.path].likely > before[weighed.login.path].likely * 3
    assert after[weighed.charged.path] == before[weighed.charged.path]


def test_customers_are_lost_once_however_many_problems_they_told_us_of(weighed):
    damage = figures(MONEY, at=NOW).figures.damage
    assert damage.told == 1  # all of it was Zoe
    assert damage.customers.likely == 3
    assert damage.lost.high <= damage.customers.high


def test_levers_say_what_they_pay_and_soliciting_may_lose(weighed):
    pays = figures(replace(MONEY, solicit=50), at=NOW).figures.damage
    assert pays.soliciting_pays
    assert {one.lever: one.customers.likely > 0 for one in pays.payoffs} == dict.fromkeys(
        ("prevent", "solicit", "satisfy", "all"), True
    )
    Ticket.objects.exclude(outcome="").update(outcome="dissatisfied")
    loses = figures(replace(MONEY, solicit=50), at=NOW).figures.damage
    assert not loses.soliciting_pays
    assert loses.payoffs[1].customers.likely < 0


# --- direct costs


def test_what_is_paid_back_is_charged_to_the_department_that_causes_it(weighed):
    coded = TicketIssue.objects.filter(issue=weighed.late).order_by("-at").first()
    TicketIssue.objects.filter(pk=coded.pk).update(remedy_amount=Decimal("49.90"))
    charges = {one.department: one for one in figures(MONEY, at=NOW).figures.costs.charges}
    assert charges["Shipping"].refunds.likely == Decimal("49.90")
    assert charges["Billing"].refunds.likely == 0
    assert charges["Shipping"].cost.likely == charges["Shipping"].contacts * 5 + Decimal("49.90")


def test_a_hand_over_to_the_right_department_costs(weighed):
    ticket = make_ticket(weighed.cast, at=NOW - timedelta(days=2))
    ticket.move_to(weighed.cast.shipping, by=weighed.cast.ana, at=NOW - timedelta(days=1))
    costs = figures(MONEY, at=NOW).figures.costs
    assert (costs.moves, costs.move_cost.likely) == (1, 3)


def test_word_of_mouth_is_reported_apart_once_its_conversion_is_set(weighed):
    ticket = Ticket.objects.order_by("-opened_at").first()
    Ticket.objects.filter(pk=ticket.pk).update(told_others=9, opened_at=NOW - timedelta(days=2))
    before = figures(MONEY, at=NOW).figures
    assert (before.costs.told_others, before.costs.word_of_mouth) == (9, None)
    assume(weighed, "word_of_mouth", "0.01", "0.02", "0.05")
    after = figures(MONEY, at=NOW).figures
    assert after.costs.word_of_mouth.likely == exact(9 * 0.02 * 60)
    assert after.damage == before.damage


# --- places


def test_places_are_ranked_by_rates_pulled_together(weighed):
    sow(weighed, weighed.refund, {(60, 0): 3.0}, seed=70, regions=("west",))
    count_days()
    found = figures(replace(MONEY, by="tickets"), at=NOW).figures.places
    assert (found[0].issue, found[0].place) == (weighed.refund.path, "west")
    assert found[0].rate < found[0].raw
    assert found[0].rank_words == "1"
    assert found[0].chance_of_top == 1
    assert found[0].contacts >= found[0].tickets
