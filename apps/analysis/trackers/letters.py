"""What an item and the comments below it say of an action: the case's evidence, for a developer to read."""

from datetime import datetime

from apps.analysis.models import Action, Cause, CauseState
from apps.analysis.queries.theme_evidence import ThemeEvidence, theme_evidence
from apps.analysis.trackers.models import TrackerItem
from apps.analysis.trackers.shapes import Letter
from helpdesk.links import absolute

MOST_CAUSES = 5


def letter_about(item: TrackerItem, *, at: datetime) -> Letter:
    """The text of a new item. Customers are quoted without what names them."""
    action, case = item.action, item.action.case
    found = theme_evidence(case, at=at)
    sections = [
        ("What is asked", _asked(action)),
        ("Why", _why(found)),
        ("Causes", [f"{cause.text} ({cause.get_state_display().lower()})" for cause in _causes(found)]),
        ("How it is judged", _judged(found)),
        ("More", [f"All evidence: {absolute('case', number=case.pk)}", _closing()]),
    ]
    return Letter(
        title=f"[{case.number}] {action.title}"[:250],
        sections=[(title, lines) for title, lines in sections if lines],
        quotes=[quote.text[:500] for quote in found.quotes],
        labels=item.tracker.labels,
    )


def _asked(action: Action) -> list[str]:
    lines = [action.title]
    if action.due_on:
        lines.append(f"Due {action.due_on:%-d %B %Y}")
    if action.promised_cut:
        lines.append(f"It promises {action.promised_cut:.0%} fewer of these contacts")
    return lines


def _why(found: ThemeEvidence) -> list[str]:
    case, counted = found.case, found.counted
    lines = [line for line in (case.title, case.statement) if line]
    if counted.tickets:
        lines.append(f"{counted.tickets} contacts of {counted.customers} customers in {counted.weeks} weeks")
    if case.money_likely is not None:
        lines.append(
            f"At risk a quarter: {case.money_likely:,.0f} ({case.money_low:,.0f} to {case.money_high:,.0f})"
        )
    return lines


def _causes(found: ThemeEvidence) -> list[Cause]:
    return [cause for cause in found.causes if cause.state != CauseState.REFUTED][:MOST_CAUSES]


def _judged(found: ThemeEvidence) -> list[str]:
    if not found.plans:
        return []
    plan = found.plans[-1]
    return [f"{plan.expected_cut:.0%} fewer contacts, decided on {plan.decision_on:%-d %B %Y}"]


def _closing() -> str:
    return (
        "Closing this as done says that it is implemented; a colleague confirms it, and the contacts show whether it "
        "helped."
    )


def comment_about(action: Action) -> str:
    """How an action stands now."""
    parts = [f"{action.case.number}: “{action.title}” is {action.get_state_display().lower()}."]
    if action.blocked_by:
        parts.append("It is blocked.")
    if action.due_on and not (action.is_out or action.is_in_place):
        parts.append(f"Due {action.due_on:%-d %B %Y}.")
    return " ".join([*parts, absolute("case", number=action.case_id)])
