"""Rows of quality reviews: whose answers are drawn, and what a colleague says of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.evaluation.models.mark import Mark
from apps.evaluation.models.scorecard import About, Scorecard
from apps.evaluation.quality.scoring import Result
from helpdesk import events
from helpdesk.permissions import may

if TYPE_CHECKING:
    from helpdesk.models import Department, Ticket, User

USUAL_SIZE = 2


@pghistory.track(append_only=True)
class SampleSize(models.Model):
    """How many answers of each agent of a department are drawn for review every week; without a row, two."""

    department = models.OneToOneField("helpdesk.Department", models.CASCADE, related_name="+")
    per_agent = models.PositiveSmallIntegerField(default=USUAL_SIZE)
    set_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="at_most_twenty_a_week", condition=Q(per_agent__lte=20))
        ]

    def __str__(self) -> str:
        return f"{self.department}: {self.per_agent} a week"


class ReviewedWeek(models.Model):
    """A week of a department from whose answers was drawn, once, whoever asks again; the seed draws the same ones."""

    monday = models.DateField()
    department = models.ForeignKey("helpdesk.Department", models.CASCADE, related_name="+")
    # A bigint: the seed is drawn by the door.
    seed = models.BigIntegerField()
    per_agent = models.PositiveSmallIntegerField()
    # Answers there were, one for each agent and ticket: the drawn ones stand for these.
    answers = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-monday", "department_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["monday", "department"], name="a_week_is_drawn_from_once")
        ]

    def __str__(self) -> str:
        return f"{self.department}, week of {self.monday:%Y-%m-%d}"


class ReviewState(models.TextChoices):
    """Where a review stands."""

    WAITING = "waiting", _("To review")
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    DISPUTED = "disputed", _("Disputed")
    SETTLED = "settled", _("Settled")
    LAPSED = "lapsed", _("Lapsed")


UNDONE = (ReviewState.WAITING, ReviewState.DRAFT)
DONE = (ReviewState.PUBLISHED, ReviewState.ACKNOWLEDGED, ReviewState.DISPUTED, ReviewState.SETTLED)
TRANSITIONS = [
    ("waiting", "draft"),
    ("waiting", "published"),
    ("draft", "published"),
    ("published", "acknowledged"),
    ("published", "disputed"),
    ("disputed", "settled"),
    ("waiting", "lapsed"),
    ("draft", "lapsed"),
]


class Why(models.TextChoices):
    """How an answer came to be reviewed."""

    TROUBLED = "troubled", _("Drawn: unhappy, reopened or escalated")
    ANY = "any", _("Drawn by chance")
    HAND = "hand", _("Chosen by hand")


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: "User") -> "ReviewQuerySet":
        """Leads see those of their department, administrators all; everybody sees their own once it is published."""
        if not may(user, "evaluation.answer_review"):
            return self.none()
        own = Q(agent=user, state__in=DONE)
        if may(user, "helpdesk.configure"):
            return self.filter(own | ~Q(agent=user))
        if may(user, "evaluation.review") and user.department_id is not None:
            own |= Q(department_id=user.department_id) & ~Q(agent=user)
        return self.filter(own)

    def to_review(self, user: "User") -> "ReviewQuerySet":
        """What this person may review: never their own answers, nor what a colleague has begun."""
        mine = Q(state=ReviewState.WAITING) | Q(state=ReviewState.DRAFT, reviewer=user)
        return self.visible_to(user).filter(mine).exclude(agent=user)

    def to_settle(self, user: "User") -> "ReviewQuerySet":
        others = self.visible_to(user).filter(state=ReviewState.DISPUTED)
        return others.exclude(agent=user).exclude(reviewer=user)

    def done(self) -> "ReviewQuerySet":
        return self.filter(state__in=DONE)

    def drawn(self) -> "ReviewQuerySet":
        """Those that averages rest on."""
        return self.exclude(why=Why.HAND)

    def stale(self, *, drawn_before: datetime) -> "ReviewQuerySet":
        """Drawn and not reviewed: too old to help, or its ticket was merged away or its agent has left."""
        gone = Q(ticket__merged_into__isnull=False) | Q(agent__is_active=False)
        return self.filter(gone | Q(week__drawn_at__lt=drawn_before), state__in=UNDONE).drawn()


class Review(models.Model):
    """What a colleague says, criterion by criterion, of how one agent answered one ticket. Drawn, or chosen by hand and
    then left out of averages. The agent reads it, and accepts or disputes it; a third person settles a dispute."""

    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="+")
    agent = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    # The ticket's and the agent's when it was drawn: who reviews there.
    department = models.ForeignKey("helpdesk.Department", models.PROTECT, related_name="+")
    why = models.CharField(max_length=8, choices=Why.choices)
    week = models.ForeignKey(ReviewedWeek, models.PROTECT, null=True, related_name="reviews")
    # Of being drawn, above 0 to 1: in averages it counts as 1 / chance. Chosen by hand it has none.
    chance = models.FloatField(null=True)
    state = models.CharField(max_length=12, choices=ReviewState.choices, default=ReviewState.WAITING)
    reviewer = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    # The version it was made with.
    scorecard = models.ForeignKey(Scorecard, models.PROTECT, null=True, related_name="+")
    summary = models.TextField(max_length=4_000, blank=True)
    # Shares of the points, of what the agent did and of what the system let them do; null where nothing applied.
    score = models.FloatField(null=True)
    system_score = models.FloatField(null=True)
    passed = models.BooleanField(null=True)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    # The agent's own words.
    answer = models.TextField(max_length=4_000, blank=True)
    answered_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settlement = models.TextField(max_length=4_000, blank=True)
    # As it was published, should settling have changed it: averages as of then rest on these.
    first_score = models.FloatField(null=True)
    first_passed = models.BooleanField(null=True)

    objects: ClassVar = ReviewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["agent", "-published_at"], name="review_of_agent"),
            models.Index(fields=["published_at"], name="review_published"),
            models.Index(
                fields=["department", "state"],
                name="review_open",
                condition=Q(state__in=["waiting", "draft", "disputed"]),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["week", "ticket", "agent"], name="an_answer_is_drawn_once_a_week"),
            models.UniqueConstraint(
                fields=["ticket", "agent", "reviewer"], condition=Q(why="hand", state="draft"),
                name="one_open_review_by_hand",
            ),
            models.CheckConstraint(name="nobody_reviews_their_own", condition=~Q(reviewer=F("agent"))),
            models.CheckConstraint(
                name="a_third_person_settles_a_review",
                condition=~Q(settled_by=F("agent")) & ~Q(settled_by=F("reviewer")),
            ),
            models.CheckConstraint(
                name="what_is_drawn_has_a_chance",
                condition=Q(why="hand", week=None, chance=None)
                | Q(why__in=["troubled", "any"], week__isnull=False, chance__gt=0, chance__lte=1),
            ),
            models.CheckConstraint(
                name="what_is_published_was_reviewed",
                condition=Q(state__in=["waiting", "draft", "lapsed"], published_at=None)
                | Q(state__in=["published", "acknowledged", "disputed", "settled"], published_at__isnull=False,
                    reviewer__isnull=False, scorecard__isnull=False),
            ),
        ]  # fmt: skip
        triggers: ClassVar = [
            pgtrigger.FSM(name="states_of_a_review", field="state", transitions=TRANSITIONS)
        ]

    def __str__(self) -> str:
        return f"Review {self.pk}"

    # Factories

    @classmethod
    def begin_by_hand(cls, *, ticket: "Ticket", agent: "User", department: "Department", scorecard: Scorecard,
                      by: "User", at: datetime) -> "Review":  # fmt: skip
        return cls.objects.create(
            ticket=ticket, agent=agent, department=department, why=Why.HAND, state=ReviewState.DRAFT,
            reviewer=by, scorecard=scorecard, made_at=at,
        )  # fmt: skip

    # Mutators

    def keep_draft(self, *, scorecard: Scorecard, summary: str, by: "User") -> None:
        """What was filled in so far; from now on it is this reviewer's. No event: nobody else has read it."""
        self.state, self.reviewer, self.scorecard, self.summary = ReviewState.DRAFT, by, scorecard, summary
        self.save(update_fields=["state", "reviewer", "scorecard", "summary"])

    def publish(self, result: Result, *, by: "User", at: datetime) -> None:
        self.state, self.published_at = ReviewState.PUBLISHED, at
        self._take(result)
        self.first_score, self.first_passed = self.score, self.passed
        fields = ("published_at", "score", "system_score", "passed", "first_score", "first_passed")
        self.save(update_fields=["state", *fields])
        # Trainings are assigned by this: what the agent can learn, not what the system has to.
        data = {"review": self.pk, "person": self.agent_id, "missed": list(result.missed)}
        self._record("review.published", data, by=by, at=at)

    def answer_with(self, state: str, words: str, *, by: "User", at: datetime) -> None:
        """The agent accepts it, or says why not."""
        self.state, self.answer, self.answered_at = state, words, at
        self.save(update_fields=["state", "answer", "answered_at"])
        self._record("review.answered", {"review": self.pk, "answer": state}, by=by, at=at)

    def settle(self, result: Result, words: str, changed: Sequence[str], *, by: "User", at: datetime) -> None:
        self.state, self.settlement, self.settled_by, self.settled_at = ReviewState.SETTLED, words, by, at
        self._take(result)
        fields = ("settlement", "settled_by", "settled_at", "score", "system_score", "passed")
        self.save(update_fields=["state", *fields])
        data = {"review": self.pk, "changed": list(changed), "missed": list(result.missed)}
        self._record("review.settled", data, by=by, at=at)

    def lapse(self, *, by: "User", at: datetime) -> None:
        self.state = ReviewState.LAPSED
        self.save(update_fields=["state"])
        self._record("review.lapsed", {"review": self.pk}, by=by, at=at)

    def _take(self, result: Result) -> None:
        self.score, self.system_score, self.passed = result.score, result.system, result.passed

    def _record(self, kind: str, data: dict[str, object], *, by: "User", at: datetime) -> None:
        # About the review, not the ticket: colleagues read the ticket's history.
        events.record(kind, about=f"review:{self.pk}", by=by, at=at, data=data)

    # Properties

    @property
    def is_done(self) -> bool:
        return self.state in DONE

    def is_visible_to(self, user: "User") -> bool:
        return Review.objects.visible_to(user).filter(pk=self.pk).exists()


class ReviewMark(Mark):
    """The answer to one criterion in a review, and what it was before a dispute was settled."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="marks")
    is_corrected = models.BooleanField(default=False)
    first_value = models.PositiveSmallIntegerField(null=True)

    class Meta(Mark.Meta):
        constraints: ClassVar = [
            *Mark.Meta.constraints,
            models.UniqueConstraint(fields=["review", "criterion"], name="a_criterion_once_in_a_review"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.value}"


class RaisedCause(models.Model):
    """A cause in the system that reviews kept finding, and the root-cause case that was opened about it."""

    about = models.CharField(max_length=9, choices=About.choices)
    issue = models.ForeignKey("helpdesk.Issue", models.PROTECT, null=True, related_name="+")
    case = models.OneToOneField("analysis.Case", models.CASCADE, related_name="+")
    raised_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {self.case}"
