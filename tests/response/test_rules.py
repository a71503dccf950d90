"""Rules: when and then; their order, their guards, their reach, and what they leave behind."""

from datetime import timedelta

import pytest

from apps.output.models import Delivery
from apps.response import services
from apps.response.rules import services as rules
from apps.response.rules.models import Rule, RuleEntry, RuleFiring, RuleHealth, RuleRun
from apps.response.rules.queries import traces_of
from helpdesk import events
from helpdesk.errors import NotAllowed
from helpdesk.models import Department, Event, Message, Note
from tests.factories import NOW, make_issue, make_product, make_ticket
from tests.response.ruling import EMAIL, FORM, HOUR, all_of, any_of, fresh, line


def outcomes():
    return list(RuleFiring.objects.order_by("pk").values_list("outcome", flat=True))


# --- when ------------------------------------------------------------------------------------------------


def _solved(cast, ticket):
    services.solve(ticket=ticket, by=cast.ana, at=NOW)


HAPPENS = {
    "opened": lambda cast, ticket: None,
    "wrote": lambda cast, ticket: None,
    "replied": lambda cast, ticket: services.reply(ticket=ticket, body="Hello", by=cast.ana, at=NOW),
    "noted": lambda cast, ticket: services.add_note(ticket=ticket, body="Hm", by=cast.ana, at=NOW),
    "state": _solved,
    "assigned": lambda cast, ticket: services.assign(ticket=ticket, assignee=cast.ana, by=cast.ana, at=NOW),
    "moved": lambda cast, ticket: services.move(ticket=ticket, department=cast.shipping, by=cast.ana, at=NOW),
    "classified": lambda cast, ticket: services.classify(
        ticket=ticket, issue=make_issue(), by=cast.ana, at=NOW
    ),
    "rated": lambda cast, ticket: services.rate(ticket=ticket, severity=1, by=cast.ana, at=NOW),
    "described": lambda cast, ticket: services.describe(
        ticket=ticket, product=make_product(), tags=None, by=cast.ana, at=NOW
    ),
    "survey": lambda cast, ticket: ticket.answer_survey(
        outcome="satisfied", would_buy_again=True, told_others=0, by=cast.zoe_account, at=NOW
    ),
}


@pytest.mark.parametrize("when", HAPPENS)
def test_a_rule_acts_when_it_happens_and_its_hand_is_named(cast, rule, obeyed, when):
    row = rule(when=when)
    ticket = make_ticket(cast)
    HAPPENS[when](cast, ticket)
    obeyed()
    assert fresh(ticket).tags == ["seen"]
    described = Event.objects.filter(kind="ticket.described", by=row.acts_as).get()
    assert described.by.name == "Rule: Mark it"
    # The rule on fields hears itself, once.
    assert RuleFiring.objects.filter(outcome="done").count() == 1


@pytest.mark.parametrize("kind", ["clock.warned", "clock.breached"])
def test_a_rule_hears_the_clocks(cast, rule, obeyed, kind):
    rule(when=kind.removeprefix("clock."))
    ticket = make_ticket(cast)
    events.record(kind, ticket=ticket, by=cast.system, at=NOW, data={"kind": "resolve"})
    obeyed()
    assert fresh(ticket).tags == ["seen"]


def test_machines_letters_start_no_rule(cast, rule, obeyed):
    rule(when="wrote")
    rule("Replied", when="replied")
    ticket = make_ticket(cast)
    obeyed()
    RuleRun.objects.all().delete()
    said = {"ticket": ticket, "body": "Away", "by": cast.system, "at": NOW, "channel": "email"}
    Message.receive(customer=cast.zoe, is_automatic=True, **said)
    Message.write(is_automatic=True, **said)
    obeyed()
    assert not RuleRun.objects.exists()


# --- then ------------------------------------------------------------------------------------------------


def test_acts_are_done_by_the_rule(cast, rule, deliver_news):
    make_issue()
    acts = [
        {"act": "rate", "value": 1},
        {"act": "classify", "value": "charged-twice"},
        {"act": "assign", "value": "ana@desk.test"},
        {"act": "note", "value": "Look at the contract."},
        {"act": "notify", "value": "Dear {{ customer.name }}, we look at #{{ ticket.number }}."},
        {"act": "tell", "value": "lena@desk.test"},
        {"act": "tell_department", "value": "billing"},
        {"act": "tell_assignee"},
        {"act": "hold", "value": "waiting_owner"},
    ]
    rule(acts=acts)
    ticket = make_ticket(cast)
    deliver_news()
    row = fresh(ticket)
    assert (row.severity, row.assignee, row.status) == (1, cast.ana, "waiting_owner")
    assert row.primary_issue.code == "charged-twice"
    assert row.issues.get().source == "client"
    assert Note.objects.get().author.name == "Rule: Mark it"
    notice = Message.objects.get(direction="out", body__startswith="Dear Zoe")
    assert notice.is_automatic
    assert f"#{ticket.pk}" in notice.body
    told = Delivery.objects.filter(kind="notice").values_list("to", flat=True)
    assert sorted(one[0] for one in told) == sorted(
        ["lena@desk.test", "ana@desk.test", "lena@desk.test", "omar@desk.test", "ana@desk.test"]
    )
    assert [act.changed for act in traces_of(row)[-1].looks[0].acts] == [True] * len(acts)


def test_what_is_refused_is_undone_and_told_and_the_next_rule_goes_on(cast, rule, obeyed):
    rule("Solve it", acts=[{"act": "tag", "value": "half"}, {"act": "reopen"}])
    rule("After it")
    ticket = make_ticket(cast)
    obeyed()
    assert fresh(ticket).tags == ["seen"]
    assert outcomes() == ["refused", "done"]
    assert traces_of(ticket)[0].looks[0].why


# --- order, stop, guards ---------------------------------------------------------------------------------


def test_rules_act_in_their_order_and_each_sees_what_was_done_before(cast, rule, obeyed):
    first = rule("First", acts=[{"act": "tag", "value": "vip"}])
    second = rule("Second", conditions=all_of(line("tag", "is", "vip")))
    one = make_ticket(cast)
    obeyed()
    assert sorted(fresh(one).tags) == ["seen", "vip"]
    rules.move_rule(rule=second, up=True, by=cast.ada, at=NOW)
    assert list(Rule.objects.values_list("pk", flat=True)) == [second.pk, first.pk]
    other = make_ticket(cast)
    obeyed()
    assert fresh(other).tags == ["vip"]


def test_a_rule_that_stops_keeps_those_after_it_from_looking(cast, rule, obeyed):
    rule("First", acts=[{"act": "tag", "value": "vip"}], conditions=all_of(FORM), stops=True)
    rule("Second")
    ticket, other = make_ticket(cast), make_ticket(cast, channel="phone")
    obeyed()
    assert fresh(ticket).tags == ["vip"]
    assert [look.outcome for look in traces_of(ticket)[0].looks] == ["done", "stopped"]
    assert fresh(other).tags == ["seen"]


def test_rules_that_hear_each_other_end_and_say_so(cast, rule, obeyed):
    rule(
        "Up",
        when="rated",
        conditions=all_of(line("severity", "is", "high")),
        acts=[{"act": "rate", "value": 1}],
    )
    rule(
        "Down",
        when="rated",
        conditions=all_of(line("severity", "is", "critical")),
        acts=[{"act": "rate", "value": 2}],
    )
    ticket = make_ticket(cast)
    services.rate(ticket=ticket, severity=2, by=cast.ana, at=NOW)
    obeyed()
    assert outcomes() == ["done", "done", "looped", "looped"]
    looped = traces_of(ticket, fitted_only=True)[0].looks
    assert any(str(look.why).endswith(": Up → Down → Up.") for look in looped)


def test_a_chain_ends_after_ten_rules(cast, rule, obeyed):
    for number in range(12):
        rule(f"Rule {number}", when="described", acts=[{"act": "tag", "value": f"t{number + 1}"}],
             conditions=all_of(line("tag", "is", f"t{number}"), line("tag", "is_not", f"t{number + 1}")))  # fmt: skip
    # Each in a chain of its own: the order is the wrong way round, so that each hears the one before it.
    rows = list(Rule.objects.all())
    for row, place in zip(rows, reversed(range(len(rows))), strict=True):
        row.position = place
        row.save()
    ticket = make_ticket(cast)
    services.describe(ticket=ticket, product=None, tags=("t0",), by=cast.ana, at=NOW)
    obeyed()
    assert len(fresh(ticket).tags) == 1 + rules.DEEPEST
    assert outcomes()[-1] == "looped"


def test_a_rule_acts_on_a_ticket_ten_times_an_hour(cast, rule, obeyed):
    rule(when="noted", acts=[{"act": "tag", "value": "noted"}])
    ticket = make_ticket(cast)
    for minute in range(12):
        services.add_note(ticket=ticket, body="Again", by=cast.ana, at=NOW + timedelta(minutes=minute))
    obeyed()
    assert outcomes() == ["done"] * rules.CAP + ["capped"] * 2
    services.add_note(ticket=ticket, body="Again", by=cast.ana, at=NOW + 2 * HOUR)
    obeyed(at=NOW + 2 * HOUR)
    assert outcomes()[-1] == "done"


def test_a_rule_that_fails_ten_times_is_switched_off_and_its_author_told(cast, rule, obeyed):
    row = rule(when="noted", acts=[{"act": "move", "value": "shipping"}], by=cast.ada)
    cast.shipping.delete() if False else type(cast.shipping).objects.filter(pk=cast.shipping.pk).update(
        slug="gone"
    )
    for number in range(11):
        services.add_note(ticket=make_ticket(cast), body=f"Note {number}", by=cast.ana, at=NOW)
    obeyed()
    row = fresh(row)
    assert not row.is_active
    assert outcomes() == ["error"] * 10 + ["error"] * (len(outcomes()) - 10)
    assert len(outcomes()) == 10
    assert RuleHealth.objects.get().why_off
    obeyed(name="output.tell_of_rule")
    assert Delivery.objects.filter(to=["ada@desk.test"], subject__contains="Mark it").count() == 1


def test_one_event_fires_once(cast, rule, obeyed):
    rule()
    ticket = make_ticket(cast)
    event = Event.objects.get(kind="ticket.opened", ticket=ticket)
    assert rules.obey(event=event, by=cast.system, at=NOW) is not None
    assert rules.obey(event=event, by=cast.system, at=NOW) is None
    assert outcomes() == ["done"]


# --- reach and rights ------------------------------------------------------------------------------------


def test_a_rule_of_a_department_reaches_no_further(cast, rule, obeyed):
    row = rule(department=cast.billing, by=cast.lena, when="opened")
    other = make_ticket(cast, department=cast.shipping)
    mine = make_ticket(cast)
    obeyed()
    assert (fresh(mine).tags, fresh(other).tags) == (["seen"], [])
    assert not other.is_visible_to(row.acts_as)
    with pytest.raises(NotAllowed):
        rule("All", by=cast.lena)
    with pytest.raises(NotAllowed):
        rule("Theirs", department=cast.shipping, by=cast.lena)
    with pytest.raises(NotAllowed):
        rule("An agent's", department=cast.billing, by=cast.ana)
    whole = rule("Whole desk")
    for act in (rules.move_rule, rules.switch_rule, rules.remove_rule):
        more = {"up": True} if act is rules.move_rule else {"on": False} if act is rules.switch_rule else {}
        with pytest.raises(NotAllowed):
            act(rule=whole, by=cast.lena, at=NOW, **more)


# --- by the clock ----------------------------------------------------------------------------------------


def test_a_timed_rule_acts_once_for_each_time_a_ticket_comes_to_fit(cast, rule):
    silent = all_of(line("heard", "more_ago", "24h"), line("is", "is", "open"))
    rule(
        when="timed",
        every_minutes=10,
        conditions=silent,
        acts=[{"act": "note", "value": "Silent for a day."}],
    )
    ticket, closed = make_ticket(cast), make_ticket(cast)
    closed.close(by=cast.ana, at=NOW)

    def tick(hours):
        return rules.look_by_the_clock(by=cast.system, at=NOW + hours * HOUR)

    assert [tick(hours) for hours in (1, 25, 25.1, 26)] == [0, 1, 0, 0]
    assert Note.objects.count() == 1
    Message.receive(
        ticket=ticket, customer=cast.zoe, body="?", by=cast.system, at=NOW + 27 * HOUR, channel="email"
    )
    assert [tick(hours) for hours in (28, 52, 53)] == [0, 1, 0]
    assert Note.objects.count() == 2
    assert RuleEntry.objects.count() == 1


def test_timed_rules_look_in_their_order_and_may_stop(cast, rule):
    old = all_of(line("created", "more_ago", "1h"))
    rule(
        "First",
        when="timed",
        every_minutes=10,
        conditions=old,
        acts=[{"act": "tag", "value": "a"}],
        stops=True,
    )
    rule("Second", when="timed", every_minutes=10, conditions=old, acts=[{"act": "tag", "value": "b"}])
    ticket = make_ticket(cast)
    rules.look_by_the_clock(by=cast.system, at=NOW + 2 * HOUR)
    assert fresh(ticket).tags == ["a"]


# --- traces ----------------------------------------------------------------------------------------------


def test_what_rules_saw_is_kept_as_long_as_it_is_of_use(cast, rule, obeyed):
    rule(conditions=all_of(line("tag", "is", "vip"), any_of(EMAIL, line("severity", "is", "normal"))))
    plain, vip = make_ticket(cast), make_ticket(cast, tags=["vip"])
    obeyed()
    seen = traces_of(vip)[0].looks[0].seen
    assert [(one.text, one.saw, one.fits, one.group) for one in seen] == [
        ("Tag is vip", "vip", True, 0),
        ("Channel is E-mail", "Form", False, 1),
        ("Severity is Normal", "Normal", True, 1),
    ]
    assert traces_of(plain)[0].looks[0].outcome == "passed"
    rules.forget_runs(at=NOW + timedelta(days=4))
    assert [run.ticket for run in RuleRun.objects.all()] == [vip]
    rules.forget_runs(at=NOW + timedelta(days=31))
    assert not RuleRun.objects.exists()


def test_a_rule_follows_an_issue_that_moved_and_keeps_what_it_dealt_with(cast, rule):
    money = make_issue("money")
    moved = make_issue("billing-again", parent=money)
    row = rule(conditions=all_of(line("issue", "is_not", "money/billing-again, money")), by=cast.ada)
    moved.path, moved.parent = "billing-again", None
    moved.save()
    assert rules.mind_rules(by=cast.system, at=NOW) == 1
    assert fresh(row).is_active
    assert fresh(row).conditions["lines"][0]["value"] == "billing-again, money"
    assert rules.mind_rules(by=cast.system, at=NOW) == 0


def test_a_rule_that_names_what_is_gone_is_switched_off_and_its_author_told(cast, rule, obeyed, sign_in):
    row = rule(conditions=all_of(line("department", "is_not", "shipping")), by=cast.ada)
    Department.objects.filter(pk=cast.shipping.pk).update(slug="gone")
    rules.mind_rules(by=cast.system, at=NOW)
    assert not fresh(row).is_active
    obeyed(name="output.tell_of_rule")
    letter = Delivery.objects.get(to=["ada@desk.test"])
    assert "no department with this short name: shipping" in letter.text
    assert "There is no department with this short name" in sign_in(cast.ada).get("/rules/").content.decode()
