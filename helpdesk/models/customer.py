from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models


class CustomerManager(models.Manager["Customer"]):
    """Factories of customers."""

    def known_by(self, *, email: str, name: str = "", at: datetime, **fields: object) -> "Customer":
        """The customer with this address, made now if there is none; two callers at once get the same row."""
        email = email.strip().lower()
        if found := self.filter(email=email).first():
            return found
        # An upsert, not get_or_create: one statement, and a concurrent insert gives its row instead of an error.
        self.bulk_create(
            [self.model(email=email, name=name, created_at=at, **fields)],
            ignore_conflicts=True,
        )
        return self.get(email=email)


class Customer(models.Model):
    """A person or household we serve; the unit in which damage and risk are counted."""

    # Lower case; empty addresses are null, so that people known by phone alone can be many.
    email = models.EmailField(max_length=254, null=True, blank=True, unique=True)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    segment = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=60, blank=True)
    # Profit a year, in the company's currency; null means unknown, never zero.
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    language = models.CharField(max_length=10, blank=True)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    # Set by a hard bounce, cleared when it expires or a mail comes in.
    undeliverable_until = models.DateTimeField(null=True, blank=True)
    # Erased on request: the row stays countable, the person is gone from it.
    anonymised_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[CustomerManager] = CustomerManager()

    class Meta:
        indexes: ClassVar = [
            # Names are found with a slip of the pen in them.
            GinIndex(OpClass("name", name="gin_trgm_ops"), name="customer_name_like"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="customer_email_not_empty", condition=~models.Q(email="")),
        ]

    def __str__(self) -> str:
        return self.name or self.email or f"Customer {self.pk}"

    # Mutators

    def bounces(self, at: datetime) -> bool:
        """Whether mail to them came back lately, so that none is tried."""
        return self.undeliverable_until is not None and self.undeliverable_until > at

    def mark_undeliverable(self, *, until: datetime) -> None:
        self.undeliverable_until = until
        self.save(update_fields=["undeliverable_until"])

    def mark_deliverable(self) -> None:
        if self.undeliverable_until is not None:
            self.undeliverable_until = None
            self.save(update_fields=["undeliverable_until"])

    def note_language(self, language: str) -> None:
        """Which language they write in, as long as nobody said it."""
        self.language = language
        self.save(update_fields=["language"])


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
