from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.control.models.calendar import Calendar
from helpdesk.models import Channel, Role, Severity, Status


def statuses_that_pause() -> list[str]:
    return [Status.WAITING_CUSTOMER.value]


@pghistory.track(append_only=True)
class ServicePolicy(models.Model):
    """What we promise in time to the tickets it fits; the first that fits, in order, counts."""

    name = models.CharField(max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(default=100)
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    # What it fits; empty fits all.
    department = models.ForeignKey(
        "helpdesk.Department", models.CASCADE, null=True, blank=True, related_name="+"
    )
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, null=True, blank=True)
    segment = models.CharField(max_length=60, blank=True)
    # An issue means everything below it as well.
    issue = models.ForeignKey("helpdesk.Issue", models.CASCADE, null=True, blank=True, related_name="+")
    customer = models.ForeignKey("helpdesk.Customer", models.CASCADE, null=True, blank=True, related_name="+")
    organisation = models.CharField(max_length=200, blank=True, default="", db_default="")
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True, default="", db_default="")
    # Working minutes; empty means no such promise.
    acknowledge_minutes = models.PositiveIntegerField(null=True, blank=True)
    first_reply_minutes = models.PositiveIntegerField(null=True, blank=True)
    next_reply_minutes = models.PositiveIntegerField(null=True, blank=True)
    # News for the customer while a part of the work is with somebody else; after each one again.
    next_update_minutes = models.PositiveIntegerField(null=True, blank=True)
    resolve_minutes = models.PositiveIntegerField(null=True, blank=True)
    referral_minutes = models.PositiveIntegerField(null=True, blank=True)
    pauses_on = ArrayField(models.CharField(max_length=16), default=statuses_that_pause, blank=True)
    # Not given to tickets any more; what it promised stays promised.
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "name"]
        verbose_name_plural = _("service policies")

    def __str__(self) -> str:
        return self.name

    def minutes(self, kind: str) -> int | None:
        minutes: int | None = getattr(self, f"{kind}_minutes")
        return minutes


@pghistory.track(append_only=True)
class Rung(models.Model):
    """A step of the escalation ladder: whom to tell how long after a promise was broken, and how often again."""

    class Tell(models.TextChoices):
        ASSIGNEE = "assignee", _("Whoever has the ticket")
        LEADS = "leads", _("The department's leads")
        HEAD = "head", _("The head of the department")
        PERSON = "person", _("A person")
        ROLE = "role", _("Everybody of a role")
        DEPARTMENT = "department", _("The leads of a department")

    policy = models.ForeignKey(ServicePolicy, models.CASCADE, related_name="rungs")
    after_minutes = models.PositiveIntegerField(default=0)
    tell = models.CharField(max_length=10, choices=Tell.choices)
    # Whom, where `tell` leaves it open.
    person = models.ForeignKey("helpdesk.User", models.CASCADE, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices, blank=True, default="", db_default="")
    department = models.ForeignKey(
        "helpdesk.Department", models.CASCADE, null=True, blank=True, related_name="+"
    )
    # Told so many times in all, so many working minutes apart, until the promise is met.
    times = models.PositiveSmallIntegerField(default=1, db_default=1)
    repeat_minutes = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["after_minutes", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["policy", "after_minutes", "tell", "person", "role", "department"],
                nulls_distinct=False,
                name="one_rung_of_a_kind",
            ),
            models.CheckConstraint(
                name="what_is_told_again_says_when",
                condition=models.Q(times=1) | models.Q(times__gt=1, repeat_minutes__gt=0),
            ),
        ]

    def __str__(self) -> str:
        again = (
            gettext(", %(times)s times every %(repeat_minutes)s min")
            % {"times": self.times, "repeat_minutes": self.repeat_minutes}
            if self.times > 1
            else ""
        )
        return gettext("%(whom)s after %(after_minutes)s min%(again)s") % {
            "whom": self.whom,
            "after_minutes": self.after_minutes,
            "again": again,
        }

    @property
    def whom(self) -> str:
        named = self.person or self.get_role_display() or self.department
        return f"{self.get_tell_display()}: {named}" if named else self.get_tell_display()

    def minutes_until(self, time: int) -> int:
        """Working minutes from the breach to its first, second ... telling."""
        return self.after_minutes + (time - 1) * (self.repeat_minutes or 0)
