"""What customers are asked and told, for the browser to look at."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from apps.awareness.models import OutreachCustomer
from apps.awareness.services import (
    answer_campaign,
    count_visit,
    draft_outreach,
    open_campaign,
    start_outreach,
)
from apps.intake.services import Contact
from helpdesk.models import Customer
from tests.analysis.world import World
from tests.factories import NOW


def ask_customers(world: World) -> dict[str, str]:
    """A campaign that is on, and what customers answered; the page they see asks the real clock."""
    day, cast = timezone.localdate(), world.cast
    row = open_campaign(
        name="Invoices of spring", where="invoice", question="Was everything right with your last order?",
        starts_on=day - timedelta(days=3), ends_on=day + timedelta(days=11), reach=4_000, issues=world.issues,
        by=cast.nils, at=timezone.now(),
    )  # fmt: skip
    for number in range(24):
        said = {world.charged: number % 4 == 0, world.late: False} if number % 3 else {world.charged: False}
        words = (
            ("It was charged twice", Contact(email=f"asked{number}@customer.test"))
            if not number % 6
            else ("", None)
        )
        answer_campaign(
            campaign=row, problems=said, body=words[0], contact=words[1], via="code" if number % 2 else "link",
            by=cast.system, at=timezone.now(),
        )  # fmt: skip
    count_visit(campaign=row, via="code", at=timezone.now())
    return tell_ahead(world) | {
        "campaign": reverse("campaign", kwargs={"pk": row.pk}), "asked": reverse("asked", kwargs={"key": row.key}),
        "edit_campaign": reverse("edit_campaign", kwargs={"pk": row.pk}),
    }  # fmt: skip


def tell_ahead(world: World) -> dict[str, str]:
    """A letter whose lots are drawn, and the page on which one who got it asks us to stop."""
    cast = world.cast
    Customer.objects.bulk_create(
        Customer(email=f"told{n}@customer.test", name=f"Kim {n}", created_at=NOW) for n in range(40)
    )
    row = draft_outreach(
        kind="how_to", issue=world.late, subject="Where your parcel is", body="Hello {name}, see {help}.",
        held_back=0.5, by=cast.nils, at=NOW,
    )  # fmt: skip
    start_outreach(outreach=row, by=cast.nils, at=NOW)
    lot = OutreachCustomer.objects.filter(outreach=row, held=False).earliest("pk")
    return {
        "outreach": reverse("outreach", kwargs={"pk": row.pk}),
        "no_letters": reverse("stop_letters", kwargs={"key": lot.key}),
    }
