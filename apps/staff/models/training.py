from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.staff.models.people import Skill
from helpdesk import events

if TYPE_CHECKING:
    from helpdesk.models import User

LONGEST_TITLE = 160


class CourseKind(models.TextChoices):
    """Learned and passed, or read and confirmed."""

    COURSE = "course", _("Course")
    BRIEFING = "briefing", _("To read")


class CourseQuerySet(models.QuerySet["Course"]):
    def kept(self) -> "CourseQuerySet":
        """Those that leads keep; briefings are written by news."""
        return self.filter(kind=CourseKind.COURSE)

    def offered(self) -> "CourseQuerySet":
        """Those somebody may still be given."""
        return self.kept().filter(is_active=True)


@pghistory.track(append_only=True)
class Course(models.Model):
    """Something to learn: a course that leads keep, or a briefing, one page written by news, to be read and
    confirmed."""

    kind = models.CharField(max_length=8, choices=CourseKind.choices, default=CourseKind.COURSE)
    title = models.CharField(max_length=LONGEST_TITLE)
    # In a sentence.
    teaches = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(default=15)
    # How long its certificate holds; null: for good.
    lasts_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # The level of skill that passing it gives in what it covers; null: none.
    grants = models.PositiveSmallIntegerField(choices=Skill.Level.choices, null=True, blank=True)
    # Whose certificate has run out gets no ticket for their skill in what it covers. Who never held one keeps theirs,
    # or the desk would stand empty on the day a course is made.
    is_required = models.BooleanField(default=False)
    # Passed is what a lead says, not what one says oneself.
    needs_lead = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    # What wrote a briefing: "release:7", "guidance:12@4711".
    source = models.CharField(max_length=60, blank=True)
    written_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects: ClassVar = CourseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["title"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["title"], condition=Q(kind="course", is_active=True), name="one_course_of_a_title"
            ),
            models.UniqueConstraint(
                fields=["source"], condition=~Q(source=""), name="one_briefing_of_a_source"
            ),
            models.CheckConstraint(
                name="a_briefing_certifies_nothing",
                condition=Q(kind="course") | Q(lasts_days=None, grants=None, is_required=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    # Properties

    @property
    def is_briefing(self) -> bool:
        return self.kind == CourseKind.BRIEFING


@pghistory.track(append_only=True)
class Topic(models.Model):
    """What a course covers: an issue and all below it, or a product."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="topics")
    issue = models.ForeignKey("helpdesk.Issue", models.CASCADE, null=True, blank=True, related_name="+")
    product = models.ForeignKey("helpdesk.Product", models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_topic_is_an_issue_or_a_product",
                condition=Q(issue__isnull=False, product=None) | Q(issue=None, product__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["course", "issue", "product"], nulls_distinct=False, name="a_course_covers_it_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.issue or self.product)


class Reason(models.TextChoices):
    """Why somebody is given a course."""

    BY_HAND = "by_hand", _("Asked for by a lead")
    ONBOARDING = "onboarding", _("Getting started")
    QA_GAP = "qa_gap", _("Missed in reviews")
    RELEASE = "release", _("The taxonomy changed")
    GUIDANCE = "guidance", _("Guidance changed")
    EXPIRY = "expiry", _("The certificate runs out")


BY_PEOPLE = (Reason.BY_HAND, Reason.ONBOARDING)


class AssignmentState(models.TextChoices):
    ASSIGNED = "assigned", _("To do")
    STARTED = "started", _("Begun")
    PASSED = "passed", _("Passed")
    EXCUSED = "excused", _("Excused")


OPEN = (AssignmentState.ASSIGNED, AssignmentState.STARTED)
TRANSITIONS = [
    ("assigned", "started"),
    ("assigned", "passed"),
    ("assigned", "excused"),
    ("started", "passed"),
    ("started", "excused"),
]


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def open(self) -> "AssignmentQuerySet":
        return self.filter(state__in=OPEN)

    def closed(self) -> "AssignmentQuerySet":
        return self.exclude(state__in=OPEN)


class Assignment(models.Model):
    """Somebody is to take a course, or to read a page, by a day, for a reason."""

    user = models.ForeignKey("helpdesk.User", models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="assignments")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    # What the reason points at: "rule:3", "release:7", "guidance:12@4711", "certificate:9"; empty by hand.
    source = models.CharField(max_length=60, blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=AssignmentState.choices, default=AssignmentState.ASSIGNED)
    assigned_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    excuse = models.CharField(max_length=200, blank=True)

    objects: ClassVar = AssignmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [models.Index(fields=["user", "state"], name="training_of_a_person")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "course", "reason", "source"],
                condition=Q(state__in=[state.value for state in OPEN]),
                name="one_open_assignment_for_a_reason",
            ),
            models.CheckConstraint(
                name="who_is_excused_has_a_reason", condition=~Q(state="excused") | ~Q(excuse="")
            ),
            models.CheckConstraint(
                name="closed_training_has_a_time",
                condition=Q(state__in=["assigned", "started"], closed_at=None)
                | Q(state__in=["passed", "excused"], closed_at__isnull=False),
            ),
        ]
        triggers: ClassVar = [pgtrigger.FSM(name="training_states", field="state", transitions=TRANSITIONS)]

    def __str__(self) -> str:
        return f"{self.user}: {self.course}"

    # Factories

    @classmethod
    def give(cls, *, user: "User", course: Course, reason: str, source: str, due_on: date, by: "User",
             at: datetime) -> "Assignment":  # fmt: skip
        row = cls.objects.create(
            user=user, course=course, reason=reason, source=source, due_on=due_on, assigned_by=by, assigned_at=at
        )  # fmt: skip
        row._record("training.assigned", by=by, at=at)
        return row

    # Mutators

    def start(self, *, by: "User", at: datetime) -> None:
        self.state, self.started_at = AssignmentState.STARTED, at
        self.save(update_fields=["state", "started_at"])
        self._record("training.started", by=by, at=at)

    def pass_it(self, *, by: "User", at: datetime) -> None:
        self._close(AssignmentState.PASSED, "training.passed", by=by, at=at)

    def let_off(self, excuse: str, *, by: "User", at: datetime) -> None:
        self.excuse = excuse
        self._close(AssignmentState.EXCUSED, "training.excused", by=by, at=at)

    def _close(self, state: str, kind: str, *, by: "User", at: datetime) -> None:
        self.state, self.closed_by, self.closed_at = state, by, at
        self.save(update_fields=["state", "closed_by", "closed_at", "excuse"])
        self._record(kind, by=by, at=at)

    def _record(self, kind: str, *, by: "User", at: datetime) -> None:
        data = {"user": self.user_id, "course": self.course_id, "reason": str(self.reason)}
        events.record(kind, about=f"training:{self.pk}", by=by, at=at, data=data)

    # Properties

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def is_overdue(self, today: date) -> bool:
        """Open after its last day."""
        return self.is_open and self.due_on < today
