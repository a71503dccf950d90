"""The page of an issue whose fix is proven: the story, the numbers behind it, and its files."""

import io
import json
import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.urls import reverse

from apps.analysis.figures import Asked
from apps.analysis.issue_figures import IssueAsked
from apps.analysis.models import Case
from apps.analysis.queries.issue_page import issue_page
from tests.analysis.test_issue_page import found, shown, told
from tests.analysis.test_the_walk import FIXED, SURGE
from tests.analysis.world import day_before
from tests.factories import NOW, make_user

CHARTS = ("control", "since_fix", "avoided", "repeats")
PAGE = {"days": "182"}


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


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


def test_the_last_point_since_the_fix_is_what_the_verdict_said(proven):
    verdict = Case.objects.get().verdicts.get()
    fix = found(proven).figures.fix
    assert fix.start == verdict.window_start
    at_verdict = next(point for point in fix.points if point.days == 56)
    assert sum(point.observed for point in fix.points if point.days <= 56) == verdict.observed
    assert at_verdict.saved == pytest.approx(verdict.expected - verdict.observed, rel=0.02)


def test_money_is_that_of_the_pareto(proven):
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


def test_the_api_names_no_case_of_others(proven, caller):
    answer = told(caller(make_user("courier", "api_client", proven.cast.shipping))).json()
    assert answer["figures"]["fix"]["points"]
    assert (answer["cases"], answer["figures"]["fix"]["case"]) == ([], None)
