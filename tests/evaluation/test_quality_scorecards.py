"""The form: laid out, drafted, published, and then left alone."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from apps.evaluation.models import Criterion, Scorecard
from apps.evaluation.quality import services
from apps.evaluation.quality.preset import Question, questions
from apps.evaluation.quality.services import ScorecardPublished
from helpdesk import events
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event
from tests.evaluation.reviewing import criterion, form
from tests.factories import NOW

NEW = Question("Listen", "", "Is the name spelled rightly?", "As they write it themselves.")


def draft(cast, by=None, department=None):
    return services.draft_scorecard(department=department, by=by or cast.ada, at=NOW)


def test_a_new_house_has_a_form(cast, deliver_news):
    events.record("house.opened", by=cast.system, at=NOW)
    deliver_news()
    used = Scorecard.objects.get()
    assert (used.state, used.version, used.criteria.count()) == ("published", 1, len(questions()))


def test_it_asks_about_the_system_as_well(cast):
    about = set(form().criteria.values_list("about", flat=True))
    assert {"agent", "guidance", "authority", "promise", "product", "process"} <= about


def test_the_preset_leaves_a_form_alone_that_is_there(cast):
    draft(cast)
    services.lay_out_scorecard(by=cast.system, at=NOW)
    assert [one.state for one in Scorecard.objects.all()] == ["draft"]


def test_the_next_version_begins_as_a_copy_and_replaces_the_one_before(cast):
    first, second = form(), draft(cast)
    assert [one.code for one in second.criteria.all()] == [one.code for one in first.criteria.all()]
    services.publish_scorecard(scorecard=second, by=cast.ada, at=NOW)
    first.refresh_from_db()
    assert (first.state, Scorecard.objects.in_use(None).get().version) == ("retired", 2)
    assert Event.objects.filter(kind="scorecard.published").count() == 2


def test_there_is_one_draft(cast):
    assert draft(cast) == draft(cast)


def test_a_departments_own_form_comes_before_that_of_all(cast):
    form()
    own = draft(cast, cast.lena, cast.billing)
    services.publish_scorecard(scorecard=own, by=cast.lena, at=NOW)
    assert Scorecard.objects.in_use(cast.billing.pk).first() == own
    assert Scorecard.objects.in_use(cast.shipping.pk).first().department is None


def test_a_question_is_added_said_anew_moved_and_removed(cast):
    form()
    one = draft(cast)
    added = services.set_criterion(scorecard=one, question=NEW, by=cast.ada)
    assert (added.code, list(one.criteria.all())[-1]) == ("is-the-name-spelled-rightly", added)
    services.set_criterion(scorecard=one, question=replace(NEW, weight=5), criterion=added, by=cast.ada)
    added.refresh_from_db()
    assert (added.code, added.weight) == ("is-the-name-spelled-rightly", 5)
    services.move_criterion(criterion=added, up=True, by=cast.ada)
    assert list(one.criteria.all())[-2] == added
    services.remove_criterion(criterion=added, by=cast.ada)
    assert one.criteria.count() == len(questions())


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": " "}, {"group": ""}, {"weight": 0}, {"weight": 11}, {"scale": "stars"}, {"about": "weather"},
        {"is_critical": True, "about": "product"}, {"code": "wish"},
    ],
)  # fmt: skip
def test_a_question_that_cant_be_asked_is_refused(cast, wrong):
    form()
    one = draft(cast)
    with pytest.raises(Invalid):
        services.set_criterion(scorecard=one, question=replace(NEW, **wrong), by=cast.ada)
    assert one.criteria.count() == len(questions())


def test_what_is_published_stays_as_it_is(cast):
    used = form()
    for act in (
        lambda: services.set_criterion(scorecard=used, question=NEW, by=cast.ada),
        lambda: services.remove_criterion(criterion=criterion(used, "wish"), by=cast.ada),
        lambda: services.describe_scorecard(scorecard=used, name="Other", pass_mark=0.5, by=cast.ada),
        lambda: services.discard_scorecard(scorecard=used, by=cast.ada),
        lambda: services.publish_scorecard(scorecard=used, by=cast.ada, at=NOW),
    ):
        with pytest.raises(ScorecardPublished):
            act()
    assert used.criteria.count() == len(questions())


@pytest.mark.parametrize("how", ["mark", "question", "more", "fewer", "gone"])
def test_the_database_keeps_what_is_published(cast, how):
    used = form()
    acts = {
        "mark": lambda: Scorecard.objects.update(pass_mark=0.1),
        "question": lambda: Criterion.objects.filter(code="wish").update(weight=9),
        "more": lambda: Criterion.objects.create(scorecard=used, place=99, group="A", code="b", question="c"),
        "fewer": lambda: Criterion.objects.filter(code="wish").delete(),
        "gone": lambda: Scorecard.objects.all().delete(),
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        acts[how]()


@pytest.mark.parametrize("about", ["agent", "product"])
def test_a_form_asks_of_the_agent_and_of_the_system(cast, about):
    one = draft(cast)
    services.write_criteria(scorecard=one, questions=[replace(NEW, code="a", about=about)], by=cast.ada)
    with pytest.raises(Invalid):
        services.publish_scorecard(scorecard=one, by=cast.ada, at=NOW)
    assert Scorecard.objects.get().state == "draft"


def test_a_draft_that_is_discarded_is_gone(cast):
    form()
    services.discard_scorecard(scorecard=draft(cast), by=cast.ada)
    assert [one.state for one in Scorecard.objects.all()] == ["published"]


def test_the_history_keeps_what_was_drafted(cast):
    one = draft(cast)
    services.describe_scorecard(scorecard=one, name="Ours", pass_mark=0.8, by=cast.ada)
    assert [row.name for row in one.events.order_by("pgh_id")] == ["How we answer", "Ours"]


@pytest.mark.parametrize("pass_mark", [0, 1.2])
def test_a_pass_mark_is_a_share(cast, pass_mark):
    one = draft(cast)
    with pytest.raises(Invalid):
        services.describe_scorecard(scorecard=one, name="Ours", pass_mark=pass_mark, by=cast.ada)


@pytest.mark.parametrize("whose", ["shipping", None])
def test_a_lead_makes_the_form_of_their_own_department(cast, whose):
    with pytest.raises(NotAllowed):
        draft(cast, cast.lena, cast.shipping if whose else None)
    assert not Scorecard.objects.exists()


@pytest.mark.parametrize("name", ["ana", "omar", "nils", "robot"])
def test_the_others_make_none(cast, name):
    with pytest.raises(NotAllowed):
        draft(cast, getattr(cast, name), cast.billing)
