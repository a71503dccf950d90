from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q


class Report(models.Model):
    """The executive report of one calendar month, kept as it was said: it is shown again, not computed again."""

    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    # `apps.awareness.report.Page`, and what tells one that says something else.
    page = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    # Why nobody was written to; a person may send it all the same.
    skipped = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["-year", "-month"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "month"], name="one_report_a_month"),
            models.CheckConstraint(
                name="a_report_is_of_a_month", condition=Q(month__gte=1) & Q(month__lte=12)
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="reports_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Report {self.name}"

    @property
    def name(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def file_name(self) -> str:
        """Of its PDF."""
        return f"executive-report-{self.name}.pdf"


class ReportLetter(models.Model):
    """That one address got one report, by which letter: nobody gets it twice."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="letters")
    email = models.EmailField(max_length=254)
    delivery = models.OneToOneField("output.Delivery", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "email"], name="one_letter_a_report_and_address")
        ]

    def __str__(self) -> str:
        return f"{self.report} to {self.email}"


class ReportRecipient(models.Model):
    """An address the executive report goes to. Who has it needs no account."""

    email = models.EmailField(max_length=254, unique=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["email"]

    def __str__(self) -> str:
        return self.email
