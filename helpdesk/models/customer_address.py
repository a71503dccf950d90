from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from helpdesk.models.user import User


class CustomerAddressQuerySet(models.QuerySet["CustomerAddress"]):
    def proven(self) -> "CustomerAddressQuerySet":
        """Those from which the customer speaks: somebody reads there, and the customer said that it is theirs."""
        return self.filter(reached_at__isnull=False, agreed_at__isnull=False)


class CustomerAddress(models.Model):
    """An e-mail address of a customer. The one in `Customer.email` is the primary one, to which we write; the database
    sees to it that it stands here as well, whoever makes a customer (migration 0009).

    Two things prove a further one, and either alone proves nothing: somebody reads what we send there, and the customer
    says, from an address we know already, that it is theirs (docs/decisions/0022).
    """

    customer = models.ForeignKey("helpdesk.Customer", models.CASCADE, related_name="addresses")
    email = models.EmailField(max_length=254, unique=True)
    # Somebody pressed the button of a letter that went to this address.
    reached_at = models.DateTimeField(null=True, blank=True)
    # The customer agreed, by a letter that went to their primary address; or a colleague answers for it, with a reason.
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    # When the letters that ask for both were last sent.
    asked_at = models.DateTimeField(null=True, blank=True)
    undeliverable_until = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField()

    objects: ClassVar = CustomerAddressQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="customer_address_not_empty", condition=~Q(email="")),
        ]

    def __str__(self) -> str:
        return self.email

    # Mutators

    def note_reached(self, *, at: datetime) -> None:
        self.reached_at = self.reached_at or at
        self.save(update_fields=["reached_at"])

    def note_agreed(self, *, by: "User | None", reason: str, at: datetime) -> None:
        if self.agreed_at is None:
            self.agreed_at, self.agreed_by, self.reason = at, by, reason[:200]
            self.save(update_fields=["agreed_at", "agreed_by", "reason"])

    # Properties

    @property
    def is_proven(self) -> bool:
        return self.reached_at is not None and self.agreed_at is not None

    def bounces(self, at: datetime) -> bool:
        return self.undeliverable_until is not None and self.undeliverable_until > at


class CustomerPhone(models.Model):
    """A further phone number of a customer, in digits. One number may be several people's: it finds somebody, and
    proves nothing."""

    customer = models.ForeignKey("helpdesk.Customer", models.CASCADE, related_name="phones")
    number = models.CharField(max_length=40)
    added_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["number"], name="customer_by_number")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "number"], name="a_number_once_a_customer"),
        ]

    def __str__(self) -> str:
        return self.number
