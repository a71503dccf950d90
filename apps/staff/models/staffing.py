from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q


@pghistory.track(append_only=True)
class StaffingRule(models.Model):
    """What a department promises and bears when people are planned; the row without a department holds for all that
    have none of their own."""

    department = models.OneToOneField(
        "helpdesk.Department", models.CASCADE, null=True, blank=True, related_name="+"
    )
    # Opening hours and holidays; empty: the company's first calendar.
    calendar = models.ForeignKey("control.Calendar", models.PROTECT, null=True, blank=True, related_name="+")
    # Calls and walk-ins: this share answered within so many seconds.
    answered_share = models.FloatField(default=0.8)
    answered_seconds = models.PositiveIntegerField(default=20)
    # The share of their time that people are at work on contacts, at most.
    busiest = models.FloatField(default=0.85)
    # The share of paid time that is neither contacts nor an absence somebody entered.
    shrinkage = models.FloatField(default=0.3)
    # Mail and forms: done within so many open hours.
    promised_hours = models.PositiveSmallIntegerField(default=8)
    # Who waits for a call answers mail meanwhile.
    blends = models.BooleanField(default=True)
    # What one person works; their hours are spread evenly over the open ones.
    hours_a_week = models.FloatField(default=40.0)
    # Assumed handling minutes, in the place of measured ones; with where the number comes from.
    live_minutes = models.FloatField(null=True, blank=True)
    deferred_minutes = models.FloatField(null=True, blank=True)
    minutes_source = models.CharField(max_length=250, blank=True)
    minutes_dated_on = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department"], nulls_distinct=False, name="one_staffing_rule_a_department"
            ),
            models.CheckConstraint(
                name="staffing_shares_are_shares",
                condition=Q(answered_share__gt=0, answered_share__lt=1, busiest__gt=0, busiest__lt=1)
                & Q(shrinkage__gte=0, shrinkage__lt=1),
            ),
            models.CheckConstraint(
                name="staffing_hours_are_positive", condition=Q(promised_hours__gte=1, hours_a_week__gt=0)
            ),
            models.CheckConstraint(
                name="assumed_minutes_have_a_source",
                condition=Q(live_minutes=None, deferred_minutes=None)
                | (~Q(minutes_source="") & Q(minutes_dated_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="assumed_minutes_are_positive",
                condition=(Q(live_minutes=None) | Q(live_minutes__gt=0))
                & (Q(deferred_minutes=None) | Q(deferred_minutes__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"Staffing of {self.department or 'all departments'}"
