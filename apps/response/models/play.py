from typing import ClassVar

from django.db import models

from helpdesk.models import Ticket, User


class PlayClaim(models.Model):
    """A ticket that nobody has, and somebody took up to look at: for a moment nobody else is given it."""

    # One at a time, also where two ask at once.
    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="+")
    # And one for each person: whoever takes up the next lets go of the last.
    person = models.OneToOneField(User, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person} looks at #{self.ticket_id}"


class PlaySkip(models.Model):
    """Somebody passed a ticket over: they are not given it again for an hour."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "ticket"], name="a_ticket_skipped_once")
        ]

    def __str__(self) -> str:
        return f"{self.person} passed #{self.ticket_id} over"
