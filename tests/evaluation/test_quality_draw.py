"""The weekly draw, as the night does it."""

from datetime import date, timedelta

import pytest

from apps.evaluation.models import Review, ReviewedWeek, SampleSize
from apps.evaluation.quality import services
from apps.evaluation.tasks import draw_reviews
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event, Message, Role
from tests.evaluation.reviewing import LAST_WEEK, answered, drawn, form, marks
from tests.factories import NOW, make_user


def test_two_answers_of_each_agent_are_drawn_from_last_week(cast):
    bea = make_user("bea", Role.AGENT, cast.billing)
    for agent in (cast.ana, bea):
        for _ in range(5):
            answered(cast, agent)
    found = drawn(cast)
    assert sorted(one.agent.name for one in found) == ["Ana", "Ana", "Bea", "Bea"]
    assert {one.chance for one in found} == {0.4}
    assert {one.state for one in Review.objects.all()} == {"waiting"}


def test_a_week_is_drawn_from_once(cast):
    answered(cast)
    assert len(drawn(cast)) == 1
    assert drawn(cast, seed=8) == []
    assert drawn(cast, at=NOW + timedelta(days=1)) == []
    assert Review.objects.count() == 1


def test_the_seed_and_the_number_of_answers_are_kept(cast):
    for _ in range(4):
        answered(cast)
    drawn(cast, seed=4711)
    week = ReviewedWeek.objects.get(department=cast.billing, answers__gt=0)
    assert (week.monday, week.seed, week.answers, week.per_agent) == (date(2026, 4, 27), 4711, 4, 2)
    assert Event.objects.get(kind="reviews.drawn").data["seed"] == 4711


def test_a_ticket_answered_twice_is_one_answer(cast):
    ticket = answered(cast)
    Message.write(ticket=ticket, body="And this.", by=cast.ana, at=LAST_WEEK, channel="email")
    assert len(drawn(cast)) == 1


def test_what_a_machine_wrote_or_what_was_taken_back_is_no_answer(cast):
    first, second = answered(cast), answered(cast)
    first.messages.filter(direction="out").update(is_automatic=True)
    second.messages.filter(direction="out").update(withdrawn_at=LAST_WEEK)
    assert drawn(cast) == []


def test_answers_of_this_week_wait_for_the_next(cast):
    answered(cast, at=NOW - timedelta(days=1))
    assert drawn(cast) == []
    assert len(drawn(cast, at=NOW + timedelta(days=7))) == 1


@pytest.mark.parametrize("why", ["dissatisfied", "reopened"])
def test_answers_in_trouble_are_drawn_more_often_and_say_so(cast, why):
    rows = [answered(cast) for _ in range(6)]
    if why == "reopened":
        rows[0].reopened_count = 1
        rows[0].save()
    else:
        rows[0].answer_survey(
            outcome="dissatisfied", would_buy_again=None, told_others=None, by=cast.system, at=NOW
        )
    drawn(cast)
    chances = dict(Review.objects.values_list("why", "chance"))
    assert chances["any"] == pytest.approx(2 / 8)
    assert chances.get("troubled", 6 / 8) == pytest.approx(6 / 8)


def test_the_same_answer_is_not_drawn_a_second_week(cast):
    ticket = answered(cast)
    drawn(cast)
    Message.write(ticket=ticket, body="Again.", by=cast.ana, at=NOW, channel="email")
    assert drawn(cast, at=NOW + timedelta(days=7)) == []


def test_a_lead_says_how_many_are_drawn(cast):
    services.set_sample_size(department=cast.billing, per_agent=3, by=cast.lena, at=NOW)
    for _ in range(9):
        answered(cast)
    assert len(drawn(cast)) == 3


def test_a_department_can_do_without(cast):
    services.set_sample_size(department=cast.billing, per_agent=0, by=cast.lena, at=NOW)
    answered(cast)
    assert drawn(cast) == []


def test_a_lead_does_not_set_the_sample_of_others(cast):
    with pytest.raises(NotAllowed):
        services.set_sample_size(department=cast.shipping, per_agent=3, by=cast.lena, at=NOW)
    assert not SampleSize.objects.exists()


def test_at_most_twenty_a_week(cast):
    with pytest.raises(Invalid):
        services.set_sample_size(department=cast.billing, per_agent=21, by=cast.ada, at=NOW)


@pytest.mark.parametrize("name", ["ana", "omar", "nils", "robot"])
def test_only_reviewers_draw(cast, name):
    answered(cast)
    with pytest.raises(NotAllowed):
        services.draw_reviews(seed=1, by=getattr(cast, name), at=NOW)
    assert not Review.objects.exists()


def test_what_nobody_reviews_lapses(cast):
    answered(cast)
    (review,) = drawn(cast)
    drawn(cast, at=NOW + timedelta(days=50))
    review.refresh_from_db()
    assert review.state == "lapsed"
    assert Event.objects.filter(kind="review.lapsed").exists()


def test_a_published_review_does_not_lapse(cast):
    answered(cast)
    (review,) = drawn(cast)
    used = form()
    services.publish_review(review=review, scorecard=used, marks=marks(used), by=cast.lena, at=NOW)
    drawn(cast, at=NOW + timedelta(days=90))
    review.refresh_from_db()
    assert review.state == "published"


def test_the_night_draws(cast, monkeypatch):
    answered(cast)
    monkeypatch.setattr("apps.evaluation.tasks.timezone.now", lambda: NOW)
    draw_reviews(anything="else")
    assert Review.objects.count() == 1


def test_it_takes_as_many_queries_for_one_answer_as_for_twenty(cast, django_assert_max_num_queries):
    for number in range(20):
        answered(cast, make_user(f"agent{number}", Role.AGENT, cast.billing))
    # lock, stale, weeks, departments; for each of two weeks: answers, sizes, a row for each of two departments,
    # the event, the reviews; transaction's own
    with django_assert_max_num_queries(20):
        assert len(drawn(cast)) == 20
