from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk import events
from helpdesk.marked import Marked
from helpdesk.models.user import Role

if TYPE_CHECKING:
    from helpdesk.models.user import User

# What is known of a customer, as people read it.
CUSTOMER_LABELS: dict[str, Marked] = {
    "name": _("Name"),
    "address": _("Address"),
    "phone": _("Phone"),
    "organisation": _("Organisation"),
    "segment": _("Segment"),
    "region": _("Region"),
    "language": _("Language"),
    "time_zone": _("Time zone"),
    "value": _("Value a year"),
    "joined_on": _("Customer since"),
    "left_on": _("Left on"),
    "external_id": _("Number in another system"),
    "email": _("E-mail"),
    "manager": _("Manager"),
    "merged": _("Merged"),
    "no longer merged": _("No longer merged"),
}


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: "User") -> "CustomerQuerySet":
        """The customers this person may know of: whoever sees all tickets sees all of them, everybody else those
        of whom they see a ticket."""
        from helpdesk.models.ticket import Ticket

        if not user.is_active:
            return self.none()
        standing = self.filter(merged_into=None)
        if user.role == Role.CUSTOMER:
            return standing.filter(pk=user.customer_id)
        if user.role in {Role.ADMIN, Role.ANALYST, Role.SYSTEM} or (
            user.role == Role.API_CLIENT and user.department_id is None
        ):
            return standing
        # A semi-join alone, so that the planner may begin at either end: few tickets, or the customers.
        seen = Ticket.objects.visible_to(user).filter(customer=models.OuterRef("pk"))
        return standing.filter(models.Exists(seen))


class CustomerManager(models.Manager["Customer"]):
    """Factories of customers."""

    def get_queryset(self) -> CustomerQuerySet:
        return CustomerQuerySet(self.model, using=self._db)

    def visible_to(self, user: "User") -> CustomerQuerySet:
        return self.get_queryset().visible_to(user)

    def known_by(self, *, email: str, name: str = "", at: datetime, **fields: object) -> "Customer":
        """The customer with this address, made now if there is none; two callers at once get the same row."""
        email = email.strip().lower()
        if found := self.filter(addresses__email=email).first():
            return found
        # An upsert, not get_or_create: one statement, and a concurrent insert gives its row instead of an error.
        self.bulk_create(
            [self.model(email=email, name=name, created_at=at, **fields)],
            ignore_conflicts=True,
        )
        return self.get(email=email)


class Customer(models.Model):
    """A person or household we serve; the unit in which damage and risk are counted."""

    # The primary one of `addresses`, to which we write. Lower case; null where people are known by phone alone.
    email = models.EmailField(max_length=254, null=True, blank=True, unique=True)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    # The name of the one they are a member of, as lists show it; the database keeps the two together (migration 0015).
    organisation = models.CharField(max_length=200, blank=True)
    member_of = models.ForeignKey(
        "helpdesk.Organisation", models.PROTECT, null=True, blank=True, related_name="members", db_index=False
    )
    # Tickets from before are not its managers' to see: they came with the one the customer was a member of before.
    member_since = models.DateTimeField(null=True, blank=True)
    # Sees the tickets of the organisation, as far as it allows (`Ticket.objects.visible_to_customer`).
    is_manager = models.BooleanField(default=False, db_default=False)
    segment = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=60, blank=True)
    # Profit a year, in the company's currency; null means unknown, never zero.
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    language = models.CharField(max_length=10, blank=True)
    # As they chose it; empty where nobody did.
    time_zone = models.CharField(max_length=40, blank=True, default="", db_default="")
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    # Their name in another system; null, never empty.
    external_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    # Of the primary address: set by a hard bounce, cleared when it expires or a mail comes in. Each has its own in
    # `addresses`; this one is asked for with the customer.
    undeliverable_until = models.DateTimeField(null=True, blank=True)
    # Two rows turned out to be one person: this one is empty, and leads to the other.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    # Erased on request: the row stays countable, the person is gone from it.
    anonymised_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[CustomerManager] = CustomerManager()

    class Meta:
        indexes: ClassVar = [
            # Names are found with a slip of the pen in them.
            GinIndex(OpClass("name", name="gin_trgm_ops"), name="customer_name_like"),
            # A number is found by any part of it, as callers give it with or without the country.
            GinIndex(OpClass("phone", name="gin_trgm_ops"), name="customer_phone_like"),
            GinIndex(OpClass("organisation", name="gin_trgm_ops"), name="customer_organisation_like"),
            models.Index(
                fields=["member_of"],
                name="customer_of_organisation",
                condition=models.Q(member_of__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="merged_customers_have_no_address",
                condition=models.Q(merged_into=None) | models.Q(email=None),
            ),
            models.CheckConstraint(
                name="managers_are_members",
                condition=models.Q(is_manager=False) | models.Q(member_of__isnull=False),
            ),
            models.CheckConstraint(name="customer_email_not_empty", condition=~models.Q(email="")),
            models.CheckConstraint(
                name="customer_external_id_not_empty", condition=~models.Q(external_id="")
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or f"Customer {self.pk}"

    # Mutators

    def bounces(self, at: datetime) -> bool:
        """Whether mail to their primary address came back lately, so that none is tried."""
        return self.undeliverable_until is not None and self.undeliverable_until > at

    def mark_undeliverable(self, *, until: datetime, email: str = "") -> None:
        """Mail to one of their addresses, the primary one if none is named, came back."""
        self._mark(email, until)

    def mark_deliverable(self, email: str = "") -> None:
        """They wrote from there: somebody is there again."""
        self._mark(email, None)

    def _mark(self, email: str, until: datetime | None) -> None:
        email = email.strip().lower() or self.email or ""
        if email != self.email or self.undeliverable_until != until:
            rows = self.addresses.filter(email=email)
            (rows if until else rows.exclude(undeliverable_until=None)).update(undeliverable_until=until)
        if email == self.email and self.undeliverable_until != until:
            self.undeliverable_until = until
            self.save(update_fields=["undeliverable_until"])

    def note_language(self, language: str) -> None:
        """Which language they write in, as long as nobody said it."""
        self.language = language
        self.save(update_fields=["language"])

    def change(self, values: Mapping[str, Any], *, by: "User", at: datetime) -> list["CustomerChange"]:
        """Write what is known of them anew. What it was before is kept beside it; the event names the fields alone, for
        the log can't be made to forget."""
        changes = [
            CustomerChange(customer=self, field=name, before=_said(before), after=_said(value), by=by, at=at)
            for name, value in values.items()
            if (before := getattr(self, name)) != value
        ]
        if not changes:
            return []
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))
        CustomerChange.objects.bulk_create(changes)
        self.record("customer.changed", by=by, at=at, fields=[change.field for change in changes])
        return changes

    def record(self, kind: str, *, by: "User", at: datetime, **data: object) -> None:
        events.record(kind, about=f"customer:{self.pk}", by=by, at=at, data=data)

    # Queries

    def speaks_from(self, email: str) -> bool:
        """Whether what comes from this address is this customer's word: their primary one, or a proven one. One that
        somebody merely claimed finds the customer for new tickets, and speaks for nobody."""
        email = email.strip().lower()
        return email == self.email or (bool(email) and self.addresses.proven().filter(email=email).exists())

    def is_visible_to(self, user: "User") -> bool:
        return Customer.objects.visible_to(user).filter(pk=self.pk).exists()


def _said(value: object) -> str:
    """As the history shows it."""
    return "" if value is None else str(value)[:300]


class CustomerChange(models.Model):
    """One thing that somebody wrote anew about a customer. A table of its own, and not the log of events, because it
    holds what is known of a person and goes when the person asks to be forgotten."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=40)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["customer", "-id"], name="change_of_customer")]

    def __str__(self) -> str:
        return f"{self.field} of {self.customer}"

    @property
    def label(self) -> Marked:
        return CUSTOMER_LABELS.get(self.field) or self.field.replace("_", " ").capitalize()


class Participant(models.Model):
    """Somebody besides the customer who takes part in a ticket by mail: copied, or joined by answering."""

    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="participants")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "email"], name="one_participant_per_address")
        ]

    def __str__(self) -> str:
        return self.name or self.email
