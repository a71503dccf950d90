"""What answers are made from: the guidance of an issue."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from apps.response.models import Guidance
from helpdesk import events
from helpdesk.errors import Invalid
from helpdesk.models import Issue, User
from helpdesk.permissions import require


@transaction.atomic
def save_guidance(
    *,
    issue: Issue,
    questions: str = "",
    solution_space: str = "",
    explanation: str = "",
    prevention_tip: str = "",
    known_error: str = "",
    agent_limit: Decimal = Decimal(0),
    lead_limit: Decimal = Decimal(0),
    by: User,
    at: datetime,
) -> Guidance:
    """Write down how an issue is answered; to save what stands already is no event.

    Raises Invalid when a lead could give less than an agent.
    """
    require(by, "response.manage")
    if not 0 <= agent_limit <= lead_limit:
        raise Invalid("A lead may give at least as much as an agent.", pointer="lead_limit")
    given = {
        "questions": questions,
        "solution_space": solution_space,
        "explanation": explanation,
        "prevention_tip": prevention_tip,
        "known_error": known_error,
        "agent_limit": agent_limit,
        "lead_limit": lead_limit,
    }
    guidance, created = Guidance.objects.select_for_update(of=("self",), no_key=True).get_or_create(
        issue=issue, defaults=given
    )
    changed = sorted(given if created else (name for name in given if getattr(guidance, name) != given[name]))
    for name in changed:
        setattr(guidance, name, given[name])
    if changed:
        guidance.save(update_fields=changed)
        data = {"issue": issue.pk, "changed": changed}
        events.record("guidance.saved", about=f"issue:{issue.pk}", by=by, at=at, data=data)
    return guidance
