from typing import ClassVar

from django.db import models

from helpdesk.models import Note, Ticket, User


class Follower(models.Model):
    """A colleague who wants to know what happens on a ticket, whoever works on it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["since", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "user"], name="one_follows_a_ticket_once")
        ]
        indexes: ClassVar = [models.Index(fields=["user", "ticket"], name="tickets_followed")]

    def __str__(self) -> str:
        return f"{self.user_id} follows #{self.ticket_id}"


class Mention(models.Model):
    """A note speaks to a colleague by name: they are told, once, and find it in their list."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "user"], name="one_is_mentioned_in_a_note_once")
        ]
        indexes: ClassVar = [models.Index(fields=["user", "-at"], name="mentions_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} in note {self.note_id}"
