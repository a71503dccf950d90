"""One colleague reviews how another answered; the other answers back; a third settles."""

import pytest
from django.db import IntegrityError, InternalError, transaction

from apps.evaluation.models import Review
from apps.evaluation.quality import services
from apps.evaluation.quality.services import (
    AlreadyReviewed,
    Given,
    NoScorecard,
    NothingToAnswer,
    OwnAnswer,
)
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event
from tests.evaluation.reviewing import answered, form, marks, reviewed, second_lead, waiting
from tests.factories import NOW, make_ticket


def publish(cast, review, by=None, **other):
    used = form()
    return services.publish_review(
        review=review, scorecard=used, marks=marks(used, **other), by=by or cast.lena, at=NOW
    )


def test_a_published_review_has_a_score_and_its_form(cast):
    review = publish(cast, waiting(cast), wish=0)
    assert (review.state, review.passed, review.scorecard.version) == ("published", True, 1)
    assert 0.85 < review.score < 0.95
    assert review.system_score == 1


def test_whoever_assigns_training_hears_what_the_agent_missed(cast):
    review = publish(cast, waiting(cast), wish=0, remedy=2, guidance=0)
    data = Event.objects.get(kind="review.published").data
    assert data == {"review": review.pk, "person": cast.ana.pk, "missed": ["wish", "remedy"]}


def test_something_critical_fails_it(cast):
    assert publish(cast, waiting(cast), safety=0).passed is False


def test_the_ticket_says_nothing_of_its_review(cast):
    review = publish(cast, waiting(cast))
    assert not Event.objects.filter(kind__startswith="review.", ticket__isnull=False).exists()
    assert Event.objects.about("review", review.pk).count() == 1


def test_a_draft_keeps_what_is_there_so_far(cast):
    review, used = waiting(cast), form()
    services.keep_draft(
        review=review,
        scorecard=used,
        marks={"wish": Given(1, "Asked.")},
        summary="So far",
        by=cast.lena,
        at=NOW,
    )
    review.refresh_from_db()
    assert (review.state, review.reviewer, review.summary) == ("draft", cast.lena, "So far")
    assert [(mark.criterion.code, mark.value, mark.note) for mark in review.marks.all()] == [
        ("wish", 1, "Asked.")
    ]


def test_a_draft_is_its_writers(cast):
    review, used = waiting(cast), form()
    services.keep_draft(review=review, scorecard=used, marks={}, by=cast.lena, at=NOW)
    with pytest.raises(AlreadyReviewed):
        publish(cast, review, by=second_lead(cast))
    assert Review.objects.get().state == "draft"


def test_a_review_is_published_once(cast):
    review = publish(cast, waiting(cast))
    with pytest.raises(AlreadyReviewed):
        publish(cast, review)
    assert Event.objects.filter(kind="review.published").count() == 1


@pytest.mark.parametrize(
    ("code", "given"), [("wish", None), ("wish", Given(3)), ("remedy", Given(0)), ("nonsense", Given(1))]
)
def test_every_question_is_answered_on_its_scale(cast, code, given):
    review, used = waiting(cast), form()
    told = marks(used) | {code: given}
    told = {key: value for key, value in told.items() if value is not None}
    with pytest.raises(Invalid) as refused:
        services.publish_review(review=review, scorecard=used, marks=told, by=cast.lena, at=NOW)
    assert refused.value.pointer == code
    assert Review.objects.get().state == "waiting"
    assert not Event.objects.filter(kind="review.published").exists()


def test_nobody_reviews_their_own_answer(cast):
    review = waiting(cast, cast.lena)
    with pytest.raises(NotFound):  # before it is published they do not know of it
        publish(cast, review)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.update(reviewer=cast.lena)


@pytest.mark.parametrize("name", ["ana", "omar", "nils", "robot"])
def test_only_leads_and_administrators_review(cast, name):
    review = waiting(cast)
    with pytest.raises(NotAllowed):
        publish(cast, review, by=getattr(cast, name))
    assert Review.objects.get().state == "waiting"


def test_a_lead_of_another_department_finds_nothing(cast):
    from tests.factories import make_user

    other = make_user("sid", "lead", cast.shipping)
    with pytest.raises(NotFound):
        publish(cast, waiting(cast), by=other)


def test_a_form_that_was_replaced_meanwhile_still_counts(cast):
    review, first = waiting(cast), form()
    draft = services.draft_scorecard(department=None, by=cast.ada, at=NOW)
    services.publish_scorecard(scorecard=draft, by=cast.ada, at=NOW)
    first.refresh_from_db()
    services.publish_review(review=review, scorecard=first, marks=marks(first), by=cast.lena, at=NOW)
    assert Review.objects.get().scorecard == first


def test_a_draft_of_a_form_reviews_nothing(cast):
    form()
    draft = services.draft_scorecard(department=None, by=cast.ada, at=NOW)
    with pytest.raises(Invalid):
        services.publish_review(
            review=waiting(cast), scorecard=draft, marks=marks(draft), by=cast.lena, at=NOW
        )


# --- chosen by hand -----------------------------------------------------------------------------------


def test_any_answer_can_be_reviewed_by_hand(cast):
    form()
    review = services.begin_review(ticket=answered(cast), agent=cast.ana, by=cast.lena, at=NOW)
    assert (review.why, review.chance, review.state) == ("hand", None, "draft")


def test_beginning_again_goes_on_with_the_draft(cast):
    form()
    ticket = answered(cast)
    one, other = (
        services.begin_review(ticket=ticket, agent=cast.ana, by=cast.lena, at=NOW) for _ in range(2)
    )
    assert one == other


def test_there_must_be_a_form(cast):
    with pytest.raises(NoScorecard):
        services.begin_review(ticket=answered(cast), agent=cast.ana, by=cast.lena, at=NOW)


def test_a_ticket_that_somebody_else_answered_is_not_reviewed_as_theirs(cast):
    form()
    with pytest.raises(Invalid):
        services.begin_review(ticket=make_ticket(cast), agent=cast.ana, by=cast.lena, at=NOW)


def test_ones_own_is_not_chosen_either(cast):
    form()
    with pytest.raises(OwnAnswer):
        services.begin_review(ticket=answered(cast, cast.lena), agent=cast.lena, by=cast.lena, at=NOW)


def test_a_ticket_of_another_department_is_not_found(cast):
    form()
    ticket = answered(cast, cast.mallory, department=cast.shipping)
    with pytest.raises(NotFound):
        services.begin_review(ticket=ticket, agent=cast.mallory, by=cast.lena, at=NOW)


# --- the agent answers --------------------------------------------------------------------------------


def test_an_agent_accepts_it(cast):
    review = services.acknowledge_review(review=reviewed(cast), words="Thanks!", by=cast.ana, at=NOW)
    assert (review.state, review.answer) == ("acknowledged", "Thanks!")


def test_an_agent_disputes_it_and_a_lead_who_has_not_written_it_settles(cast):
    review = reviewed(cast, wish=0)
    services.dispute_review(review=review, words="I had asked on the phone.", by=cast.ana, at=NOW)
    settled = services.settle_review(
        review=review, marks={"wish": Given(1)}, words="The note says so.", by=second_lead(cast), at=NOW
    )
    assert (settled.state, settled.score, settled.passed) == ("settled", 1, True)
    assert settled.first_score < 1
    mark = settled.marks.get(criterion__code="wish")
    assert (mark.value, mark.first_value, mark.is_corrected) == (1, 0, True)
    assert Event.objects.get(kind="review.settled").data == {
        "review": review.pk,
        "changed": ["wish"],
        "missed": [],
    }


def test_what_is_upheld_stays_as_it_is(cast):
    review = reviewed(cast, wish=0)
    services.dispute_review(review=review, words="No.", by=cast.ana, at=NOW)
    settled = services.settle_review(review=review, marks={}, words="It is so.", by=cast.ada, at=NOW)
    assert settled.score == settled.first_score


def test_who_wrote_it_does_not_settle_it(cast):
    review = reviewed(cast)
    services.dispute_review(review=review, words="No.", by=cast.ana, at=NOW)
    with pytest.raises(OwnAnswer):
        services.settle_review(review=review, marks={}, words="Yes.", by=cast.lena, at=NOW)
    assert Review.objects.get().state == "disputed"


def test_a_dispute_says_why(cast):
    review = reviewed(cast)
    with pytest.raises(Invalid):
        services.dispute_review(review=review, words=" ", by=cast.ana, at=NOW)
    assert Review.objects.get().state == "published"


@pytest.mark.parametrize("act", ["acknowledge_review", "dispute_review"])
def test_only_the_agent_answers(cast, act):
    review = reviewed(cast)
    with pytest.raises(NothingToAnswer):
        getattr(services, act)(review=review, words="Yes", by=cast.lena, at=NOW)
    with pytest.raises(NotFound):
        getattr(services, act)(review=review, words="Yes", by=cast.mallory, at=NOW)
    assert Review.objects.get().state == "published"


def test_what_is_acknowledged_is_not_disputed_any_more(cast):
    review = reviewed(cast)
    services.acknowledge_review(review=review, by=cast.ana, at=NOW)
    with pytest.raises(NothingToAnswer):
        services.dispute_review(review=review, words="No.", by=cast.ana, at=NOW)


def test_states_are_kept_by_the_database_as_well(cast):
    review = reviewed(cast)
    with pytest.raises(InternalError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(state="waiting")


def test_nobody_but_those_concerned_sees_a_review(cast):
    bea = second_lead(cast)
    review = reviewed(cast)
    colleague = type(cast.ana).objects.create(
        email="bo@desk.test", name="Bo", role="agent", department=cast.billing
    )
    seeing = {one for one in (cast.ana, cast.lena, cast.ada, bea) if review.is_visible_to(one)}
    assert seeing == {cast.ana, cast.lena, cast.ada, bea}
    assert not any(
        review.is_visible_to(one) for one in (colleague, cast.mallory, cast.omar, cast.nils, cast.robot)
    )


def test_an_agent_does_not_see_what_is_not_published(cast):
    assert not waiting(cast).is_visible_to(cast.ana)
