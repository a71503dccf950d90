"""Each change of the taxonomy in one sentence."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.models import Issue
from helpdesk.services import (
    AddIssue,
    Change,
    EditIssue,
    MergeIssues,
    MoveIssue,
    ReinstateIssue,
    RetireIssue,
    SplitIssue,
)
from helpdesk.services.taxonomy_changes import read

FIELDS = {
    "label": gettext_lazy("name"),
    "definition": gettext_lazy("definition"),
    "includes": gettext_lazy("what it includes"),
    "excludes": gettext_lazy("what it excludes"),
    "examples": gettext_lazy("examples"),
    "counter_examples": gettext_lazy("counter-examples"),
    "owner_department": gettext_lazy("department that owns it"),
    "owner": gettext_lazy("owner"),
    "default_severity": gettext_lazy("severity"),
}


def sentence(change: Change, labels: Mapping[str, str]) -> str:
    """In the words of the people who read it; `labels` are names by code, and a code without one names itself."""

    def named(*codes: str) -> str:
        return ", ".join(f"“{labels.get(code, code)}”" for code in codes)

    match change:
        case AddIssue():
            below = f" {_('below')} {named(change.parent)}" if change.parent else ""
            return f"{_('Add')} “{change.label}”{below}"
        case EditIssue():
            return (
                f"{_('Edit')} {named(change.code)}: {', '.join(str(FIELDS[name]) for name in change.given)}"
            )
        case MoveIssue():
            where = f"{_('below')} {named(change.parent)}" if change.parent else _("to the top")
            return f"{_('Move')} {named(change.code)} {where}"
        case MergeIssues():
            return f"{_('Merge')} {named(*change.codes)} {_('into')} {named(change.into)}"
        case SplitIssue():
            return f"{_('Split')} {named(change.code)} {_('into')} {named(*change.parts)}"
        case RetireIssue():
            after = f", {_('read as')} {named(change.replaced_by)}" if change.replaced_by else ""
            return f"{_('Retire')} {named(change.code)}{after}"
        case ReinstateIssue():
            return f"{_('Bring back')} {named(change.code)}"


def sentences(written: Iterable[Mapping[str, Any]], labels: Mapping[str, str]) -> list[str]:
    """The changes of a release, as it keeps them."""
    return [sentence(read(dict(data)), labels) for data in written]


def labels_now() -> dict[str, str]:
    """Every node's name by its code. One query."""
    return dict(Issue.objects.values_list("code", "label"))
