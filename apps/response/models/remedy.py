from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from helpdesk.models import Issue, Remedy, Role, Ticket, User

YEAR = timedelta(days=365)
MONEY = (Remedy.REFUND, Remedy.CREDIT, Remedy.REPLACEMENT)
# Who may give something without asking, the least first.
RANKS = (Role.AGENT, Role.LEAD, Role.ADMIN)


def rank_of(role: str) -> int:
    """How far somebody's authority goes: programs have that of an agent."""
    return RANKS.index(Role(role)) if role in RANKS else 2 if role == Role.SYSTEM else 0


class OfferQuerySet(models.QuerySet["Offer"]):
    def in_force(self) -> "OfferQuerySet":
        return self.filter(retired_at=None)

    def for_segment(self, segment: str) -> "OfferQuerySet":
        return self.in_force().filter(Q(segment="") | Q(segment__iexact=segment))


@pghistory.track(append_only=True)
class Offer(models.Model):
    """One thing that may be given for an issue, and how much of it by whom without asking."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="+")
    remedy = models.CharField(max_length=12, choices=Remedy.choices)
    words = models.CharField(max_length=200)
    # Empty: for every customer.
    segment = models.CharField(max_length=60, blank=True)
    # From which role on it is given without asking, whatever it costs.
    alone_from = models.CharField(
        max_length=12, choices=[(role.value, role.label) for role in RANKS], default=Role.AGENT
    )
    # The most of it that each role may give without asking; 0 is nothing. Of money alone.
    agent_limit = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    lead_limit = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = OfferQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_lead_may_offer_as_much_as_an_agent",
                condition=Q(agent_limit__gte=0) & Q(lead_limit__gte=models.F("agent_limit")),
            )
        ]

    def __str__(self) -> str:
        return self.words

    # Properties

    @property
    def is_money(self) -> bool:
        return self.remedy in MONEY

    def limit_of(self, role: str) -> Decimal | None:
        """The most this role may give of it without asking; None where there is no limit."""
        rank = rank_of(role)
        if rank >= RANKS.index(Role.ADMIN):
            return None
        if rank < RANKS.index(Role(self.alone_from)):
            return Decimal(0)
        return self.lead_limit if rank else self.agent_limit

    def is_free_to(self, role: str) -> bool:
        """Whether this role may give it at all without asking."""
        return rank_of(role) >= RANKS.index(Role(self.alone_from))


@pghistory.track(append_only=True)
class RemedyCeiling(models.Model):
    """One row: how much money may be given without asking in all, by one person in a day, to one customer in a year."""

    per_day = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    per_customer = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.per_day} a day, {self.per_customer} a customer"


def our_currency() -> str:
    return str(settings.CURRENCY)


class GivenRemedyQuerySet(models.QuerySet["GivenRemedy"]):
    def standing(self) -> "GivenRemedyQuerySet":
        return self.filter(struck_at=None)

    def lately_to(self, customer: int, *, at: datetime) -> "GivenRemedyQuerySet":
        """To one customer, on all their tickets, within the 12 months before."""
        return self.standing().filter(ticket__customer=customer, given_at__gt=at - YEAR)

    def money(self) -> Decimal:
        total: Decimal | None = self.order_by().aggregate(money=models.Sum("amount"))["money"]
        return total or Decimal(0)


class GivenRemedy(models.Model):
    """Something a customer was given for an issue, money or not. It is never changed: a wrong one is struck out."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, models.SET_NULL, null=True, blank=True, related_name="+")
    remedy = models.CharField(max_length=12, choices=Remedy.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=8, default=our_currency)
    reason = models.CharField(max_length=200, blank=True)
    # What was to be read beside the ticket when it was given; null where there was no guidance.
    guidance_version = models.PositiveIntegerField(null=True, blank=True)
    # Null: brought in from a time before people were written down with it.
    given_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    struck_why = models.CharField(max_length=200, blank=True)

    objects: ClassVar = GivenRemedyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["given_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["given_at"], name="remedy_over_time", condition=Q(struck_at__isnull=True)),
            models.Index(fields=["given_by", "given_at"], name="remedy_of_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_amount_is_of_money",
                condition=Q(amount__isnull=True)
                | Q(amount__gte=0, remedy__in=[remedy.value for remedy in MONEY]),
            ),
            models.CheckConstraint(
                name="what_was_struck_says_who_and_why",
                condition=Q(struck_at__isnull=True, struck_by__isnull=True, struck_why="")
                | (Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_why="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_remedy_display()} on #{self.ticket_id}"

    @property
    def is_struck(self) -> bool:
        return self.struck_at is not None
