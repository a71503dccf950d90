"""The words of what is to be read and confirmed: title and text of a page, from what has changed."""

from collections.abc import Mapping
from typing import Any

from apps.analysis.models import Case
from apps.evaluation.taxonomy.wording import labels_now, sentences
from apps.response.models import Guidance
from helpdesk.models import Issue, TaxonomyRelease

# What of an edit a coder goes by; owners and severities are others' business.
WORDS = frozenset({"label", "definition", "includes", "excludes", "examples", "counter_examples"})
MOST_CHANGES = 40
PARTS = (
    ("known_error", "Known error: what to do until the cause is gone"),
    ("questions", "Ask"),
    ("solution_space", "What may be offered"),
    ("explanation", "How to explain it"),
    ("prevention_tip", "How the customer avoids it"),
)


def codes_changed(release: TaxonomyRelease) -> set[str]:
    """The issues whose meaning a release changed."""
    return {code for change in _telling(release) for code in _codes(change)}


def about_release(release: TaxonomyRelease) -> tuple[str, str]:
    """Each change in a sentence, and how the issues it names are defined now."""
    changes = _telling(release)
    told = sentences(changes[:MOST_CHANGES], labels_now())
    lines = [*([release.note] if release.note else []), *(f"• {sentence}" for sentence in told)]
    if len(changes) > MOST_CHANGES:
        lines.append(f"… and {len(changes) - MOST_CHANGES} more: see the taxonomy.")
    codes = {code for change in changes[:MOST_CHANGES] for code in _codes(change)}
    defined = Issue.objects.filter(code__in=codes, valid_to=None).exclude(definition="")
    definitions = [_definition(issue) for issue in defined]
    return f"Taxonomy release {release.number}: what has changed", "\n\n".join(
        ["\n".join(lines), *definitions]
    )


def about_guidance(guidance: Guidance) -> tuple[str, str]:
    """The guidance of an issue as it stands now."""
    parts = [f"{name}\n{text}" for field, name in PARTS if (text := getattr(guidance, field))]
    if guidance.lead_limit:
        parts.append(
            f"Given without asking, at most: {guidance.agent_limit} by an agent, {guidance.lead_limit} by a lead."
        )
    return f"Guidance: {guidance.issue}", "\n\n".join(parts)


def about_workaround(case: Case) -> tuple[str, str]:
    """What to say and do until the cause of a case is gone."""
    return f"Known error: {case.issue}", f"{case.title}\n\n{case.workaround}" if case.workaround else ""


def _telling(release: TaxonomyRelease) -> list[dict[str, Any]]:
    return [change for change in release.changes if change["change"] != "edit" or WORDS & set(change)]


def _codes(change: Mapping[str, Any]) -> list[str]:
    """Those it changes, and those that take over from them."""
    codes = list(change["codes"]) if "codes" in change else [change["code"]]
    return [*codes, *change.get("parts", ()), *([change["into"]] if change.get("into") else [])]


def _definition(issue: Issue) -> str:
    lines = [issue.label, issue.definition]
    lines += [f"Includes: {issue.includes}"] if issue.includes else []
    lines += [f"Not: {issue.excludes}"] if issue.excludes else []
    return "\n".join(lines)
