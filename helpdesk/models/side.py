from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk import events
from helpdesk.models.message import Direction
from helpdesk.search import search_column

if TYPE_CHECKING:
    from helpdesk.models.user import User


class SideState(models.TextChoices):
    """Whether we still wait for something from the others."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")


class SideConversation(models.Model):
    """What we write about a ticket to somebody else by mail, a supplier or another company's department, and what they
    answer. The customer never sees it: its letters are a table of their own, which nothing that writes to customers
    reads.
    """

    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="sides")
    subject = models.CharField(max_length=500)
    to = ArrayField(models.EmailField(max_length=254))
    # It began with messages of the ticket that were passed on.
    is_forward = models.BooleanField(default=False)
    state = models.CharField(max_length=4, choices=SideState.choices, default=SideState.OPEN)
    opened_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["ticket"], name="sides_of_ticket")]

    def __str__(self) -> str:
        return self.subject

    # Mutators

    def move(self, state: str, *, by: "User", at: datetime) -> None:
        self.state = state
        self.save(update_fields=["state"])
        data = {"side": self.pk, "state": state, "subject": self.subject}
        events.record("side.moved", ticket=self.ticket, by=by, at=at, data=data)


class SideLetter(models.Model):
    """One letter of a side conversation, ours or theirs."""

    side = models.ForeignKey(SideConversation, models.CASCADE, related_name="letters")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    author = models.ForeignKey("helpdesk.User", models.SET_NULL, null=True, related_name="+")
    sender_name = models.CharField(max_length=200, blank=True)
    sender_email = models.CharField(max_length=254, blank=True)
    body = models.TextField()
    # Their content is stored: name, content_type, size and sha256 of each.
    files = models.JSONField(default=list)
    is_automatic = models.BooleanField(default=False)
    # Without angle brackets; ours are signed.
    message_id = models.CharField(max_length=400, null=True, blank=True, unique=True)
    at = models.DateTimeField()
    # Taken back before it left.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    search = search_column("body")

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [GinIndex(fields=["search"], name="side_letter_search")]
        constraints: ClassVar = [
            models.CheckConstraint(name="side_letter_id_not_empty", condition=~Q(message_id="")),
        ]

    def __str__(self) -> str:
        return f"Letter {self.pk} of {self.side_id}"

    # Factories

    @classmethod
    def write(
        cls, *, side: SideConversation, body: str, files: list[dict[str, object]], by: "User", at: datetime
    ) -> "SideLetter":
        """Ours; `output` sends it when it hears of it."""
        return cls._keep(
            side, "side.written", by, at, direction=Direction.OUT, author=by, body=body, files=files
        )

    @classmethod
    def receive(cls, *, side: SideConversation, by: "User", at: datetime, **fields: object) -> "SideLetter":
        """Theirs."""
        return cls._keep(side, "side.received", by, at, direction=Direction.IN, **fields)

    @classmethod
    def _keep(
        cls, side: SideConversation, kind: str, by: "User", at: datetime, **fields: object
    ) -> "SideLetter":
        letter = cls(side=side, at=at, **fields)
        letter.save(force_insert=True)
        data = {"side": side.pk, "letter": letter.pk, "subject": side.subject}
        events.record(kind, ticket=side.ticket, by=by, at=at, data=data)
        return letter

    # Mutators

    def stamp(self, message_id: str) -> None:
        """Remember the id it leaves with, so that the answer finds its way back. No event: nothing happened yet."""
        self.message_id = message_id
        self.save(update_fields=["message_id"])

    def withdraw(self, *, by: "User", at: datetime) -> None:
        """It has not left yet, and will not."""
        self.withdrawn_at = at
        self.save(update_fields=["withdrawn_at"])
        data = {"side": self.side_id, "letter": self.pk, "subject": self.side.subject}
        events.record("side.withdrawn", ticket=self.side.ticket, by=by, at=at, data=data)

    # Properties

    @property
    def is_ours(self) -> bool:
        return self.direction == Direction.OUT

    @property
    def who(self) -> str:
        return self.author.name if self.author else self.sender_name or self.sender_email
