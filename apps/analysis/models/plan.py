from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.analysis.proof import Verdict as Words


class Denominator(models.TextChoices):
    ACTIVE_CUSTOMERS = "active_customers", "Active customers"
    ORDERS = "orders", "Orders"
    # Nobody keeps exposure: all other contacts are the control series.
    CONTACTS = "contacts", "All other contacts"


class EffectivenessPlan(models.Model):
    """What will count as proof, written down and frozen before the work starts, so that nobody can choose later.

    An extension after an inconclusive verdict is a further frozen row with a later decision date; each further
    look must be that much surer (`look` divides the alpha).
    """

    case = models.ForeignKey("analysis.Case", models.CASCADE, related_name="plans")
    look = models.PositiveSmallIntegerField(default=1)
    metric = models.CharField(max_length=200)
    denominator = models.CharField(max_length=20, choices=Denominator.choices)
    baseline_start = models.DateField()
    baseline_end = models.DateField()
    detection_start = models.DateField()
    detection_end = models.DateField()
    lag_days = models.PositiveSmallIntegerField()
    window_days = models.PositiveSmallIntegerField()
    expected_cut = models.FloatField()
    test = models.CharField(max_length=120)
    alpha = models.FloatField()
    # Issues a complaint may move to instead of going away.
    neighbours = ArrayField(models.BigIntegerField(), default=list)
    decision_on = models.DateField()
    release = models.ForeignKey("helpdesk.TaxonomyRelease", models.PROTECT, null=True, related_name="+")
    # The second source that is asked besides the count.
    second_source = models.CharField(max_length=200)
    # Told before the work started: tickets a week in the baseline, its dispersion, the power at the decision date.
    weekly = models.FloatField()
    dispersion = models.FloatField()
    power = models.FloatField()
    feasibility = models.TextField()
    # Why a plan of weak actions only was let through.
    override = models.TextField(blank=True)
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["look", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="baseline_before_detection",
                condition=Q(baseline_start__lt=models.F("baseline_end"))
                & Q(baseline_end__lt=models.F("detection_start")),
            ),
            models.CheckConstraint(
                name="a_cut_is_a_share", condition=Q(expected_cut__gt=0) & Q(expected_cut__lt=1)
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="frozen_plans_stay",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__frozen_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {self.expected_cut:.0%} fewer by {self.decision_on}"


class VerdictKind(models.TextChoices):
    EFFECTIVE = Words.EFFECTIVE.value, "Effective"
    PARTIALLY_EFFECTIVE = Words.PARTIALLY_EFFECTIVE.value, "Partially effective"
    BACK_TO_NORMAL = Words.BACK_TO_NORMAL.value, "Back to normal only"
    DISPLACED = Words.DISPLACED.value, "Displaced"
    INEFFECTIVE = Words.INEFFECTIVE.value, "Ineffective"
    INCONCLUSIVE = Words.INCONCLUSIVE.value, "Inconclusive"
    WORSE = Words.WORSE.value, "Worse"


PROVEN = (VerdictKind.EFFECTIVE, VerdictKind.PARTIALLY_EFFECTIVE)


class Verdict(models.Model):
    """What the test said on the decision date; the prevention ledger is the sum of these rows."""

    case = models.ForeignKey("analysis.Case", models.CASCADE, related_name="verdicts")
    plan = models.OneToOneField(EffectivenessPlan, models.CASCADE, related_name="verdict")
    verdict = models.CharField(max_length=20, choices=VerdictKind.choices)
    reason = models.TextField()
    window_start = models.DateField()
    window_end = models.DateField()
    observed = models.FloatField()
    expected = models.FloatField()
    ratio = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    p = models.FloatField()
    dispersion = models.FloatField()
    power = models.FloatField()
    neighbours_observed = models.FloatField(null=True)
    neighbours_expected = models.FloatField(null=True)
    # At the proven level a week stays at or under this 99 times in 100.
    ceiling = models.PositiveIntegerField(null=True)
    saved_low = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    saved_likely = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    saved_high = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["decided_at", "id"]
        triggers: ClassVar = [
            pgtrigger.Protect(name="verdicts_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.verdict}"

    @property
    def is_proven(self) -> bool:
        return self.verdict in PROVEN

    @property
    def cut(self) -> float:
        return 1 - self.ratio
