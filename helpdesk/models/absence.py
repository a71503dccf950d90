from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from helpdesk import events
from helpdesk.models.user import User


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def at(self, at: datetime) -> "AbsenceQuerySet":
        """Of those who are away at this moment."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), begins_at__lte=at)

    def to_come(self, at: datetime) -> "AbsenceQuerySet":
        """Those that last, and those that have not begun."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at))


class Absence(models.Model):
    """Somebody is not there for a while: tickets go past them, and their cases to whoever stands in.

    Where two of one person overlap, the one entered last counts. None is ever deleted: who comes back early ends it.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    begins_at = models.DateTimeField()
    # Null: nobody knows yet.
    ends_at = models.DateTimeField(null=True, blank=True)
    stand_in = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects: ClassVar = AbsenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["begins_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_absence_ends_after_it_begins",
                condition=Q(ends_at=None) | Q(ends_at__gte=F("begins_at")),
            ),
            models.CheckConstraint(name="nobody_stands_in_for_themselves", condition=~Q(stand_in=F("user"))),
        ]

    def __str__(self) -> str:
        return f"{self.user}, away since {self.begins_at:%Y-%m-%d}"

    # Factories

    @classmethod
    def enter(cls, *, user: User, begins_at: datetime, ends_at: datetime | None, stand_in: User | None, by: User,
              at: datetime) -> "Absence":  # fmt: skip
        row = cls.objects.create(
            user=user, begins_at=begins_at, ends_at=ends_at, stand_in=stand_in, entered_by=by, entered_at=at
        )
        events.record("absence.entered", about=row.ref, by=by, at=at, data={"user": user.pk})
        return row

    # Mutators

    def end(self, *, by: User, at: datetime) -> None:
        """They are back, or do not go after all: one that has not begun is left without a moment in it."""
        self.ends_at = max(at, self.begins_at)
        self.save(update_fields=["ends_at"])
        events.record("absence.ended", about=self.ref, by=by, at=at, data={"user": self.user_id})

    # Properties

    @property
    def last_day(self) -> datetime | None:
        """The last moment of it, whose date is the last day away."""
        return self.ends_at - timedelta(microseconds=1) if self.ends_at else None

    @property
    def ref(self) -> str:
        """What events name it by."""
        return f"absence:{self.pk}"
