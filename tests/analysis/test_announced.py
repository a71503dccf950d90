"""What programs of others hear of the loop."""

import json
from datetime import timedelta

import pytest
from django.utils.module_loading import import_string

from apps.analysis import services
from apps.analysis.models import Signal
from apps.output.webhooks.documents import message_about, offered_kinds
from config.announced import ANNOUNCED
from config.subscribers import SUBSCRIBERS
from helpdesk.models import Event
from tests.analysis.assumptions import assume
from tests.analysis.stages import add_action, planning, routed
from tests.analysis.world import TODAY, day_before
from tests.factories import NOW, make_user


def told(kind, user):
    body = message_about(Event.objects.filter(kind=kind).latest("pk"), user=user)
    return None if body is None else json.loads(body)["data"]


def test_a_case_comes_with_the_way_to_its_evidence(world):
    case = routed(world)
    data = told("case.routed", world.cast.robot)
    assert (data["case"]["id"], data["case"]["issue"]) == (case.pk, "invoice/charged-twice")
    assert data["case"]["evidence"].endswith(f"/api/v1/cases/{case.pk}/evidence/")
    assert data["changed"]["from"] == "assess"
    assert "note" not in data["changed"]


def test_an_action_comes_with_its_case(world):
    case = planning(world)
    action = add_action(world, case)
    data = told("action.added", world.cast.robot)
    assert (data["action"]["id"], data["action"]["title"]) == (action.pk, action.title)
    assert data["case"]["id"] == case.pk


def test_a_signal_comes_with_its_figures(world):
    row = Signal.objects.create(
        kind="surge", label="Charged twice", sentence="Twice as many", detector="test", issue=world.charged,
        started_on=TODAY, window_start=TODAY, window_end=TODAY, observed=8, expected=4, ratio=2, excess=4,
        first_seen_on=day_before(1), last_seen_on=TODAY,
    )  # fmt: skip
    services.snooze_signal(signal=row, until=TODAY + timedelta(days=7), by=world.cast.nils, at=NOW)
    data = told("signal.judged", world.cast.robot)
    assert (data["signal"]["observed"], data["signal"]["state"]) == (8, "snoozed")
    assert "case" not in data


def test_an_assumption_comes_with_its_source(world):
    assume(world, "contact_cost", 4, 5, 6)
    data = told("assumption.set", world.cast.robot)
    assert (data["assumption"]["likely"], data["assumption"]["source"]) == ("5.0000", "Finance")


@pytest.mark.parametrize("kind", ["case.routed", "case.opened"])
def test_who_may_not_see_the_case_hears_nothing_of_it(world, kind):
    routed(world)
    assert told(kind, make_user("courier", "api_client", world.cast.shipping)) is None
    assert told(kind, world.cast.ana) is None


def test_who_may_not_judge_signals_hears_nothing_of_them(world):
    assume(world, "contact_cost", 4, 5, 6)
    assert told("assumption.set", world.cast.ana) is None


@pytest.mark.parametrize("name", ANNOUNCED.values())
def test_every_noun_that_is_announced_has_its_function(name):
    assert callable(import_string(name))


def test_every_kind_that_is_offered_is_in_the_catalogue_and_no_note_is():
    assert set(offered_kinds()) <= set(SUBSCRIBERS)
    assert "note.added" not in offered_kinds()
    assert {"case.judged", "ledger.entered", "ledger.ended", "assumption.set", "signal.raised"} <= set(
        offered_kinds()
    )
