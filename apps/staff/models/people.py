from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


@pghistory.track(append_only=True)
class Availability(models.Model):
    """How much somebody can have open at once. Who has no row is given nothing by machine."""

    user = models.OneToOneField("helpdesk.User", models.CASCADE, related_name="+")
    capacity = models.PositiveSmallIntegerField(default=20)

    class Meta:
        verbose_name_plural = "availabilities"

    def __str__(self) -> str:
        return f"{self.user}: {self.capacity}"


@pghistory.track(append_only=True)
class Skill(models.Model):
    """What somebody can finish without help: an issue and all below it, a product, or both."""

    class Level(models.IntegerChoices):
        LEARNING = 1, _("Learning")
        ABLE = 2, _("Able")
        EXPERT = 3, _("Expert")

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
