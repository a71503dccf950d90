"""Reviews, releases, guidance and known errors give people something to learn."""

from datetime import timedelta

import pytest

from apps.analysis.services import open_case, publish_workaround
from apps.response.services import save_guidance
from apps.staff import services
from apps.staff.models import Assignment, Course, ReviewHeard, TrainingRule
from helpdesk import events
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event, Issue, TaxonomyRelease
from helpdesk.services import AddIssue, EditIssue, RetireIssue, publish_taxonomy
from tests.factories import NOW, make_issue, make_ticket
from tests.staff.conftest import DAY, TODAY


@pytest.fixture
def twice(cast, billing_issue):
    """An issue below Billing; Ana is skilled in Billing, Mallory gave this code lately, Omar never touched it."""
    twice = make_issue("charged-twice", parent=billing_issue)
    services.grant_skill(user=cast.ana, issue=billing_issue, level=2, by=cast.lena)
    code(cast, twice, cast.mallory, days_ago=89)
    services.lay_out_rules(by=cast.ada, at=NOW)
    return twice


def code(cast, issue, by, *, days_ago=0):
    ticket, at = make_ticket(cast), NOW - timedelta(days=days_ago)
    ticket.classify(issue, release=TaxonomyRelease.objects.earliest("number"), by=by, at=at)


def open_ones():
    return {
        (row.user.name, row.course.title)
        for row in Assignment.objects.open().select_related("user", "course")
    }


def publish(cast, deliver_news, *changes, by=None):
    publish_taxonomy(changes=changes, note="Spring cleaning", by=by or cast.ada, at=NOW)
    deliver_news()


def guide(cast, deliver_news, issue, **words):
    save_guidance(issue=issue, **words, by=cast.lena, at=NOW)
    deliver_news()


# --- releases -------------------------------------------------------------------------------------------


def test_a_release_is_read_by_who_is_skilled_in_it_and_who_coded_it(cast, twice, deliver_news):
    code(cast, make_issue("app"), cast.nils)
    publish(cast, deliver_news, EditIssue("charged-twice", definition="Two charges for one order"))
    title = "Taxonomy release 2: what has changed"
    assert open_ones() == {("Ana", title), ("Mallory", title)}
    page = Course.objects.get()
    assert "Spring cleaning" in page.body
    assert "Edit “Charged twice”: definition" in page.body
    assert "Two charges for one order" in page.body
    assert Assignment.objects.first().due_on == TODAY + 7 * DAY


def test_a_code_given_longer_ago_is_forgotten(cast, twice, deliver_news):
    Assignment.objects.all().delete()
    code(cast, make_issue("refund"), cast.nils, days_ago=91)
    publish(cast, deliver_news, EditIssue("refund", label="Refunds"))
    assert open_ones() == set()
    assert not Course.objects.exists()


def test_a_new_issue_concerns_who_knows_what_stands_above_it(cast, twice, deliver_news):
    publish(cast, deliver_news, AddIssue("late-fee", "Late fee", parent="billing", definition="A fee"))
    assert {name for name, _ in open_ones()} == {"Ana"}


def test_another_owner_is_nothing_to_read(cast, twice, deliver_news):
    publish(cast, deliver_news, EditIssue("charged-twice", owner=cast.omar, default_severity=1))
    assert open_ones() == set()


def test_who_published_it_need_not_read_it(cast, twice, deliver_news):
    code(cast, twice, cast.ada)
    publish(cast, deliver_news, RetireIssue("charged-twice"))
    assert {name for name, _ in open_ones()} == {"Ana", "Mallory"}


def test_a_rule_for_a_part_gives_its_course_for_that_part_alone(
    cast, twice, deliver_news, make_course, billing_issue
):
    TrainingRule.objects.all().delete()
    app = make_issue("app")
    code(cast, app, cast.nils)
    services.add_rule(
        kind="release",
        issue=billing_issue,
        course=make_course("Billing anew"),
        within_days=3,
        by=cast.lena,
        at=NOW,
    )
    publish(cast, deliver_news, EditIssue("app", label="The app"))
    assert open_ones() == set()
    publish(cast, deliver_news, EditIssue("charged-twice", label="Charged 2x"), EditIssue("app", label="App"))
    assert open_ones() == {("Ana", "Billing anew"), ("Mallory", "Billing anew")}


def test_the_same_news_twice_gives_it_once(cast, twice, deliver_news):
    publish(cast, deliver_news, EditIssue("charged-twice", label="Charged 2x"))
    release = TaxonomyRelease.objects.latest("number")
    for row in Assignment.objects.all():
        services.pass_course(assignment=row, by=row.user, at=NOW)
    services.train_for_release(release=release, by=cast.system, at=NOW)
    assert open_ones() == set()
    assert Course.objects.count() == 1


# --- guidance and known errors --------------------------------------------------------------------------


def test_guidance_is_confirmed_by_who_works_with_the_issue(cast, twice, deliver_news):
    guide(cast, deliver_news, twice, questions="Which order?", solution_space="Take one back.")
    assert open_ones() == {("Ana", "Guidance: Charged twice"), ("Mallory", "Guidance: Charged twice")}
    page = Course.objects.get()
    assert page.body == "Ask\nWhich order?\n\nWhat may be offered\nTake one back."
    row = Assignment.objects.get(user=cast.ana)
    services.pass_course(assignment=row, by=cast.ana, at=NOW)
    assert {name for name, _ in open_ones()} == {"Mallory"}
    assert not Event.objects.filter(kind="certificate.granted").exists()


def test_a_newer_guidance_takes_the_place_of_the_one_nobody_has_read(cast, twice, deliver_news):
    guide(cast, deliver_news, twice, questions="Which order?")
    guide(cast, deliver_news, twice, questions="Which card?")
    row = Assignment.objects.open().get(user=cast.ana)
    assert "Which card?" in row.course.body
    assert set(Assignment.objects.closed().values_list("excuse", flat=True)) == {"A newer one came."}


def test_guidance_saved_as_it_stands_is_no_news(cast, twice, deliver_news):
    guide(cast, deliver_news, twice, questions="Which order?")
    guide(cast, deliver_news, twice, questions="Which order?")
    assert Event.objects.filter(kind="guidance.saved").count() == 1
    assert Course.objects.count() == 1


def test_guidance_taken_back_is_nothing_to_read(cast, twice, deliver_news):
    guide(cast, deliver_news, twice, questions="Which order?")
    guide(cast, deliver_news, twice)
    assert open_ones() == set()


def test_a_known_error_is_confirmed_and_let_go_when_it_ends(cast, twice, deliver_news):
    case = open_case(title="Two charges", issue=twice, by=cast.nils, at=NOW)
    publish_workaround(case=case, workaround="Pay by card until then.", by=cast.nils, at=NOW)
    deliver_news()
    assert open_ones() == {("Ana", "Known error: Charged twice"), ("Mallory", "Known error: Charged twice")}
    assert "Pay by card until then." in Course.objects.get().body
    publish_workaround(case=case, workaround="", by=cast.nils, at=NOW)
    deliver_news()
    assert open_ones() == set()


# --- reviews --------------------------------------------------------------------------------------------


@pytest.fixture
def rule(cast, make_course):
    """Greeting missed more than once in the last three reviews."""
    return services.add_rule(
        kind="missed", criterion="greeting", more_than=1, of_last=3, course=make_course("Say hello"), by=cast.lena,
        at=NOW,
    )  # fmt: skip


@pytest.fixture
def review(cast, deliver_news):
    def publish_review(number, *missed, person=None):
        at = NOW + timedelta(hours=number)
        data = {"review": number, "person": (person or cast.ana).pk, "missed": list(missed)}
        events.record("review.published", about=f"review:{number}", by=cast.lena, at=at, data=data)
        deliver_news(at)

    return publish_review


def test_more_misses_than_a_rule_allows_give_its_course_once(cast, rule, review):
    review(1, "greeting", "tone")
    assert open_ones() == set()
    review(2)
    review(3, "greeting")
    assert open_ones() == {("Ana", "Say hello")}
    review(4, "greeting")
    row = Assignment.objects.get()
    assert (row.reason, row.source) == ("qa_gap", f"rule:{rule.pk}")


def test_misses_that_lie_further_back_do_not_count(rule, review):
    for number, missed in enumerate((["greeting"], [], [], ["greeting"]), 1):
        review(number, *missed)
    assert open_ones() == set()


def test_what_was_missed_before_the_course_is_settled_by_it(cast, rule, review):
    review(1, "greeting")
    review(2, "greeting")
    services.pass_course(assignment=Assignment.objects.get(), by=cast.ana, at=NOW + timedelta(hours=3))
    review(4, "greeting")
    assert open_ones() == set()
    review(5, "greeting")
    assert open_ones() == {("Ana", "Say hello")}


def test_another_persons_misses_and_other_criteria_do_not_count(cast, rule, review):
    review(1, "greeting")
    review(2, "greeting", person=cast.mallory)
    review(3, "tone")
    assert open_ones() == set()


def test_the_same_review_heard_twice_counts_once(rule, review):
    review(1, "greeting")
    review(1, "greeting")
    assert ReviewHeard.objects.count() == 1
    assert open_ones() == set()


# --- rules ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"kind": "moon"}, "kind"),
        ({"criterion": ""}, "criterion"),
        ({"course": None}, "course"),
        ({"of_last": None}, "of_last"),
        ({"of_last": 51}, "of_last"),
        ({"more_than": 3}, "more_than"),
        ({"within_days": 0}, "within_days"),
    ],
)
def test_a_rule_that_says_too_little_is_refused(cast, make_course, given, pointer):
    usual = {"kind": "missed", "criterion": "greeting", "more_than": 1, "of_last": 3}
    with pytest.raises(Invalid) as refused:
        services.add_rule(**usual | {"course": make_course()} | given, by=cast.lena, at=NOW)
    assert refused.value.pointer == pointer
    assert not TrainingRule.objects.exists()


def test_the_same_rule_twice_is_refused_and_a_withdrawn_one_is_kept_in_its_history(cast, rule):
    with pytest.raises(services.RuleExists):
        services.add_rule(
            kind="missed",
            criterion="greeting",
            more_than=2,
            of_last=4,
            course=rule.course,
            by=cast.lena,
            at=NOW,
        )
    services.withdraw_rule(rule=rule, by=cast.lena)
    assert rule.events.model.objects.count() == 1


def test_a_new_house_begins_with_two_rules_and_only_then(cast):
    for _ in range(2):
        services.lay_out_rules(by=cast.ada, at=NOW)
    assert [rule.kind for rule in TrainingRule.objects.all()] == ["guidance", "release"]


def test_agents_make_no_rules(cast):
    with pytest.raises(NotAllowed):
        services.add_rule(kind="release", by=cast.ana, at=NOW)
    assert not TrainingRule.objects.exists()
    assert not Issue.objects.exists()
