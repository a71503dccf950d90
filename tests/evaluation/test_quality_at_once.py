"""Of two who do the same at once, one does it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apps.analysis.models import Case
from apps.evaluation.models import Review, ReviewMark, Scorecard
from apps.evaluation.quality import services
from apps.evaluation.queries import window
from helpdesk.errors import DomainError
from helpdesk.models import Event
from tests.evaluation.reviewing import answered, form, marks, reviewed, second_lead, session, waiting
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """What became of each: "done", or the code of the refusal."""

    def try_it(act):
        try:
            act()
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(try_it, acts))


def test_two_nights_draw_once(cast):
    answered(cast)
    assert at_once(*[lambda: services.draw_reviews(seed=1, by=cast.system, at=NOW)] * 2) == ["done", "done"]
    assert Review.objects.count() == 1


def test_two_who_review_the_same_answer_publish_one_review(cast):
    review, used = waiting(cast), form()
    given = {"review": review, "scorecard": used, "marks": marks(used), "at": NOW}
    told = at_once(
        *[lambda by=by: services.publish_review(**given, by=by) for by in (cast.lena, second_lead(cast))]
    )
    assert told == ["already-reviewed", "done"]
    assert Event.objects.filter(kind="review.published").count() == 1
    assert ReviewMark.objects.count() == used.criteria.count()


def test_an_agent_who_presses_both_buttons_has_pressed_one(cast):
    review = reviewed(cast)
    told = at_once(
        lambda: services.acknowledge_review(review=review, by=cast.ana, at=NOW),
        lambda: services.dispute_review(review=review, words="No.", by=cast.ana, at=NOW),
    )
    assert told == ["done", "nothing-to-answer"]


def test_a_dispute_is_settled_once(cast):
    review = reviewed(cast, wish=0)
    services.dispute_review(review=review, words="No.", by=cast.ana, at=NOW)
    given = {"review": review, "marks": {}, "words": "So.", "at": NOW}
    told = at_once(
        *[lambda by=by: services.settle_review(**given, by=by) for by in (cast.ada, second_lead(cast))]
    )
    assert told == ["done", "nothing-to-answer"]


def test_two_who_open_a_case_about_one_cause_open_one(cast):
    reviewed(cast, product=0)
    since = window(months=3, at=NOW).since
    given = {"about": "product", "issue": None, "since": since, "at": NOW}
    told = at_once(*[lambda by=by: services.raise_cause(**given, by=by) for by in (cast.ada, cast.lena)])
    assert told == ["already-raised", "done"]
    assert Case.objects.count() == 1


def test_a_form_is_published_once(cast):
    form()
    draft = services.draft_scorecard(department=None, by=cast.ada, at=NOW)
    told = at_once(*[lambda: services.publish_scorecard(scorecard=draft, by=cast.ada, at=NOW)] * 2)
    assert told == ["done", "scorecard-published"]
    assert Scorecard.objects.filter(state="published").count() == 1


def test_two_who_draft_at_once_share_a_draft(cast):
    form()
    at_once(*[lambda: services.draft_scorecard(department=None, by=cast.ada, at=NOW)] * 2)
    assert Scorecard.objects.filter(state="draft").count() == 1


def test_who_sends_a_score_twice_has_scored_once(cast):
    found = session(cast)
    item, given = found.items.get(), marks(found.scorecard)
    told = at_once(*[lambda: services.score_item(item=item, marks=given, by=cast.lena, at=NOW)] * 2)
    assert told == ["already-scored", "done"]
