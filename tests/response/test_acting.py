"""What may be done to a ticket, as data: read, told, done, and taken back."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.response import services
from apps.response.acting import (
    Act,
    ActsForm,
    describe,
    kinds,
    look_up,
    perform,
    read_acts,
    read_done,
    undo,
    written,
)
from apps.response.acting.services import OutOfSight
from helpdesk.errors import DomainError, Invalid, NotAllowed, NotFound
from helpdesk.models import CustomField, Event, Note, Status, Ticket
from tests.factories import NOW, make_issue, make_product, make_ticket

FILL = Act("fill", (("colours", ("red",)), ("size", None)))
KEPT = [
    ({"act": "assign", "value": 12}, Act("assign", 12)),
    ({"act": "assign", "value": "@me"}, Act("assign", "@me")),
    ({"act": "assign", "value": None}, Act("assign")),
    ({"act": "assign", "value": "ana@desk.test"}, Act("assign", "ana@desk.test")),
    ({"act": "rate", "value": "High"}, Act("rate", 2)),
    ({"act": "rate", "value": 4}, Act("rate", 4)),
    ({"act": "tag", "value": "Very Important"}, Act("tag", "very-important")),
    ({"act": "hold", "value": "waiting_owner"}, Act("hold", "waiting_owner")),
    ({"act": "solve"}, Act("solve")),
    ({"act": "reopen"}, Act("reopen")),
    ({"act": "note", "value": " Look.\r\n"}, Act("note", "Look.")),
    ({"act": "product", "value": None}, Act("product")),
    ({"act": "fill", "value": {"colours": ["red"], "size": None}}, FILL),
]
REFUSED = [
    ([], "acts"),
    ("solve", "acts"),
    ([{"act": "solve"}] * 13, "acts"),
    ([{"value": 1}], "acts/0"),
    ([{"act": "solve", "by": 3}], "acts/0"),
    ([{"act": "fly"}], "acts/0/act"),
    ([{"act": "remedy", "value": "refund"}], "acts/0/act"),  # given by a person, who is asked for approval
    ([{"act": ["solve"]}], "acts/0/act"),
    ([{"act": "merge", "value": 3}], "acts/0/act"),
    ([{"act": "solve", "value": "now"}], "acts/0/value"),
    ([{"act": "solve"}, {"act": "rate", "value": 5}], "acts/1/value"),
    ([{"act": "rate", "value": True}], "acts/0/value"),
    ([{"act": "rate", "value": {}}], "acts/0/value"),
    ([{"act": "assign", "value": True}], "acts/0/value"),
    ([{"act": "assign", "value": []}], "acts/0/value"),
    ([{"act": "move"}], "acts/0/value"),
    ([{"act": "fill", "value": "red"}], "acts/0/value"),
    ([{"act": "fill", "value": {"size": {}}}], "acts/0/value"),
    ([{"act": "tag", "value": " "}], "acts/0/value"),
    ([{"act": "tag", "value": "a,b"}], "acts/0/value"),
    ([{"act": "hold", "value": "solved"}], "acts/0/value"),
    ([{"act": "note", "value": ""}], "acts/0/value"),
]


@pytest.mark.parametrize(("kept", "act"), KEPT)
def test_an_act_is_read_and_written(kept, act):
    assert read_acts([kept]) == (act,)
    assert read_acts(json.loads(json.dumps([written(act)]))) == (act,)


@pytest.mark.parametrize(("given", "where"), REFUSED)
def test_what_is_no_act_is_refused_and_says_where(given, where):
    with pytest.raises(Invalid) as refused:
        read_acts(given)
    assert refused.value.pointer == where


def test_merging_is_for_chosen_tickets_alone():
    assert read_acts([{"act": "merge", "value": "#7"}], alone=True) == (Act("merge", 7),)


@pytest.fixture
def world(cast):
    issue, other = make_issue(), make_issue("late-parcel")
    lamp = make_product()
    CustomField.objects.create(key="size", label="Size", kind="text")
    CustomField.objects.create(key="colours", label="Colours", kind="choices", choices=["red", "blue"])
    ticket = make_ticket(cast, custom={"size": "M"})
    return cast, ticket, {"issue": issue, "other": other, "lamp": lamp}


def done_to(ticket, *acts, by):
    return perform(ticket=ticket, acts=acts, by=by, at=NOW)


def facts(ticket):
    """What a ticket is, but for the moments it was changed at."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    codes = list(ticket.issues.order_by("issue_id").values("issue", "is_primary", "source", "coded_by"))
    del row["updated_at"], row["status_since"], row["search"]
    return row, codes, Note.objects.filter(ticket=ticket).count()


CASES = {
    "assign": lambda c, t: Act("assign", c.lena.pk),
    "by address": lambda c, t: Act("assign", "lena@desk.test"),
    "me": lambda c, t: Act("assign", "@me"),
    "move": lambda c, t: Act("move", "shipping"),
    "rate": lambda c, t: Act("rate", 1),
    "tag": lambda c, t: Act("tag", "vip"),
    "untag": lambda c, t: Act("untag", "old"),
    "classify": lambda c, t: Act("classify", "charged-twice"),
    "also": lambda c, t: Act("also", "late-parcel"),
    "product": lambda c, t: Act("product", "lamp"),
    "fill": lambda c, t: FILL,
    "hold": lambda c, t: Act("hold", "waiting_customer"),
    "solve": lambda c, t: Act("solve"),
    "note": lambda c, t: Act("note", "Look at this."),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("coded", [False, True])
def test_every_act_is_done_and_put_back_as_it_was(world, case, coded):
    cast, ticket, nouns = world
    services.describe(ticket=ticket, product=None, tags=("old",), by=cast.ana, at=NOW)
    if coded:
        services.assign(ticket=ticket, assignee=cast.ana, by=cast.ana, at=NOW)
        services.classify(ticket=ticket, issue=nouns["other"], by=cast.ana, at=NOW)
    before = facts(ticket)
    done = done_to(ticket, CASES[case](cast, ticket), by=cast.ana)
    changed = facts(ticket) != before
    assert changed == any(one.changed for one in done)
    assert changed or (coded and case in ("also", "me"))
    kept = read_done(json.loads(json.dumps([written(one) for one in done])))
    assert [one.stays for one in undo(done=kept, by=cast.ana, at=NOW)] == [False]
    assert facts(ticket) == before


def test_a_solved_ticket_is_opened_again_and_solved_again_by_undoing(world):
    cast, ticket, _ = world
    done_to(ticket, Act("solve"), by=cast.ana)
    before = facts(ticket)
    done = done_to(ticket, Act("reopen", "Not over"), by=cast.ana)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopened_count) == (Status.OPEN, 1)
    undo(done=done, by=cast.ana, at=NOW)
    assert facts(ticket) == before


def test_a_waiting_ticket_that_was_solved_waits_again_and_its_clocks_hear_it(world):
    cast, ticket, _ = world
    done_to(ticket, Act("hold", "waiting_customer"), by=cast.ana)
    done = done_to(ticket, Act("solve"), by=cast.ana)
    undo(done=done, by=cast.ana, at=NOW)
    told = list(Event.objects.order_by("pk").values_list("kind", flat=True))[-3:]
    assert told == ["ticket.resolved", "ticket.reopened", "ticket.held"]
    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopened_count) == (Status.WAITING_CUSTOMER, 0)


def test_several_acts_are_done_in_their_order_and_undone_backwards(world):
    cast, ticket, _ = world
    before = facts(ticket)
    acts = [Act("move", "shipping"), Act("assign", cast.mallory.pk), Act("rate", 1), Act("tag", "vip")]
    done = done_to(ticket, *acts, by=cast.ada)
    ticket.refresh_from_db()
    assert (ticket.department, ticket.assignee, ticket.severity, ticket.tags) == (
        cast.shipping, cast.mallory, 1, ["vip"],
    )  # fmt: skip
    assert not any(one.stays for one in undo(done=done, by=cast.ada, at=NOW))
    assert facts(ticket) == before


def test_moving_comes_last_since_nobody_acts_on_what_they_no_longer_see(world):
    cast, ticket, _ = world
    done = done_to(ticket, Act("move", "shipping"), Act("tag", "vip"), by=cast.ana)
    assert [one.act.name for one in done] == ["tag", "move"]
    with pytest.raises(OutOfSight):
        done_to(make_ticket(cast), Act("move", "shipping"), Act("assign", cast.mallory.pk), by=cast.ana)


def test_of_several_acts_none_is_done_when_one_is_refused(world):
    cast, ticket, _ = world
    before, told = facts(ticket), Event.objects.count()
    with pytest.raises(DomainError):
        done_to(ticket, Act("rate", 1), Act("reopen"), by=cast.ana)
    assert (facts(ticket), Event.objects.count()) == (before, told)


def test_what_somebody_changed_since_stays_and_says_so(world):
    cast, ticket, _ = world
    done = done_to(ticket, Act("rate", 1), Act("tag", "vip"), Act("assign", cast.lena.pk), by=cast.ana)
    services.assign(ticket=ticket, assignee=cast.ana, by=cast.ana, at=NOW)
    undone = undo(done=done, by=cast.ana, at=NOW)
    assert [(one.done.act.name, one.stays) for one in undone] == [
        ("assign", True), ("tag", False), ("rate", False),
    ]  # fmt: skip
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.severity, ticket.tags) == (cast.ana, 3, [])


def test_a_moved_ticket_comes_back_though_routing_found_somebody_but_not_once_a_person_took_it(world):
    cast, ticket, _ = world
    done = done_to(ticket, Act("move", "shipping"), by=cast.ana)
    ticket.refresh_from_db()
    ticket.assign(cast.mallory, by=cast.mallory, at=NOW)
    assert undo(done=done, by=cast.ana, at=NOW)[0].stays
    ticket.assign(cast.mallory, by=cast.system, at=NOW)
    assert not undo(done=done, by=cast.ana, at=NOW)[0].stays
    ticket.refresh_from_db()
    assert ticket.department == cast.billing


def test_a_code_somebody_gave_something_for_stays(world):
    cast, ticket, _ = world
    done = done_to(ticket, Act("classify", "charged-twice"), by=cast.ana)
    services.give_remedy(ticket=ticket, remedy="apology", by=cast.ana, at=NOW)
    assert undo(done=done, by=cast.ana, at=NOW)[0].stays


def test_a_merge_is_done_and_taken_apart_again(world):
    cast, ticket, _ = world
    other = make_ticket(cast)
    before = facts(ticket)[0]
    done = done_to(ticket, Act("tag", "vip"), Act("merge", other.pk), by=cast.ana)
    ticket.refresh_from_db()
    assert (ticket.merged_into, ticket.tags) == (other, ["vip"])
    assert not any(one.stays for one in undo(done=done, by=cast.ana, at=NOW))
    assert facts(ticket)[0] == before


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (Act("assign", 999_999), Invalid),
        (Act("move", "nowhere"), Invalid),
        (Act("classify", "no-such-code"), Invalid),
        (Act("assign", "omar@desk.test"), services.NotAssignable),
        (Act("reopen"), services.NotNow),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_changes(world, act, error):
    cast, ticket, _ = world
    before = facts(ticket)
    with pytest.raises(error):
        done_to(ticket, act, by=cast.ana)
    assert facts(ticket) == before


@pytest.mark.parametrize(("who", "error"), [("mallory", NotFound), ("omar", NotAllowed)])
def test_nobody_does_more_than_on_the_ticket_itself(world, who, error):
    cast, ticket, _ = world
    with pytest.raises(error):
        done_to(ticket, Act("rate", 1), by=getattr(cast, who))


@pytest.mark.parametrize(("who", "error"), [("mallory", NotFound), ("omar", NotAllowed)])
def test_nobody_takes_back_what_they_may_not_do(world, who, error):
    cast, ticket, _ = world
    done = done_to(ticket, Act("rate", 1), by=cast.ana)
    with pytest.raises(error):
        undo(done=done, by=getattr(cast, who), at=NOW)


def test_acts_are_told_by_the_names_of_what_they_name(world):
    cast, _ticket, _ = world
    acts = [Act("assign", cast.lena.pk), Act("assign", "@me"), Act("assign"), Act("rate", 2), Act("solve"),
            Act("classify", "charged-twice"), Act("move", "gone")]  # fmt: skip
    assert describe(acts, look_up(acts)) == [
        "Assign to Lena", "Assign to me", "Assign to nobody", "Severity High", "Solve",
        "Code as “Charged twice”", "Move to gone",
    ]  # fmt: skip


def test_what_acts_name_is_read_once_for_all_tickets(world):
    cast, ticket, _ = world
    acts = [Act("assign", cast.lena.pk), Act("assign", "lena@desk.test"), Act("classify", "charged-twice")]
    with CaptureQueriesContext(connection) as asked:
        known = look_up(acts)
    assert len(asked) == 2
    with CaptureQueriesContext(connection) as one:
        perform(ticket=ticket, acts=acts, by=cast.ana, at=NOW, known=known)
    assert not [query for query in one if "lena@desk.test" in query["sql"]]


def test_a_form_gives_acts_and_shows_them_again(world):
    cast, _ticket, _ = world
    typed = {"assign": f"assign:{cast.lena.pk}", "state": "hold:waiting_customer", "tag": "vip, Old one"}
    form = ActsForm(typed, user=cast.ana)
    assert form.is_valid(), form.errors
    acts = (
        Act("assign", cast.lena.pk),
        Act("tag", "vip"),
        Act("tag", "old-one"),
        Act("hold", "waiting_customer"),
    )
    assert set(form.acts) == set(acts)
    shown = ActsForm(user=cast.ana, acts=acts)
    assert shown.initial == {
        "assign": f"assign:{cast.lena.pk}", "state": "hold:waiting_customer", "tag": "vip, old-one",
    }  # fmt: skip


def test_a_form_offers_nobody_what_their_role_does_not_do(world):
    cast, _ticket, _ = world
    assert list(ActsForm(user=cast.omar).fields) == ["note"]
    assert not ActsForm({}, user=cast.ana).is_valid()
    wrong = ActsForm({"untag": "x" * 70}, user=cast.ana)
    assert not wrong.is_valid()
    assert "untag" in wrong.errors


def test_every_kind_says_what_it_needs():
    from helpdesk.permissions import VERBS

    assert {kind.verb for kind in kinds().values()} <= VERBS["admin"]
