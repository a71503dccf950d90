"""Rows of the letters that close the loop with customers, in waves."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.analysis.models import Case
from helpdesk import events

if TYPE_CHECKING:
    from helpdesk.models import User


class WaveKind(models.TextChoices):
    HOLDING = "holding", _("We know, and are at it")
    ASKING = "asking", _("Something was changed: is it gone for you?")
    FIXED = "fixed", _("Fixed, because you told us")


class WaveState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENDING = "sending", _("Going out")
    STOPPED = "stopped", _("Stopped")
    SENT = "sent", _("Sent")


class Gone(models.TextChoices):
    """What a customer answers to "is it gone for you?"."""

    GONE = "gone", _("Yes, it is gone")
    STILL = "still", _("No, it is still there")


OPEN = (WaveState.DRAFT, WaveState.SENDING, WaveState.STOPPED)
TRANSITIONS = [
    ("draft", "sending"),
    ("sending", "stopped"),
    ("stopped", "sending"),
    ("sending", "sent"),
    ("stopped", "sent"),
]


class WaveQuerySet(models.QuerySet["Wave"]):
    def visible_to(self, user: "User") -> "WaveQuerySet":
        return self.filter(case__in=Case.objects.visible_to(user))


class Wave(models.Model):
    """One message to all customers who told us of a case, sent so many an hour: answers come back at a pace that people
    can read them, and a mistake reaches few."""

    case = models.ForeignKey("analysis.Case", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=WaveKind.choices)
    state = models.CharField(max_length=7, choices=WaveState.choices, default=WaveState.DRAFT)
    subject = models.CharField(max_length=200)
    body = models.TextField(max_length=5_000)
    an_hour = models.PositiveIntegerField(default=200)
    drafted_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar = WaveQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(state__in=[state.value for state in OPEN]),
                name="one_open_wave_of_a_kind_and_case",
            ),
            models.CheckConstraint(name="a_wave_sends_something", condition=Q(an_hour__gte=1)),
        ]
        triggers: ClassVar = [pgtrigger.FSM(name="wave_states", field="state", transitions=TRANSITIONS)]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.subject}"

    # Factories

    @classmethod
    def draft(cls, *, case: Case, kind: str, subject: str, body: str, by: "User", at: datetime) -> "Wave":
        wave = cls.objects.create(
            case=case, kind=kind, subject=subject, body=body, drafted_by=by, drafted_at=at
        )
        wave.record("wave.drafted", by=by, at=at)
        return wave

    # Mutators

    def write(self, *, subject: str, body: str, an_hour: int, by: "User", at: datetime) -> None:
        before = self.subject
        self.subject, self.body, self.an_hour = subject, body, an_hour
        self.save(update_fields=["subject", "body", "an_hour"])
        self.record("wave.edited", by=by, at=at, before=before)

    def move(self, state: str, *, by: "User", at: datetime, **data: object) -> None:
        before, self.state = self.state, state
        if state == WaveState.SENDING and self.started_at is None:
            self.started_at = at
        if state == WaveState.SENT:
            self.finished_at = at
        self.save(update_fields=["state", "started_at", "finished_at"])
        self.record("wave.moved", by=by, at=at, **{"from": before}, to=str(state), **data)

    def record(self, kind: str, *, by: "User", at: datetime, **data: object) -> None:
        data = {"subject": self.subject, "case": self.case_id, "kind": str(self.kind), **data}
        events.record(kind, about=f"wave:{self.pk}", by=by, at=at, data=data)

    # Properties

    @property
    def is_draft(self) -> bool:
        return self.state == WaveState.DRAFT

    @property
    def asks(self) -> bool:
        """Whether customers are asked if it is gone."""
        return self.kind in (WaveKind.ASKING, WaveKind.FIXED)


class WaveText(models.Model):
    """The words of a wave in one more language; customers who write another one get those of the wave itself."""

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="texts")
    # ISO 639-1: "de".
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200)
    body = models.TextField(max_length=5_000)
    # What stands above the link to the question; empty: in English.
    question = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["language"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wave", "language"], name="a_text_a_language_and_wave")
        ]

    def __str__(self) -> str:
        return f"{self.wave} ({self.language})"


class WaveLetter(models.Model):
    """One customer of a wave: the letter, or why there was none, and what was answered."""

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="letters")
    customer = models.ForeignKey("helpdesk.Customer", models.CASCADE, related_name="+")
    # The customer's latest ticket of the case: what the letter speaks of, and where an answer goes.
    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    delivery = models.ForeignKey("output.Delivery", models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    skipped = models.CharField(max_length=80, blank=True)
    answer = models.CharField(max_length=5, choices=Gone.choices, blank=True)
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["wave", "id"], name="wave_to_send", condition=Q(sent_at=None, skipped="")),
            models.Index(fields=["customer"], name="wave_letters_of_a_customer"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wave", "customer"], name="one_letter_a_customer_and_wave"),
            models.CheckConstraint(
                name="a_wave_letter_is_sent_or_says_why_not", condition=Q(sent_at=None) | Q(skipped="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave} to {self.customer}"

    # Properties

    @property
    def language(self) -> str:
        """What the customer said they read, else what they wrote; "de" of "de-AT", "" where nobody knows."""
        said = self.customer.language or self.ticket.language
        return said.replace("_", "-").partition("-")[0].lower()

    # Mutators

    def say(self, *, answer: str, comment: str, by: "User", at: datetime) -> None:
        before = self.answer
        self.answer, self.comment, self.answered_at = answer, comment, at
        self.save(update_fields=["answer", "comment", "answered_at"])
        events.record(
            "wave.answered", ticket=self.ticket, about=f"wave:{self.wave_id}", by=by, at=at,
            data={"case": self.wave.case_id, "answer": answer, "before": before, "comment": comment},
        )  # fmt: skip
