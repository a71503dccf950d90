from datetime import datetime

from django.db import models

from apps.analysis.models.case import Case


class OwnerLink(models.Model):
    """A way into one case for one person without an account; the signed key in the mail names this row."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="links")
    user = models.ForeignKey("helpdesk.User", models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user} into {self.case}"

    def note_use(self, *, at: datetime) -> None:
        self.last_used_at = at
        self.save(update_fields=["last_used_at"])
