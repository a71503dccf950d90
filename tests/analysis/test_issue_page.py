"""The page of one issue: its course, its fix, who came back, in whose words; each chart and number leads on."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.analysis import services
from apps.analysis.figures import Asked
from apps.analysis.issue_figures import IssueAsked
from apps.analysis.models import Case, NewLevel
from apps.analysis.queries.issue_figures import issue_figures
from apps.analysis.queries.issue_page import issue_page
from helpdesk.models import Customer, Ticket
from tests.analysis.kept_worlds import count_days
from tests.analysis.world import day_before, sow, sow_quiet
from tests.factories import NOW

CHARTS = ("control", "since_fix", "avoided", "repeats")
PAGE = {"days": "182"}


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def quiet(world):
    sow_quiet(world, days=120)
    count_days(120)
    return world


def found(world, issue=None, **asked):
    return issue_figures(issue or world.charged, IssueAsked(**asked), at=NOW)


def shown(client, issue, **asked):
    return unescape(client.get(reverse("issue_analysis", args=[issue.code]), asked).content.decode())


# --- it works


def test_an_accepted_level_is_where_the_chart_is_based_anew(world):
    quiet = world
    sow_quiet(world, days=360)
    sow(world, world.charged, {(40, 0): 6.0}, seed=77)
    count_days(360)
    assert sum(week.signal == 1 for week in found(quiet, days=182).figures.weeks[-5:]) >= 4
    NewLevel.objects.create(
        issue=quiet.charged, since=day_before(40), reason="A new market", accepted_by=quiet.cast.nils,
        accepted_at=NOW - timedelta(days=1),
    )  # fmt: skip
    figures = found(quiet, days=182).figures
    assert not any(week.signal == 1 for week in figures.weeks[-5:])
    page = issue_page(quiet.charged, IssueAsked(days=182), user=quiet.cast.nils, at=NOW)
    assert "new level" in page.charts["control"].svg


def test_weeks_with_known_exposure_are_rates(quiet):
    rows = [{"kind": "active_customers", "day": day_before(n), "value": 4000} for n in range(1, 125)]
    from apps.analysis.models import Exposure

    Exposure.objects.bulk_create([Exposure(**row) for row in rows])
    figures = found(quiet, days=182).figures
    week = figures.weeks[-1]
    assert figures.unit == "tickets per 1,000 active customers"
    assert week.value == pytest.approx(1000 * week.tickets / 4000)


def test_who_came_back_is_counted_and_listed(quiet):
    zoe, rest = Ticket.objects.filter(primary_issue=quiet.charged).order_by("opened_at"), []
    for n, ticket in enumerate(zoe):
        rest.append(Customer.objects.known_by(email=f"c{n}@customer.test", name=f"C {n}", at=NOW).pk)
        Ticket.objects.filter(pk=ticket.pk).update(customer=rest[-1])
    early = list(zoe.filter(opened_at__lt=NOW - timedelta(days=80)))
    again = list(zoe.filter(opened_at__gt=early[-1].opened_at))[:5]
    Ticket.objects.filter(pk=again[0].pk).update(customer=early[-1].customer_id)
    count_days(120)
    figures = found(quiet, days=182).figures
    assert figures.returns.back == 1
    assert found(quiet, days=182, within=7).figures.returns.contacts > figures.returns.contacts
    page = issue_page(quiet.charged, IssueAsked(days=182), user=quiet.cast.nils, at=NOW)
    assert [(row.first, row.again) for row in page.returned] == [(early[-1].pk, again[0].pk)]


def test_the_state_of_the_page_is_its_address(quiet, sign_in):
    text = shown(
        sign_in(quiet.cast.nils), quiet.charged, days="728", within="60", as_of="2026-01-01T00:00:00+00:00"
    )
    assert "days=728&within=14" in text
    assert "as_of=2026-01-01" in text
    assert "A look back" in text


# --- files


# --- refusals


@pytest.mark.parametrize("kind", ["svg", "png", "csv", "xlsx"])
def test_files_are_for_those_who_see_the_analysis(quiet, sign_in, kind):
    address = reverse("issue_chart", args=[quiet.charged.code, "control", kind])
    assert sign_in(quiet.cast.nils).get(address).status_code == 200
    assert sign_in(quiet.cast.ana).get(address).status_code == 403


def test_the_page_is_for_those_who_see_the_analysis(quiet, sign_in):
    assert sign_in(quiet.cast.ana).get(reverse("issue_analysis", args=["charged-twice"])).status_code == 403


@pytest.mark.parametrize("name", ["control.gif", "nothing.svg", "avoided.png"])
def test_a_file_there_is_none_of_is_not_there(quiet, sign_in, name):
    address = f"{reverse('issue_analysis', args=['charged-twice'])}{name}"
    assert sign_in(quiet.cast.nils).get(address).status_code == 404


def test_an_unknown_issue_is_not_there(quiet, sign_in):
    assert sign_in(quiet.cast.nils).get(reverse("issue_analysis", args=["nothing"])).status_code == 404


def test_words_that_cannot_be_asked_are_as_by_default(quiet, sign_in):
    text = shown(sign_in(quiet.cast.nils), quiet.charged, days="5", within="x", release="moon")
    assert "days=364&within=14" in text


def test_a_case_of_others_is_not_named(quiet, sign_in):
    services.open_case(issue=quiet.late, title="A secret of Shipping", by=quiet.cast.nils, at=NOW)
    Case.objects.update(owner_department=quiet.cast.shipping)
    Case.objects.get().evidence.all().delete()
    assert "A secret of Shipping" in shown(sign_in(quiet.cast.nils), quiet.late)
    assert "A secret of Shipping" not in shown(sign_in(quiet.cast.omar), quiet.late)


def test_an_issue_without_a_ticket_has_a_page(world, sign_in):
    text = shown(sign_in(world.cast.nils), world.charged)
    assert "Nothing is counted yet" in text


def test_the_page_costs_as_many_queries_for_one_case_as_for_twenty(quiet):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            issue_page(quiet.charged, IssueAsked(), user=quiet.cast.nils, at=NOW)
        return len(asked)

    services.open_case(issue=quiet.charged, by=quiet.cast.nils, at=NOW)
    few = queries()
    for _ in range(19):
        services.open_case(issue=quiet.charged, by=quiet.cast.nils, at=NOW)
    sow(quiet, quiet.charged, {(60, 0): 3.0}, seed=70)
    count_days(120)
    # Cases with actions, plans, verdicts (4), releases, taxonomy (2), names (2), days, accepted levels, exposure,
    # holidays (up to 3), money (2), refunds; calendar, signals, who sees which case, quotes (3), who came back.
    assert queries() == few <= 26


def test_coding_quality_is_a_box_of_its_own(quiet, sign_in):
    text = shown(sign_in(quiet.cast.nils), quiet.charged)
    assert f'hx-get="{reverse("issue_coding", args=["charged-twice"])}"' in text
    box = sign_in(quiet.cast.nils).get(reverse("issue_coding", args=["charged-twice"]))
    assert "read by a second person" in box.content.decode()
    assert sign_in(quiet.cast.ana).get(reverse("issue_coding", args=["charged-twice"])).status_code == 403


# --- by API -------------------------------------------------------------------------------------------


def told(client, code="charged-twice", **asked):
    return client.get(f"/api/v1/analysis/issues/{code}/", asked)


@pytest.mark.parametrize(
    "wrong", [{"days": 5}, {"within": "x"}, {"release": "moon"}, {"by": "money"}, {"as_of": "2026"}]
)
def test_the_api_refuses_what_cannot_be_asked(quiet, caller, wrong):
    assert told(caller(quiet.cast.nils), **wrong).status_code == 422


def test_the_api_is_for_those_who_see_the_analysis(quiet, caller):
    assert told(caller(quiet.cast.ana)).status_code == 403
    assert told(caller(quiet.cast.nils, "tickets:read")).status_code == 403
    assert told(caller(quiet.cast.nils), code="nothing").status_code == 404


def test_all_that_can_be_asked_of_the_analysis_stands_in_its_description(client):
    description = client.get("/api/schema/?format=json").json()["paths"]
    for path, asked in (("pareto/", Asked), ("figures/", Asked), ("issues/{code}/", IssueAsked)):
        named = {one["name"] for one in description[f"/api/v1/analysis/{path}"]["get"]["parameters"]}
        assert named >= {*asked.__dataclass_fields__, "as_of"}, path
