from datetime import datetime

from django.db import transaction

from apps.awareness.models import Campaign
from helpdesk.models import Ticket, User
from helpdesk.permissions import require


@transaction.atomic
def unmark_unknown(*, by: User, at: datetime) -> int:
    """Take the mark from tickets that name a campaign there is none of, so that nothing is left out of the counts by
    a word: who opens tickets by program may write anything there. Returns how many."""
    require(by, "awareness.publish")
    known = Campaign.objects.values("key")
    marked = Ticket.objects.exclude(campaign="").exclude(campaign__in=known)
    tickets = list(
        marked.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")[:1000]
    )
    for ticket in tickets:
        ticket.unmark(by=by, at=at)
    return len(tickets)
