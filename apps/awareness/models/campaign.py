"""Rows of asking customers to complain: we can only solve problems we know about."""

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk import events

if TYPE_CHECKING:
    from helpdesk.models import User


class Where(models.TextChoices):
    """Where customers are asked."""

    INVOICE = "invoice", _("Link on the invoice")
    PACKAGING = "packaging", _("Code on the packaging")
    BANNER = "banner", _("Banner on the website")
    SURVEY = "survey", _("Survey")
    OTHER = "other", _("Elsewhere")


class Via(models.TextChoices):
    """How somebody came to a campaign's page."""

    LINK = "link", _("Link")
    CODE = "code", _("QR code")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def running(self, on: date) -> "CampaignQuerySet":
        return self.filter(starts_on__lte=on, ends_on__gte=on)


class Campaign(models.Model):
    """Customers are asked, somewhere and for some days, to tell us what goes wrong; each has an address of its own.

    Tickets that come through it carry its key, and the analysis counts them apart: more of them is no worse quality.
    """

    # In the short address, in the QR code, and on the tickets.
    key = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=120)
    where = models.CharField(max_length=10, choices=Where.choices)
    # What customers read above the form.
    question = models.TextField(max_length=1_000)
    starts_on = models.DateField()
    ends_on = models.DateField()
    # For whom; empty: for everybody.
    segment = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=60, blank=True)
    # How many saw it, entered or counted elsewhere: invoices sent, parcels packed; null while nobody knows.
    reach = models.PositiveIntegerField(null=True, blank=True)
    # The aided list: problems customers are reminded of, in their own words.
    issues = models.ManyToManyField("helpdesk.Issue", related_name="+", blank=True)
    # What they are asked about happened in the last so many days.
    days_back = models.PositiveSmallIntegerField(default=90)
    # Its days in the calendar of what happened: so the analysis knows of it.
    entry = models.ForeignKey("analysis.CalendarEntry", models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar = CampaignQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-starts_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_campaign_ends_after_it_begins", condition=Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return self.name

    # Mutators

    def record(self, kind: str, *, by: "User", at: datetime, **data: object) -> None:
        data = {
            "name": self.name, "from": self.starts_on.isoformat(), "to": self.ends_on.isoformat(), **data
        }  # fmt: skip
        events.record(kind, about=f"campaign:{self.pk}", by=by, at=at, data=data)

    # Properties

    def stands(self, on: date) -> str:
        if on < self.starts_on:
            return "planned"
        return "running" if on <= self.ends_on else "over"

    @property
    def is_for_some(self) -> bool:
        return bool(self.segment or self.region)


class CampaignVisits(models.Model):
    """How often the page of a campaign was opened on a day, by its link or its code."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="visits")
    day = models.DateField()
    via = models.CharField(max_length=4, choices=Via.choices)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "day", "via"], name="one_count_of_visits_a_day_and_way"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign}, {self.day}: {self.number} by {self.get_via_display()}"


class CampaignReply(models.Model):
    """One customer answered a campaign: ticked problems, and perhaps wrote to us, which is the ticket."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="replies")
    at = models.DateTimeField()
    via = models.CharField(max_length=4, choices=Via.choices)
    ticket = models.OneToOneField("helpdesk.Ticket", models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["campaign", "at"], name="replies_of_a_campaign")]

    def __str__(self) -> str:
        return f"{self.campaign}, {self.at:%-d %b %Y}"


class CampaignProblem(models.Model):
    """A problem of the aided list that somebody had, and whether they had told us before we asked."""

    reply = models.ForeignKey(CampaignReply, models.CASCADE, related_name="problems")
    issue = models.ForeignKey("helpdesk.Issue", models.PROTECT, related_name="+")
    told = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reply", "issue"], name="a_problem_once_a_reply")
        ]

    def __str__(self) -> str:
        return f"{self.issue}: {'told' if self.told else 'not told'}"
