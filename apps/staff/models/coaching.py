from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from helpdesk import events
from helpdesk.models.user import Role

if TYPE_CHECKING:
    from helpdesk.models import User


class CoachingNoteQuerySet(models.QuerySet["CoachingNote"]):
    def visible_to(self, user: "User") -> "CoachingNoteQuerySet":
        """The person, if it is shared; the lead of their department; administrators. To all others there is none."""
        if not user.is_active:
            return self.none()
        own = Q(user=user)
        if user.role == Role.ADMIN:
            return self.filter(~own | Q(is_private=False))
        if user.role == Role.LEAD and user.department_id is not None:
            own |= Q(user__department=user.department_id)
        elif not user.is_staff_member:
            return self.none()
        return self.filter(own).exclude(user=user, is_private=True)

    def to_follow_up(self, by: "User", today: date) -> "CoachingNoteQuerySet":
        """What this person agreed to come back to by now, and has not."""
        later = CoachingNote.objects.filter(follows=models.OuterRef("pk"))
        due = self.visible_to(by).filter(author=by, follow_up_on__lte=today)
        return due.filter(~models.Exists(later)).order_by("follow_up_on", "id")


class CoachingNote(models.Model):
    """What a lead tells one of their people, and what they agreed to do next. It is never changed: a correction, or
    what became of it, is a new note that follows."""

    user = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    author = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    body = models.TextField()
    next_step = models.TextField(blank=True)
    follow_up_on = models.DateField(null=True, blank=True)
    # For leads alone; otherwise the person reads it.
    is_private = models.BooleanField(default=False)
    # Numbers of the tickets and reviews it speaks of.
    tickets = ArrayField(models.BigIntegerField(), default=list, blank=True)
    reviews = ArrayField(models.BigIntegerField(), default=list, blank=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")

    objects: ClassVar = CoachingNoteQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-written_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["user", "-written_at"], name="coaching_of_a_person")]
        constraints: ClassVar = [
            models.CheckConstraint(name="nobody_coaches_themselves", condition=~Q(author=models.F("user")))
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"Note about {self.user}, {self.written_at:%Y-%m-%d}"

    # Factories

    @classmethod
    def write(cls, *, by: "User", at: datetime, **fields: object) -> "CoachingNote":
        note = cls.objects.create(author=by, written_at=at, **fields)
        # Its words stand here alone: the event log is read by many.
        events.record(
            "coaching.noted", about=f"coaching:{note.pk}", by=by, at=at, data={"user": note.user_id}
        )
        return note


class CoachingAnswer(models.Model):
    """What the person says to a note about them."""

    note = models.ForeignKey(CoachingNote, models.PROTECT, related_name="answers")
    author = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        ordering: ClassVar = ["written_at", "id"]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"Answer of {self.author}, {self.written_at:%Y-%m-%d}"

    # Factories

    @classmethod
    def write(cls, *, note: CoachingNote, body: str, by: "User", at: datetime) -> "CoachingAnswer":
        answer = cls.objects.create(note=note, author=by, written_at=at, body=body)
        events.record(
            "coaching.answered", about=f"coaching:{note.pk}", by=by, at=at, data={"user": note.user_id}
        )
        return answer
