from datetime import datetime
from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.models import Channel, Outcome
from helpdesk.sentences import Share


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
        return gettext("%(share)s of %(fits)s") % {
            "share": Share(self.share),
            "fits": " · ".join(fits) or "all tickets",
        }


@pghistory.track(append_only=True)
class AskLimits(models.Model):
    """How sparingly customers are asked, whatever the rules say; there is one row at most."""

    class Always(models.TextChoices):
        COMPLAINT = "complaint", _("Complaints")
        REOPENED = "reopened", _("Tickets that were opened again")
        SEVERE = "severe", _("Tickets of high or critical severity")

    is_one = models.BooleanField(default=True, unique=True, editable=False)
    rest_days = models.PositiveSmallIntegerField(default=30)
    most_a_day = models.PositiveIntegerField(null=True, blank=True)
    # Asked about whatever the rules draw; a customer at rest is left in peace all the same.
    always = ArrayField(models.CharField(max_length=10, choices=Always.choices), default=list, blank=True)
    set_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return gettext("Not within %(rest_days)s days, %(most_a_day)s a day") % {
            "rest_days": self.rest_days,
            "most_a_day": self.most_a_day or "any number",
        }


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
        return gettext("%(drawn)s of %(candidates)s, %(at)s") % {
            "drawn": self.drawn,
            "candidates": self.candidates,
            "at": date_format(self.at, "Y-m-d"),
        }


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
        return gettext("Survey of #%(ticket_id)s") % {"ticket_id": self.ticket_id}

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
        return gettext("Follow-up of #%(ticket_id)s") % {"ticket_id": self.survey.ticket_id}
