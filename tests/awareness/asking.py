"""A campaign, and what customers answer it."""

from datetime import timedelta

from django.utils import timezone

from apps.awareness import services
from apps.awareness.models import Campaign, CampaignProblem, CampaignReply
from apps.intake.services import Contact
from tests.analysis.world import TODAY
from tests.factories import NOW

WORDS = {
    "name": "Invoices in May", "where": "invoice", "question": "Was everything right with your order?",
    "starts_on": TODAY - timedelta(days=7), "ends_on": TODAY + timedelta(days=7),
}  # fmt: skip


def answer(cast, campaign, problems=None, body="", email="", **fields):
    return services.answer_campaign(
        campaign=campaign, problems=problems or {}, body=body, contact=Contact(email=email) if email else None,
        by=cast.system, at=NOW, **fields,
    )  # fmt: skip


def answers(campaign, issue, *, told, silent):
    """So many replies at once, none of which wrote to us."""
    replies = CampaignReply.objects.bulk_create(
        CampaignReply(campaign=campaign, at=NOW, via="link") for _ in range(told + silent)
    )
    CampaignProblem.objects.bulk_create(
        CampaignProblem(reply=reply, issue=issue, told=n < told) for n, reply in enumerate(replies)
    )


def let_it_run(campaign):
    """The page asks the clock: let the campaign run today."""
    day = timezone.localdate()
    Campaign.objects.filter(pk=campaign.pk).update(
        starts_on=day - timedelta(days=1), ends_on=day + timedelta(days=1)
    )
