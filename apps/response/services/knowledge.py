"""What answers are made from: the guidance of an issue."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _t

from apps.response.models import GUIDANCE_FIELDS, FoundFact, Guidance, GuidanceEdition
from apps.response.models.knowledge import MAX_ANSWER, MAX_QUESTION
from apps.response.transitions import check_not_merged
from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Issue, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.signing import signed


class NoDraft(DomainError):
    """There is no draft of this guidance."""

    code = "no-draft"


@transaction.atomic
@signed
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
        raise Invalid(_t("A lead may give at least as much as an agent."), pointer="lead_limit")
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
    before = guidance.words()
    for name in changed:
        setattr(guidance, name, given[name])
    if changed:
        guidance.version += not created
        guidance.save(update_fields=[*changed, "version"])
        _keep_edition(guidance, before, by=by, at=at)
        data = {"issue": issue.pk, "changed": changed, "version": guidance.version}
        events.record("guidance.saved", about=f"issue:{issue.pk}", by=by, at=at, data=data)
    return guidance


def _keep_edition(guidance: Guidance, before: dict[str, str], *, by: User, at: datetime) -> None:
    """This version, and the one before it where nobody kept that."""
    editions, last = GuidanceEdition.objects.filter(issue=guidance.issue_id), guidance.version - 1
    if last and not editions.filter(number=last).exists():
        GuidanceEdition.objects.create(issue_id=guidance.issue_id, number=last, words=before, made_at=at)
    GuidanceEdition.objects.create(
        issue_id=guidance.issue_id, number=guidance.version, words=guidance.words(), made_by=by, made_at=at
    )


@transaction.atomic
def draft_guidance(*, issue: Issue, words: Mapping[str, Any], by: User, at: datetime) -> GuidanceEdition:
    """Keep the next version without anybody seeing it beside a ticket. Raises Invalid as publishing would."""
    require(by, "response.manage")
    said = {name: str(words.get(name, "")) for name in GUIDANCE_FIELDS}
    if not 0 <= _limits(said)[0] <= _limits(said)[1]:
        raise Invalid(_t("A lead may give at least as much as an agent."), pointer="lead_limit")
    row, _ = GuidanceEdition.objects.update_or_create(
        issue=issue, number=None, defaults={"words": said, "made_by": by, "made_at": at}
    )
    data = {"issue": issue.pk}
    events.record("guidance.drafted", about=f"issue:{issue.pk}", by=by, at=at, data=data)
    return row


@transaction.atomic
@signed
def publish_guidance(*, issue: Issue, by: User, at: datetime) -> Guidance:
    """The draft is what agents see from here on. Raises NoDraft."""
    require(by, "response.manage")
    rows = GuidanceEdition.objects.select_for_update(of=("self",), no_key=True)
    draft = rows.filter(issue=issue, number=None).first()
    if draft is None:
        raise NoDraft
    agent_limit, lead_limit = _limits(draft.words)
    texts = {name: draft.words[name] for name in GUIDANCE_FIELDS[:-2]}
    draft.delete()
    return save_guidance(issue=issue, **texts, agent_limit=agent_limit, lead_limit=lead_limit, by=by, at=at)


@transaction.atomic
def discard_guidance_draft(*, issue: Issue, by: User, at: datetime) -> None:
    """The draft goes; what is published stays. Raises NoDraft."""
    require(by, "response.manage")
    if not GuidanceEdition.objects.filter(issue=issue, number=None).delete()[0]:
        raise NoDraft


def _limits(words: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    return Decimal(words["agent_limit"] or 0), Decimal(words["lead_limit"] or 0)


@transaction.atomic
def note_fact(
    *, ticket: Ticket, issue: Issue, question: str, answer: str, by: User, at: datetime
) -> FoundFact | None:
    """Write down what was found out; an empty answer takes it back. The same again is no event.

    Raises Invalid without a question, or for an issue the ticket does not have.
    """
    require(by, "response.note", ticket)
    question, answer = (" ".join(words.replace("\0", "").split()) for words in (question, answer))
    if not question or len(question) > MAX_QUESTION:
        raise Invalid(_t("Say what was asked."), pointer="question")
    if len(answer) > MAX_ANSWER:
        raise Invalid(_t("At most %(most)s characters.") % {"most": MAX_ANSWER}, pointer="answer")
    ticket = held(ticket)
    check_not_merged(ticket)
    if not ticket.issues.filter(issue=issue).exists():
        raise Invalid(_t("The ticket is not about this issue."), pointer="issue")
    row = FoundFact.objects.filter(ticket=ticket, question=question).first()
    if answer == (row.answer if row else ""):
        return row
    if not answer:
        FoundFact.objects.filter(ticket=ticket, question=question).delete()
        row = None
    else:
        row = row or FoundFact(ticket=ticket, issue=issue, question=question)
        row.answer, row.found_by, row.found_at = answer, by, at
        row.save()
    data = {"issue": issue.pk, "question": question, "answer": answer}
    events.record("fact.noted", ticket=ticket, by=by, at=at, data=data)
    return row
