"""What rules ask: each field and operator, what is wrong, trials on past tickets, past versions."""

import pytest

from apps.response import services
from apps.response.rules import services as rules
from apps.response.rules.conditions import read_conditions
from apps.response.rules.judging import judge
from apps.response.rules.models import Rule
from apps.response.rules.moments import Happening
from apps.response.rules.queries import versions_of
from apps.response.rules.services import RuleGiven
from helpdesk.errors import Invalid
from helpdesk.models import Event, Message, User
from tests.factories import NOW, make_ticket
from tests.response.ruling import EMAIL, FORM, HOUR, TAG, all_of, any_of, fresh, line

# --- if --------------------------------------------------------------------------------------------------

FITS = [
    (line("is", "is", "open"), True),
    (line("is", "is", "solved, unassigned"), True),
    (line("is", "is_not", "open"), False),
    (line("department", "is", "billing"), True),
    (line("assignee", "unset"), True),
    (line("assignee", "is", "ana"), False),
    (line("severity", "is", "Critical"), False),
    (line("severity", "is_not", "critical, high"), True),
    (FORM, True),
    (EMAIL, False),
    (line("type", "is", "problem"), True),
    (line("issue", "set"), False),
    (line("product", "unset"), True),
    (line("tag", "is", "vip"), True),
    (line("tag", "is_not", "vip"), False),
    (line("tag", "set"), True),
    (line("customer", "is", "zoe@customer.test"), True),
    (line("organisation", "unset"), True),
    (line("segment", "is", "home"), True),
    (line("region", "is_not", "north"), False),
    (line("language", "unset"), True),
    (line("outcome", "unset"), True),
    (line("has", "is", "note"), False),
    (line("words", "contain", "invoice"), True),
    (line("words", "contain_not", "invoice"), False),
    (line("words", "contain", '"please look"'), True),
    (line("words", "contain", "giraffe"), False),
    (line("created", "less_ago", "1h"), True),
    (line("created", "more_ago", "2d"), False),
    (line("created", "before", "2026-05-07"), True),
    (line("created", "after", "2026-05-07"), False),
    (line("heard", "less_ago", "1h"), True),
    (line("heard", "more_ago", "1h"), False),
    (line("answered", "unset"), True),
    (line("answered", "more_ago", "1h"), False),
    (line("due", "unset"), True),
    (line("due", "less_ahead", "1h"), False),
    (line("done_by", "is", "machine"), True),
    (line("done_by", "is_not", "customer, colleague"), True),
    (any_of(EMAIL, FORM), True),
    (any_of(EMAIL, line("tag", "is", "none-such")), False),
]


def test_each_condition_fits_as_the_search_box_has_it(cast, rule, obeyed):
    """One world for the whole table: a rule for each line."""

    ticket = make_ticket(cast, tags=["vip"])
    groups = [read_conditions(all_of(one), at=NOW, when="opened") for one, _fits in FITS]
    judged = judge(groups, [ticket.pk], as_=cast.system, at=NOW + HOUR / 12)
    said = [judged.verdict(group, ticket.pk, Happening(done_by="machine")).fits for group in groups]
    assert said == [fits for _one, fits in FITS]


def test_all_conditions_of_all_rules_are_two_queries(cast, django_assert_num_queries):

    numbers = [make_ticket(cast).pk for _ in range(3)]
    groups = [read_conditions(all_of(one), at=NOW, when="opened") for one, _fits in FITS]
    for some in (groups[:1], groups):
        with django_assert_num_queries(2):
            judge(some, numbers, as_=cast.system, at=NOW)


def test_the_state_that_changed_can_be_asked(cast, rule, obeyed):
    rule(
        when="state",
        conditions=all_of(line("changed_to", "is", "solved"), line("done_by", "is", "colleague")),
    )
    ticket = make_ticket(cast)
    services.hold(ticket=ticket, waiting_on="waiting_customer", by=cast.ana, at=NOW)
    obeyed()
    assert fresh(ticket).tags == []
    services.solve(ticket=fresh(ticket), by=cast.ana, at=NOW)
    obeyed()
    assert fresh(ticket).tags == ["seen"]


WRONG = [
    ({"conditions": all_of(line("colour", "is", "red"))}, "conditions/lines/0"),
    ({"conditions": all_of(FORM, line("channel", "more_ago", "1h"))}, "conditions/lines/1"),
    ({"conditions": all_of(line("created", "more_ago", "long"))}, "conditions/lines/0"),
    ({"conditions": all_of(line("created", "before", "24h"))}, "conditions/lines/0"),
    ({"conditions": all_of(line("created", "more_ago", "2026-05-01"))}, "conditions/lines/0"),
    ({"conditions": all_of(line("assignee", "is", "@me"))}, "conditions/lines/0"),
    ({"conditions": all_of(line("is", "is", "snoozed"))}, "conditions/lines/0"),
    ({"conditions": all_of(line("department", "is", "nowhere"))}, "conditions/lines/0"),
    ({"conditions": all_of(any_of(line("issue", "is", "no/such")))}, "conditions/lines/0/lines/0"),
    ({"conditions": all_of(any_of(all_of(FORM)))}, "conditions/lines/0/lines/0"),
    ({"conditions": all_of(line("changed_to", "is", "solved"))}, "conditions/lines/0"),
    ({"conditions": all_of(line("words", "contain", "-"))}, "conditions/lines/0"),
    ({"conditions": all_of(*[FORM] * 21)}, "conditions"),
    ({"conditions": "all"}, "conditions"),
    ({"acts": []}, "acts"),
    ({"acts": [{"act": "assign", "value": "@me"}]}, "acts/0/value"),
    ({"acts": [{"act": "assign", "value": "nobody@desk.test"}]}, "acts/0/value"),
    ({"acts": [{"act": "merge", "value": 1}]}, "acts/0/act"),
    ({"acts": [{"act": "notify", "value": "Dear {{ custommer }}"}]}, "acts/0/value"),
    ({"when": "never"}, "when"),
    ({"when": "timed"}, "every_minutes"),
    ({"when": "timed", "every_minutes": 10}, "conditions"),
    ({"name": " "}, "name"),
]


@pytest.mark.parametrize(("wrong", "pointer"), WRONG)
def test_a_rule_that_says_nothing_is_refused_at_its_place(cast, rule, wrong, pointer):
    with pytest.raises(Invalid) as refusal:
        rule(**wrong)
    assert refusal.value.pointer == pointer
    assert not Rule.objects.exists()
    assert not Event.objects.filter(kind="rule.saved").exists()


# --- trials and versions ---------------------------------------------------------------------------------


def test_a_trial_says_what_would_happen_and_changes_nothing(cast):
    vip, plain = make_ticket(cast, tags=["vip"]), make_ticket(cast)
    given = RuleGiven("Try", "opened", all_of(line("tag", "is", "vip")), [*TAG, {"act": "rate", "value": 1}])
    before = (Event.objects.count(), User.objects.count(), fresh(vip).updated_at, Message.objects.count())
    trial = rules.try_rule(given=given, by=cast.ada, at=NOW)
    assert (trial.looked, trial.fitted) == (2, 1)
    assert [(one.ticket, one.acts) for one in trial.shown] == [
        (vip, (("Tag “seen”", True), ("Severity Critical", True)))
    ]
    assert [ticket for ticket, _verdict in trial.others] == [plain]
    assert before == (
        Event.objects.count(),
        User.objects.count(),
        fresh(vip).updated_at,
        Message.objects.count(),
    )
    assert fresh(vip).tags == ["vip"]


def test_a_trial_asks_what_happened_last(cast):
    solved, held = make_ticket(cast), make_ticket(cast)
    services.solve(ticket=solved, by=cast.ana, at=NOW)
    services.hold(ticket=held, waiting_on="waiting_customer", by=cast.ana, at=NOW)
    make_ticket(cast)
    given = RuleGiven("Try", "state", all_of(line("changed_to", "is", "solved")), [{"act": "reopen"}])
    trial = rules.try_rule(given=given, by=cast.ada, at=NOW)
    assert (trial.looked, [one.ticket for one in trial.shown]) == (2, [solved])


def test_a_past_version_comes_back(cast, rule):

    row = rule(conditions=all_of(FORM))
    changed = RuleGiven("Other", "wrote", all_of(EMAIL), [{"act": "rate", "value": 1}], stops=True)
    rules.save_rule(given=changed, rule=row, by=cast.ada, at=NOW)
    newest, *_others, first = versions_of(fresh(row))
    assert ("If", "Channel is Form", "Channel is E-mail") in newest.changes
    back = rules.restore_rule(rule=fresh(row), version=first.number, by=cast.ada, at=NOW)
    assert (back.name, back.when, back.conditions, back.acts) == ("Mark it", "opened", all_of(FORM), TAG)
    assert back.is_active
    copy = rules.copy_rule(rule=back, by=cast.ada, at=NOW)
    assert (copy.name, copy.is_active, copy.acts) == ("Mark it (copy 1)", False, TAG)
    rules.remove_rule(rule=back, by=cast.ada, at=NOW)
    assert list(Rule.objects.all()) == [copy]
    assert not User.objects.get(name="Rule: Mark it").is_active
