from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.response.models.knowledge import Macro, Then
from helpdesk.models import Message, Ticket, User
from helpdesk.sentences import SentenceField, Words


class LaterState(models.TextChoices):
    """Where an answer for later stands."""

    WAITING = "waiting", _("Waits for its time")
    HELD = "held", _("Held back")
    SENT = "sent", _("Sent")
    TAKEN_BACK = "taken_back", _("Taken back")


UNSENT = (LaterState.WAITING, LaterState.HELD)


class LaterReply(models.Model):
    """An answer that is written and goes out later, with all that it will be sent with."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    body = models.TextField()
    # As drafts keep them: name, content_type, size and sha256 of each.
    files = models.JSONField(default=list)
    cc = ArrayField(models.EmailField(max_length=254), null=True)
    then = models.CharField(max_length=8, choices=Then.choices, blank=True, default=Then.STAY)
    macro = models.ForeignKey(Macro, models.SET_NULL, null=True, related_name="+")
    due_at = models.DateTimeField()
    # Whether it waits for its author once somebody wrote after `seen`, the newest message there was.
    holds = models.BooleanField(default=True)
    seen = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=LaterState.choices, default=LaterState.WAITING)
    # Why it is held back; shown to people.
    why = SentenceField(blank=True)
    message = models.OneToOneField(Message, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], name="answers_due_later", condition=Q(state=LaterState.WAITING.value)
            ),
            models.Index(
                fields=["ticket"],
                name="answers_of_ticket_later",
                condition=Q(state__in=[state.value for state in UNSENT]),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="states_of_an_answer_for_later",
                field="state",
                transitions=[
                    ("waiting", "held"),
                    ("waiting", "sent"),
                    ("waiting", "taken_back"),
                    ("held", "waiting"),
                    ("held", "sent"),
                    ("held", "taken_back"),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"Answer on #{self.ticket_id} for {self.due_at:%Y-%m-%d %H:%M}"

    # Mutators

    def settle(self, state: LaterState, *, why: Words = "", message: Message | None = None) -> None:
        self.state, self.why, self.message = state, why, message
        self.save(update_fields=["state", "why", "message"])

    # Properties

    @property
    def is_unsent(self) -> bool:
        return self.state in UNSENT
