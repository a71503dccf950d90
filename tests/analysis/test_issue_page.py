"""The page of one issue: its course, its fix, who came back, in whose words; each chart and number leads on."""

import io
import json
import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
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
from tests.analysis.test_figures import assume_all, count_days
from tests.analysis.test_prove_case import judged
from tests.analysis.test_the_walk import FIXED, SURGE
from tests.analysis.world import day_before, sow, sow_quiet
from tests.factories import NOW, make_user

CHARTS = ("control", "since_fix", "avoided", "repeats")
PAGE = {"days": "182"}


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def proven(world):
    """A complaint that surged, was fixed and proven to be gone."""
    sow_quiet(world, days=420, but=(world.charged,))
    sow(
        world, world.charged, {(420, SURGE["begins"]): 2.0, (SURGE["begins"], FIXED): 6.0, (FIXED, 0): 0.6},
        seed=1, body="My name is Zoe Miller, charged twice on card 4111 1111 1111 1111, call zoe@customer.test",
    )  # fmt: skip
    judged(world)
    assume_all(world)
    return world


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


def test_the_page_tells_the_story_of_a_fix(proven, sign_in):
    page = issue_page(proven.charged, IssueAsked(days=182), user=proven.cast.nils, at=NOW)
    assert set(page.charts) == set(CHARTS)
    assert "keeps the level it reached with the fix" in page.charts["control"].title
    assert "contacts avoided since the fix: between" in page.charts["avoided"].title
    for words in ("fix in place", "noticed"):
        assert words in page.charts["control"].svg
    text = shown(sign_in(proven.cast.nils), proven.charged, **PAGE)
    assert "RC-" in text
    assert "In their words" in text


def test_a_proven_fix_is_where_the_chart_is_based_anew(proven):
    figures = found(proven, days=364).figures
    assert [turn.why for turn in figures.turns] == ["proven"]
    before, after = figures.weeks[20].expected, figures.weeks[-1].expected
    assert after < before / 2
    rose = [week for week in figures.weeks if week.signal == 1]
    assert rose
    assert all(day_before(SURGE["begins"] + 7) < week.begin < day_before(FIXED - 7) for week in rose)


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


def test_the_last_point_since_the_fix_is_what_the_verdict_said(proven):
    verdict = Case.objects.get().verdicts.get()
    fix = found(proven).figures.fix
    assert fix.start == verdict.window_start
    at_verdict = next(point for point in fix.points if point.days == 56)
    assert sum(point.observed for point in fix.points if point.days <= 56) == verdict.observed
    assert at_verdict.saved == pytest.approx(verdict.expected - verdict.observed, rel=0.02)


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


def test_money_is_that_of_the_pareto(proven):
    from apps.analysis.figures import Asked
    from apps.analysis.queries.figures import figures

    bar = next(
        row for row in figures(Asked(days=365), at=NOW).figures.issues if row.issue == proven.charged.path
    )
    own = found(proven, days=364).figures
    assert float(own.money.likely) == pytest.approx(float(bar.money.likely), rel=0.02)


def test_words_of_customers_are_masked(proven, sign_in):
    text = shown(sign_in(proven.cast.nils), proven.charged, **PAGE)
    assert "charged twice on card" in text
    assert "4111" not in text
    assert "zoe@customer.test" not in text


def test_every_week_opens_its_tickets(proven):
    from apps.response.queries.finding import find
    from apps.response.query import read

    page = issue_page(proven.charged, IssueAsked(days=182), user=proven.cast.nils, at=NOW)
    week = page.figures.weeks[-3]
    url = next(url for url in re.findall(r'href="([^"]+)"', page.charts["control"].svg)
               if f"%3E%3D{week.begin}" in url)  # fmt: skip
    (query,) = parse_qs(urlsplit(unescape(url)).query)["q"]
    tickets, wrong = find(read(query, at=NOW), user=proven.cast.lena)
    assert (tickets.count(), wrong) == (week.tickets, ())


def test_the_address_on_the_page_computes_the_same(proven):
    where = found(proven, days=182, within=14).provenance
    out = io.StringIO()
    call_command("recompute", where.address, stdout=out)
    assert json.loads(out.getvalue())["provenance"]["digest"] == where.digest


def test_the_state_of_the_page_is_its_address(quiet, sign_in):
    text = shown(
        sign_in(quiet.cast.nils), quiet.charged, days="728", within="60", as_of="2026-01-01T00:00:00+00:00"
    )
    assert "days=728&within=14" in text
    assert "as_of=2026-01-01" in text
    assert "A look back" in text


# --- files


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_a_picture_and_a_table(proven, sign_in, name):
    client = sign_in(proven.cast.nils)

    def file(kind):
        answer = client.get(reverse("issue_chart", args=[proven.charged.code, name, kind]), PAGE)
        assert answer.status_code == 200
        return answer

    drawn = file("svg").content.decode()
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    assert "class=" not in drawn
    assert file("png").content.startswith(b"\x89PNG")
    assert file("png")["Content-Type"] == "image/png"
    assert f"issue:{proven.charged.pk}" in file("csv").content.decode()
    assert file("xlsx").content.startswith(b"PK")


def test_the_charts_of_a_case_are_files_too(proven, sign_in):
    case, client = Case.objects.get(), sign_in(proven.cast.nils)
    shown = client.get(reverse("case", args=[case.pk])).content.decode()
    for name in ("weeks", "causes-1"):
        assert reverse("case_chart", args=[case.pk, name, "png"]) in shown
        for kind in ("svg", "png", "csv"):
            assert client.get(reverse("case_chart", args=[case.pk, name, kind])).status_code == 200
    assert sign_in(proven.cast.ana).get(
        reverse("case_chart", args=[case.pk, "weeks", "svg"])
    ).status_code in (403, 404)


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


def test_the_api_tells_the_numbers_of_the_page(proven, caller):
    answer = told(caller(proven.cast.nils), days=182).json()
    page = issue_page(proven.charged, IssueAsked(days=182), user=proven.cast.nils, at=NOW)
    figures = answer["figures"]
    assert [week["tickets"] for week in figures["weeks"]] == [week.tickets for week in page.figures.weeks]
    assert set(figures["weeks"][0]) >= {"begin", "value", "expected", "lower", "upper", "signal"}
    assert figures["turns"][-1]["why"] == "proven"
    assert figures["fix"]["points"][-1]["saved"] == page.figures.fix.points[-1].saved
    assert figures["returns"]["share"] == page.figures.returns.share
    assert figures["returns"]["months"][0]["contacts"] == page.figures.returns.months[0][1]
    assert answer["provenance"]["digest"] == page.provenance.digest
    assert answer["cases"][0]["number"] == page.cases[0].pk
    assert "4111" not in json.dumps(answer["quotes"])


def test_the_api_reads_it_in_another_edition_and_as_of_a_moment(proven, caller):
    client = caller(proven.cast.nils)
    coded = told(client, release="coded").json()
    assert coded["asked"]["release"] == "coded"
    then = told(client, as_of=(NOW - timedelta(days=60)).isoformat()).json()
    assert then["figures"]["last"] < coded["figures"]["last"]


@pytest.mark.parametrize(
    "wrong", [{"days": 5}, {"within": "x"}, {"release": "moon"}, {"by": "money"}, {"as_of": "2026"}]
)
def test_the_api_refuses_what_cannot_be_asked(quiet, caller, wrong):
    assert told(caller(quiet.cast.nils), **wrong).status_code == 422


def test_the_api_names_no_case_of_others(proven, caller):
    answer = told(caller(make_user("courier", "api_client", proven.cast.shipping))).json()
    assert answer["figures"]["fix"]["points"]
    assert (answer["cases"], answer["figures"]["fix"]["case"]) == ([], None)


def test_the_api_is_for_those_who_see_the_analysis(quiet, caller):
    assert told(caller(quiet.cast.ana)).status_code == 403
    assert told(caller(quiet.cast.nils, "tickets:read")).status_code == 403
    assert told(caller(quiet.cast.nils), code="nothing").status_code == 404


def test_all_that_can_be_asked_of_the_analysis_stands_in_its_description(client):
    description = client.get("/api/schema/?format=json").json()["paths"]
    for path, asked in (("pareto/", Asked), ("figures/", Asked), ("issues/{code}/", IssueAsked)):
        named = {one["name"] for one in description[f"/api/v1/analysis/{path}"]["get"]["parameters"]}
        assert named >= {*asked.__dataclass_fields__, "as_of"}, path
