from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk import events
from helpdesk.search import search_column

if TYPE_CHECKING:
    from helpdesk.models.customer import Customer
    from helpdesk.models.ticket import Ticket
    from helpdesk.models.user import User


class Direction(models.TextChoices):
    IN = "in", _("From the customer")
    OUT = "out", _("To the customer")


class Message(models.Model):
    """One piece of the conversation that the customer sees: what they said, or what we said to them.

    Internal notes are another table (`Note`): nothing that sends mail ever reads that table.
    """

    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    channel = models.CharField(max_length=10)
    customer = models.ForeignKey("helpdesk.Customer", models.SET_NULL, null=True, related_name="+")
    author = models.ForeignKey("helpdesk.User", models.SET_NULL, null=True, related_name="+")
    # As the letter named its sender: a copied colleague of the customer may have written.
    sender_name = models.CharField(max_length=200, blank=True)
    sender_email = models.CharField(max_length=254, blank=True)
    body = models.TextField()
    html = models.TextField(blank=True)
    # Who is copied by this one; null: everybody who takes part.
    cc = ArrayField(models.EmailField(max_length=254), null=True, blank=True)
    # Written by a machine: an acknowledgement of ours, an out-of-office of theirs.
    is_automatic = models.BooleanField(default=False)
    # The RFC 5322 id, without angle brackets; ours are signed (`apps.intake.message_id`).
    message_id = models.CharField(max_length=400, null=True, blank=True, unique=True)
    in_reply_to = models.CharField(max_length=400, blank=True)
    # A mere thank-you, after which a solved ticket stays solved; false: judged one, and a person said it is none.
    is_thanks = models.BooleanField(null=True, blank=True)
    # It came too late for its ticket, and its writer was told to write anew.
    refused_at = models.DateTimeField(null=True, blank=True)
    # Taken back by its author before it left.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    search = search_column("body")

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["ticket", "at"], name="message_of_ticket"),
            GinIndex(fields=["search"], name="message_search"),
            models.Index(fields=["ticket"], name="message_refused", condition=Q(refused_at__isnull=False)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="message_id_not_empty", condition=~Q(message_id="")),
        ]

    def __str__(self) -> str:
        return f"Message {self.pk}"

    # Factories

    @classmethod
    def receive(
        cls,
        *,
        ticket: "Ticket",
        customer: "Customer | None",
        body: str,
        by: "User",
        at: datetime,
        **fields: object,
    ) -> "Message":
        """What the customer wrote on a ticket that is already open."""
        message = cls(ticket=ticket, direction=Direction.IN, customer=customer, body=body, at=at, **fields)
        message.save(force_insert=True)
        events.record("message.received", ticket=ticket, by=by, at=at, data={"message": message.pk})
        return message

    @classmethod
    def write(cls, *, ticket: "Ticket", body: str, by: "User", at: datetime, **fields: object) -> "Message":
        """What we say to the customer; `output` delivers it when it hears of it."""
        message = cls(ticket=ticket, direction=Direction.OUT, author=by, body=body, at=at, **fields)
        message.save(force_insert=True)
        copied = {"cc": message.cc} if message.cc else {}
        events.record("message.written", ticket=ticket, by=by, at=at, data={"message": message.pk} | copied)
        return message

    # Mutators

    def stamp(self, message_id: str) -> None:
        """Remember the id it leaves with, so that the answer finds its way back. No event: nothing happened yet."""
        self.message_id = message_id
        self.save(update_fields=["message_id"])

    def judge_thanks(self, is_thanks: bool, *, by: "User", at: datetime) -> None:
        """It says thank you and nothing else; or it does not, after all."""
        self.is_thanks = is_thanks
        self.save(update_fields=["is_thanks"])
        data = {"message": self.pk, "is_thanks": is_thanks}
        events.record("message.judged", ticket=self.ticket, by=by, at=at, data=data)

    def refuse(self, *, letter: "Message | None", by: "User", at: datetime) -> None:
        """It came too late to be gone on with; `letter` says so to its writer."""
        self.refused_at = at
        self.save(update_fields=["refused_at"])
        data = {"message": self.pk, "letter": letter.pk if letter else None}
        events.record("message.refused", ticket=self.ticket, by=by, at=at, data=data)

    def withdraw(self, *, by: "User", at: datetime) -> None:
        self.withdrawn_at = at
        self.save(update_fields=["withdrawn_at"])
        events.record("message.withdrawn", ticket=self.ticket, by=by, at=at, data={"message": self.pk})


class Note(models.Model):
    """What colleagues tell each other on a ticket. Never sent, by construction: no sender knows this table."""

    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="notes")
    author = models.ForeignKey("helpdesk.User", models.SET_NULL, null=True, related_name="+")
    body = models.TextField()
    at = models.DateTimeField()
    search = search_column("body")

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["ticket", "at"], name="note_of_ticket"),
            GinIndex(fields=["search"], name="note_search"),
        ]

    def __str__(self) -> str:
        return f"Note {self.pk}"

    # Factories

    @classmethod
    def add(cls, *, ticket: "Ticket", body: str, by: "User", at: datetime) -> "Note":
        note = cls(ticket=ticket, author=by, body=body, at=at)
        note.save(force_insert=True)
        events.record("note.added", ticket=ticket, by=by, at=at, data={"note": note.pk})
        return note

    # Mutators

    def take_back(self, *, by: "User", at: datetime) -> None:
        """Said by mistake, to many tickets at once: nobody reads it any more, and that it stood there is history."""
        events.record("note.withdrawn", ticket=self.ticket, by=by, at=at, data={"note": self.pk})
        self.delete()
