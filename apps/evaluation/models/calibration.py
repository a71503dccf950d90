"""Rows of calibration: several reviewers score the same answers blind, to see how far they mean the same."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.evaluation.models.mark import Mark
from apps.evaluation.models.scorecard import Scorecard
from helpdesk import events
from helpdesk.permissions import may

if TYPE_CHECKING:
    from helpdesk.models import User


class SessionState(models.TextChoices):
    OPEN = "open", _("Being scored")
    CLOSED = "closed", _("Closed")


class SessionQuerySet(models.QuerySet["CalibrationSession"]):
    def visible_to(self, user: "User") -> "SessionQuerySet":
        """Reviewers see the sessions of their department and those they sit in, administrators all."""
        if not may(user, "evaluation.review"):
            return self.none()
        if may(user, "helpdesk.configure"):
            return self
        seats = CalibrationSession.panel.through.objects.filter(user=user).values("calibrationsession_id")
        return self.filter(Q(department_id=user.department_id) | Q(pk__in=seats))


class CalibrationSession(models.Model):
    """Some answers that several reviewers score by the same form, each without seeing the others. It counts in nobody's
    averages: it is about the reviewers, and about questions that can be read in two ways."""

    title = models.CharField(max_length=120)
    department = models.ForeignKey("helpdesk.Department", models.PROTECT, null=True, related_name="+")
    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="+")
    panel = models.ManyToManyField("helpdesk.User", related_name="+")
    state = models.CharField(max_length=6, choices=SessionState.choices, default=SessionState.OPEN)
    # What the panel agreed on, in words, for the next version of the form.
    discussion = models.TextField(max_length=10_000, blank=True)
    opened_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar = SessionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = [
            pgtrigger.FSM(name="states_of_a_calibration", field="state", transitions=[("open", "closed")])
        ]

    def __str__(self) -> str:
        return self.title

    # Mutators

    def close(self, *, by: "User", at: datetime) -> None:
        """Everybody on the panel sees everything from now on, and nobody scores any more."""
        self.state, self.closed_by, self.closed_at = SessionState.CLOSED, by, at
        self.save(update_fields=["state", "closed_by", "closed_at"])
        self.record("calibration.closed", by=by, at=at)

    def record(self, kind: str, *, by: "User", at: datetime) -> None:
        events.record(kind, about=f"calibration:{self.pk}", by=by, at=at, data={"title": self.title})

    # Properties

    @property
    def is_open(self) -> bool:
        return self.state == SessionState.OPEN

    def is_visible_to(self, user: "User") -> bool:
        return CalibrationSession.objects.visible_to(user).filter(pk=self.pk).exists()


class CalibrationItem(models.Model):
    """One answer of a session."""

    session = models.ForeignKey(CalibrationSession, models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField()
    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="+")
    agent = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "ticket"], name="a_ticket_once_in_a_session"),
            models.UniqueConstraint(fields=["session", "place"], name="a_place_once_in_a_session"),
        ]

    def __str__(self) -> str:
        return f"{self.session}, {self.place}"


class Scoring(models.Model):
    """How one reviewer scored one answer of a session, for good; without a reviewer, what the panel agreed on."""

    item = models.ForeignKey(CalibrationItem, models.CASCADE, related_name="scorings")
    reviewer = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    # Whoever wrote it down: the reviewer, or the one who kept the panel's minutes.
    scored_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    scored_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "reviewer"], nulls_distinct=False, name="one_scoring_of_an_item"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.reviewer or 'agreed'}"


class CalibrationMark(Mark):
    """The answer to one criterion in a calibration."""

    scoring = models.ForeignKey(Scoring, models.CASCADE, related_name="marks")

    class Meta(Mark.Meta):
        constraints: ClassVar = [
            *Mark.Meta.constraints,
            models.UniqueConstraint(fields=["scoring", "criterion"], name="a_criterion_once_in_a_scoring"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.value}"
