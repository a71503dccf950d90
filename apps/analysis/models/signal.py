from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk import events
from helpdesk.sentences import SentenceField, Words

if TYPE_CHECKING:
    from apps.analysis.models.case import Case
    from helpdesk.models import User


class SignalKind(models.TextChoices):
    SURGE = "surge", _("Surge")
    SLOW_BURN = "slow_burn", _("Slow burn")
    CHRONIC = "chronic", _("Chronic")
    EMERGING = "emerging", _("Emerging")
    REGRESSION = "regression", _("Regression")


class SignalState(models.TextChoices):
    NEW = "new", _("New")
    PROMOTED = "promoted", _("Promoted to a case")
    MERGED = "merged", _("Merged")
    SNOOZED = "snoozed", _("Snoozed")
    DISMISSED = "dismissed", _("Dismissed")


class Dismissal(models.TextChoices):
    """Why a signal needs no case."""

    NOISE = "noise", _("Noise")
    PLANNED = "planned", _("Planned event")
    SEASON = "season", _("Season")
    FIXED = "fixed", _("Already fixed")
    CODING = "coding", _("Coding error")
    LEVEL = "level", _("The new normal")


OPEN = (SignalState.NEW, SignalState.SNOOZED)
TRANSITIONS: dict[str, frozenset[str]] = {
    SignalState.NEW: frozenset({"promoted", "merged", "snoozed", "dismissed"}),
    SignalState.SNOOZED: frozenset({"new", "promoted", "merged", "dismissed"}),
    SignalState.DISMISSED: frozenset({"new"}),
    SignalState.PROMOTED: frozenset(),
    SignalState.MERGED: frozenset(),
}


class SignalQuerySet(models.QuerySet["Signal"]):
    def open(self) -> "SignalQuerySet":
        return self.filter(state__in=OPEN)

    def waiting(self) -> "SignalQuerySet":
        """What the inbox shows: nobody has judged it yet, the most certain and largest first."""
        return self.filter(state=SignalState.NEW).order_by("-is_alarm", "-excess", "id")


class Signal(models.Model):
    """Something in the contacts that stands out, and may deserve a case: a person or a rule judges it.

    A growing issue is one row that is updated, for as long as it is open and for as long as its case is.
    """

    kind = models.CharField(max_length=12, choices=SignalKind.choices)
    state = models.CharField(max_length=10, choices=SignalState.choices, default=SignalState.NEW)
    issue = models.ForeignKey("helpdesk.Issue", models.PROTECT, null=True, blank=True, related_name="+")
    # The part of the contacts it is about, "" for all of them: product, region, segment, department; for an
    # emerging issue "words", the working title of the cluster.
    dimension = models.CharField(max_length=12, blank=True)
    value = models.CharField(max_length=120, blank=True)
    label = SentenceField()
    sentence = SentenceField()
    # Where the rise is concentrated, in one sentence, and words that set its tickets apart.
    where = SentenceField(blank=True)
    terms = ArrayField(models.CharField(max_length=80), default=list)
    is_alarm = models.BooleanField(default=True)
    detector = models.CharField(max_length=40)
    started_on = models.DateField()
    window_start = models.DateField()
    window_end = models.DateField()
    observed = models.FloatField()
    expected = models.FloatField()
    ratio = models.FloatField()
    excess = models.FloatField()
    p = models.FloatField(null=True)
    q = models.FloatField(null=True)
    # Customers or orders over the window; null where nobody keeps that number.
    exposure = models.FloatField(null=True)
    # More than this in such a window is not usual.
    ceiling = models.FloatField(null=True)
    # Tickets a week, the last 26 weeks, for the small chart.
    weekly = ArrayField(models.FloatField(), default=list)
    examples = ArrayField(models.BigIntegerField(), default=list)
    release = models.ForeignKey("helpdesk.TaxonomyRelease", models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey("analysis.Case", models.SET_NULL, null=True, blank=True, related_name="signals")
    first_seen_on = models.DateField()
    last_seen_on = models.DateField()
    # Typed by who judged it, or said by the watch of proven fixes.
    reason = SentenceField(blank=True)
    dismissal = models.CharField(max_length=8, choices=Dismissal.choices, blank=True)
    # The other signal it was merged into, and whose case is its own.
    into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    # Snoozed until a day, until so many tickets are observed in its window, or (neither) until it has clearly grown.
    snoozed_until = models.DateField(null=True, blank=True)
    snoozed_above = models.PositiveIntegerField(null=True, blank=True)
    judged_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)
    # The excess when it was snoozed or dismissed: it comes back when it has clearly grown since.
    judged_excess = models.FloatField(null=True)

    objects: ClassVar = SignalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "issue", "dimension", "value"],
                condition=Q(state__in=[state.value for state in OPEN]),
                nulls_distinct=False,
                name="one_open_signal_of_a_kind_and_place",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-last_seen_on"], name="signal_inbox")]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="signal_states",
                field="state",
                transitions=[
                    (before, after) for before, afters in TRANSITIONS.items() for after in sorted(afters)
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.label}"

    # Mutators

    def see_again(self, numbers: dict[str, Any]) -> bool:
        """Take today's numbers; says whether anything is different. The same night twice changes nothing."""
        changed = [name for name, value in numbers.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, numbers[name])
        if changed:
            self.save(update_fields=changed)
        return bool(changed)

    def wake(self, *, reason: Words, by: "User", at: datetime) -> None:
        """It was put aside and has grown, or its time is over: back into the inbox."""
        self.state, self.snoozed_until, self.snoozed_above, self.dismissal = SignalState.NEW, None, None, ""
        self.save(update_fields=["state", "snoozed_until", "snoozed_above", "dismissal"])
        self._record("signal.raised", by=by, at=at, again=reason)

    def judge(self, state: str, *, reason: Words = "", dismissal: str = "", snoozed_until: date | None = None,
              snoozed_above: int | None = None, case: "Case | None" = None, into: "Signal | None" = None,
              by: "User", at: datetime) -> None:  # fmt: skip
        before, self.state = self.state, state
        self.reason, self.dismissal, self.case, self.into = reason, dismissal, case, into
        self.snoozed_until, self.snoozed_above = snoozed_until, snoozed_above
        self.judged_by, self.judged_at, self.judged_excess = by, at, self.excess
        self.save(update_fields=["state", "reason", "dismissal", "case", "into", "snoozed_until", "snoozed_above",
                                 "judged_by", "judged_at", "judged_excess"])  # fmt: skip
        self._record("signal.judged", by=by, at=at, **{"from": before}, to=state, reason=reason or dismissal,
                     case=case.pk if case else None, into=into.pk if into else None)  # fmt: skip
        # What was merged into it goes where it goes.
        self.merged.update(case=case)

    def _record(self, kind: str, *, by: "User", at: datetime, **data: object) -> None:
        events.record(kind, about=f"signal:{self.pk}", by=by, at=at, data=data)

    # Properties

    @property
    def method(self) -> str:
        """How it was found; kept in the words of the source."""
        return gettext(self.detector)

    @property
    def place(self) -> str:
        return f"{self.dimension} {self.value}" if self.dimension and self.dimension != "words" else ""
