"""What a case is not ready for is refused alike by every door that has the act: with words, and nothing is changed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.analysis import services
from apps.analysis.acts import ACTS
from apps.analysis.models import Action, Case, Cause
from tests.analysis.doors import by_api, by_letter, by_page
from tests.analysis.stages import (
    SOON,
    add_action,
    add_cause,
    assessed,
    fixing,
    fresh,
    investigating,
    nothing_happens,
    planning,
    routed,
)
from tests.analysis.test_pages import make_signal
from tests.analysis.world import TODAY, sow_quiet
from tests.factories import NOW

YESTERDAY, OVERMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=2)
PLAN = {"expected_cut": 50, "window_days": 56, "second_source": "The ledger"}
ACTION = {"title": "A key", "strength": "strong", "kind": "corrective", "route": "fix_cause"}


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


# --- where a case stands


def lacking(**fields):
    """Assessed, but something is not written down."""

    def stage(world):
        case = assessed(world)
        Case.objects.filter(pk=case.pk).update(**fields)
        return case

    stage.__name__ = f"assessed without {', '.join(fields)}"
    return stage


def owned_by_nobody(world):
    type(world.charged).objects.filter(pk=world.charged.pk).update(owner_department=None)
    return assessed(world)


def suspected(world):
    case = investigating(world)
    add_cause(world, case)
    return case


def known(world):
    case = suspected(world)
    services.judge_cause(
        cause=Cause.objects.latest("pk"), state="verified", evidence="Log", by=world.cast.omar, at=NOW
    )
    return case


def refuted(world):
    case = suspected(world)
    services.judge_cause(
        cause=Cause.objects.latest("pk"), state="refuted", evidence="Log", by=world.cast.omar, at=NOW
    )
    return case


def planned(world, **fields):
    case = planning(world)
    add_action(world, case, **fields)
    return case


def planned_without_a_day(world):
    return planned(world, due_on=None)


def planned_weakly(world):
    return planned(world, strength="weak")


def planned_without_a_past(world):
    case = planned(world)
    Case.objects.filter(pk=case.pk).update(detection_start=TODAY - timedelta(days=215))
    return case


def at_work(world):
    return fixing(world)[0]


def blocked(world):
    case, action = fixing(world)
    services.move_action(action=action, to="in_progress", by=world.cast.ana, at=NOW)
    services.block_action(action=action, obstacle="No budget", by=world.cast.ana, at=NOW)
    return case


def begun(world):
    case, action = fixing(world)
    services.move_action(action=action, to="in_progress", by=world.cast.ana, at=NOW)
    return case


def done(world, assignee=None):
    case = planned(world, assignee=assignee or world.cast.ana)
    services.freeze_plan(case=case, expected_cut=0.5, second_source="The ledger", by=world.cast.omar, at=NOW)
    action, by = Action.objects.latest("pk"), assignee or world.cast.ana
    for to in ("accepted", "implemented"):
        services.move_action(action=action, to=to, by=by, at=NOW)
    return case


def done_by_the_analyst(world):
    return done(world, world.cast.nils)


def owned_by_the_administrator(world):
    case = done(world)
    Case.objects.filter(pk=case.pk).update(owner=world.cast.ada)
    return case


def watched(world):
    case = done(world)
    services.confirm_action(action=Action.objects.latest("pk"), by=world.cast.nils, at=NOW)
    return case


def closed(world):
    case = assessed(world)
    services.close_case(case=case, outcome="cancelled", note="A test", by=world.cast.nils, at=NOW)
    return case


OWNERS, MANAGERS = (by_page, by_api, by_letter), (by_page, by_api)
GUARDS = (
    # to assess
    (assessed, "nils", "assess", {}, "assessing is for cases in: new"),
    # to routed
    (lacking(statement=""), "nils", "route", {}, "write down: the statement"),
    (lacking(is_text=""), "nils", "route", {}, "write down: what it is"),
    (lacking(is_not_text=""), "nils", "route", {}, "write down: what it is not"),
    (lacking(money_note=""), "nils", "route", {}, "the money at risk, or why it is not known"),
    (owned_by_nobody, "nils", "route", {}, "Name the department and the person"),
    (assessed, "nils", "route", {"department": "shipping"}, "has no head. Name a person there."),
    (assessed, "nils", "route", {"owner": "ana"}, "Select a valid choice"),
    (assessed, "lena", "route", {}, "does not allow this. Ask an administrator."),
    (investigating, "nils", "route", {}, "routing is for cases in: assess"),
    (assessed, "nils", "describe", {"title": "x", "severity": 9}, "9 is not one of the available choices"),
    # to planning
    (investigating, "omar", "plan", {}, "No cause is verified with evidence yet: why did it happen?"),
    (suspected, "omar", "plan", {}, "No cause is verified with evidence yet"),
    (known, "omar", "plan", {}, "The second question is not asked yet: why did nobody catch it?"),
    (routed, "omar", "plan", {}, "planning is for cases in: investigating"),
    (suspected, "omar", "judge-cause", {"cause": "its", "state": "verified"}, "The evidence is missing."),
    (suspected, "omar", "judge-cause", {"cause": "its", "state": "refuted"}, "The evidence is missing."),
    (refuted, "omar", "judge-cause", {"cause": "its", "state": "verified", "evidence": "x"}, "can't become verified"),
    (routed, "omar", "add-cause", {"text": "x", "path": "occurrence", "cause_class": "product"}, "adding causes"),
    # to fixing
    (planning, "omar", "freeze-plan", PLAN, "at least one action needs a person and a day"),
    (planned_without_a_day, "omar", "freeze-plan", PLAN, "at least one action needs a person and a day"),
    (planned_weakly, "omar", "freeze-plan", PLAN, "Add a stronger action, or write down why this is enough."),
    (planned_without_a_past, "omar", "freeze-plan", PLAN, "Too few days of tickets before it was noticed"),
    (planned, "omar", "freeze-plan", PLAN | {"expected_cut": 2}, "Count longer, promise more, or say that you know."),
    (planned, "omar", "freeze-plan", PLAN | {"expected_cut": 0}, "Give 1 or more"),
    (planned, "omar", "freeze-plan", PLAN | {"window_days": 5}, "5 is not one of the available choices"),
    (planned, "omar", "freeze-plan", PLAN | {"second_source": " "}, "required"),
    (investigating, "omar", "freeze-plan", PLAN, "freezing a plan is for cases in: planning"),
    (at_work, "omar", "freeze-plan", PLAN, "freezing a plan is for cases in: planning"),
    (investigating, "omar", "add-action", ACTION, "adding actions is for cases in: planning, fixing"),
    (planning, "omar", "add-action", ACTION | {"due_on": str(YESTERDAY)}, "is in the past"),
    # to monitoring
    (at_work, "omar", "move-action", {"action": "its", "to": "implemented"}, "can't become implemented now"),
    (at_work, "omar", "move-action", {"action": "its", "to": "confirmed"}, "confirmed is not one of the available"),
    (at_work, "omar", "move-action", {"action": "its", "to": "effective"}, "effective is not one of the available"),
    (at_work, "omar", "move-action", {"action": "its", "to": "not_doing"}, "Why it will not be done is missing."),
    (blocked, "omar", "move-action", {"action": "its", "to": "implemented"}, "Say first that the obstacle is gone."),
    (begun, "omar", "move-action", {"action": "its", "to": "implemented", "on": str(OVERMORROW)}, "in the future"),
    (begun, "omar", "move-action", {"action": "its", "to": "implemented", "on": "2020-01-01"}, "before the problem"),
    (at_work, "omar", "change-due", {"action": "its", "due_on": str(SOON), "reason": " "}, "required"),
    (at_work, "omar", "change-due", {"action": "its", "due_on": str(YESTERDAY), "reason": "x"}, "is in the past"),
    (done, "ana", "confirm-action", {"action": "its", "holds": "yes"}, "does not allow this. Ask an administrator."),
    (done, "omar", "confirm-action", {"action": "its", "holds": "yes"}, "does not allow this. Ask an administrator."),
    (done_by_the_analyst, "nils", "confirm-action", {"action": "its", "holds": "yes"}, "Ask somebody else to look."),
    (owned_by_the_administrator, "ada", "confirm-action", {"action": "its", "holds": "yes"}, "Ask somebody else"),
    (done, "nils", "confirm-action", {"action": "its", "holds": "no"}, "What is missing is missing."),
    (begun, "nils", "confirm-action", {"action": "its", "holds": "yes"}, "can't become confirmed now"),
    # to closed
    (watched, "nils", "judge", {}, "it was fixed before the work began"),
    (done, "nils", "judge", {}, "a verdict is for cases in: monitoring"),
    (watched, "nils", "close", {"outcome": "effective", "note": "x"}, "effective is not one of the available"),
    (watched, "nils", "close", {"outcome": "cancelled", "note": "x"}, "closing without a fix is for cases in"),
    (done, "nils", "close", {"outcome": "no_cause", "note": "x"}, "closing without a fix is for cases in"),
    (assessed, "nils", "close", {"outcome": "risk_accepted", "note": "x"}, "risk_accepted is not one of the available"),
    (assessed, "nils", "close", {"outcome": "cancelled", "note": " "}, "required"),
    (assessed, "nils", "close", {"outcome": "duplicate", "note": "x"}, "Name the case it is a duplicate of."),
    (at_work, "omar", "risk", {"approver": "omar", "expires_on": str(SOON), "note": "x"}, "accepting the risk is for"),
    (routed, "nils", "risk", {"approver": "omar", "expires_on": str(SOON), "note": "x"}, "does not allow this"),
    # beside the road
    (investigating, "nils", "hold", {"reason": " ", "review_on": str(SOON)}, "required"),
    (investigating, "nils", "hold", {"reason": "x", "review_on": str(YESTERDAY)}, "is in the past"),
    (closed, "nils", "hold", {"reason": "x", "review_on": str(SOON)}, "is closed"),
    (investigating, "nils", "resume", {}, "resuming is for cases in: on hold"),
    (closed, "nils", "tell", {}, "is closed"),
    (closed, "nils", "workaround", {"workaround": "x"}, "is closed"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "who", "name", "given", "said"),
    [pytest.param(*row, id=f"{row[2]} {row[0].__name__} by {row[1]}, {n}") for n, row in enumerate(GUARDS)],
)
def test_what_a_case_is_not_ready_for_is_refused_by_every_door(world, stage, who, name, given, said):
    sow_quiet(world, days=230, rate=1.0)
    case = stage(world)
    for door in OWNERS if who == "omar" and not ACTS[name].verb else MANAGERS:
        with nothing_happens(case):
            answer = door(case, getattr(world.cast, who), name, filled(given, case, world))
        assert answer.status_code in (403, 409, 422), door.__name__
        assert said in answer.content.decode().replace("&#x27;", "'"), door.__name__


def filled(given, case, world):
    """People, departments and what belongs to the case stand in the table by name."""
    rows = {
        "owner": lambda name: getattr(world.cast, name).pk,
        "approver": lambda name: getattr(world.cast, name).pk,
        "department": lambda name: getattr(world.cast, name).pk,
        "cause": lambda _: case.causes.latest("pk").pk,
        "action": lambda _: case.actions.latest("pk").pk,
    }
    return {name: rows[name](value) if name in rows else value for name, value in given.items()}


def test_what_is_not_the_owners_is_behind_no_letter(world):
    case = routed(world)
    for name in (act.name for act in ACTS.values() if act.verb):
        with nothing_happens(case):
            assert by_letter(case, world.cast.omar, name, {}).status_code == 404, name


def test_an_agent_does_nothing_with_a_case_by_page_or_api(world):
    sow_quiet(world, days=40, rate=0.5)
    case = routed(world)
    for act in ACTS.values():
        for door in MANAGERS:
            with nothing_happens(case):
                answer = door(case, world.cast.ana, act.name, {})
            assert answer.status_code in (403, 422), act.name
            assert case.statement not in answer.content.decode(), act.name


def test_a_refused_form_shows_no_case_to_who_may_not_read_it(world, sign_in):
    sow_quiet(world, days=40, rate=0.5)
    case = routed(world)
    for page in ("evidence/exclude", "evidence/link-by-hand", "spread/spread-note"):
        answer = sign_in(world.cast.ana).post(f"/cases/{case.pk}/{page}/", {})
        assert answer.status_code == 403
        assert case.title not in answer.content.decode()


def test_a_signal_judged_already_is_told_on_the_page_and_by_api(world, sign_in, caller):
    signal = make_signal()
    services.promote_signal(signal=signal, by=world.cast.nils, at=NOW)
    before = (Case.objects.count(), fresh(signal).state)
    for answer in (
        sign_in(world.cast.nils).post(reverse("promote_signal", args=[signal.pk])),
        caller(world.cast.nils).post(f"/api/v1/signals/{signal.pk}/promote/", {}, format="json"),
    ):
        assert answer.status_code == 409
        assert "This signal is already promoted" in answer.content.decode()
    assert (Case.objects.count(), fresh(signal).state) == before


def test_a_letter_opens_nothing_but_its_case_for_who_is_not_signed_in(world):
    case = routed(world)
    key = services.make_link(case=case, user=world.cast.omar, at=NOW)
    stranger = Client()
    assert stranger.get(reverse("owner_page", args=[key])).status_code == 200
    for address in (
        reverse("case", args=[case.pk]),
        reverse("board"),
        reverse("queue"),
        reverse("needs_you"),
    ):
        assert stranger.get(address).status_code == 302
        assert "/login/" in stranger.get(address).url
