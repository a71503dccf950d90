"""Whom customers belong to: the lettings with the most tickets have a domain, a person who looks after all, a value."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count

from apps.output.organisations import services
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import Customer, Organisation, Ticket

WRITTEN = timedelta(hours=1)  # ago
VALUES: tuple[dict[str, Any], ...] = (
    {"value": Decimal(48_000), "segment": "Landlord"},
    {"managers_may": "comment"},
    {},
)
MEMBERS = 4  # of each, besides whom it has


def open_organisations(world: World, house: House) -> None:
    """Three of them; neighbours who wrote join in, so that there is somebody to look after."""
    by: Any = {"by": house.admin, "at": world.now - WRITTEN}
    asked = Ticket.objects.exclude(customer__member_of=None).order_by()
    most = asked.values("customer__member_of").annotate(n=Count("pk")).order_by("-n", "customer__member_of")
    rows = {
        row.pk: row
        for row in Organisation.objects.filter(pk__in=[one["customer__member_of"] for one in most[:3]])
    }
    found = [rows[one["customer__member_of"]] for one in most[: len(VALUES)]]
    alone = Customer.objects.filter(member_of=None, merged_into=None).exclude(email=None)
    writers = alone.filter(pk__in=Ticket.objects.open().values("customer")).order_by("pk")
    neighbours = list(writers[: MEMBERS * len(found)])
    for place, (organisation, values) in enumerate(zip(found, VALUES, strict=False)):
        if values:
            services.change_organisation(organisation=organisation, values=values, **by)
        domain = f"{organisation.name.split()[0].lower()}-lettings.example"
        services.claim_domain(organisation=organisation, domain=domain, **by)
        join = neighbours[place * MEMBERS : (place + 1) * MEMBERS]
        Customer.objects.filter(pk__in=[one.pk for one in join]).update(member_of=organisation)
        manager = organisation.members.exclude(email=None).order_by("pk").first()
        if manager is not None:
            services.appoint(customer=manager, is_manager=True, **by)
