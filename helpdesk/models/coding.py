from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models.issue import Issue, SuspectedCause, TaxonomyRelease


class CodingSource(models.TextChoices):
    """Who gave the issue code; only codes of people teach the suggestion model."""

    PERSON = "person", _("Person")
    MODEL = "model", _("Model")
    CLIENT = "client", _("API client")
    IMPORT = "import", _("Import")


class Remedy(models.TextChoices):
    """What was given: money and not-money are counted apart, for the two together satisfy best."""

    NONE = "none", _("Nothing")
    EXPLANATION = "explanation", _("Explanation")
    APOLOGY = "apology", _("Apology")
    GIFT = "gift", _("Gift")
    REPAIR = "repair", _("Repair or correction")
    REPLACEMENT = "replacement", _("Replacement")
    REFUND = "refund", _("Refund")
    CREDIT = "credit", _("Credit or voucher")


class TicketIssue(models.Model):
    """One reason inside a contact, coded in one edition of the taxonomy; what the analysis counts."""

    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="issues")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    release = models.ForeignKey(TaxonomyRelease, models.PROTECT, related_name="+")
    is_primary = models.BooleanField()
    source = models.CharField(max_length=8, choices=CodingSource.choices)
    confidence = models.FloatField(null=True)
    coded_by = models.ForeignKey("helpdesk.User", models.SET_NULL, null=True, related_name="+")
    coded_at = models.DateTimeField()
    # The ticket's opening: counting an issue over time reads this table alone.
    at = models.DateTimeField()
    suspected_cause = models.CharField(max_length=10, choices=SuspectedCause.choices, blank=True)
    remedy = models.CharField(max_length=12, choices=Remedy.choices, blank=True)
    remedy_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "issue"], name="issue_once_on_a_ticket"),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(is_primary=True), name="one_primary_issue_on_a_ticket"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["issue", "at"], name="issue_over_time")]

    def __str__(self) -> str:
        return f"{self.issue} on #{self.ticket_id}"
