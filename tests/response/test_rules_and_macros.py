"""Rules that run macros: what is said and done, what is refused, and two workers at once."""

import pytest

from apps.response.acting import Act
from apps.response.macros.services import save_macro
from apps.response.models import Macro, MacroUse
from apps.response.rules import services as rules
from apps.response.rules.models import RuleFiring, RuleRun
from apps.response.rules.queries import traces_of
from helpdesk.errors import Invalid
from helpdesk.models import Event, Message
from tests.analysis.together import told
from tests.factories import NOW, make_cast, make_ticket
from tests.response.ruling import HOUR, TAG, all_of, fresh, line


@pytest.fixture
def macro(cast):
    def make(name="On its way", body="Dear {{ customer.name }}, it is on its way.", **more):
        acts = more.pop("acts", [Act("tag", "refunded")])
        return save_macro(name=name, body=body, acts=acts, **{"by": cast.lena} | more, at=NOW)

    return make


def runs(macro):
    return [{"act": "macro", "value": macro.pk}]


def test_a_rule_runs_a_macro_whose_words_are_a_notice(cast, rule, macro, obeyed):
    row = rule(acts=runs(macro(then="wait")))
    ticket = make_ticket(cast)
    obeyed()
    after = fresh(ticket)
    assert (after.tags, after.status, after.first_replied_at) == (["refunded"], "waiting_customer", None)
    notice = Message.objects.get(ticket=ticket, direction="out")
    assert (notice.body, notice.is_automatic) == ("Dear Zoe, it is on its way.", True)
    assert MacroUse.objects.get().by == row.acts_as
    act = traces_of(ticket)[-1].looks[0].acts[0]
    assert (act.text, act.changed) == ("Macro “On its way”", True)


def test_what_a_macro_does_is_heard_as_the_rules_own_doing(cast, rule, macro, obeyed):
    rule("One", when="described", acts=runs(macro("One", acts=[Act("tag", "a")], body="")))
    rule("Two", when="described", acts=runs(macro("Two", acts=[Act("tag", "b")], body="")))
    rule("Begin", acts=TAG)
    ticket = make_ticket(cast)
    obeyed()
    assert set(fresh(ticket).tags) == {"seen", "a", "b"}
    assert "looped" in RuleFiring.objects.values_list("outcome", flat=True)


def test_a_trial_runs_it_and_leaves_nothing_behind(cast, macro):
    ticket = make_ticket(cast)
    given = rules.RuleGiven("Try it", "opened", all_of(), runs(macro()))
    trial = rules.try_rule(given=given, by=cast.ada, at=NOW)
    assert [(would.refused, would.acts) for would in trial.shown] == [("", (("Macro “On its way”", True),))]
    assert not MacroUse.objects.exists()
    assert not Message.objects.filter(direction="out").exists()
    assert fresh(ticket).tags == []


def test_a_macro_that_a_rule_cannot_run_everywhere_is_refused(cast, rule, macro):
    own = macro("Mine", by=cast.ana, is_own=True)
    billing = macro("Of billing", department=cast.billing)
    mine = macro("To me", body="", acts=[Act("assign", "@me")])
    for wrong in (own, billing, mine):
        with pytest.raises(Invalid) as refused:
            rule(acts=runs(wrong))
        assert refused.value.pointer == "acts/0/value"
    assert rule(department=cast.billing, acts=runs(billing)).is_active


def test_a_macro_that_is_in_use_no_more_is_a_fault_of_the_rule(cast, rule, macro, obeyed):
    rule(acts=[{"act": "tag", "value": "half"}, *runs(macro())])
    Macro.objects.update(is_active=False)
    ticket = make_ticket(cast)
    obeyed()
    assert (fresh(ticket).tags, RuleFiring.objects.get().outcome) == ([], "error")


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_lets_a_rule_act():
    cast = make_cast()
    macro = save_macro(name="Tell", body="We look at it.", by=cast.lena, at=NOW)
    timed = {"every_minutes": 5, "conditions": all_of(line("is", "is", "open"))}
    for name, more in (
        ("Heard", {"when": "opened", "conditions": all_of()}),
        ("Timed", {"when": "timed"} | timed),
    ):
        given = rules.RuleGiven(name=name, acts=runs(macro), **more)
        rules.switch_rule(
            rule=rules.save_rule(given=given, by=cast.ada, at=NOW), on=True, by=cast.ada, at=NOW
        )
    ticket = make_ticket(cast)
    event = Event.objects.get(kind="ticket.opened", ticket=ticket)

    def hear():
        rules.obey(event=event, by=cast.system, at=NOW)

    def look():
        rules.look_by_the_clock(by=cast.system, at=NOW + HOUR)

    for act in (hear, look):
        assert told(act, act) is None
    assert RuleRun.objects.count() == 2
    assert list(RuleFiring.objects.values_list("outcome", flat=True)) == ["done", "done"]
    assert Message.objects.filter(ticket=ticket, direction="out").count() == 2
