"""Reads: somebody's inbox, and how they want to be told."""

from dataclasses import dataclass

from django.db.models import QuerySet

from apps.output.notifications.models import Notification, NotificationSettings
from helpdesk.models import Ticket, User

SHOWN, COUNTED = 200, 99


@dataclass(frozen=True)
class Group:
    """What one was told of one ticket, or of one other thing, the newest first."""

    ticket: Ticket | None
    rows: tuple[Notification, ...]

    @property
    def newest(self) -> Notification:
        return self.rows[0]

    @property
    def unread(self) -> list[Notification]:
        return [row for row in self.rows if row.read_at is None]


def inbox(user: User, *, only_unread: bool) -> list[Group]:
    """The newest two hundred rows, by what they are about. One query."""
    found: dict[object, list[Notification]] = {}
    for row in rows_of(user, only_unread=only_unread)[:SHOWN]:
        found.setdefault(row.ticket_id or row.about or row.url, []).append(row)
    return [Group(rows[0].ticket, tuple(rows)) for rows in found.values()]


def rows_of(user: User, *, only_unread: bool = False) -> QuerySet[Notification]:
    rows = Notification.objects.in_inbox_of(user).select_related("ticket")
    return rows.unread() if only_unread else rows


def count_unread(user: User) -> int:
    """Up to ninety-nine and one more. One query."""
    return len(rows_of(user, only_unread=True).values_list("pk", flat=True)[: COUNTED + 1])


def settings_of(user: User) -> NotificationSettings:
    """How they want to be told; as usual where they chose nothing. One query."""
    row = NotificationSettings.objects.filter(user=user).first() or NotificationSettings()
    row.user = user
    return row
