from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.response.models.knowledge import Macro
from helpdesk.models import Ticket, User


class DraftKind(models.TextChoices):
    """What it is going to be. The two never share a row: words for colleagues can't become words for customers."""

    REPLY = "reply", _("Reply")
    NOTE = "note", _("Note")


class Draft(models.Model):
    """What somebody is writing on a ticket and has not sent yet, by one composer: one open page of theirs.

    Each composer has a row of its own, or goes on with the row it found; so two tabs never write over each other. A row
    is emptied when its words are sent, and kept for a while, so that a save that was late can't bring them back.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=DraftKind.choices)
    # The composer that wrote last; a random word that the page makes when it opens.
    writer = models.CharField(max_length=40)
    # Only ever rises: of two saves of one composer the later counts, whichever comes first.
    revision = models.PositiveIntegerField(default=1)
    text = models.TextField(blank=True)
    # Files that were added and not sent: name, content_type, size and sha256 of each. Their content is stored.
    files = models.JSONField(default=list, blank=True)
    # Who is to be copied, as it was typed; null: everybody who takes part.
    cc = ArrayField(models.CharField(max_length=254), null=True, blank=True)
    # Chosen for it, and done when it is sent.
    macro = models.ForeignKey(Macro, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "ticket", "kind", "writer"], name="a_draft_of_each_composer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.user_id} on #{self.ticket_id}, not sent"

    # Properties

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and not self.files
