"""What answers are made from: macros, and the guidance of an issue."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from apps.response import macros
from apps.response.models import Guidance, Macro, Then
from helpdesk import events
from helpdesk.errors import Invalid
from helpdesk.models import Department, Issue, User
from helpdesk.permissions import require


@transaction.atomic
def save_macro(
    *,
    name: str,
    body: str,
    then: str = Then.STAY,
    department: Department | None = None,
    is_active: bool = True,
    macro: Macro | None = None,
    by: User,
    at: datetime,
) -> Macro:
    """Make a macro, or change one. Raises Invalid for a field nobody can fill, or a name that is taken."""
    require(by, "response.manage")
    if unknown := macros.unknown_fields(body):
        raise Invalid(
            f"Unknown field: {', '.join(unknown)}. Known: {', '.join(macros.FIELDS)}.", pointer="body"
        )
    macro = macro or Macro()
    macro.name, macro.body, macro.then = name.strip(), body, Then(then)
    macro.department, macro.is_active = department, is_active
    try:
        with transaction.atomic():
            macro.save()
    except IntegrityError as error:
        raise Invalid(f"There is a macro named “{macro.name}” already.", pointer="name") from error
    return macro


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
