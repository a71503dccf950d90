"""Reads of the kernel's nouns that span rows."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.models import Absence, User


@dataclass(frozen=True)
class Away:
    """Who is not there at one moment, and who stands in for each."""

    absences: dict[int, Absence]

    def __contains__(self, user: User | None) -> bool:
        return user is not None and user.pk in self.absences

    def stand_in_of(self, user: User) -> User | None:
        """The first one there, from stand-in to stand-in; None where it ends with nobody, or comes round to itself."""
        asked = {user.pk}
        found = self.absences[user.pk].stand_in
        while found is not None and found.pk in self.absences and found.pk not in asked:
            asked.add(found.pk)
            found = self.absences[found.pk].stand_in
        return found if found is not None and found.pk not in asked and found.is_active else None

    def last_day(self, user: User) -> datetime | None:
        """A moment of it; None: nobody knows yet."""
        return self.absences[user.pk].last_day


def away_at(at: datetime) -> Away:
    """Everybody who is away, in one query."""
    rows = Absence.objects.at(at).select_related("stand_in").order_by("entered_at", "pk")
    return Away({row.user_id: row for row in rows})
