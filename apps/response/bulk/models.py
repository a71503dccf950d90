from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models import Role, Ticket, User
from helpdesk.sentences import SentenceField, Words

UNDO_FOR = timedelta(days=1)


class BulkState(models.TextChoices):
    """Where acts on many tickets stand."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


TRANSITIONS: dict[str, tuple[str, ...]] = {
    BulkState.WAITING: ("running", "stopped"),
    BulkState.RUNNING: ("done", "stopped"),
    BulkState.DONE: ("undoing",),
    BulkState.STOPPED: ("undoing",),
    BulkState.UNDOING: ("undone",),
}
AT_WORK = (BulkState.WAITING, BulkState.RUNNING, BulkState.UNDOING)


class BulkJobQuerySet(models.QuerySet["BulkJob"]):
    def visible_to(self, user: User) -> "BulkJobQuerySet":
        """One's own; administrators see all."""
        if not user.is_active:
            return self.none()
        return self if user.role == Role.ADMIN else self.filter(asked_by=user)


class BulkJob(models.Model):
    """The same acts on many tickets, asked for by one person at once: what, on which, and how far it is."""

    # Of two presses of one button the second finds what the first began.
    key = models.UUIDField(unique=True, default=uuid4)
    # As it was asked, where they were not chosen one by one; the tickets it found then are the rows.
    query = models.CharField(max_length=500, blank=True)
    # As `acting.written` writes them.
    acts = models.JSONField()
    state = models.CharField(max_length=8, choices=BulkState.choices, default=BulkState.WAITING)
    total = models.PositiveIntegerField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar = BulkJobQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                name="bulk_at_work",
                condition=Q(state__in=[state.value for state in AT_WORK]),
            ),
            models.Index(fields=["asked_by", "-id"], name="bulk_of_person"),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="bulk_states",
                field="state",
                transitions=[(before, after) for before, afters in TRANSITIONS.items() for after in afters],
            )
        ]

    def __str__(self) -> str:
        return f"{self.total} tickets, {self.asked_at:%Y-%m-%d %H:%M}"

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
    def undo_until(self) -> datetime:
        return self.asked_at + UNDO_FOR

    def can_be_undone(self, at: datetime) -> bool:
        return self.state in (BulkState.DONE, BulkState.STOPPED) and at < self.undo_until

    # Queries

    def is_visible_to(self, user: User) -> bool:
        return bool(BulkJob.objects.visible_to(user).filter(pk=self.pk).exists())


class RowState(models.TextChoices):
    """What became of one ticket."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    SAME = "same", _("It was so already")
    REFUSED = "refused", _("Refused")
    UNDONE = "undone", _("Undone")
    STAYS = "stays", _("Not undone")


class BulkRow(models.Model):
    """One ticket of acts on many: what became of it, and what it was before."""

    job = models.ForeignKey(BulkJob, models.CASCADE, related_name="rows")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    state = models.CharField(max_length=7, choices=RowState.choices, default=RowState.WAITING)
    # Why it was refused, or stays.
    why = SentenceField(blank=True)
    # Each act with the facts before and after it, to be put back.
    done = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "ticket"], name="a_ticket_once_in_bulk")
        ]
        indexes: ClassVar = [models.Index(fields=["job", "state", "id"], name="bulk_rows_by_state")]

    def __str__(self) -> str:
        return f"#{self.ticket_id}: {self.get_state_display()}"

    # Mutators

    def end(self, state: str, *, why: Words = "", done: list[dict[str, Any]] | None = None) -> None:
        self.state, self.why = state, why
        if done is not None:
            self.done = done
        self.save(update_fields=["state", "why", "done"])
