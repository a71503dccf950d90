from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Measure(models.TextChoices):
    """What a goal can be set for: shares in which more is better, and which nobody raises by hearing less."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledged in time")
    FIRST_REPLY = "first_reply", _("First reply in time")
    RESOLVE = "resolve", _("Solved in time")
    SATISFIED = "satisfied", _("Satisfied with the answer")
    FIRST_CONTACT = "first_contact", _("Settled at the first contact")
    CODED = "coded", _("Solved with a reason found")
    PREVENTED = "prevented", _("Fixes proven to work")


@pghistory.track(append_only=True)
class Goal(models.Model):
    """How large a share must be for a department, or for every department that has no goal of its own."""

    measure = models.CharField(max_length=16, choices=Measure.choices)
    department = models.ForeignKey(
        "helpdesk.Department", models.CASCADE, null=True, blank=True, related_name="+"
    )
    target = models.FloatField()
    set_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["measure", "department_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "department"], nulls_distinct=False, name="one_goal_for_a_measure"
            ),
            models.CheckConstraint(name="a_goal_is_a_share", condition=Q(target__gt=0) & Q(target__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.target:.0%}"
