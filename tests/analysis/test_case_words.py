"""What the page of a case says of its past, in sentences, and which act it puts first."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from apps.analysis import services
from apps.analysis.acts import ACTS, next_act
from apps.analysis.models import Case, Verdict
from apps.analysis.queries.history import history_of, words
from tests.analysis import stages
from tests.analysis.world import TODAY, sow
from tests.factories import NOW


@pytest.fixture(autouse=True)
def some_tickets(world):
    sow(world, world.charged, {(40, 0): 1.0}, seed=1)


def sentences(case):
    return [f"{entry.by} {entry.text}" for entry in history_of(case.ref)]


def test_the_history_reads_as_sentences_about_people(world):
    case = stages.planning(world)
    said = sentences(case)
    assert "Nils opened the case" in said
    assert "Omar moved it from Investigating to Planning" in said
    assert "Omar noted the cause “The retry charges again” as verified" in said
    assert not [line for line in said if "→" in line or "_" in line]


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("case.moved", {"from": "new", "to": "assess"}, "moved it from New to Assessing"),
        ("case.moved", {"from": "fixing", "to": "on_hold"}, "moved it from Fixing to On hold"),
        ("case.judged", {"verdict": "effective"}, "gave the verdict: effective"),
        ("action.added", {"title": "Lock"}, "added the action “Lock”"),
        ("action.moved", {"title": "Lock", "to": "in_progress"}, "moved the action “Lock” to In progress"),
        ("evidence.changed", {"ticket": 7, "linked": True}, "linked ticket #7"),
        ("evidence.changed", {"ticket": 7, "linked": False}, "said that ticket #7 is not this issue"),
    ],
)
def test_each_kind_of_news_goes_on_from_a_name(kind, data, said):
    assert words(kind, data) == said


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("case.judged", {"verdict": "effective"}, "hat das Urteil gefällt: „wirksam“"),
        (
            "cause.judged",
            {"text": "Retry", "to": "verified"},
            "hat die Ursache „Retry“ als „bestätigt“ notiert",
        ),
        ("plan.frozen", {"cut": 0.5, "decision": None}, "50\xa0% weniger"),
        ("workaround.used", {"helped": True, "ticket": 7}, "bei Ticket #7 half"),
        ("evidence.changed", {"ticket": 7, "linked": True}, "Ticket #7"),
        (
            "case.reminded",
            {"step": "overdue", "told": ["Olga", "Dora"], "due": "2026-05-11"},
            "Olga und Dora",
        ),
        ("case.reminded", {"step": "overdue", "told": [], "due": "2026-05-11"}, "niemand"),
    ],
)
def test_no_word_of_it_stays_english_in_german(kind, data, said):
    with translation.override("de"):
        assert said in words(kind, data)


def test_what_was_measured_is_said_in_the_language_of_the_reader():
    verdict = Verdict(ratio=0.5, low=0.4, high=1.1)
    assert verdict.measured == "50% fewer (between 10% more and 60% fewer)"
    with translation.override("de"):
        assert verdict.measured.replace("\xa0", " ") == "50 % weniger (zwischen 10 % mehr und 60 % weniger)"


@pytest.mark.parametrize(
    ("stage", "name"),
    [
        (stages.assessed, "route"),
        (stages.routed, "accept"),
        (stages.investigating, "add-cause"),
        (stages.planning, "add-action"),
    ],
)
def test_what_comes_next_stands_first(world, stage, name):
    case = stage(world)
    assert next_act(case, at=NOW) == name
    assert case.state in ACTS[name].states


def test_a_case_that_is_not_described_is_described_first(world):
    case = services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)
    assert next_act(stages.fresh(case), at=NOW) == "describe"


def test_a_verified_cause_leads_to_the_plan_and_an_action_to_the_proof(world):
    case = stages.investigating(world)
    cause = stages.add_cause(world, case)
    services.judge_cause(cause=cause, state="verified", evidence="The log", by=world.cast.omar, at=NOW)
    assert next_act(stages.fresh(case), at=NOW) == "plan"
    stages.add_cause(world, case, path="escape", text="No alarm")
    services.begin_planning(case=case, by=world.cast.omar, at=NOW)
    stages.add_action(world, case)
    assert next_act(stages.fresh(case), at=NOW) == "freeze-plan"


def test_the_verdict_comes_first_once_its_day_is_there():
    case = Case(state="monitoring", decision_on=TODAY)
    assert next_act(case, at=NOW) == "judge"
    assert next_act(case, at=NOW - timedelta(days=1)) == ""


@pytest.mark.parametrize("state", ["fixing", "monitoring", "closed"])
def test_where_nothing_is_to_be_pressed_nothing_stands_first(state):
    assert next_act(Case(state=state), at=NOW) == ""


def test_a_fix_that_the_owner_claims_is_measured_first():
    assert next_act(Case(state="assess", statement="Since May", fixed_on=TODAY), at=NOW) == "measure"


def test_a_routed_case_does_not_ask_its_manager_to_route_it_again(world, sign_in):
    case = stages.routed(world)
    page = sign_in(world.cast.nils).get(reverse("case", kwargs={"number": case.pk}))
    assert "Route to the owner" in page.content.decode()
    assert b'btn-primary">Route' not in page.content
    owner = sign_in(world.cast.omar).get(reverse("case", kwargs={"number": case.pk}))
    assert b'btn-primary">Accept' in owner.content
