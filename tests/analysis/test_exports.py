"""The Pareto and the ledger as files: for spreadsheets, and as a picture."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from apps.analysis.export import Table, as_csv, as_xlsx
from helpdesk.charts import Caption, Cause, as_file, draw_pareto
from tests.analysis.kept_worlds import count_days
from tests.analysis.world import sow, sow_quiet
from tests.factories import NOW, make_issue

EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("https://x.example","y")']
FILES = ["pareto_csv", "pareto_xlsx", "ledger_csv", "ledger_xlsx"]


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def analysed(world):
    sow_quiet(world, days=60)
    sow(world, None, {(30, 0): 1.0}, seed=9)
    sow(world, make_issue("=1+1"), {(30, 0): 1.0}, seed=10)
    count_days(60)
    return world


def table(cells):
    return Table("a", ("word", "number"), [[cell, 1] for cell in cells], "analysis?as_of=now")


def sheets(content):
    """The parts of a workbook, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def test_a_workbook_keeps_numbers_words_and_days_as_they_are():
    rows = [["Late", 3, 0.25, Decimal("12.50"), date(2026, 5, 4), None]]
    parts = sheets(as_xlsx(Table("figures", "abcdef", rows, "analysis?as_of=now")))
    cells = parts["xl/worksheets/sheet1.xml"]
    for value in ("<v>3</v>", "<v>0.25</v>", "<v>12.50</v>", "<v>46146</v>"):
        assert value in cells
    assert "Late" in parts["xl/sharedStrings.xml"]
    assert "analysis?as_of=now" in parts["xl/sharedStrings.xml"]


@pytest.mark.parametrize("word", EVIL)
def test_no_word_becomes_a_formula_or_a_link(word):
    parts = sheets(as_xlsx(table([word])))
    assert "<f>" not in parts["xl/worksheets/sheet1.xml"]
    assert not any("hyperlink" in part for part in parts["xl/worksheets/sheet1.xml"].lower().split("<"))
    assert as_csv(table([word])).decode().splitlines()[1].lstrip('"').startswith("'")


def test_a_table_without_rows_is_a_file_all_the_same():
    assert "xl/worksheets/sheet1.xml" in sheets(as_xlsx(table([])))
    assert as_csv(table([])).decode().splitlines() == ["word,number,computed by"]


def test_the_pareto_is_a_workbook_of_the_measure_and_level_asked_for(analysed, sign_in):
    client = sign_in(analysed.cast.nils)
    answer = client.get(reverse("pareto_xlsx"), {"level": "department", "days": "30"})
    assert answer["Content-Disposition"].endswith('.xlsx"')
    words = sheets(answer.content)["xl/sharedStrings.xml"]
    for word in ("Billing", "Shipping", "Uncoded", "smallest rise that would show", "level=department"):
        assert word in words
    assert "<f>" not in sheets(client.get(reverse("pareto_xlsx")).content)["xl/worksheets/sheet1.xml"]
    assert "'=1+1" in client.get(reverse("pareto_csv")).content.decode()


def test_the_picture_stands_by_itself(analysed, sign_in):
    answer = sign_in(analysed.cast.nils).get(
        reverse("analysis_chart", args=["pareto", "svg"]), {"level": "top"}
    )
    assert answer["Content-Type"] == "image/svg+xml"
    drawn = answer.content.decode()
    root = ElementTree.fromstring(drawn)
    assert root.tag.endswith("svg")
    assert "class=" not in drawn
    assert "Uncoded" in drawn
    assert "level=top" in "".join(root.itertext()).replace("\n", "")
    assert 'href="http://testserver/analysis/issues/' in drawn
    assert 'href="/' not in drawn


def test_words_of_a_picture_are_no_markup():
    chart = draw_pareto(Caption("<b> & more " * 9, "Tickets"), [Cause("<script>", 3, "/q?a=1&b=2")])
    drawn = as_file(chart, foot="analysis?a=1&b=2" * 20, site="https://desk.example")
    assert "<script" not in drawn
    assert ElementTree.fromstring(drawn) is not None


def test_a_picture_of_nothing_is_not_there(world, sign_in):
    assert sign_in(world.cast.nils).get(reverse("analysis_chart", args=["pareto", "svg"])).status_code == 404


def test_the_page_offers_its_files_with_what_was_asked(analysed, sign_in):
    shown = sign_in(analysed.cast.nils).get(reverse("analysis"), {"level": "top"}).content.decode()
    pictures = [reverse("analysis_chart", args=["pareto", kind]) for kind in ("svg", "png")]
    for address in (reverse("pareto_csv"), reverse("pareto_xlsx"), *pictures):
        assert f'href="{address}?days=90&amp;by=tickets&amp;level=top' in shown


@pytest.mark.parametrize("name", FILES)
def test_files_are_for_those_who_see_the_analysis(analysed, sign_in, name):
    assert sign_in(analysed.cast.nils).get(reverse(name)).status_code == 200
    assert sign_in(analysed.cast.ana).get(reverse(name)).status_code == 403


def test_the_ledger_is_a_workbook(world, sign_in):
    answer = sign_in(world.cast.nils).get(reverse("ledger_xlsx"))
    assert "cost of waiting" in sheets(answer.content)["xl/sharedStrings.xml"]


def test_headings_are_in_the_language_of_whoever_asks(world, sign_in):
    client, german = sign_in(world.cast.nils), {"headers": {"accept-language": "de"}}
    book = sheets(client.get(reverse("ledger_xlsx"), **german).content)
    assert "Kosten des Wartens" in book["xl/sharedStrings.xml"]
    assert 'name="Quelle"' in book["xl/workbook.xml"]
    assert client.get(reverse("ledger_csv"), **german).content.startswith(b"Fall,Titel,Abteilung,")
