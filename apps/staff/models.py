from datetime import datetime
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q


@pghistory.track(append_only=True)
class Availability(models.Model):
    """How much somebody can have open at once, and when they are away. Who has no row is given nothing by machine."""

    user = models.OneToOneField("helpdesk.User", models.CASCADE, related_name="+")
    capacity = models.PositiveSmallIntegerField(default=20)
    away_from = models.DateTimeField(null=True, blank=True)
    away_until = models.DateTimeField(null=True, blank=True)
    # Takes over while this person is away.
    deputy = models.ForeignKey("helpdesk.User", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "availabilities"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="away_ends_after_it_begins",
                condition=Q(away_from=None) | Q(away_until=None) | Q(away_until__gt=F("away_from")),
            ),
            models.CheckConstraint(name="nobody_is_their_own_deputy", condition=~Q(deputy=F("user"))),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.capacity}"

    def is_away(self, at: datetime) -> bool:
        began = self.away_from is not None and self.away_from <= at
        return began and (self.away_until is None or at < self.away_until)


@pghistory.track(append_only=True)
class Skill(models.Model):
    """What somebody can finish without help: an issue and all below it, a product, or both."""

    class Level(models.IntegerChoices):
        LEARNING = 1, "Learning"
        ABLE = 2, "Able"
        EXPERT = 3, "Expert"

    user = models.ForeignKey("helpdesk.User", models.CASCADE, related_name="+")
    issue = models.ForeignKey("helpdesk.Issue", models.CASCADE, null=True, blank=True, related_name="+")
    product = models.ForeignKey("helpdesk.Product", models.CASCADE, null=True, blank=True, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.ABLE)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_skill_is_about_something", condition=Q(issue__isnull=False) | Q(product__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["user", "issue", "product"], nulls_distinct=False, name="one_level_for_a_skill"
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(str(about) for about in (self.issue, self.product) if about)
