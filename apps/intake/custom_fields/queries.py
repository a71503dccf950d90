"""What the page of fields shows."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.intake.custom_fields.forms import FieldForm
from helpdesk.models import CustomField

LAST_CHANGES = 20


@dataclass(frozen=True)
class PastDefinition:
    """How a field was defined from a moment on, and what that changed."""

    at: datetime
    changed: str


def past_definitions(field: CustomField) -> list[PastDefinition]:
    """The newest twenty versions, newest first, in the words of the form. One query."""
    rows = list(field.events.order_by("-pgh_created_at", "-pgh_id")[: LAST_CHANGES + 1])  # type: ignore[attr-defined]
    return [
        PastDefinition(row.pgh_created_at, _changes(row, before))
        for row, before in zip(rows, [*rows[1:], None], strict=False)
    ][:LAST_CHANGES]


def _changes(row: CustomField, before: CustomField | None) -> str:
    if before is None:
        return _("defined")
    labels = {name: field.label for name, field in FieldForm.base_fields.items()} | {
        "retired_at": _("Retired")
    }
    words = [
        f"{label}: {_said(before, name)} → {_said(row, name)}"
        for name, label in labels.items()
        if getattr(row, name) != getattr(before, name)
    ]
    return "; ".join(words) or _("saved as it was")


def _said(row: CustomField, name: str) -> str:
    """As a person reads it."""
    value = getattr(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "—"
    shown = getattr(row, f"get_{name}_display", None)
    return str(shown() if shown else value if value is not None else "") or "—"
