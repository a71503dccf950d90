from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from helpdesk.marked import Marked
from helpdesk.models import Channel

if TYPE_CHECKING:
    from helpdesk.models import User


class Parameter(models.TextChoices):
    """The numbers the money model needs; none of them has a default."""

    CUSTOMER_BASE = "customer_base", _("Customers")
    CUSTOMER_VALUE = "customer_value", _("Value of a customer a year")
    MULTIPLIER = "multiplier", _("Customers with the problem for each who tells us")
    LOSS_SATISFIED = "loss_satisfied", _("Share leaving when satisfied with the answer")
    LOSS_MOLLIFIED = "loss_mollified", _("Share leaving when mollified")
    LOSS_DISSATISFIED = "loss_dissatisfied", _("Share leaving when dissatisfied")
    LOSS_SILENT = "loss_silent", _("Share leaving without telling us")
    CONTACT_COST = "contact_cost", _("Cost of handling a contact")
    MISROUTE_COST = "misroute_cost", _("Cost of handing a ticket to the right department")
    WORD_OF_MOUTH = "word_of_mouth", _("Customers lost for each person told")


# The units of our own presets; any other is what somebody wrote.
UNITS = {"share": pgettext_lazy("unit", "share"), "customers": pgettext_lazy("unit", "customers")}


class AssumptionQuerySet(models.QuerySet["Assumption"]):
    def in_force(self, on: date, *, known_at: datetime | None = None) -> Self:
        """The row that holds on this day of each kind, among those written down by `known_at`.

        Of several rows the one valid from the latest day holds, and of the same day the one written last: so
        a figure of the past is computed with what was assumed then, whatever was set since.
        """
        rows = self.filter(valid_from__lte=on)
        if known_at is not None:
            rows = rows.filter(set_at__lte=known_at)
        kind = ("parameter", "issue_id", "channel", "segment")
        return rows.order_by(*kind, "-valid_from", "-set_at", "-pk").distinct(*kind)


@pghistory.track(append_only=True)
class Assumption(models.Model):
    """One number of the money model from a day on: where it comes from, for whom it holds, how sure we are of it,
    and who answers for it.

    Rows are only added: a new number is a new row, and the old one goes on holding for the days before.
    """

    parameter = models.CharField(max_length=20, choices=Parameter.choices)
    # Null and "": for every issue, channel, segment that has no row of its own.
    issue = models.ForeignKey("helpdesk.Issue", models.CASCADE, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    segment = models.CharField(max_length=60, blank=True)
    low = models.DecimalField(max_digits=14, decimal_places=4)
    likely = models.DecimalField(max_digits=14, decimal_places=4)
    high = models.DecimalField(max_digits=14, decimal_places=4)
    unit = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=250)
    # When the source measured it; `valid_from` is the first day it is computed with.
    dated_on = models.DateField()
    valid_from = models.DateField()
    population = models.CharField(max_length=200, blank=True)
    # Who answers for the number; null for rows older than the column: then whoever set it does.
    owner = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, blank=True, related_name="+")
    set_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects: ClassVar = AssumptionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["parameter", "issue_id", "channel", "segment", "valid_from", "set_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="low_likely_high_in_order",
                condition=Q(low__lte=F("likely")) & Q(likely__lte=F("high")) & Q(low__gte=0),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["parameter", "issue", "-valid_from"], name="assumption_in_force")
        ]
        triggers: ClassVar = [pgtrigger.ReadOnly(name="a_number_set_stays_as_it_was")]

    def __str__(self) -> str:
        return f"{self.get_parameter_display()}: {self.likely.normalize():f} ({self.source})"

    # Properties

    @property
    def key(self) -> str:
        """What it is a number of, the same for every version of it: “multiplier|12|email|”."""
        return f"{self.parameter}|{self.issue_id or ''}|{self.channel}|{self.segment}"

    @property
    def numbers(self) -> tuple[str, str, str]:
        """Low, likely and high, without the noughts the column fills them up with."""
        low, likely, high = (f"{value.normalize():f}" for value in (self.low, self.likely, self.high))
        return low, likely, high

    @property
    def unit_label(self) -> Marked:
        return UNITS.get(self.unit, self.unit)

    @property
    def answers_for(self) -> "User":
        return self.owner or self.set_by

    @property
    def holds_for(self) -> str:
        """“Charged twice · Email · Business”; empty when it holds for everybody."""
        parts = (str(self.issue) if self.issue else "", self.get_channel_display(), self.segment)
        return " · ".join(part for part in parts if part)
