from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.staff.models.training import Course


class RuleKind(models.TextChoices):
    """What has to happen."""

    MISSED = "missed", _("A criterion is missed in reviews")
    RELEASE = "release", _("Issues change in a taxonomy release")
    GUIDANCE = "guidance", _("Guidance or a known error is published")


@pghistory.track(append_only=True)
class TrainingRule(models.Model):
    """News that gives people something to learn: without a course, what is new is to be read and confirmed."""

    kind = models.CharField(max_length=8, choices=RuleKind.choices)
    # Missed more than so often in so many of a person's last reviews.
    criterion = models.CharField(max_length=60, blank=True)
    more_than = models.PositiveSmallIntegerField(null=True, blank=True)
    of_last = models.PositiveSmallIntegerField(null=True, blank=True)
    # For this issue and all below it; null: for every issue.
    issue = models.ForeignKey("helpdesk.Issue", models.CASCADE, null=True, blank=True, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="+")
    within_days = models.PositiveSmallIntegerField(default=7)
    made_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["kind", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_rule_on_misses_says_how_many",
                condition=~Q(kind="missed")
                | Q(course__isnull=False, more_than__isnull=False, more_than__lt=models.F("of_last"), issue=None)
                & ~Q(criterion=""),
            ),
            models.UniqueConstraint(
                fields=["kind", "criterion", "issue", "course"], nulls_distinct=False, name="one_rule_for_the_same"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.course or _('read and confirm')}"


class ReviewHeard(models.Model):
    """A quality review of somebody's work, as its news told it: what was missed, if anything."""

    # The review's number in evaluation.
    review = models.BigIntegerField(unique=True)
    user = models.ForeignKey("helpdesk.User", models.CASCADE, related_name="+")
    missed = ArrayField(models.CharField(max_length=60), default=list)
    published_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-published_at", "-review"]
        indexes: ClassVar = [models.Index(fields=["user", "-published_at"], name="reviews_of_a_person")]

    def __str__(self) -> str:
        return f"Review {self.review} of {self.user}"
