"""One colleague reviews how another answered; the other answers back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.evaluation.models import Criterion, Review, ReviewMark, ReviewState, Scorecard, ScorecardState, Why
from apps.evaluation.models.review import TRANSITIONS, UNDONE
from apps.evaluation.quality.scoring import SCALES, Marked, Result, result
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Direction, Message, Ticket, User
from helpdesk.permissions import may, require
from helpdesk.rows import held


class OwnAnswer(DomainError):
    """You wrote this answer yourself: somebody else has to review it."""

    code = "own-answer"
    status = 403


class AlreadyReviewed(DomainError):
    """A colleague has begun, or finished, this review meanwhile. Go on with the next one."""

    code = "already-reviewed"


class NothingToAnswer(DomainError):
    """This review is not waiting for this any more. Look at it again."""

    code = "nothing-to-answer"


class NoScorecard(DomainError):
    """There is no scorecard in use. Publish one first."""

    code = "no-scorecard"


@dataclass(frozen=True)
class Given:
    """What a criterion was answered with: a value of its scale, or None where it does not apply."""

    value: int | None
    note: str = ""


Marks = Mapping[str, Given]


@transaction.atomic
def begin_review(*, ticket: Ticket, agent: User, by: User, at: datetime) -> Review:
    """Review an answer that was not drawn: it is written and read like any other, and kept out of averages. Goes on
    with the draft there is. Raises OwnAnswer, NoScorecard, Invalid."""
    require(by, "evaluation.review", ticket)
    if agent.pk == by.pk:
        raise OwnAnswer
    if not _in_charge(by, ticket.department_id):
        raise Invalid(_("It is answered by another department, whose leads review it."), pointer="ticket")
    if agent.pk not in authors_of(ticket):
        # Without a name: numbers of accounts are easily guessed, and customers have some.
        raise Invalid(_("This person has not answered the ticket."), pointer="agent")
    held(ticket)  # pressed twice, begun once
    begun = Review.objects.filter(ticket=ticket, agent=agent, reviewer=by, why=Why.HAND)
    if draft := begun.filter(state=ReviewState.DRAFT).first():
        return draft
    used = Scorecard.objects.in_use(ticket.department_id).first()
    if used is None:
        raise NoScorecard
    return Review.begin_by_hand(
        ticket=ticket, agent=agent, department=ticket.department, scorecard=used, by=by, at=at
    )


@transaction.atomic
def keep_draft(
    *, review: Review, scorecard: Scorecard, marks: Marks, summary: str = "", by: User, at: datetime
) -> Review:
    """Keep what is filled in so far; the review is this person's from now on. Raises AlreadyReviewed, OwnAnswer,
    Invalid."""
    review = _taken(review, scorecard, by)
    review.keep_draft(scorecard=scorecard, summary=summary, by=by)
    _write(review, marks)
    return review


@transaction.atomic
def publish_review(
    *, review: Review, scorecard: Scorecard, marks: Marks, summary: str = "", by: User, at: datetime
) -> Review:
    """Finish the review: the agent reads it, and what was missed goes to whoever assigns training.

    Raises AlreadyReviewed, OwnAnswer, Invalid for a question without an answer.
    """
    review = _taken(review, scorecard, by)
    review.keep_draft(scorecard=scorecard, summary=summary, by=by)
    criteria = _write(review, marks)
    for one in criteria:
        if one.code not in marks:
            raise Invalid(_("Answer it, or say that it does not apply."), pointer=one.code)
    review.publish(_result(criteria, marks, scorecard), by=by, at=at)
    return review


@transaction.atomic
def acknowledge_review(*, review: Review, words: str = "", by: User, at: datetime) -> Review:
    """The agent has read it and accepts it. Raises NothingToAnswer."""
    return _answer(review, ReviewState.ACKNOWLEDGED, words, by=by, at=at)


@transaction.atomic
def dispute_review(*, review: Review, words: str, by: User, at: datetime) -> Review:
    """The agent sees it otherwise and says why; somebody else decides. Raises NothingToAnswer, Invalid."""
    if not words.strip():
        raise Invalid(_("Say what you see otherwise."), pointer="words")
    return _answer(review, ReviewState.DISPUTED, words, by=by, at=at)


@transaction.atomic
def settle_review(*, review: Review, marks: Marks, words: str, by: User, at: datetime) -> Review:
    """A lead who has not reviewed it decides a dispute: the marks as they are right, and why. What the reviewer had
    given is kept beside. Raises NothingToAnswer, OwnAnswer, Invalid."""
    review = _locked(review, by)
    if review.state != ReviewState.DISPUTED or review.scorecard is None:
        raise NothingToAnswer
    if by.pk in (review.reviewer_id, review.agent_id):
        raise OwnAnswer(_("You are one of the two who differ: another lead has to decide."))
    if not words.strip():
        raise Invalid(_("Say why, to both of them."), pointer="words")
    rows = list(review.marks.select_related("criterion"))
    criteria = [row.criterion for row in rows]
    check_marks(criteria, marks)
    changed = [
        row for row in rows if row.criterion.code in marks and marks[row.criterion.code].value != row.value
    ]
    for row in changed:
        row.first_value, row.is_corrected, row.value = row.value, True, marks[row.criterion.code].value
    ReviewMark.objects.bulk_update(changed, ["first_value", "is_corrected", "value"])
    final = {row.criterion.code: Given(row.value) for row in rows}
    found = _result(criteria, final, review.scorecard)
    review.settle(found, words.strip(), [row.criterion.code for row in changed], by=by, at=at)
    return review


def authors_of(ticket: Ticket) -> dict[int, int]:
    """Who answered its customer, by hand: the number of answers of each. One query."""
    said = Message.objects.filter(
        ticket=ticket, direction=Direction.OUT, is_automatic=False, withdrawn_at=None, author__isnull=False
    )
    found: dict[int, int] = {}
    for author in said.order_by("at", "pk").values_list("author", flat=True):
        found[author] = found.get(author, 0) + 1
    return found


def check_marks(criteria: list[Criterion], marks: Marks) -> None:
    """Raises Invalid for a question that is not on the form, and for a value that is not on its scale."""
    by_code = {one.code: one for one in criteria}
    for code, given in marks.items():
        if code not in by_code:
            raise Invalid(_("This is not asked on this form."), pointer=code)
        if given.value is not None and given.value not in SCALES[by_code[code].scale]:
            raise Invalid(_("This value is not on its scale."), pointer=code)


def _answer(review: Review, state: ReviewState, words: str, *, by: User, at: datetime) -> Review:
    require(by, "evaluation.answer_review", review)
    review = held(review)
    if review.agent_id != by.pk or (review.state, state) not in TRANSITIONS:
        raise NothingToAnswer
    review.answer_with(state, words.strip(), by=by, at=at)
    return review


def _taken(review: Review, scorecard: Scorecard, by: User) -> Review:
    """The review, if it is this person's to write by this form."""
    require(by, "response.view", review.ticket)
    review = _locked(review, by)
    if review.agent_id == by.pk:
        raise OwnAnswer
    if review.state not in UNDONE or review.reviewer_id not in (None, by.pk):
        raise AlreadyReviewed
    # A form that was replaced while it was being filled in still counts; somebody else's does not.
    fits = scorecard.department_id in (None, review.department_id)
    if scorecard.state == ScorecardState.DRAFT or not fits:
        raise Invalid(_("This form is not used here. Look at the review again."), pointer="scorecard")
    return review


def _locked(review: Review, by: User) -> Review:
    require(by, "evaluation.review", review)
    return held(review, "scorecard")


def _write(review: Review, marks: Marks) -> list[Criterion]:
    criteria = list(Criterion.objects.filter(scorecard=review.scorecard_id))
    check_marks(criteria, marks)
    review.marks.all().delete()
    ReviewMark.objects.bulk_create(
        ReviewMark(review=review, criterion=one, value=marks[one.code].value, note=marks[one.code].note)
        for one in criteria
        if one.code in marks
    )
    return criteria


def _result(criteria: list[Criterion], marks: Marks, scorecard: Scorecard) -> Result:
    given = [
        Marked(one.code, one.scale, one.weight, one.is_critical, one.about, marks[one.code].value)
        for one in criteria
    ]
    return result(given, pass_mark=scorecard.pass_mark)


def _in_charge(by: User, department: int) -> bool:
    return may(by, "helpdesk.configure") or department == by.department_id
