"""What is known of how issues are answered: an issue's own words, or those of the nearest one above it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from django.utils.translation import gettext_lazy as _

from apps.response.models import GUIDANCE_FIELDS, Guidance, GuidanceEdition, Offer
from helpdesk.models import Issue


def line_of(issue: Issue) -> list[str]:
    """The paths of an issue and of all above it, its own first."""
    parts = issue.path.split("/")
    return ["/".join(parts[:depth]) for depth in range(len(parts), 0, -1)]


def guidance_of(issues: Iterable[Issue]) -> dict[int, Guidance]:
    """By issue, its guidance or that of the nearest issue above; one query."""
    issues = list(issues)
    paths = {path for issue in issues for path in line_of(issue)}
    known = {
        row.issue.path: row for row in Guidance.objects.filter(issue__path__in=paths).select_related("issue")
    }
    found = {
        issue.pk: next((known[path] for path in line_of(issue) if path in known), None) for issue in issues
    }
    return {number: row for number, row in found.items() if row is not None}


def offers_of(issues: Iterable[Issue], *, segment: str) -> dict[int, list[Offer]]:
    """By issue, what may be offered to customers of a segment: its own offers, or those of the nearest issue above
    that has any; one query."""
    issues = list(issues)
    paths = {path for issue in issues for path in line_of(issue)}
    known: dict[str, list[Offer]] = {}
    rows = Offer.objects.for_segment(segment).filter(issue__path__in=paths).select_related("issue")
    for row in rows:
        known.setdefault(row.issue.path, []).append(row)
    return {issue.pk: next((known[path] for path in line_of(issue) if path in known), []) for issue in issues}


@dataclass(frozen=True)
class Line:
    """A line of a text, and what became of it: "" stays, "+" is new, "-" is gone."""

    sign: str
    text: str


@dataclass(frozen=True)
class Change:
    """One part of the guidance that is different now, line by line."""

    label: str
    lines: list[Line]


@dataclass(frozen=True)
class VersionShown:
    """One version, and what it changed."""

    edition: GuidanceEdition
    changes: list[Change]


LABELS = {
    "questions": _("What to ask"),
    "solution_space": _("What may be offered"),
    "explanation": _("How to explain it"),
    "prevention_tip": _("Tip"),
    "known_error": _("Known error"),
    "agent_limit": _("An agent may give"),
    "lead_limit": _("A lead may give"),
}


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """What is different, in the order in which it is read."""
    pairs = [(name, _said(name, before), _said(name, after)) for name in GUIDANCE_FIELDS]
    return [Change(str(LABELS[name]), lines_between(old, new)) for name, old, new in pairs if old != new]


def _said(name: str, words: Mapping[str, str]) -> str:
    text = words.get(name, "").replace("\r\n", "\n").strip()
    return f"{Decimal(text or 0):.2f}" if name.endswith("_limit") else text


def lines_between(old: str, new: str) -> list[Line]:
    """Two texts line by line: what stays, what goes, what is new."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[Line] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line("", text) for text in before[i1:i2]]
        else:
            lines += [Line("-", text) for text in before[i1:i2]] + [Line("+", text) for text in after[j1:j2]]
    return lines


def versions_of(issue: Issue) -> list[VersionShown]:
    """The newest first, each against the one before; one query."""
    rows = GuidanceEdition.objects.filter(issue=issue, number__isnull=False).select_related("made_by")
    editions = list(rows.order_by("-number"))
    older: list[Mapping[str, str]] = [row.words for row in editions[1:]]
    older.append({})  # before the first; nothing is left of it where there is none
    return [
        VersionShown(row, changes_between(words, row.words))
        for row, words in zip(editions, older, strict=False)
    ]
