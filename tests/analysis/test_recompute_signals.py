"""What a night found comes out again, in the edition of its night."""

from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.utils import timezone

from apps.analysis import services
from apps.analysis.models import Signal
from helpdesk.models import Issue, TaxonomyRelease
from tests.analysis.test_recompute import addresses_on, page_of, recode_one, recompute
from tests.analysis.world import TODAY, day_before, sow, sow_quiet
from tests.factories import NOW, make_issue

LATER = (NOW + timedelta(hours=1)).isoformat().replace("+", "%2B")


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def surging(world):
    """A surge that one night found."""
    sow_quiet(world, but=(world.charged,))
    sow(world, world.charged, {(330, 9): 2.0, (9, 0): 1.5}, seed=1)
    sow(world, world.charged, {(9, 0): 5.0}, seed=2, regions=("north",))
    services.find_signals(by=world.cast.system, at=NOW)
    return world


def test_every_signal_of_the_inbox_comes_out_again(surging, sign_in):
    page = page_of(sign_in(surging.cast.nils), "signals")
    [address] = addresses_on(page)
    assert recompute(address)["figures"]["observed"] == Signal.objects.get().observed


def test_the_exposure_comes_out_again(world, sign_in):
    sow_quiet(world, days=60)
    services.count_days(first=day_before(60), last=day_before(1), at=NOW)
    [address] = addresses_on(page_of(sign_in(world.cast.nils), "exposure"))
    assert recompute(address)["figures"]["used"] == "contacts"


def test_a_group_without_a_code_comes_out_again(world):
    sow_quiet(world, days=60)
    said = "The new scanner app freezes when scanning the barcode at the warehouse gate"
    sow(world, None, {(7, 0): 6.0}, seed=5, subject="Scanner freezes", body=said)
    found = services.find_emerging(by=world.cast.system, at=NOW)
    for signal in found:
        assert recompute(f"signal:{signal.pk}")["figures"]["observed"] == signal.observed
    assert found


def test_a_signal_that_was_tampered_with_is_noticed(surging):
    signal = Signal.objects.get()
    Signal.objects.update(observed=signal.observed + 1)
    with pytest.raises(CommandError, match=r"observed: .* is stored, .* comes out.*Nothing that moves them"):
        recompute(f"signal:{signal.pk}")


def test_recoding_since_the_night_is_said_plainly(surging):
    signal, later = Signal.objects.get(), NOW + timedelta(days=1)
    recode_one(surging)
    services.count_days(first=day_before(30), last=day_before(1), at=later)
    with pytest.raises(
        CommandError, match=r"expected: .* were counted again since: tickets were coded again"
    ):
        recompute(f"signal:{signal.pk}")


def test_changes_that_are_not_counted_yet_are_said_and_change_nothing(surging):
    recode_one(surging)
    found = recompute(f"signal:{Signal.objects.get().pk}")
    assert "not counted yet" in found["changed_since"][0]


def test_a_signal_is_read_in_the_edition_of_its_night(surging):
    """Its issue was merged into another since: read in today's edition, its line would be gone."""
    signal, tomorrow = Signal.objects.get(), NOW + timedelta(days=1)
    TaxonomyRelease.objects.create(number=2, published_at=tomorrow, published_by=surging.cast.ada)
    merged = make_issue("merged", owner=surging.cast.billing, valid_from=tomorrow.date())
    Issue.objects.filter(pk=surging.charged.pk).update(valid_to=tomorrow.date(), replaced_by=merged)
    found = recompute(f"signal:{signal.pk}")
    assert found["provenance"]["release"] == 1
    assert "the present one is 2" in found["changed_since"][0]


def test_an_address_of_an_earlier_night_stays_good(surging, sign_in):
    [address] = addresses_on(page_of(sign_in(surging.cast.nils), "signals"))
    sow(surging, surging.charged, {(0, -1): 9.0}, seed=7)
    services.find_signals(by=surging.cast.system, at=NOW + timedelta(days=1))
    assert Signal.objects.get().last_seen_on == TODAY
    recompute(address)
    recompute(f"signal:{Signal.objects.get().pk}")
