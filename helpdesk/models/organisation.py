from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from helpdesk import events
from helpdesk.models.user import Role

if TYPE_CHECKING:
    from helpdesk.models.user import User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: "User") -> "OrganisationQuerySet":
        """The organisations this person may know of: whoever knows all customers knows all of them, everybody else
        those of whose members they see a ticket."""
        from helpdesk.models.ticket import Ticket

        standing = self.filter(merged_into=None)
        if not user.is_active or user.role == Role.CUSTOMER:
            return self.none()
        if user.role in {Role.ADMIN, Role.ANALYST, Role.SYSTEM, Role.LEAD} or (
            user.role == Role.API_CLIENT and user.department_id is None
        ):
            return standing
        seen = Ticket.objects.visible_to(user).filter(customer__member_of=models.OuterRef("pk"))
        return standing.filter(models.Exists(seen))

    def called(self, name: str) -> "OrganisationQuerySet":
        """The one of this name, in whatever case; a name that was merged away leads to the one that was kept."""
        asked = self.alias(known=Lower("name")).filter(known=Lower(models.Value(" ".join(name.split()))))
        kept = Organisation.objects.filter(pk__in=asked.exclude(merged_into=None).values("merged_into"))
        return self.filter(pk__in=asked.filter(merged_into=None).values("pk").union(kept.values("pk")))


class Organisation(models.Model):
    """A company, an association or an authority whose people are our customers.

    A customer is a member of one at most. Its name stands on each member as a word as well (`Customer.organisation`),
    for lists, promises of time and programs that ask for it; the database keeps the two together, whoever writes
    (migration 0015): a new word makes an organisation, and an address whose domain was claimed joins by itself.
    """

    class ManagersMay(models.TextChoices):
        NOTHING = "nothing", _("See their own tickets only")
        READ = "read", _("Read the tickets of all members")
        COMMENT = "comment", _("Read and write on the tickets of all members")

    name = models.CharField(max_length=200)
    segment = models.CharField(max_length=60, blank=True, default="", db_default="")
    # Profit a year, in the company's currency; null: what its members are worth together.
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    managers_may = models.CharField(
        max_length=8, choices=ManagersMay.choices, default=ManagersMay.READ, db_default=ManagersMay.READ.value
    )
    # Two rows turned out to be one organisation: this name leads to the other.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar = OrganisationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [
            GinIndex(OpClass("name", name="gin_trgm_ops"), name="organisation_name_like"),
            models.Index(fields=["merged_into"], name="organisation_merged"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="one_organisation_of_a_name"),
            models.CheckConstraint(name="organisation_has_a_name", condition=~models.Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    # Mutators

    def change(self, values: Mapping[str, Any], *, by: "User", at: datetime) -> list[str]:
        """Write what is known of it anew. The event names the fields alone: some are called like a person."""
        fields = [name for name, value in values.items() if getattr(self, name) != value]
        if fields:
            for name in fields:
                setattr(self, name, values[name])
            self.save(update_fields=fields)
            self.record("organisation.changed", by=by, at=at, fields=fields)
        return fields

    def record(self, kind: str, *, by: "User", at: datetime, **data: object) -> None:
        events.record(kind, about=f"organisation:{self.pk}", by=by, at=at, data=data)

    # Queries

    def is_visible_to(self, user: "User") -> bool:
        return Organisation.objects.visible_to(user).filter(pk=self.pk).exists()


class OrganisationDomain(models.Model):
    """A mail domain that is one organisation's alone: whoever writes from it for the first time joins by itself."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="domains")
    # Lower case, as in addresses: "acme.test".
    domain = models.CharField(max_length=253, unique=True)
    claimed_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["domain"]
        constraints: ClassVar = [
            models.CheckConstraint(name="domain_not_empty", condition=~models.Q(domain="")),
        ]

    def __str__(self) -> str:
        return self.domain
