from collections.abc import Callable
from datetime import date, datetime, time
from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.control.clock import is_working_day
from apps.control.models.calendar import Calendar
from apps.control.recurring import dates
from apps.response.checklists.models import Checklist
from helpdesk.models import Customer, Department, Role, Ticket, User
from helpdesk.models.ticket import MAX_SUBJECT


class Rhythm(models.TextChoices):
    DAILY = dates.DAILY, _("Every day")
    WEEKDAYS = dates.WEEKDAYS, _("On chosen weekdays")
    MONTH_DAY = dates.MONTH_DAY, _("Every month on a day")
    MONTH_WEEKDAY = dates.MONTH_WEEKDAY, _("Every month on a weekday, like the first Monday")
    YEARLY = dates.YEARLY, _("Every year on a date")


class OffDays(models.TextChoices):
    SKIP = dates.SKIP, _("Leave it out")
    NEXT = dates.NEXT, _("Take the next working day")


class RecurringTicketQuerySet(models.QuerySet["RecurringTicket"]):
    @staticmethod
    def reach(user: User) -> int | None:
        """The department whose templates are this person's; None: all of them."""
        is_wide = user.role in (Role.ADMIN, Role.SYSTEM) or (
            user.role == Role.API_CLIENT and user.department_id is None
        )
        return None if is_wide else user.department_id or 0

    def visible_to(self, user: User) -> "RecurringTicketQuerySet":
        """Administrators and programs of the whole desk see all; who belongs to a department its own."""
        reach = self.reach(user)
        return self if reach is None else self.filter(department=reach)

    def due(self, at: datetime) -> "RecurringTicketQuerySet":
        return self.filter(is_paused=False, next_at__lte=at)


@pghistory.track(append_only=True, exclude=["next_at"])
class RecurringTicket(models.Model):
    """A ticket that opens itself again and again: what it says, for whom, and on which days. Past versions are kept."""

    name = models.CharField(max_length=80, unique=True)
    department = models.ForeignKey(Department, models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=MAX_SUBJECT)
    body = models.TextField()
    # As `acting.written` writes them; done at opening.
    acts = models.JSONField(default=list, blank=True)
    checklist = models.ForeignKey(Checklist, models.SET_NULL, null=True, blank=True, related_name="+")
    rhythm = models.CharField(max_length=13, choices=Rhythm.choices)
    # Monday is 0.
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    week = models.SmallIntegerField(default=1)
    day = models.PositiveSmallIntegerField(default=1)
    month = models.PositiveSmallIntegerField(default=1)
    time = models.TimeField(default=time(8))
    time_zone = models.CharField(max_length=60, default="UTC")
    # Only on its working days; null: on any day.
    calendar = models.ForeignKey(Calendar, models.PROTECT, null=True, blank=True, related_name="+")
    off_days = models.CharField(max_length=4, choices=OffDays.choices, default=OffDays.SKIP)
    start_on = models.DateField()
    end_on = models.DateField(null=True, blank=True)
    is_paused = models.BooleanField(default=False)
    # Why it was paused by itself; empty: it was not.
    why_paused = models.CharField(max_length=300, blank=True)
    # When the next one is due; null: no more.
    next_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects: ClassVar = RecurringTicketQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="recurring_due", condition=Q(is_paused=False))
        ]

    def __str__(self) -> str:
        return self.name

    # Queries

    def is_visible_to(self, user: User) -> bool:
        return bool(RecurringTicket.objects.visible_to(user).filter(pk=self.pk).exists())

    # Properties

    @property
    def rule(self) -> dates.Rule:
        return dates.Rule(
            self.rhythm, self.time, self.time_zone, self.start_on, self.end_on, tuple(self.weekdays),
            self.week, self.day, self.month, self.off_days,
        )  # fmt: skip

    @property
    def is_working(self) -> Callable[[date], bool]:
        calendar = self.calendar
        if calendar is None:
            return dates.every_day
        return lambda day: is_working_day(day, calendar.hours(around=day))

    def upcoming(self, *, after: datetime, number: int) -> list[datetime]:
        return dates.upcoming(self.rule, after=after, number=number, is_working=self.is_working)

    def latest(self, *, since: datetime, until: datetime) -> datetime | None:
        return dates.latest(self.rule, since=since, until=until, is_working=self.is_working)


class MadeTicket(models.Model):
    """A recurring ticket was due at a moment, and this came of it. Unique: of two workers one opens it."""

    template = models.ForeignKey(RecurringTicket, models.CASCADE, related_name="made")
    due_at = models.DateTimeField()
    # Null only within the transaction that opens it.
    ticket = models.OneToOneField(Ticket, models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-due_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["template", "due_at"], name="a_recurring_ticket_opens_once")
        ]

    def __str__(self) -> str:
        return f"{self.template_id}: #{self.ticket_id}"
