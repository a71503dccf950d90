from datetime import timedelta
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.response.rules.conditions import Group, kept
from apps.response.rules.moments import CHOICES, TIMED
from helpdesk.models import Department, Role, Ticket, User

MAX_NAME = 80
MOST_ERRORS = 10  # in a row, and it is switched off
KEPT_FITTING, KEPT_OTHERS = timedelta(days=30), timedelta(days=3)


class RuleQuerySet(models.QuerySet["Rule"]):
    def visible_to(self, user: User) -> "RuleQuerySet":
        """Administrators see all; who looks after a department its own, and those of the whole desk."""
        if not user.is_active:
            return self.none()
        if user.role in (Role.ADMIN, Role.SYSTEM) or (
            user.role == Role.API_CLIENT and user.department_id is None
        ):
            return self
        return self.filter(Q(department=None) | Q(department=user.department_id))

    def looking(self, when: str, department: int) -> "RuleQuerySet":
        """Rules in use that look at such a moment at tickets of this department, in their order."""
        reach = Q(department=None) | Q(department=department)
        return self.filter(reach, is_active=True, when=when).select_related("acts_as")


@pghistory.track(append_only=True)
class Rule(models.Model):
    """When something happens to a ticket and it fits, something is done to it. Its past versions are kept."""

    name = models.CharField(max_length=MAX_NAME, unique=True)
    # Whose tickets it sees and touches; null: the whole desk's.
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="+")
    when = models.CharField(max_length=12, choices=CHOICES)
    # Timed rules look so often.
    every_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    # As `conditions.written` and `acting.written` write them.
    conditions = models.JSONField()
    acts = models.JSONField()
    position = models.PositiveIntegerField()
    # Rules after it do not look at a ticket on which it has acted.
    stops = models.BooleanField(default=False)
    is_active = models.BooleanField(default=False)
    # The row in whose name it acts: of its department, so that it reaches no further.
    acts_as = models.OneToOneField(User, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects: ClassVar = RuleQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        indexes: ClassVar = [
            models.Index(fields=["when"], name="rules_in_use", condition=Q(is_active=True)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="timed_rules_say_how_often",
                condition=Q(when=TIMED, every_minutes__gt=0) | (~Q(when=TIMED) & Q(every_minutes=None)),
            )
        ]

    def __str__(self) -> str:
        return self.name

    # Queries

    def is_visible_to(self, user: User) -> bool:
        return bool(Rule.objects.visible_to(user).filter(pk=self.pk).exists())

    # Properties

    @property
    def group(self) -> Group:
        return kept(self.conditions)

    def reaches(self, ticket: Ticket) -> bool:
        return self.department_id in (None, ticket.department_id)


class RuleHealth(models.Model):
    """How a rule fares: when it looked by the clock, and how often it has failed in a row. It is no part of what was
    decided, and so not of its history."""

    rule = models.OneToOneField(Rule, models.CASCADE, related_name="health")
    looked_at = models.DateTimeField(null=True)
    errors = models.PositiveSmallIntegerField(default=0)
    # Why it was switched off by itself; empty: it was not.
    why_off = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.rule}: {self.errors} errors"


class RuleRun(models.Model):
    """Rules looked at a ticket once: at an event, or by the clock. What each saw, and what it did."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    # The event they heard. Unique: of two workers with one event only one acts. Null: by the clock.
    event = models.BigIntegerField(null=True, unique=True)
    when = models.CharField(max_length=12, choices=CHOICES)
    # The rules whose acts led here, the first first: none of them acts again.
    chain = models.JSONField(default=list)
    # How many runs led here, each through the acts of the one before.
    depth = models.PositiveSmallIntegerField(default=0)
    # What each rule saw, as `traces.written` writes it.
    looks = models.JSONField(default=list)
    fitted = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["ticket", "-at"], name="rule_runs_of_ticket"),
            models.Index(fields=["fitted", "at"], name="rule_runs_to_forget"),
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}, {self.at:%Y-%m-%d %H:%M}"


class Outcome(models.TextChoices):
    """What became of a rule that looked at a ticket."""

    PASSED = "passed", _("Did not fit")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    ERROR = "error", _("Failed")
    LOOPED = "looped", _("Not again in this chain")
    CAPPED = "capped", _("Often enough within the hour")
    STOPPED = "stopped", _("Not looked: a rule before it stops")


class RuleFiring(models.Model):
    """A rule fitted a ticket, and what became of it. A rule fires once in a run: a constraint."""

    run = models.ForeignKey(RuleRun, models.CASCADE, related_name="firings")
    rule = models.ForeignKey(Rule, models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["rule", "-at"], name="firings_of_rule"),
            models.Index(fields=["ticket", "rule", "-at"], name="firings_on_ticket"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "rule"], name="a_rule_fires_once_in_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} on #{self.ticket_id}: {self.outcome}"


class RuleEntry(models.Model):
    """A ticket fits a timed rule, which has dealt with it: until it no longer fits, not again."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "ticket"], name="once_for_each_entry")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}: #{self.ticket_id}"
