"""What a colleague is told, before it is a row of their inbox or a letter."""

from dataclasses import dataclass

from django.urls import reverse

from helpdesk.models import Ticket, User


@dataclass(frozen=True, kw_only=True)
class OwnLetter:
    """A letter with words, and a way in, of its own: it leaves at once where they want mail at once."""

    subject: str
    text: str
    # Whose letters it is kept among, for readers who see only a part of that ticket.
    beside: Ticket | None = None


@dataclass(frozen=True, kw_only=True)
class NewsItem:
    """What happened that concerns one colleague; its words are in their language (`as_read_by`)."""

    kind: str
    key: str  # told once for each
    title: str
    ticket: Ticket | None = None
    # What it concerns where that is no ticket, or a part of one they do not see, as somebody who was asked about it.
    about: str = ""
    url: str = ""  # where it leads, unless to the ticket
    letter: OwnLetter | None = None
    by_mail: bool = True

    @property
    def address(self) -> str:
        """Where it leads."""
        return self.url or (reverse("ticket", kwargs={"number": self.ticket.pk}) if self.ticket else "/")

    def may_reach(self, user: User) -> bool:
        """No machines, nobody who left or who may not see the ticket."""
        return (
            user.is_staff_member
            and user.is_active
            and (self.ticket is None or self.ticket.is_visible_to(user))
        )
