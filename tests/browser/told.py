"""What customers are asked and told, for the browser to look at."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from apps.awareness.services import answer_campaign, count_visit, open_campaign
from apps.intake.services import Contact
from tests.analysis.world import World


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
    return {
        "campaign": reverse("campaign", kwargs={"pk": row.pk}), "asked": reverse("asked", kwargs={"key": row.key})
    }  # fmt: skip
