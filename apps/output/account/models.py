import hashlib
import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from helpdesk.models import Customer, CustomerAddress

LINK_FOR = timedelta(minutes=20)
KEPT_FOR = timedelta(days=30)  # since it was last used
SEEN_EVERY = timedelta(hours=12)  # a visit within it costs no write


def new_secret() -> str:
    """256 bits; what is stored is `hash_of` it, so that a copy of the database opens nothing."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# The address still speaks for the customer, and the customer is still one: neither merged into another nor erased.
STANDS = (
    Q(customer__merged_into=None, customer__anonymised_at=None, address__customer=F("customer"))
    & (
        Q(address__email=F("customer__email"))
        | Q(address__reached_at__isnull=False, address__agreed_at__isnull=False)
    )
)  # fmt: skip


class SignInLink(models.Model):
    """A link we sent to an address of a customer, which opens one session once."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    # With the address goes what was opened from it.
    address = models.ForeignKey(CustomerAddress, models.CASCADE, related_name="+")
    secret = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"Link for customer {self.customer_id}"

    @classmethod
    def usable(cls, secret: str, at: datetime) -> "models.QuerySet[SignInLink]":
        return cls.objects.filter(STANDS, secret=hash_of(secret), used_at=None, made_at__gt=at - LINK_FOR)


class CustomerSession(models.Model):
    """A browser in which a customer is signed in, until they end it, or do not come for thirty days."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    address = models.ForeignKey(CustomerAddress, models.CASCADE, related_name="+")
    secret = models.CharField(max_length=64, unique=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-seen_at", "-id"]

    def __str__(self) -> str:
        return f"Session of customer {self.customer_id}"

    @classmethod
    def standing(cls, at: datetime) -> "models.QuerySet[CustomerSession]":
        return cls.objects.filter(STANDS, seen_at__gt=at - KEPT_FOR)

    def see(self, *, at: datetime) -> bool:
        """Note the visit; whether its thirty days begin anew."""
        if at - self.seen_at < SEEN_EVERY:
            return False
        self.seen_at = at
        self.save(update_fields=["seen_at"])
        return True
