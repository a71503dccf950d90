from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from helpdesk.models import User


class EntryKind(models.TextChoices):
    RELEASE = "release", _("Release")
    PRICE = "price", _("Price or fee")
    CAMPAIGN = "campaign", _("Campaign")
    OUTAGE = "outage", _("Outage")
    POLICY = "policy", _("Policy or process")
    ASKED = "asked", _("We asked for complaints")
    OTHER = "other", _("Other")


class EntryQuerySet(models.QuerySet["CalendarEntry"]):
    def standing(self) -> "EntryQuerySet":
        return self.filter(withdrawn_at=None)

    def touching(self, first: date, last: date) -> "EntryQuerySet":
        """Those that begin or go on between two days."""
        return self.standing().filter(day__lte=last).filter(Q(until__gte=first) | Q(day__gte=first))

    def about(self, *, product: str = "", region: str = "") -> "EntryQuerySet":
        """Those of this product or region, and those of all of them; nothing given asks for no part of it."""
        found = self
        if product:
            found = found.filter(Q(product=None) | Q(product__code=product))
        if region:
            found = found.filter(region__in=["", region])
        return found


class CalendarEntry(models.Model):
    """Something that happened in the company and may be behind a change in contacts: a release, a price, a campaign.

    Causes are held against it. An entry made by mistake is withdrawn, and stays: a test may have named it.
    """

    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    day = models.DateField()
    # The last day of what went on for longer.
    until = models.DateField(null=True, blank=True)
    # Null and empty: everywhere.
    product = models.ForeignKey("helpdesk.Product", models.PROTECT, null=True, blank=True, related_name="+")
    region = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=200)
    added_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar = EntryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-day", "-id"]
        indexes: ClassVar = [models.Index(fields=["day"], name="calendar_by_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "day", "product", "region", "words"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
                name="a_happening_once",
            ),
            models.CheckConstraint(
                name="an_entry_ends_after_it_begins", condition=Q(until=None) | Q(until__gte=F("day"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%-d %b %Y}: {self.words}"

    # Mutators

    def withdraw(self, *, by: "User", at: datetime) -> None:
        self.withdrawn_by, self.withdrawn_at = by, at
        self.save(update_fields=["withdrawn_by", "withdrawn_at"])
