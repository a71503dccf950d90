from datetime import date, datetime
from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from apps.control import calendars
from apps.control.clock import BusinessCalendar
from helpdesk.models import Channel, Outcome, Severity, Status, User

WORKING_WEEK = ["09:00-17:00"] * 5 + ["", ""]


def working_week() -> list[str]:
    return list(WORKING_WEEK)


def statuses_that_pause() -> list[str]:
    return [Status.WAITING_CUSTOMER.value]


@pghistory.track(append_only=True)
class Calendar(models.Model):
    """When somebody is there: the hours in which promises of time are counted."""

    name = models.CharField(max_length=80, unique=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    # Seven entries, Monday first, each like "09:00-12:30 13:30-18:00"; an empty one is a day off.
    week = ArrayField(models.CharField(max_length=80, blank=True), size=7, default=working_week)
    # Public holidays come from the `holidays` library: a country code, and a part of the country.
    country = models.CharField(max_length=2, blank=True)
    subdivision = models.CharField(max_length=10, blank=True)
    days_off = ArrayField(models.DateField(), default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        try:
            self.hours(around=date(2026, 1, 1))
        except (ValueError, KeyError, NotImplementedError) as error:
            raise ValidationError(f"This calendar can't be used: {error}") from error

    def hours(self, *, around: date) -> BusinessCalendar:
        """The engine's calendar, with the public holidays of the years before and after this day."""
        return calendars.build(
            timezone=self.time_zone, week=tuple(self.week), country=self.country,
            subdivision=self.subdivision, days_off=tuple(self.days_off), year=around.year,
        )  # fmt: skip


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
    # Working minutes; empty means no such promise.
    acknowledge_minutes = models.PositiveIntegerField(null=True, blank=True)
    first_reply_minutes = models.PositiveIntegerField(null=True, blank=True)
    next_reply_minutes = models.PositiveIntegerField(null=True, blank=True)
    resolve_minutes = models.PositiveIntegerField(null=True, blank=True)
    referral_minutes = models.PositiveIntegerField(null=True, blank=True)
    pauses_on = ArrayField(models.CharField(max_length=16), default=statuses_that_pause, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "name"]
        verbose_name_plural = "service policies"

    def __str__(self) -> str:
        return self.name

    def minutes(self, kind: str) -> int | None:
        minutes: int | None = getattr(self, f"{kind}_minutes")
        return minutes


class Rung(models.Model):
    """A step of the escalation ladder: whom to tell how long after a promise was broken."""

    class Tell(models.TextChoices):
        ASSIGNEE = "assignee", "Whoever has the ticket"
        LEADS = "leads", "The department's leads"
        HEAD = "head", "The head of the department"

    policy = models.ForeignKey(ServicePolicy, models.CASCADE, related_name="rungs")
    after_minutes = models.PositiveIntegerField(default=0)
    tell = models.CharField(max_length=8, choices=Tell.choices)

    class Meta:
        ordering: ClassVar = ["after_minutes", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "after_minutes", "tell"], name="one_rung_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.get_tell_display()} after {self.after_minutes} min"


class ClockQuerySet(models.QuerySet["Clock"]):
    def unmet(self) -> "ClockQuerySet":
        """Clocks somebody still has to meet, late or not."""
        return self.filter(state__in=Clock.UNMET)

    def to_warn(self, at: datetime) -> "ClockQuerySet":
        return self.filter(state=Clock.State.RUNNING, warned_at=None, warn_at__lte=at).order_by("warn_at")

    def to_breach(self, at: datetime) -> "ClockQuerySet":
        return self.filter(state=Clock.State.RUNNING, due_at__lt=at).order_by("due_at")

    def to_escalate(self, at: datetime) -> "ClockQuerySet":
        return self.filter(next_rung_at__lte=at).order_by("next_rung_at")


class Clock(models.Model):
    """One promise of time on one ticket: it runs, rests, is met, or is broken (and then still has to be met)."""

    class Kind(models.TextChoices):
        ACKNOWLEDGE = "acknowledge", "Acknowledge"
        FIRST_REPLY = "first_reply", "First reply"
        NEXT_REPLY = "next_reply", "Next reply"
        RESOLVE = "resolve", "Resolve"
        REFERRAL = "referral", "Referral"

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        BREACHED = "breached", "Overdue"
        MET = "met", "Met"
        MET_LATE = "met_late", "Met late"
        CANCELLED = "cancelled", "Cancelled"

    UNMET: ClassVar = (State.RUNNING, State.PAUSED, State.BREACHED)

    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="+")
    referral = models.ForeignKey("Referral", models.CASCADE, null=True, blank=True, related_name="clocks")
    policy = models.ForeignKey(ServicePolicy, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    # The promise as it was made: a later change of the policy leaves it alone.
    minutes = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    # Working minutes left when it was paused; due and warning are worked out anew when it goes on.
    minutes_left = models.FloatField(null=True)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    met_by_message = models.ForeignKey("helpdesk.Message", models.SET_NULL, null=True, related_name="+")
    next_rung_at = models.DateTimeField(null=True)

    objects: ClassVar = ClockQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "kind", "referral"],
                condition=Q(state__in=["running", "paused", "breached"]),
                nulls_distinct=False,
                name="one_unmet_clock_of_a_kind",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ticket", "kind"], name="clock_of_ticket"),
            models.Index(
                fields=["warn_at"], name="clock_to_warn", condition=Q(state="running", warned_at=None)
            ),
            models.Index(fields=["due_at"], name="clock_to_breach", condition=Q(state="running")),
            models.Index(
                fields=["next_rung_at"], name="clock_to_escalate", condition=Q(next_rung_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of #{self.ticket_id}"


class Escalation(models.Model):
    """Somebody was told that a promise was broken: once for each rung of the ladder."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="escalations")
    rung = models.ForeignKey(Rung, models.CASCADE, related_name="+")
    told = models.ManyToManyField(User, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clock", "rung"], name="each_rung_once_for_a_clock")
        ]

    def __str__(self) -> str:
        return f"{self.rung} for {self.clock}"


class Referral(models.Model):
    """Work handed to another department while the ticket stays ours: who, by when, their answer, and whether the
    customer confirms that it is done."""

    class State(models.TextChoices):
        OPEN = "open", "Waiting for an answer"
        ANSWERED = "answered", "Answered, to be checked with the customer"
        CLOSED = "closed", "Closed"

    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="+")
    department = models.ForeignKey("helpdesk.Department", models.PROTECT, related_name="+")
    question = models.TextField()
    asked_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # What the customer said when we asked whether it was done; null until we asked.
    customer_confirmed = models.BooleanField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["department", "state", "asked_at"], name="referral_of_department")
        ]

    def __str__(self) -> str:
        return f"Referral {self.pk} to {self.department}"

    def is_visible_to(self, user: User) -> bool:
        return self.department_id == user.department_id or self.ticket.is_visible_to(user)


@pghistory.track(append_only=True)
class AskRule(models.Model):
    """Which share of the solved tickets it fits is asked about; the first that fits, in order, counts, and what none
    fits is asked about always."""

    order = models.PositiveSmallIntegerField(default=100)
    # What it fits; empty fits all. An issue means everything below it as well.
    issue = models.ForeignKey("helpdesk.Issue", models.CASCADE, null=True, blank=True, related_name="+")
    department = models.ForeignKey(
        "helpdesk.Department", models.CASCADE, null=True, blank=True, related_name="+"
    )
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    share = models.FloatField()
    set_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            # Nothing is left out for good: a share of nought would say nothing of those tickets for ever.
            models.CheckConstraint(name="some_are_asked", condition=Q(share__gt=0) & Q(share__lte=1)),
        ]

    def __str__(self) -> str:
        fits = [str(part) for part in (self.issue, self.department, self.get_channel_display()) if part]
        return f"{self.share:.0%} of {' · '.join(fits) or 'all tickets'}"


@pghistory.track(append_only=True)
class AskLimits(models.Model):
    """How sparingly customers are asked, whatever the rules say; there is one row at most."""

    class Always(models.TextChoices):
        COMPLAINT = "complaint", "Complaints"
        REOPENED = "reopened", "Tickets that were opened again"
        SEVERE = "severe", "Tickets of high or critical severity"

    is_one = models.BooleanField(default=True, unique=True, editable=False)
    rest_days = models.PositiveSmallIntegerField(default=30)
    most_a_day = models.PositiveIntegerField(null=True, blank=True)
    # Asked about whatever the rules draw; a customer at rest is left in peace all the same.
    always = ArrayField(models.CharField(max_length=10, choices=Always.choices), default=list, blank=True)
    set_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Not within {self.rest_days} days, {self.most_a_day or 'any number'} a day"


class AskDraw(models.Model):
    """One draw of whom to ask: the seed that draws the same again, and how many it was drawn from."""

    at = models.DateTimeField()
    seed = models.BigIntegerField()
    candidates = models.PositiveIntegerField()
    drawn = models.PositiveIntegerField()
    # What was left of the day's limit; null: there was none.
    most = models.PositiveIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        triggers: ClassVar = [
            pgtrigger.Protect(name="draws_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.drawn} of {self.candidates}, {self.at:%Y-%m-%d}"


class SurveyQuerySet(models.QuerySet["Survey"]):
    def due(self, at: datetime) -> "SurveyQuerySet":
        return self.filter(sent_at=None, skipped="", send_at__lte=at)


class Survey(models.Model):
    """The question after solving: satisfied, mollified or dissatisfied, settled at the first contact, would they buy
    again and recommend us, how many they told, and which problems they had that nobody told us of."""

    ticket = models.OneToOneField("helpdesk.Ticket", models.CASCADE, related_name="+")
    # Unguessable; the address of the page is all a customer needs.
    key = models.CharField(max_length=43, unique=True)
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    # The draw that decided whether it is sent, the rule it went by (none: all are asked), and the chance it had. Null
    # in surveys from before there was one: everybody was asked.
    drawn_in = models.ForeignKey(AskDraw, models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(AskRule, models.SET_NULL, null=True, related_name="+")
    chance = models.FloatField(null=True)
    # Why it was not sent: not drawn, no address, asked lately, reopened.
    skipped = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    would_buy_again = models.BooleanField(null=True)
    told_others = models.PositiveSmallIntegerField(null=True)
    # Null and empty in answers from before these were asked.
    settled_at_first = models.BooleanField(null=True)
    # From 0, not at all likely, to 10.
    would_recommend = models.PositiveSmallIntegerField(null=True)
    # Issues they were shown when asked "did anything else go wrong?", and those they said yes to.
    offered = ArrayField(models.BigIntegerField(), default=list)
    problems = ArrayField(models.BigIntegerField(), default=list)
    comment = models.TextField(blank=True)

    objects: ClassVar = SurveyQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["send_at"], name="survey_to_send", condition=Q(sent_at=None, skipped="")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_chance_is_at_most_one", condition=Q(chance=None) | Q(chance__gte=0, chance__lte=1)
            ),
            models.CheckConstraint(
                name="a_recommendation_is_at_most_ten",
                condition=Q(would_recommend=None) | Q(would_recommend__lte=10),
            ),
            models.CheckConstraint(
                name="nobody_has_a_problem_they_were_not_shown", condition=Q(offered__contains=F("problems"))
            ),
        ]

    def __str__(self) -> str:
        return f"Survey of #{self.ticket_id}"

    def is_open_to(self, *, at: datetime, days: int) -> bool:
        """An answer may be changed for some days; after that it counts."""
        return self.answered_at is None or (at - self.answered_at).days < days


class FollowUp(models.Model):
    """A customer said that they are not happy: somebody gets in touch and writes down what came of it."""

    survey = models.OneToOneField(Survey, models.CASCADE, related_name="follow_up")
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["opened_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["opened_at"], name="follow_up_to_do", condition=Q(done_at=None))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="done_follow_ups_say_what_came_of_it", condition=Q(done_at=None) | ~Q(note="")
            )
        ]

    def __str__(self) -> str:
        return f"Follow-up of #{self.survey.ticket_id}"
