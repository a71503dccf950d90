"""The words of what is to be read and confirmed: title and text of a page, from what has changed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.analysis.models import Case
from apps.evaluation.taxonomy.wording import labels_now, sentences
from apps.response.models import Guidance
from helpdesk.models import Issue, TaxonomyRelease
from helpdesk.templatetags.helpdesk import money

# What of an edit a coder goes by; owners and severities are others' business.
WORDS = frozenset({"label", "definition", "includes", "excludes", "examples", "counter_examples"})
MOST_CHANGES = 40
PARTS = (
    ("known_error", _("Known error: what to do until the cause is gone")),
    ("questions", _("Ask")),
    ("solution_space", _("What may be offered")),
    ("explanation", _("How to explain it")),
    ("prevention_tip", _("How the customer avoids it")),
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
        lines.append(gettext("… and %(n)s more: see the taxonomy.") % {"n": len(changes) - MOST_CHANGES})
    codes = {code for change in changes[:MOST_CHANGES] for code in _codes(change)}
    defined = Issue.objects.filter(code__in=codes, valid_to=None).exclude(definition="")
    definitions = [_definition(issue) for issue in defined]
    return gettext("Taxonomy release %(number)s: what has changed") % {"number": release.number}, "\n\n".join(
        ["\n".join(lines), *definitions]
    )


def about_guidance(guidance: Guidance) -> tuple[str, str]:
    """The guidance of an issue as it stands now."""
    parts = [f"{name}\n{text}" for field, name in PARTS if (text := getattr(guidance, field))]
    if guidance.lead_limit:
        parts.append(
            gettext("Given without asking, at most: %(agent)s by an agent, %(lead)s by a lead.")
            % {"agent": money(guidance.agent_limit, 2), "lead": money(guidance.lead_limit, 2)}
        )
    return gettext("Guidance: %(issue)s") % {"issue": guidance.issue}, "\n\n".join(parts)


def about_workaround(case: Case) -> tuple[str, str]:
    """What to say and do until the cause of a case is gone."""
    title = gettext("Known error: %(issue)s") % {"issue": case.issue}
    return title, f"{case.title}\n\n{case.workaround}" if case.workaround else ""


def _telling(release: TaxonomyRelease) -> list[dict[str, Any]]:
    return [change for change in release.changes if change["change"] != "edit" or WORDS & set(change)]


def _codes(change: Mapping[str, Any]) -> list[str]:
    """Those it changes, and those that take over from them."""
    codes = list(change["codes"]) if "codes" in change else [change["code"]]
    return [*codes, *change.get("parts", ()), *([change["into"]] if change.get("into") else [])]


def _definition(issue: Issue) -> str:
    lines = [issue.label, issue.definition]
    lines += [gettext("Includes: %(words)s") % {"words": issue.includes}] if issue.includes else []
    lines += [gettext("Not: %(words)s") % {"words": issue.excludes}] if issue.excludes else []
    return "\n".join(lines)
