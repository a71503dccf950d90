from typing import TYPE_CHECKING, ClassVar

from django.db import models

if TYPE_CHECKING:
    from datetime import date, datetime

    from apps.analysis.models.signal import Signal
    from helpdesk.models import User


class NewLevel(models.Model):
    """Somebody accepted that an issue, or one place of it, brings more (or fewer) contacts from a day on.

    From then on it is held against what it has been since; the latest acceptance of a line counts.
    """

    issue = models.ForeignKey("helpdesk.Issue", models.CASCADE, related_name="+")
    dimension = models.CharField(max_length=12, blank=True)
    value = models.CharField(max_length=120, blank=True)
    since = models.DateField()
    reason = models.TextField()
    accepted_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["issue", "accepted_at"], name="new_levels_of_an_issue")]

    def __str__(self) -> str:
        return f"{self.issue} {self.dimension} {self.value} since {self.since}".replace("  ", " ")

    # Factories

    @classmethod
    def accept(
        cls, signal: "Signal", *, since: "date", reason: str, by: "User", at: "datetime"
    ) -> "NewLevel":
        """On the line a signal is about."""
        return cls.objects.create(
            issue_id=signal.issue_id, dimension=signal.dimension, value=signal.value, since=since, reason=reason,
            accepted_by=by, accepted_at=at,
        )  # fmt: skip
