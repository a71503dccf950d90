from typing import ClassVar

from django.db import models
from django.db.models import Q


class Digest(models.Model):
    """What one person had to know in one week, and whether it was worth a letter."""

    owner = models.ForeignKey("helpdesk.User", models.CASCADE, related_name="+")
    # The ISO week in whose name it was made; a year here is an ISO year.
    year = models.PositiveSmallIntegerField()
    week = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    # The lines as they were written, and what told one line from another: next week's news is what is not in here.
    lines = models.JSONField(default=list)
    keys = models.JSONField(default=list)
    # Why no letter went out; empty when one did.
    skipped = models.CharField(max_length=80, blank=True)
    delivery = models.ForeignKey("output.Delivery", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-year", "-week", "owner_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "year", "week"], name="one_digest_a_week"),
            models.CheckConstraint(
                name="a_digest_is_sent_or_says_why_not", condition=Q(delivery=None) | Q(skipped="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner}, week {self.week} of {self.year}"
