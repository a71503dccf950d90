from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef


class EventQuerySet(models.QuerySet["Event"]):
    def owing(self) -> "EventQuerySet":
        """Events some subscriber has not dealt with yet."""
        return self.exclude(owes=[])

    def due(self, now: datetime) -> "EventQuerySet":
        """Events that owe a name now; `postponed` lists those that failed and wait for their next try."""
        waiting = SubscriberFailure.objects.filter(event_id=OuterRef("pk"), try_again_at__gt=now)
        owing = self.owing().annotate(postponed=ArraySubquery(waiting.values("subscriber")))
        return owing.exclude(owes__contained_by=F("postponed"))

    def about(self, noun: str, pk: int) -> "EventQuerySet":
        """The history of something that is not a ticket, oldest first."""
        return self.filter(about=f"{noun}:{pk}").order_by("at", "id")


class Event(models.Model):
    """Something that happened, in one row: timeline, audit and outbox in one.

    Append-only in the database, but for `owes`: the names of the subscribers it still owes the news. Partitioned
    by month of `at`; the table's true primary key is (id, at), so look rows up with both where you have both.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    ticket = models.ForeignKey("helpdesk.Ticket", models.PROTECT, null=True, related_name="events")
    # What it is about when it is not a ticket: "case:31". Points to the right own those nouns.
    about = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    # Ids and plain values only.
    data = models.JSONField(default=dict)
    owes = ArrayField(models.CharField(max_length=60), default=list)

    objects: ClassVar = EventQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        triggers: ClassVar = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="only_owes_changes", exclude=["owes"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class SubscriberFailure(models.Model):
    """A subscriber that could not deal with an event: why, how often, and when it is tried again."""

    event_id = models.BigIntegerField()
    event_at = models.DateTimeField()
    subscriber = models.CharField(max_length=60)
    attempts = models.PositiveIntegerField(default=1)
    error = models.TextField()
    try_again_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event_id", "subscriber"], name="one_failure_per_debt")
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} on event {self.event_id}: {self.error[:80]}"

    def note(self, *, error: str, try_again_at: datetime) -> None:
        self.attempts += 1
        self.error, self.try_again_at = error, try_again_at
        self.save(update_fields=["attempts", "error", "try_again_at"])
