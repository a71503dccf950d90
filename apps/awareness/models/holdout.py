"""Rows of telling customers before they ask, with some held back so that it can be seen what telling prevented."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.awareness.models.notice import Notice
from apps.awareness.models.wave import TRANSITIONS, WaveState
from helpdesk import events

if TYPE_CHECKING:
    from helpdesk.models import User


class OutreachKind(models.TextChoices):
    KNOWN = "known", _("A known problem")
    HOW_TO = "how_to", _("How to")


class Outreach(models.Model):
    """A letter to customers who are likely to ask, before they do; a share of them is held back by lot.

    Whom it is for is settled when it starts, and who is held back never changes: only so the two can be compared.
    """

    kind = models.CharField(max_length=6, choices=OutreachKind.choices)
    # The notice whose page it belongs to, if there is one.
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="outreaches")
    # Contacts with this issue, or one below it, are what it is to prevent.
    issue = models.ForeignKey("helpdesk.Issue", models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    body = models.TextField(max_length=5_000)
    # For whom; empty: for everybody. A product means: who ever wrote about it.
    product = models.ForeignKey("helpdesk.Product", models.PROTECT, null=True, blank=True, related_name="+")
    segment = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=60, blank=True)
    # Only customers who had this issue within the last year.
    had_it_before = models.BooleanField(default=False)
    held_back = models.FloatField(default=0.1)
    seed = models.CharField(max_length=32)
    window_days = models.PositiveSmallIntegerField(default=28)
    an_hour = models.PositiveIntegerField(default=500)
    state = models.CharField(max_length=7, choices=WaveState.choices, default=WaveState.DRAFT)
    drafted_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    # When the lots were drawn: from here on contacts count, for both groups.
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_share_is_held_back", condition=Q(held_back__gt=0) & Q(held_back__lte=0.5)
            ),
            models.CheckConstraint(name="an_outreach_sends_something", condition=Q(an_hour__gte=1)),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(name="outreach_states", field="state", transitions=TRANSITIONS),
            pgtrigger.ReadOnly(name="lots_are_drawn_once", fields=["seed"]),
        ]

    def __str__(self) -> str:
        return self.subject

    # Mutators

    def move(self, state: str, *, by: "User", at: datetime, **data: object) -> None:
        before, self.state = self.state, state
        if state == WaveState.SENDING and self.started_at is None:
            self.started_at = at
        if state == WaveState.SENT:
            self.finished_at = at
        self.save(update_fields=["state", "started_at", "finished_at"])
        self.record("outreach.moved", by=by, at=at, **{"from": before}, to=str(state), **data)

    def record(self, kind: str, *, by: "User", at: datetime, **data: object) -> None:
        data = {"subject": self.subject, "issue": self.issue_id, **data}
        events.record(kind, about=f"outreach:{self.pk}", by=by, at=at, data=data)

    # Properties

    @property
    def title(self) -> str:
        """Its subject as colleagues read it."""
        return self.subject.replace("{issue}", self.issue.label)

    @property
    def is_draft(self) -> bool:
        return self.state == WaveState.DRAFT

    @property
    def window_ends(self) -> datetime | None:
        return self.started_at + timedelta(days=self.window_days) if self.started_at else None


class OutreachCustomer(models.Model):
    """One customer an outreach is for: told or held back, by lot, for good."""

    outreach = models.ForeignKey(Outreach, models.CASCADE, related_name="drawn")
    customer = models.ForeignKey("helpdesk.Customer", models.CASCADE, related_name="+")
    held = models.BooleanField()
    # In the link by which they ask us to stop.
    key = models.CharField(max_length=64, unique=True)
    delivery = models.ForeignKey("output.Delivery", models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    # Why a letter did not leave after all; they still count as told, or the comparison would be of unlike people.
    unsent = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["outreach", "id"],
                name="outreach_to_send",
                condition=Q(held=False, sent_at=None, unsent=""),
            ),
            models.Index(fields=["customer"], name="outreach_of_a_customer"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outreach", "customer"], name="a_customer_is_drawn_once"),
            models.CheckConstraint(
                name="who_is_held_back_gets_no_letter",
                condition=Q(held=False) | Q(sent_at=None, delivery=None),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(name="a_lot_stays", fields=["held", "customer", "outreach"]),
        ]

    def __str__(self) -> str:
        return f"{self.outreach}: {self.customer}"


class OptOut(models.Model):
    """A customer who wants no letters they did not ask for. Answers to what they write go on."""

    customer = models.OneToOneField("helpdesk.Customer", models.CASCADE, related_name="+")
    outreach = models.ForeignKey(Outreach, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.customer}, {self.at:%-d %b %Y}"
