"""What the page of fields shows."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from helpdesk.models import CustomField

LAST_CHANGES = 20


@dataclass(frozen=True)
class PastDefinition:
    """How a field was defined from a moment on, and what that changed."""

    at: datetime
    changed: str


def past_definitions(field: CustomField) -> list[PastDefinition]:
    """The newest twenty versions, newest first. One query."""
    names = [one.name for one in CustomField._meta.concrete_fields if one.name != "id"]
    rows = list(field.events.order_by("-pgh_created_at", "-pgh_id")[: LAST_CHANGES + 1])  # type: ignore[attr-defined]
    return [
        PastDefinition(row.pgh_created_at, _changes(row, before, names))
        for row, before in zip(rows, [*rows[1:], None], strict=False)
    ][:LAST_CHANGES]


def _changes(row: object, before: object | None, names: list[str]) -> str:
    if before is None:
        return _("defined")
    words = [
        f"{name.replace('_', ' ')}: {_said(getattr(before, name))} → {_said(getattr(row, name))}"
        for name in names
        if getattr(row, name) != getattr(before, name)
    ]
    return "; ".join(words) or _("saved as it was")


def _said(value: object) -> str:
    return (
        ", ".join(map(str, value))
        if isinstance(value, list)
        else str(value if value is not None else "—") or "—"
    )
