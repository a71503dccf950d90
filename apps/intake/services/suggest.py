"""Which issue a ticket is about, what it speaks of besides, and whether it fits any: said once for each new one."""

from datetime import datetime

from django.db import transaction

from apps.intake import suggestion
from apps.intake.blind import is_blind
from apps.intake.models import Suggestion, TextFit
from apps.intake.services.learn import current_model
from apps.intake.suggestion import NotEnoughIssues, Reading
from apps.intake.words import joined
from helpdesk.models import Direction, Issue, Ticket, User
from helpdesk.permissions import require

TOP = 3


@transaction.atomic
def suggest_issue(*, ticket: Ticket, by: User, at: datetime) -> list[Suggestion]:
    """Store the likeliest issues of a ticket, further ones its sentences name, and how it fits; again gives the same
    rows, never more. Hands back the three likeliest, of a blind ticket too."""
    require(by, "intake.receive")
    try:
        row, model = current_model(at)
    except NotEnoughIssues:
        return []
    [reading] = suggestion.read(model, [_text(ticket)], top=TOP)
    Suggestion.objects.filter(ticket=ticket).delete()
    TextFit.objects.update_or_create(
        ticket=ticket,
        defaults={
            "novelty": reading.whole.novelty,
            "fits_no_code": reading.whole.fits_no_code,
            "is_blind": is_blind(ticket.pk),
            "model_id": row.pk,
        },
    )
    stored = Suggestion.objects.bulk_create(_rows(ticket, reading, row.pk))
    return [one for one in stored if not one.is_further]


def _rows(ticket: Ticket, reading: Reading, model_id: int) -> list[Suggestion]:
    found = [(one.code, one.confidence, False) for one in reading.whole.suggestions]
    found += [(one.code, one.confidence, True) for one in reading.further]
    issues = {issue.code: issue for issue in Issue.objects.filter(code__in=[code for code, _, _ in found])}
    return [
        Suggestion(
            ticket=ticket,
            issue=issues[code],
            rank=rank,
            confidence=confidence,
            is_further=is_further,
            model_id=model_id,
        )
        for rank, (code, confidence, is_further) in enumerate(found, 1)
        if code in issues
    ]


def _text(ticket: Ticket) -> str:
    first = ticket.messages.filter(direction=Direction.IN).values_list("body", flat=True).first() or ""
    return joined(ticket.subject, first)
