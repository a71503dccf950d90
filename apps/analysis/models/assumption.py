from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q


class Parameter(models.TextChoices):
    """The numbers the money model needs; none of them has a default."""

    CUSTOMER_BASE = "customer_base", "Customers"
    CUSTOMER_VALUE = "customer_value", "Value of a customer a year"
    MULTIPLIER = "multiplier", "Customers with the problem for each who tells us"
    LOSS_SATISFIED = "loss_satisfied", "Share leaving when satisfied with the answer"
    LOSS_MOLLIFIED = "loss_mollified", "Share leaving when mollified"
    LOSS_DISSATISFIED = "loss_dissatisfied", "Share leaving when dissatisfied"
    LOSS_SILENT = "loss_silent", "Share leaving without telling us"
    CONTACT_COST = "contact_cost", "Cost of handling a contact"


@pghistory.track(append_only=True)
class Assumption(models.Model):
    """One number of the money model with where it comes from, for whom it holds and how sure we are of it."""

    parameter = models.CharField(max_length=20, choices=Parameter.choices)
    # Null: for every issue that has no row of its own.
    issue = models.ForeignKey("helpdesk.Issue", models.CASCADE, null=True, blank=True, related_name="+")
    low = models.DecimalField(max_digits=14, decimal_places=4)
    likely = models.DecimalField(max_digits=14, decimal_places=4)
    high = models.DecimalField(max_digits=14, decimal_places=4)
    unit = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=250)
    dated_on = models.DateField()
    population = models.CharField(max_length=200, blank=True)
    set_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["parameter", "issue_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["parameter", "issue"], nulls_distinct=False, name="one_assumption_of_a_kind"
            ),
            models.CheckConstraint(
                name="low_likely_high_in_order",
                condition=Q(low__lte=F("likely")) & Q(likely__lte=F("high")) & Q(low__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_parameter_display()}: {self.likely.normalize():f} ({self.source})"
