from typing import ClassVar

from django.db import models


class DayCount(models.Model):
    """One day's contacts, counted once: how many tickets with each issue came from where.

    The nightly analysis reads these rows instead of every ticket. A day is counted again when a ticket of it was
    coded later; throwing the whole table away costs one long night and nothing else.
    """

    day = models.DateField(primary_key=True)
    # For each coding seven big-endian 32-bit numbers: issue, product, department, region, segment, channel, version.
    # Issue 0 is a ticket without a code; the last four are places in the lists of `names`.
    cells = models.BinaryField()
    names = models.JSONField()
    tickets = models.PositiveIntegerField()
    counted_at = models.DateTimeField()
    # The newest rows there were: whatever is newer makes its day be counted again.
    newest_ticket = models.BigIntegerField(default=0)
    newest_coding = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}: {self.tickets}"


class Exposure(models.Model):
    """How many could have had a problem on a day: active customers or orders. Rates are per this number."""

    class Kind(models.TextChoices):
        ACTIVE_CUSTOMERS = "active_customers", "Active customers"
        ORDERS = "orders", "Orders"

    day = models.DateField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    value = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "day"], name="one_exposure_of_a_kind_a_day"),
            models.CheckConstraint(name="exposure_is_positive", condition=models.Q(value__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.value} {self.get_kind_display()}"


class AnalysisRun(models.Model):
    """One night's analysis, up to and with `day`; running it again for the same day replaces what it says."""

    day = models.DateField(unique=True)
    finished_at = models.DateTimeField()
    by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    tickets = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()
    raised = models.PositiveIntegerField()
    updated = models.PositiveIntegerField()
    days_counted = models.PositiveIntegerField()
    sentence = models.TextField()

    class Meta:
        ordering: ClassVar = ["-day"]

    def __str__(self) -> str:
        return f"Analysis of {self.day}"
