from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk import events

if TYPE_CHECKING:
    from apps.analysis.models.case import Case
    from helpdesk.models import User


class ActionState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    ASSIGNED = "assigned", _("Assigned")
    ACCEPTED = "accepted", _("Accepted")
    IN_PROGRESS = "in_progress", _("In progress")
    IMPLEMENTED = "implemented", _("Implemented")
    CONFIRMED = "confirmed", _("Confirmed")
    OBSERVING = "observing", _("Observing")
    EFFECTIVE = "effective", _("Effective")
    INEFFECTIVE = "ineffective", _("Ineffective")
    INCONCLUSIVE = "inconclusive", _("Inconclusive")
    REJECTED = "rejected", _("Rejected")
    NOT_DOING = "not_doing", _("Not doing")
    CANCELLED = "cancelled", _("Cancelled")
    SUPERSEDED = "superseded", _("Superseded")


EXITS = frozenset({"rejected", "not_doing", "cancelled", "superseded"})
TRANSITIONS: dict[str, frozenset[str]] = {
    ActionState.PROPOSED: frozenset({"assigned"}) | EXITS,
    ActionState.ASSIGNED: frozenset({"accepted", "in_progress"}) | EXITS,
    ActionState.ACCEPTED: frozenset({"in_progress", "implemented"}) | EXITS,
    ActionState.IN_PROGRESS: frozenset({"implemented"}) | EXITS,
    # Not confirmed: back to work.
    ActionState.IMPLEMENTED: frozenset({"confirmed", "in_progress"}) | EXITS,
    ActionState.CONFIRMED: frozenset({"observing", "superseded"}),
    ActionState.OBSERVING: frozenset({"effective", "ineffective", "inconclusive"}),
    ActionState.INCONCLUSIVE: frozenset({"effective", "ineffective", "observing"}),
}


# Somebody has promised it and is not done.
STILL_TO_DO = (ActionState.ASSIGNED, ActionState.ACCEPTED, ActionState.IN_PROGRESS)


class ActionKind(models.TextChoices):
    CONTAINMENT = "containment", _("Containment")
    CORRECTION = "correction", _("Correction")
    CORRECTIVE = "corrective", _("Corrective")
    PREVENTIVE = "preventive", _("Preventive (the same cause elsewhere)")
    DETECTION = "detection", _("Detection")
    COMMUNICATION = "communication", _("Communication")


class Route(models.TextChoices):
    """What kind of answer it is to the cause."""

    FIX_CAUSE = "fix_cause", _("Fix the cause")
    CHANGE_PROCESS = "change_process", _("Change process or policy")
    EXPECTATIONS = "expectations", _("Set expectations")
    EDUCATE = "educate", _("Educate")
    EQUIP = "equip", _("Equip the front line")
    ACCEPT = "accept", _("Accept and monitor")


class Strength(models.TextChoices):
    """How well such actions hold: a person who must remember is the weakest barrier."""

    STRONG = "strong", _("Strong (remove, force, automate)")
    MEDIUM = "medium", _("Medium (checklist, capacity)")
    WEAK = "weak", _("Weak (training, reminder)")


class Action(models.Model):
    """One thing somebody will do about a cause, by a date, with a promised effect; confirmed by somebody else."""

    case = models.ForeignKey("analysis.Case", models.CASCADE, related_name="actions")
    cause = models.ForeignKey(
        "analysis.Cause", models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    title = models.CharField(max_length=250)
    kind = models.CharField(max_length=14, choices=ActionKind.choices, default=ActionKind.CORRECTIVE)
    route = models.CharField(max_length=14, choices=Route.choices, default=Route.FIX_CAUSE)
    strength = models.CharField(max_length=6, choices=Strength.choices)
    state = models.CharField(max_length=14, choices=ActionState.choices, default=ActionState.PROPOSED)
    assignee = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    # Share of the tickets it promises to remove.
    promised_cut = models.FloatField(null=True, blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    blocked_by = models.TextField(blank=True)
    # Why it was not done, or what was found on checking it.
    note = models.TextField(blank=True)
    implemented_on = models.DateField(null=True, blank=True)
    confirmed_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    added_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="confirmed_by_somebody_else",
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("assignee")),
            )
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="action_states",
                field="state",
                transitions=[
                    (before, after) for before, afters in TRANSITIONS.items() for after in sorted(afters)
                ],
            )
        ]

    def __str__(self) -> str:
        return self.title

    # Factories

    @classmethod
    def add(cls, *, case: "Case", by: "User", at: datetime, **fields: object) -> "Action":
        action = cls.objects.create(case=case, added_by=by, added_at=at, **fields)
        data = {"action": action.pk, "title": action.title, "state": action.state}
        events.record("action.added", about=case.ref, by=by, at=at, data=data)
        return action

    # Mutators

    def move(self, state: str, *, by: "User", at: datetime, **fields: object) -> None:
        before, self.state = self.state, state
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *fields])
        data = {"action": self.pk, "title": self.title, "from": before, "to": state, "note": self.note}
        events.record("action.moved", about=self.case.ref, by=by, at=at, data=data)

    def change_due(self, due_on: date, *, reason: str, by: "User", at: datetime) -> "DueChange":
        change = DueChange.objects.create(
            action=self, before=self.due_on, after=due_on, reason=reason, by=by, at=at
        )
        self.due_on = due_on
        self.save(update_fields=["due_on"])
        data = {"action": self.pk, "title": self.title, "due": due_on.isoformat(), "reason": reason}
        events.record("action.moved", about=self.case.ref, by=by, at=at, data=data)
        return change

    # Properties

    @property
    def is_out(self) -> bool:
        """Given up: it neither holds the case back nor counts for it."""
        return self.state in EXITS

    @property
    def is_in_place(self) -> bool:
        return self.state in {"confirmed", "observing", "effective", "ineffective", "inconclusive"}


class DueChange(models.Model):
    """A due date that was moved, and why: nobody moves one in silence."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="due_changes")
    before = models.DateField(null=True)
    after = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"
