"""Two people at one moment: what can be done once is done once, and the other one is told so.

Chance is left out of it. The first has done it and is not through yet; the second begins, and must wait for the
first; then the first is through. A service that decides before it holds its row lets both win here every time.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.analysis import services
from apps.analysis.models import Action, Case, CaseTicket, OwnerLink
from helpdesk.errors import DomainError
from helpdesk.models import Event, TaxonomyRelease
from helpdesk.services import AddIssue, discard_change_set, draft_changes, publish_change_set, undo_release
from tests.analysis.stages import (
    SOON,
    add_action,
    add_cause,
    assessed,
    fixing,
    fresh,
    investigating,
    planning,
    routed,
)
from tests.analysis.test_pages import make_signal
from tests.analysis.together import Act, told
from tests.analysis.world import TODAY, World, make_world, sow_quiet
from tests.factories import NOW, make_cast, make_product, make_ticket, make_user


@pytest.fixture
def world(transactional_db) -> World:
    return make_world(make_cast())


# --- each contest: what the first does, and what the second does at the same moment


def answers(world: World) -> dict[str, Act]:
    """A case that waits for its owner, and everything the owner may say to it."""
    case, omar = routed(world), world.cast.omar
    who = {"case": case, "by": omar, "at": NOW}
    return {
        "accept": lambda: services.accept_case(**who),
        "reject": lambda: services.reject_case(**who, reason="not_ours", propose=world.cast.shipping),
        "ask": lambda: services.need_information(**who, question="Which?"),
        "fixed": lambda: services.already_fixed(**who, fixed_on=TODAY, note="Patch"),
        "risk": lambda: services.accept_risk(**who, approver=omar, expires_on=SOON, note="Rare"),
        "close": lambda: services.close_case(
            case=case, outcome="cancelled", note="A test", by=world.cast.nils, at=NOW
        ),
    }


ANSWERS = ("accept", "reject", "ask", "fixed", "risk", "close")


@pytest.mark.parametrize(
    ("first", "second"),
    [("accept", "accept"), ("fixed", "reject"), ("ask", "risk"), ("close", "close")]
    + [(first, second) for first in ("reject", "risk") for second in ANSWERS[:4]],
)
def test_a_case_is_answered_once(world, first, second):
    acts = answers(world)
    assert isinstance(told(acts[first], acts[second]), DomainError)


def test_of_two_owners_named_at_once_the_letter_of_one_opens(world):
    olga, case = make_user("olga", "owner", world.cast.shipping), assessed(world)
    told(
        lambda: services.route_case(case=case, owner=world.cast.omar, by=world.cast.nils, at=NOW),
        lambda: services.route_case(case=case, owner=olga, by=world.cast.nils, at=NOW),
    )
    assert fresh(case).owner == olga
    assert {link.user for link in OwnerLink.objects.filter(revoked_at=None)} == {olga}


def accepted_or_handed_on(world: World) -> tuple[Act, Act]:
    olga, case = make_user("olga", "owner", world.cast.shipping), routed(world)
    return (
        lambda: services.route_case(case=case, owner=olga, by=world.cast.nils, at=NOW),
        lambda: services.accept_case(case=case, by=world.cast.omar, at=NOW),
    )


def handed_on_or_accepted(world: World) -> tuple[Act, Act]:
    handed_on, accepted = accepted_or_handed_on(world)
    return accepted, handed_on


def owner_or_deputy(world: World) -> tuple[Act, Act]:
    olga, case = make_user("olga", "owner", world.cast.shipping), assessed(world)
    services.route_case(case=case, owner=world.cast.omar, deputy=olga, by=world.cast.nils, at=NOW)
    return (
        lambda: services.accept_case(case=case, by=world.cast.omar, at=NOW),
        lambda: services.need_information(case=case, question="Which?", by=olga, at=NOW),
    )


def risk_confirmed_or_refused(world: World) -> tuple[Act, Act]:
    olga, case = make_user("olga", "owner", world.cast.billing), assessed(world)
    services.route_case(case=case, owner=olga, by=world.cast.nils, at=NOW)
    approver = {"approver": world.cast.omar, "expires_on": SOON, "note": "Rare"}
    services.accept_risk(case=case, **approver, by=olga, at=NOW)
    who = {"case": case, "by": world.cast.omar, "at": NOW}
    return lambda: services.confirm_risk(**who), lambda: services.refuse_risk(**who, note="Not rare")


def assessed_twice(world: World) -> tuple[Act, Act]:
    case = services.flag_case(ticket=make_ticket(world.cast), title="Again", by=world.cast.ana, at=NOW)
    return (lambda: services.assess_case(case=case, by=world.cast.nils, at=NOW),) * 2


# Signals


def judgements(world: World) -> dict[str, Act]:
    one, other, case = make_signal(1), make_signal(2), assessed(world)
    who = {"signal": one, "by": world.cast.nils, "at": NOW}
    return {
        "promote": lambda: services.promote_signal(**who),
        "merge": lambda: services.merge_signal(**who, case=case),
        "into": lambda: services.merge_signals(**who, into=other),
        "dismiss": lambda: services.dismiss_signal(**who, dismissal="noise"),
        "snooze": lambda: services.snooze_signal(**who),
        "back": lambda: services.merge_signals(signal=other, into=one, by=world.cast.nils, at=NOW),
        "close": lambda: services.close_case(
            case=case, outcome="cancelled", note="A test", by=world.cast.nils, at=NOW
        ),
    }


JUDGEMENTS = ("promote", "merge", "into", "dismiss")


@pytest.mark.parametrize(
    ("first", "second"),
    [("promote", second) for second in (*JUDGEMENTS, "snooze", "back")]
    + [
        ("merge", "promote"),
        ("into", "back"),
        ("dismiss", "promote"),
        ("snooze", "snooze"),
        ("close", "merge"),
    ],
)
def test_a_signal_is_judged_once(world, first, second):
    acts = judgements(world)
    assert isinstance(told(acts[first], acts[second]), DomainError)
    assert Event.objects.filter(kind="signal.judged").count() == (first != "close")


# The work on a case


def judged_true_or_false(world: World) -> tuple[Act, Act]:
    cause = add_cause(world, investigating(world))
    who = {"cause": cause, "evidence": "The log", "by": world.cast.omar, "at": NOW}
    return (
        lambda: services.judge_cause(**who, state="refuted"),
        lambda: services.judge_cause(**who, state="verified"),
    )


def planning_begun_twice(world: World) -> tuple[Act, Act]:
    case = investigating(world)
    cause = add_cause(world, case)
    add_cause(world, case, path="escape", text="No alarm")
    services.judge_cause(cause=cause, state="verified", evidence="The log", by=world.cast.omar, at=NOW)
    return (lambda: services.begin_planning(case=case, by=world.cast.omar, at=NOW),) * 2


def assigned_to_two(world: World) -> tuple[Act, Act]:
    action = add_action(world, planning(world), assignee=None)
    who = {"action": action, "due_on": SOON, "by": world.cast.omar, "at": NOW}
    return (
        lambda: services.assign_action(**who, assignee=world.cast.ana),
        lambda: services.assign_action(**who, assignee=world.cast.lena),
    )


def frozen_twice(world: World) -> tuple[Act, Act]:
    sow_quiet(world, days=230, rate=1.0)
    case = planning(world)
    add_action(world, case)
    plan = {"case": case, "window_days": 28, "second_source": "The ledger", "by": world.cast.omar, "at": NOW}
    return (
        lambda: services.freeze_plan(**plan, expected_cut=0.5),
        lambda: services.freeze_plan(**plan, expected_cut=0.1),
    )


def in_place(world: World) -> Action:
    sow_quiet(world, days=230, rate=1.0)
    _, action = fixing(world)
    services.move_action(action=action, to="accepted", by=world.cast.ana, at=NOW)
    services.move_action(action=action, to="implemented", by=world.cast.ana, at=NOW)
    return action


def accepted_twice_by_who_does_it(world: World) -> tuple[Act, Act]:
    action = add_action(world, planning(world))
    return (lambda: services.move_action(action=action, to="accepted", by=world.cast.ana, at=NOW),) * 2


def confirmed_or_sent_back(world: World) -> tuple[Act, Act]:
    who = {"action": in_place(world), "note": "I looked", "by": world.cast.nils, "at": NOW}
    return (
        lambda: services.confirm_action(**who),
        lambda: services.confirm_action(**who, holds=False),
    )


def sent_back_or_confirmed(world: World) -> tuple[Act, Act]:
    confirmed, sent_back = confirmed_or_sent_back(world)
    return sent_back, confirmed


def confirmed_or_given_up(world: World) -> tuple[Act, Act]:
    action = in_place(world)
    return (
        lambda: services.confirm_action(action=action, by=world.cast.nils, at=NOW),
        lambda: services.move_action(
            action=action, to="not_doing", note="Too dear", by=world.cast.ana, at=NOW
        ),
    )


def given_up_or_confirmed(world: World) -> tuple[Act, Act]:
    confirmed, given_up = confirmed_or_given_up(world)
    return given_up, confirmed


def judged_twice(world: World) -> tuple[Act, Act]:
    action = in_place(world)
    services.confirm_action(action=action, by=world.cast.nils, at=NOW)
    late = NOW + timedelta(days=200)
    return (lambda: services.judge_case(case=action.case, by=world.cast.nils, at=late),) * 2


def closed_or_worked_on(world: World) -> tuple[Act, Act]:
    case = investigating(world)
    return (
        lambda: services.close_case(case=case, outcome="cancelled", note="x", by=world.cast.nils, at=NOW),
        lambda: add_cause(world, case),
    )


def closed_or_its_workaround_told(world: World) -> tuple[Act, Act]:
    closed, _ = closed_or_worked_on(world)
    case = Case.objects.latest("pk")
    return closed, lambda: services.publish_workaround(
        case=case, workaround="Wait", by=world.cast.nils, at=NOW
    )


def put_on_hold_twice(world: World) -> tuple[Act, Act]:
    case = investigating(world)
    hold = {"case": case, "reason": "Supplier", "review_on": SOON, "by": world.cast.nils, "at": NOW}
    return (lambda: services.hold_case(**hold),) * 2


def taken_up_twice(world: World) -> tuple[Act, Act]:
    put_on_hold_twice(world)[0]()
    case = Case.objects.latest("pk")
    return (lambda: services.resume_case(case=case, by=world.cast.nils, at=NOW),) * 2


def taken_to_a_sister_twice(world: World) -> tuple[Act, Act]:
    case, lamp = planning(world), make_product("lamp")
    return (lambda: services.spread_to(case=case, product=lamp, by=world.cast.omar, at=NOW),) * 2


# The taxonomy


def published_or_discarded(world: World) -> tuple[Act, Act]:
    draft = draft_changes(changes=[AddIssue("billing", "Billing")], by=world.cast.ada, at=NOW)
    who = {"change_set": draft, "by": world.cast.ada}
    return (
        lambda: publish_change_set(**who, version=draft.version, note="", at=NOW),
        lambda: discard_change_set(**who, at=NOW),
    )


def discarded_or_published(world: World) -> tuple[Act, Act]:
    published, discarded = published_or_discarded(world)
    return discarded, published


def published_twice(world: World) -> tuple[Act, Act]:
    published, _ = published_or_discarded(world)
    return published, published


def published_or_changed(world: World) -> tuple[Act, Act]:
    """Who publishes what another has just added to is told to look again."""
    published, _ = published_or_discarded(world)
    more = [AddIssue("other", "Other")]
    return lambda: draft_changes(changes=more, by=world.cast.ada, at=NOW), published


def undone_twice(world: World) -> tuple[Act, Act]:
    published_or_discarded(world)[0]()
    release = TaxonomyRelease.objects.first()
    return (lambda: undo_release(release=release, by=world.cast.ada, at=NOW),) * 2


CONTESTS = (
    accepted_or_handed_on, handed_on_or_accepted, owner_or_deputy, risk_confirmed_or_refused, assessed_twice,
    judged_true_or_false,
    planning_begun_twice, assigned_to_two, frozen_twice, accepted_twice_by_who_does_it,
    confirmed_or_sent_back, sent_back_or_confirmed, confirmed_or_given_up, given_up_or_confirmed,
    judged_twice, closed_or_worked_on, closed_or_its_workaround_told, put_on_hold_twice, taken_up_twice,
    taken_to_a_sister_twice, published_or_discarded, discarded_or_published, published_twice,
    published_or_changed, undone_twice,
)  # fmt: skip


@pytest.mark.parametrize("contest", CONTESTS, ids=lambda contest: contest.__name__)
def test_of_two_at_once_the_second_is_told_and_does_nothing(world, contest):
    first, second = contest(world)
    counted: list[int] = []

    def and_count() -> None:
        first()
        counted.append(Event.objects.count())

    assert isinstance(told(and_count, second), DomainError)
    assert counted == [Event.objects.count()]


# --- what may be said twice, and counts once


def test_a_ticket_linked_twice_at_once_is_linked_once(world):
    case, ticket = routed(world), make_ticket(world.cast)
    link = {"ticket": ticket, "case": case, "by": world.cast.ana, "at": NOW}
    assert told(lambda: services.link_ticket(**link), lambda: services.link_ticket(**link)) is None
    assert CaseTicket.objects.filter(ticket=ticket).count() == 1


def test_a_ticket_taken_out_twice_at_once_is_taken_out_once(world):
    case, ticket = routed(world), make_ticket(world.cast)
    row = services.link_ticket(ticket=ticket, case=case, by=world.cast.ana, at=NOW)
    out = {"evidence": row, "by": world.cast.omar, "at": NOW}
    assert told(lambda: services.exclude_ticket(**out), lambda: services.exclude_ticket(**out)) is None
    assert Event.objects.filter(kind="evidence.changed").count() == 2  # in, and out


def test_of_two_last_actions_confirmed_at_once_the_monitoring_begins(world):
    """Neither sees that the other one is done, unless the second waits."""
    action = in_place(world)
    second = add_action(world, action.case, title="The same for refunds")
    for to in ("accepted", "implemented"):
        services.move_action(action=second, to=to, by=world.cast.ana, at=NOW)
    confirmed = [
        lambda action=action: services.confirm_action(action=action, by=world.cast.nils, at=NOW)
        for action in (action, second)
    ]
    assert told(*confirmed) is None
    assert fresh(action.case).state == "monitoring"
    assert {fresh(action).state, fresh(second).state} == {"observing"}


# --- one order, so that nobody waits for each other


@pytest.mark.parametrize(
    "act",
    [
        lambda action, by: services.move_action(action=action, to="not_doing", note="x", by=by, at=NOW),
        lambda action, by: services.move_action(action=action, to="in_progress", by=by, at=NOW),
        lambda action, by: services.block_action(action=action, obstacle="x", by=by, at=NOW),
    ],
    ids=["give up", "begin", "block"],
)
def test_who_does_an_action_holds_its_case_before_it(world, act):
    """`confirm_action` holds the case first: the other way round both would wait for ever."""
    action = add_action(world, planning(world))
    with CaptureQueriesContext(connection) as asked:
        act(action, world.cast.ana)
    held = [query["sql"].split('FROM "')[1].split('"')[0] for query in asked if "FOR NO KEY" in query["sql"]]
    assert held[:2] == ["analysis_case", "analysis_action"]
