from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.analysis.proof import Design as Designs
from apps.analysis.proof import Verdict as Words
from apps.analysis.proof.plan import ENOUGH_POWER
from apps.analysis.proof.ratio import change_words
from helpdesk.sentences import SentenceField


class Denominator(models.TextChoices):
    ACTIVE_CUSTOMERS = "active_customers", _("Active customers")
    ORDERS = "orders", _("Orders")
    # Nobody keeps exposure: all other contacts are the control series.
    CONTACTS = "contacts", _("All other contacts")


class LookDesign(models.TextChoices):
    """When the count is looked at; both keep the chance of a false proof over all looks at alpha."""

    ONE_DATE = Designs.ONE_DATE.value, _("One decision date")
    LOOKS = Designs.LOOKS.value, _("A look every four weeks, the first ones very strict")


class EffectivenessPlan(models.Model):
    """What will count as proof, written down and frozen before the work starts, so that nobody can choose later.

    A further look, planned or after an inconclusive verdict, is a further frozen row with a later decision date; all
    looks share one alpha, of which each may spend `level` (`proof.spending`).
    """

    case = models.ForeignKey("analysis.Case", models.CASCADE, related_name="plans")
    look = models.PositiveSmallIntegerField(default=1)
    metric = SentenceField()
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
    design = models.CharField(max_length=10, choices=LookDesign.choices, default=LookDesign.ONE_DATE)
    looks = models.PositiveSmallIntegerField(default=3)
    level = models.FloatField(default=0.05)
    # The baseline as it was counted on that day: packed day by day, and its SHA-256.
    baseline = models.BinaryField(null=True)
    baseline_digest = models.CharField(max_length=64, blank=True)
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
    feasibility = SentenceField()
    # Why a plan of weak actions only was let through.
    override = models.TextField(blank=True)
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    # Which fields the digest goes over: 1 those that decide, 2 every one of them.
    seal = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["id"]
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

    @property
    def is_feasible(self) -> bool:
        """Whether the promised cut would probably be seen."""
        return self.power >= ENOUGH_POWER


class VerdictKind(models.TextChoices):
    EFFECTIVE = Words.EFFECTIVE.value, _("Effective")
    PARTIALLY_EFFECTIVE = Words.PARTIALLY_EFFECTIVE.value, _("Partially effective")
    BACK_TO_NORMAL = Words.BACK_TO_NORMAL.value, _("Back to normal only")
    DISPLACED = Words.DISPLACED.value, _("Displaced")
    INEFFECTIVE = Words.INEFFECTIVE.value, _("Ineffective")
    INCONCLUSIVE = Words.INCONCLUSIVE.value, _("Inconclusive")
    WORSE = Words.WORSE.value, _("Worse")
    CODING_CHANGED = Words.CODING_CHANGED.value, _("Withheld: coding changed")


PROVEN = (VerdictKind.EFFECTIVE, VerdictKind.PARTIALLY_EFFECTIVE)
# No word has been spoken yet: the count goes on.
UNDECIDED = (VerdictKind.INCONCLUSIVE, VerdictKind.CODING_CHANGED)


class Verdict(models.Model):
    """What the test said on the decision date; the prevention ledger is the sum of these rows."""

    case = models.ForeignKey("analysis.Case", models.CASCADE, related_name="verdicts")
    plan = models.OneToOneField(EffectivenessPlan, models.CASCADE, related_name="verdict")
    verdict = models.CharField(max_length=20, choices=VerdictKind.choices)
    reason = SentenceField()
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
    # The one-sided level of this look, p corrected for all looks, and q over the quarter's `family` of decisions.
    level = models.FloatField(null=True)
    p_spent = models.FloatField(null=True)
    q = models.FloatField(null=True)
    family = models.PositiveIntegerField(null=True)
    wander = models.FloatField(null=True)
    # With the coders' errors taken out, and by the words of all tickets: ratio and 90 % interval.
    corrected_ratio = models.FloatField(null=True)
    corrected_low = models.FloatField(null=True)
    corrected_high = models.FloatField(null=True)
    texts_ratio = models.FloatField(null=True)
    texts_low = models.FloatField(null=True)
    texts_high = models.FloatField(null=True)
    # Of customers asked since the fix: how many, what they answered, and the share who still have it: 90 % interval.
    voices_asked = models.PositiveIntegerField(null=True)
    voices_gone = models.PositiveIntegerField(null=True)
    voices_still = models.PositiveIntegerField(null=True)
    voices_low = models.FloatField(null=True)
    voices_high = models.FloatField(null=True)
    remarks = ArrayField(SentenceField(), default=list)
    # All that it was computed from (`proof.Record`), in which edition of the taxonomy and by which method.
    record = models.BinaryField(null=True)
    release = models.ForeignKey("helpdesk.TaxonomyRelease", models.PROTECT, null=True, related_name="+")
    method = models.CharField(max_length=20, blank=True)
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

    @property
    def measured(self) -> str:
        """“43% fewer (between 30% fewer and 54% fewer)”: said alike on the case and in letters."""
        return gettext("%(change)s (between %(least)s and %(most)s)") % {
            "change": change_words(self.ratio), "least": change_words(self.high), "most": change_words(self.low),
        }  # fmt: skip
