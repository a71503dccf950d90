from dataclasses import dataclass
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models import Department, Message, Status, Ticket, TicketStatus


class StepKind(models.TextChoices):
    """What is done to a ticket that waits on its customer."""

    REMINDER = "reminder", _("Reminded")
    WARNING = "warning", _("Warned")
    CLOSE = "close", _("Closed")
    # Nobody could be reached, or something must be done first: people are told, and it stays open.
    STAYS = "stays", _("Stays open")


class DayKind(models.TextChoices):
    """Which days count."""

    CALENDAR = "calendar", _("Calendar days")
    WORKING = "working", _("Working days")


@dataclass(frozen=True)
class Due:
    """A step of a rule: after how many of its days of waiting, and how many after the step before it."""

    kind: StepKind
    after: int
    before: StepKind | None
    gap: int


@pghistory.track(append_only=True)
class ClosingRule(models.Model):
    """How tickets that wait on their customer come to an end by themselves, for a department and a state of its own.

    The most particular rule counts for a ticket, also while it is switched off: so a department can be left out.
    """

    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="+")
    # One of the company's own states; null: whatever it is called.
    status = models.ForeignKey(TicketStatus, models.CASCADE, null=True, blank=True, related_name="+")
    # All days, or the working days of the calendar by which the ticket's department is timed.
    counted_in = models.CharField(max_length=8, choices=DayKind.choices, default=DayKind.CALENDAR)
    # Days of waiting; null: no such letter.
    remind_after = models.PositiveSmallIntegerField(null=True, blank=True)
    warn_after = models.PositiveSmallIntegerField(null=True, blank=True)
    close_after = models.PositiveSmallIntegerField()
    ends_as = models.CharField(
        max_length=6, choices=[(one.value, one.label) for one in (Status.SOLVED, Status.CLOSED)]
    )
    # {"en": {"reminder": "...", "warning": "..."}}; what is missing is said in our own words.
    texts = models.JSONField(default=dict, blank=True)
    is_on = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department", "status"], nulls_distinct=False, name="one_closing_rule_for_each"
            ),
            models.CheckConstraint(
                name="closing_steps_in_order",
                condition=(Q(remind_after=None) | Q(remind_after__lt=F("close_after")))
                & (Q(warn_after=None) | Q(warn_after__lt=F("close_after")))
                & (Q(remind_after=None) | Q(warn_after=None) | Q(remind_after__lt=F("warn_after"))),
            ),
        ]

    def __str__(self) -> str:
        where = str(self.department) if self.department else str(_("All departments"))
        return f"{where}: {self.status}" if self.status else where

    # Queries

    def steps(self) -> list[Due]:
        """In order. The time between two steps is kept for those that have waited longer than all of them."""
        days = ((StepKind.REMINDER, self.remind_after), (StepKind.WARNING, self.warn_after),
                (StepKind.CLOSE, self.close_after))  # fmt: skip
        found: list[Due] = []
        for kind, after in days:
            if after is not None:
                last = found[-1] if found else None
                found.append(Due(kind, after, last.kind if last else None, after - last.after if last else 0))
        return found

    @property
    def rank(self) -> tuple[bool, bool]:
        return self.department_id is not None, self.status_id is not None


class ClosingStep(models.Model):
    """One step of one time of waiting: each once."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    # Since when the ticket waited then.
    since = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=StepKind.choices)
    rule = models.ForeignKey(ClosingRule, models.SET_NULL, null=True, related_name="+")
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "since", "kind"], name="a_closing_step_once")
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id} {self.kind}"
