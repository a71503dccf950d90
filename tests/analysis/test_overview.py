"""The Pareto of the analysis page: switched by measure and by level, and every bar opens its tickets."""

import io
import json
import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.analysis.figures import LEVELS, MEASURES, Asked
from apps.analysis.models import Case
from apps.analysis.queries.figures import figures
from apps.analysis.queries.overview import overview
from apps.response.queries.finding import find
from apps.response.query import read
from helpdesk.models import Customer, Ticket
from tests.analysis.kept_worlds import count_days
from tests.analysis.world import sow
from tests.factories import NOW, make_issue


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def rows(at=NOW, **asked):
    return {row.label: row for row in figures(Asked(**asked), at=at).figures.issues}


def page(client, **asked):
    return unescape(client.get(reverse("analysis"), asked).content.decode())


# --- measures


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("level", LEVELS)
def test_uncoded_is_the_last_bar_at_every_measure_and_level(weighed, measure, level):
    found = list(rows(by=measure, level=level).values())
    assert [row.label for row in found if row.is_uncoded] == ["Uncoded"] == [found[-1].label]
    assert sum(row.share for row in found) == pytest.approx(1)
    assert [row.rank for row in found[:-1]] == list(range(1, len(found)))


def test_costs_are_those_of_the_contacts_and_what_was_paid_back(weighed):
    found = figures(Asked(by="cost"), at=NOW).figures
    charged = {one.department: one.cost.likely for one in found.costs.charges}
    departments = rows(by="cost", level="department")
    assert {label: row.cost.likely for label, row in departments.items() if row.owner} == {
        name: cost for name, cost in charged.items() if name
    }
    assert departments["Uncoded"].cost.likely == charged[None]
    total = sum(charged.values())
    assert departments["Uncoded"].share == pytest.approx(float(charged[None] / total))


def test_customers_at_risk_times_their_value_is_the_money(weighed):
    for row in rows(by="customers").values():
        if not row.is_uncoded:
            assert float(row.customers.likely) * 60 == pytest.approx(float(row.money.likely), abs=0.5)


def test_dissatisfied_customers_are_different_people(weighed):
    assert {row.dissatisfied for row in rows(by="dissatisfied", level="top").values()} <= {
        0,
        1,
    }  # all was Zoe
    others = [
        Customer.objects.known_by(email=f"c{n}@customer.test", name=f"C {n}", at=NOW).pk for n in range(5)
    ]
    late = Ticket.objects.filter(primary_issue=weighed.late, opened_at__lt=NOW - timedelta(days=2))
    for ticket, customer in zip(late.order_by("-opened_at"), others, strict=False):
        Ticket.objects.filter(pk=ticket.pk).update(customer_id=customer, outcome="dissatisfied")
    count_days()
    first = next(iter(rows(by="dissatisfied").values()))
    assert (first.issue, first.dissatisfied >= 5) == (weighed.late.path, True)
    assert first.judged >= first.dissatisfied


# --- levels


def test_levels_add_up_to_the_issues_below_them(weighed):
    deep = make_issue("abroad", parent=weighed.refund)
    sow(weighed, deep, {(50, 0): 1.0}, seed=80)
    count_days()
    leaf, middle, top = (
        {row.issue: row for row in rows(level=level).values()} for level in ("leaf", "middle", "top")
    )
    assert deep.path in leaf
    below = leaf[weighed.refund.path].tickets + leaf[deep.path].tickets
    assert middle[weighed.refund.path].tickets == below
    assert top[weighed.parent.path].tickets == below + leaf[weighed.charged.path].tickets
    assert top[weighed.parent.path].before == sum(
        leaf[path].before for path in (weighed.refund.path, deep.path, weighed.charged.path)
    )


def test_departments_own_what_their_issues_bring_and_what_nobody_owns_is_told(weighed):
    sow(weighed, make_issue("orphan"), {(50, 0): 1.0}, seed=81)
    count_days()
    found = rows(level="department")
    assert {row.owner for row in found.values()} == {"billing", "shipping", "none", None}
    assert found["No department owns it"].rank is not None


# --- bars open their tickets


@pytest.mark.parametrize("level", LEVELS)
def test_every_bar_opens_as_many_tickets_as_it_says(weighed, level):
    sow(weighed, make_issue("orphan"), {(50, 0): 1.0}, seed=81)
    count_days()
    found = overview(asked=Asked(level=level), at=NOW, user_cases=Case.objects.all())
    for row in found.rows:
        (query,) = parse_qs(urlsplit(unescape(row.url)).query)["q"]
        tickets, wrong = find(read(query, at=NOW), user=weighed.cast.lena)
        assert (tickets.count(), wrong) == (row.figure.tickets, ()), row.figure.label


def test_a_branch_has_a_case_where_one_of_its_issues_has(weighed):
    from apps.analysis import services

    services.open_case(issue=weighed.charged, by=weighed.cast.nils, at=NOW)

    def looped(level):
        found = overview(asked=Asked(level=level), at=NOW, user_cases=Case.objects.all())
        return {row.figure.label for row in found.rows if row.in_loop}

    assert looped("leaf") == {weighed.charged.label}
    assert looped("top") == {weighed.parent.label}
    assert looped("department") == {"Billing"}


# --- the page


def test_tabs_are_pages_and_keep_everything_else(weighed, sign_in):
    shown = page(sign_in(weighed.cast.nils), by="cost", level="top", days="30", place="region", prevent="25")
    assert re.search(r'by=cost&level=top&place=region[^"]*#pareto" aria-current="page"', shown)
    for word in ("by=dissatisfied&level=top", "by=cost&level=department", "days=365&by=cost&level=top"):
        assert re.search(rf'href="\?[^"]*{word}[^"]*prevent=25', shown)


def test_a_look_back_stays_one_when_the_measure_is_switched(weighed, sign_in):
    early = (NOW - timedelta(days=30)).isoformat()
    shown = page(sign_in(weighed.cast.nils), as_of=early)
    assert shown.count("as_of=2026") >= len(MEASURES) + len(LEVELS)


def test_a_word_that_cannot_be_asked_is_as_by_default(weighed, sign_in):
    assert "Charged twice" in page(sign_in(weighed.cast.nils), by="mood", level="moon")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("measure", ["cost", "dissatisfied"])
def test_the_address_of_the_page_carries_measure_and_level_and_computes_the_same(weighed, measure, level):
    found = figures(Asked(by=measure, level=level), at=NOW)
    assert f"level={level}" in found.provenance.address
    out = io.StringIO()
    call_command("recompute", found.provenance.address, stdout=out)
    assert json.loads(out.getvalue())["provenance"]["digest"] == found.provenance.digest


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_costs_as_many_queries_for_four_issues_as_for_forty(weighed, level):
    def queries():
        with CaptureQueriesContext(connection) as found:
            overview(asked=Asked(by="cost", level=level), at=NOW, user_cases=Case.objects.all())
        return len(found)

    few = queries()
    for n in range(36):
        sow(weighed, make_issue(f"more-{n}", owner=weighed.cast.billing), {(40, 0): 0.2}, seed=50 + n)
    count_days()
    # The figures (14), open cases with their issues, how many, the largest, signals, the run, the ledger.
    assert queries() == few <= 24


def test_a_thin_issue_shows_how_much_it_must_rise_to_be_seen(weighed, sign_in):
    sow(weighed, make_issue("thin"), {(60, 59): 2.0}, seed=90)
    sow(weighed, make_issue("thick"), {(90, 0): 30.0}, seed=91)
    count_days()
    found = rows()
    assert found["Thick"].visible_rise < found["Charged twice"].visible_rise
    assert found["Thin"].visible_rise is None  # two tickets in a quarter
    shown = page(sign_in(weighed.cast.nils))
    assert "Smallest rise that would show" in shown
    assert f"{found['Thick'].visible_rise:.1f}×" in shown
    assert "too few to see any" in shown
