from typing import ClassVar

import pghistory
from django.db import models

from helpdesk.models import SuspectedCause
from helpdesk.sentences import Words, in_a_row, labelled, said


@pghistory.track(append_only=True)
class OwnershipRule(models.Model):
    """Which department, and which person in it, owns the cause of what: the most precise rule that fits wins."""

    issue = models.ForeignKey("helpdesk.Issue", models.CASCADE, null=True, blank=True, related_name="+")
    product = models.ForeignKey("helpdesk.Product", models.CASCADE, null=True, blank=True, related_name="+")
    cause_class = models.CharField(max_length=10, choices=SuspectedCause.choices, blank=True)
    department = models.ForeignKey("helpdesk.Department", models.PROTECT, related_name="+")
    # Null: the head of the department.
    person = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, blank=True, related_name="+")
    deputy = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, blank=True, related_name="+")
    # Hears of what stays unanswered even by the head of the department. Null: the administrators.
    sponsor = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issue", "product", "cause_class"], nulls_distinct=False, name="one_owner_for_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} -> {self.department}"

    @property
    def place(self) -> Words:
        """What it is about: "process or policy, Lamp, Invoice"."""
        kind = labelled(SuspectedCause(self.cause_class)) if self.cause_class else ""
        return in_a_row([kind, str(self.product or ""), str(self.issue or "")], ", ") or said("Everything")
