from datetime import datetime, timedelta
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models import Issue, Role, Ticket, User
from helpdesk.sentences import SentenceField, Words

UNDO_FOR = timedelta(days=30)


class HandState(models.TextChoices):
    """Where recoding by hand stands."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


TRANSITIONS: dict[str, tuple[str, ...]] = {
    HandState.WAITING: ("running", "done", "stopped"),
    HandState.RUNNING: ("done", "stopped"),
    HandState.DONE: ("undoing",),
    HandState.STOPPED: ("undoing",),
    HandState.UNDOING: ("undone",),
}
AT_WORK = (HandState.WAITING, HandState.RUNNING, HandState.UNDOING)


class HandRecodingQuerySet(models.QuerySet["HandRecoding"]):
    def visible_to(self, user: User) -> "HandRecodingQuerySet":
        """A program sees what it asked for itself."""
        if not user.is_active:
            return self.none()
        return self.filter(asked_by=user) if user.role == Role.API_CLIENT else self


class HandRecoding(models.Model):
    """Tickets that somebody found to be coded wrongly, and gave another issue together: which, what, why, how far."""

    # As it was asked, in the language of the queue; the tickets it found then are its rows.
    query = models.CharField(max_length=500)
    # The code that is replaced, wherever it stands on a ticket; null: the primary one, whichever it is.
    instead_of = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="+")
    target = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=HandState.choices, default=HandState.WAITING)
    total = models.PositiveIntegerField()
    seen = models.PositiveIntegerField(default=0)
    recoded = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=500, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar = HandRecodingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="recoding_by_hand_says_why", condition=~Q(reason=""))
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="hand_recoding_states",
                field="state",
                transitions=[(before, after) for before, afters in TRANSITIONS.items() for after in afters],
            )
        ]

    def __str__(self) -> str:
        return f"{self.query} → {self.target}"

    # Mutators

    def move(self, state: str, *, at: datetime, **fields: Any) -> None:
        self.state, self.ended_at = state, None if state in AT_WORK else at
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=["state", "ended_at", *fields])

    # Properties

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def left(self) -> int:
        """Looked at, and left as they were."""
        return self.seen - self.recoded

    def can_be_undone(self, at: datetime) -> bool:
        return (
            self.state in (HandState.DONE, HandState.STOPPED) and bool(self.recoded) and at < self.undo_until
        )

    @property
    def undo_until(self) -> datetime:
        return self.asked_at + UNDO_FOR

    # Queries

    def is_visible_to(self, user: User) -> bool:
        return bool(HandRecoding.objects.visible_to(user).filter(pk=self.pk).exists())


class RowState(models.TextChoices):
    """What became of one ticket."""

    WAITING = "waiting", _("Waiting")
    RECODED = "recoded", _("Recoded")
    LEFT = "left", _("Left as it was")
    UNDONE = "undone", _("Undone")
    STAYS = "stays", _("Stays recoded")


class HandRecodedTicket(models.Model):
    """One ticket of recoding by hand: its code when it was chosen, and what became of it."""

    recoding = models.ForeignKey(HandRecoding, models.CASCADE, related_name="rows")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    issue_before = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=RowState.choices, default=RowState.WAITING)
    # Why it was left, or stays.
    why = SentenceField(blank=True)
    # What stood on the code, and on the other where the ticket carried both: to be put back.
    before = models.JSONField(default=list)
    recoded_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["ticket_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recoding", "ticket"], name="a_ticket_once_in_recoding_by_hand")
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}: {self.get_state_display()}"

    # Mutators

    def end(self, state: str, *, why: Words = "") -> None:
        self.state, self.why = state, why
        self.save(update_fields=["state", "why", "before", "recoded_at"])
