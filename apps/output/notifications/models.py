from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.output.notifications.kinds import LABELS, MORNING, WAYS, Choice, chosen
from helpdesk.marked import Marked
from helpdesk.models import Ticket, User


class NotificationQuerySet(models.QuerySet["Notification"]):
    def in_inbox_of(self, user: User) -> "NotificationQuerySet":
        """What this person is shown: never of a ticket that they may not see any more."""
        seen = Q(ticket=None) | Q(ticket__in=Ticket.objects.visible_to(user))
        return self.filter(seen, user=user, in_app=True)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)

    def to_mail(self, at: datetime) -> "NotificationQuerySet":
        return self.filter(mail_at__lte=at)


class Notification(models.Model):
    """One thing that happened and that one colleague is to hear of: in their inbox, in a letter, or both."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    # What happened, by whoever tells of it: told twice, it is one row.
    key = models.CharField(max_length=200)
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, blank=True, related_name="+")
    # What it is about when it is no ticket: "case:31".
    about = models.CharField(max_length=40, blank=True)
    # One sentence, in the reader's language, in no words of a note.
    title = models.CharField(max_length=300)
    # Where it leads, from the root of this desk.
    url = models.CharField(max_length=300)
    at = models.DateTimeField()
    in_app = models.BooleanField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=8, choices=[(str(way), label) for way, label in WAYS.items()])
    # When it is to leave by mail; empty: it is not, or it has.
    mail_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = NotificationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="told_of_a_happening_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-at", "-id"], name="notifications_of_person"),
            models.Index(fields=["user", "ticket"], name="notifications_unread", condition=Q(read_at=None)),
            models.Index(
                fields=["mail_at"], name="notifications_to_mail", condition=Q(mail_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}: {self.title}"

    @property
    def kind_label(self) -> Marked:
        """What kind it is, in words; of a kind that is told no more: news."""
        return LABELS.get(self.kind, _("News"))


class NotificationSettings(models.Model):
    """How one colleague wants to hear of what; who chose nothing has no row."""

    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    # Kind -> {"in_app": true, "mail": "daily"}; a kind that is not here is as usual.
    ways = models.JSONField(default=dict)
    # The hour at which the daily digest leaves, in the person's own zone.
    morning = models.PositiveSmallIntegerField(default=MORNING)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="a_morning_is_an_hour", condition=Q(morning__lte=23))
        ]

    def __str__(self) -> str:
        return f"How {self.user_id} hears of things"

    def choices(self) -> dict[str, Choice]:
        return chosen(self.ways)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.user.time_zone)
