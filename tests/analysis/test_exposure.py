"""Exposure: entered, imported, or worked out of the contacts, and said which."""

from datetime import timedelta
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.analysis.models import AnalysisRun, DayCount, Exposure
from apps.analysis.queries.contacts import read_contacts
from apps.analysis.queries.exposure import exposure_or_contacts, read_exposure
from apps.analysis.queries.taxonomy import place_names
from apps.analysis.services import count_days, find_signals, record_exposure
from helpdesk.models import Ticket
from tests.analysis.world import TODAY, day_before, sow
from tests.factories import NOW


def bring_in(tmp_path, text):
    (tmp_path / "exposure.csv").write_text(text)
    told, faults = StringIO(), StringIO()
    try:
        call_command("import_exposure", str(tmp_path / "exposure.csv"), stdout=told, stderr=faults)
    except CommandError as error:
        return f"{faults.getvalue()}{error}"
    return told.getvalue()


def test_a_file_brings_in_many_days_and_corrects_them(cast, tmp_path):
    table = "day,kind,value\n2026-05-01,orders,900\n2026-05-02,orders,950\n2026-05-01,active_customers,4000\n"
    assert "3 days noted" in bring_in(tmp_path, table)
    bring_in(tmp_path, "kind,day,value\norders,2026-05-01,800\n")
    assert Exposure.objects.count() == 3
    assert Exposure.objects.get(day="2026-05-01", kind="orders").value == 800


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("1.5.2026,orders,9", "“1.5.2026” is no day: write it as 2026-05-31."),
        ("2026-05-01,visits,9", "Known kinds: active_customers, orders."),
        ("2026-05-01,orders,many", "“many” is no whole number."),
        ("2026-05-01,orders,9.5", "“9.5” is no whole number."),
        ("2026-05-01,orders,0", "at least one to divide by"),
        ("2026-05-01,orders,99999999999", "two thousand million"),
        ("2100-01-01,orders,9", "still to come"),
        ("2026-05-01,orders", "“” is no whole number."),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_brought_in(cast, tmp_path, row, fault):
    said = bring_in(tmp_path, f"day,kind,value\n2026-05-02,orders,900\n{row}\n")
    assert "line 3: " in said
    assert fault in said
    assert not Exposure.objects.exists()


def test_a_file_without_its_columns_is_refused(cast, tmp_path):
    assert "missing: value" in bring_in(tmp_path, "day,kind\n2026-05-02,orders\n")
    with pytest.raises(CommandError, match="can.t be read"):
        call_command("import_exposure", str(tmp_path / "nowhere.csv"))


def enter(world, days, value=1000):
    for ago in range(1, days + 1):
        record_exposure(day=day_before(ago), kind="orders", value=value, by=world.cast.nils, at=NOW)


def test_without_anything_entered_rates_are_per_contact_and_the_run_says_so(world):
    sow(world, world.charged, {(100, 0): 3.0}, seed=1)
    find_signals(by=world.cast.system, at=NOW)
    assert "No exposure is entered for these days" in str(AnalysisRun.objects.get().sentence)
    contacts = read_contacts(day_before(100), day_before(1), names=place_names())
    used = exposure_or_contacts(read_exposure(contacts.first, contacts.last), contacts.total)
    assert used.is_computed
    assert used.values[-1] == pytest.approx(contacts.total[-28:].mean())


def test_what_is_entered_is_used_and_named(world):
    sow(world, world.charged, {(100, 0): 3.0}, seed=1)
    enter(world, 100)
    find_signals(by=world.cast.system, at=NOW)
    assert "Rates are per orders." in str(AnalysisRun.objects.get().sentence)


def test_a_few_days_entered_are_not_believed_to_be_all(world):
    sow(world, world.charged, {(100, 0): 3.0}, seed=1)
    enter(world, 60)
    assert read_exposure(day_before(100), day_before(1)) is None
    assert np.isfinite(read_exposure(day_before(60), day_before(1)).values).all()


def test_a_day_is_entered_on_a_page_that_says_what_is_used(world, sign_in):
    sow(world, world.charged, {(100, 0): 3.0}, seed=1)
    nils, page = sign_in(world.cast.nils), reverse("exposure")
    assert "No exposure is entered" in nils.get(page).content.decode()
    assert nils.post(page, {"day": "2026-05-04", "kind": "orders", "value": "900"}).url == page
    assert Exposure.objects.get().value == 900
    assert "900" in nils.get(page).content.decode()
    assert nils.post(page, {"day": "2100-05-04", "kind": "orders", "value": "900"}).status_code == 422
    assert sign_in(world.cast.ana).get(page).status_code == 403


def test_the_page_costs_the_same_whatever_the_number_of_days(world, sign_in, django_assert_num_queries):
    nils, page = sign_in(world.cast.nils), reverse("exposure")
    enter(world, 1)
    nils.get(page)
    with CaptureQueriesContext(connection) as few:
        nils.get(page)
    enter(world, 20)
    with django_assert_num_queries(len(few)):
        nils.get(page)


def test_series_are_rebuilt_by_command(world):
    sow(world, world.charged, {(100, 0): 3.0}, seed=1)
    count_days(first=day_before(100), last=day_before(1), at=NOW)
    DayCount.objects.filter(day=day_before(50)).update(tickets=1000, cells=b"")
    told = StringIO()
    call_command("rebuild_series", "--from", str(day_before(60)), "--to", str(day_before(1)), stdout=told)
    assert "60 days counted" in told.getvalue()
    tickets = Ticket.objects.filter(opened_at__date=day_before(50)).count()
    assert DayCount.objects.get(day=day_before(50)).tickets == tickets
    call_command("rebuild_series", "--to", str(TODAY - timedelta(days=1)), "--changed", stdout=told)
    assert "0 days counted" in told.getvalue()


def test_a_rebuild_of_days_that_are_none_is_refused(world):
    sow(world, world.charged, {(10, 0): 3.0}, seed=1)
    with pytest.raises(CommandError, match="There is no day from"):
        call_command("rebuild_series", "--from", "2026-05-04", "--to", "2026-05-01")
