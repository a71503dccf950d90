"""What reviewers and agents see of reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _

from apps.evaluation.models import Criterion, Review, ReviewMark, ReviewState, Scorecard, ScorecardState
from apps.evaluation.models.review import DONE, UNDONE
from apps.evaluation.quality.queries.team import Quality, own_quality
from apps.evaluation.quality.scoring import Marked, is_missed
from apps.evaluation.queries.window import window
from apps.response.queries.conversation import Conversation, conversation
from helpdesk.errors import NotFound
from helpdesk.models import Ticket, User
from helpdesk.permissions import may

MOST = 100
OWN_MONTHS = 6


@dataclass(frozen=True)
class Lists:
    """The reviews that this person has to do with."""

    to_review: list[Review]
    to_settle: list[Review]
    given: list[Review]
    mine: list[Review]
    own: Quality


@dataclass(frozen=True)
class MarkRow:
    """A criterion with its mark, in words."""

    criterion: Criterion
    mark: ReviewMark | None
    is_missed: bool

    @property
    def said(self) -> str:
        return told_value(self.criterion.scale, self.mark.value) if self.mark else "–"

    @property
    def said_first(self) -> str:
        if self.mark is None or not self.mark.is_corrected:
            return ""
        return told_value(self.criterion.scale, self.mark.first_value)


@dataclass(frozen=True)
class Group:
    """The criteria of one group of the form."""

    name: str
    rows: tuple[MarkRow, ...]


@dataclass(frozen=True)
class ReviewPage:
    """One review, with the conversation it is about where the reader may see the ticket."""

    review: Review
    scorecard: Scorecard | None
    criteria: tuple[Criterion, ...]
    marks: dict[str, ReviewMark]
    groups: tuple[Group, ...]
    conversation: Conversation | None
    may_write: bool
    may_answer: bool
    may_settle: bool

    @property
    def failed(self) -> list[Criterion]:
        """Critical ones that were missed."""
        rows = [row for group in self.groups for row in group.rows]
        return [row.criterion for row in rows if row.criterion.is_critical and row.is_missed]


def told_value(scale: str, value: int | None) -> str:
    if value is None:
        return _("does not apply")
    return ("no", "yes")[value] if scale == "yes_no" else _("%(value)s of 4") % {"value": value}


def lists(*, user: User, at: datetime) -> Lists:
    """Five queries, whatever there is."""
    rows = Review.objects.visible_to(user).select_related("ticket", "agent", "reviewer", "department")
    reviews = may(user, "evaluation.review")
    to_review = Review.objects.to_review(user).filter(ticket__in=Ticket.objects.visible_to(user))
    order = ("state", "made_at", "pk")
    return Lists(
        to_review=list(rows.filter(pk__in=to_review.values("pk")).order_by(*order)[:MOST]) if reviews else [],
        to_settle=list(rows.filter(pk__in=Review.objects.to_settle(user).values("pk")).order_by("answered_at")[:MOST])
        if reviews else [],
        given=list(rows.filter(state__in=DONE).exclude(agent=user).order_by("-published_at")[:MOST]) if reviews else [],
        mine=list(rows.filter(agent=user, state__in=DONE).order_by("-published_at")[:MOST]),
        own=own_quality(window(months=OWN_MONTHS, at=at), agent=user),
    )  # fmt: skip


def review_in_full(pk: int, *, user: User) -> Review:
    """Raises NotFound, to colleagues it does not concern too."""
    related = (
        "ticket__customer",
        "ticket__department",
        "agent",
        "reviewer",
        "settled_by",
        "scorecard",
        "department",
    )
    found = Review.objects.visible_to(user).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def review_page(review: Review, *, user: User, with_words: bool = True) -> ReviewPage:
    """Ten queries at most: the form, its questions, the marks, whether the ticket may be seen, its conversation."""
    writes = (
        may(user, "evaluation.review")
        and review.agent_id != user.pk
        and review.state in UNDONE
        and review.reviewer_id in (None, user.pk)
    )
    scorecard = review.scorecard or Scorecard.objects.in_use(review.department_id).first()
    criteria = tuple(scorecard.criteria.all()) if scorecard else ()
    # What a colleague has not published is theirs alone.
    shown = review.is_done or review.reviewer_id == user.pk
    marks = {mark.criterion.code: mark for mark in review.marks.select_related("criterion")} if shown else {}
    seen = review.ticket.is_visible_to(user)
    return ReviewPage(
        review=review,
        scorecard=scorecard,
        criteria=criteria,
        marks=marks,
        groups=_groups(criteria, marks, scorecard.pass_mark if scorecard else 1.0),
        conversation=conversation(review.ticket, people={}) if seen and with_words else None,
        may_write=writes and seen,
        may_answer=review.agent_id == user.pk and review.state == ReviewState.PUBLISHED,
        may_settle=may(user, "evaluation.review")
        and review.state == ReviewState.DISPUTED
        and user.pk not in (review.agent_id, review.reviewer_id),
    )


def _groups(
    criteria: Sequence[Criterion], marks: dict[str, ReviewMark], pass_mark: float
) -> tuple[Group, ...]:
    rows = [
        MarkRow(one, marks.get(one.code), _missed(one, marks.get(one.code), pass_mark)) for one in criteria
    ]
    named = groupby(rows, key=lambda row: row.criterion.group)
    return tuple(Group(name, tuple(found)) for name, found in named)


def _missed(criterion: Criterion, mark: ReviewMark | None, pass_mark: float) -> bool:
    if mark is None:
        return False
    given = Marked(criterion.code, criterion.scale, 1, False, criterion.about, mark.value)
    return is_missed(given.points, pass_mark)


def criteria_of(scorecard: int) -> tuple[Criterion, ...]:
    """The questions of a version that is, or was, in use."""
    rows = Criterion.objects.filter(scorecard=scorecard).exclude(scorecard__state=ScorecardState.DRAFT)
    return tuple(rows)
