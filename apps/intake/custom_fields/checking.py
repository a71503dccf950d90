"""What the services of tickets ask of the desk's own fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.custom_fields import Definition, Needed, Place, asked, missing, settled
from helpdesk.errors import Invalid
from helpdesk.models import Channel, CustomField, Department, Issue, Ticket
from helpdesk.statements import AllRows

all_fields = AllRows(CustomField, "own.position, own.key")


class FieldsMissing(Invalid):
    """Some fields must be filled in first."""

    code = "fields-missing"


def definitions() -> list[Definition]:
    """All fields there are, retired ones too, in their order. One query."""
    return [row.definition for row in all_fields()]


def place_of(ticket: Ticket) -> Place:
    """Where a ticket stands. No query where its department and issue were fetched with it."""
    issue = ticket.primary_issue
    return Place(ticket.department.slug, issue.path if issue else "")


def fields_at_opening(
    given: Mapping[str, Any], *, department: Department, issue: Issue | None, channel: str
) -> dict[str, Any]:
    """The values of a new ticket. Raises FieldsMissing, and Invalid for a value that can't be taken.

    Customers are asked for what they may see, and for nothing else.
    """
    known = definitions()
    if channel == Channel.FORM:
        known = [one for one in known if one.is_public]
    values = taken(known, {}, given)
    place = Place(department.slug, issue.path if issue else "")
    refuse_missing(missing(known, place, values, at=Needed.OPEN), _("Fill in first: %(fields)s."))
    return values


def taken(
    known: Iterable[Definition],
    before: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    only_known: bool = False,
) -> dict[str, Any]:
    """The values with what was given in them. Raises Invalid at the first that can't be taken."""
    known = list(known)
    values, problems = settled(known, before, given, only_known=only_known)
    if problems:
        labels = {one.key: one.label for one in known}
        told = "; ".join(f"{labels.get(key, key)}: {reason}" for key, reason in problems.items())
        raise Invalid(told, pointer=f"custom/{next(iter(problems))}")
    return values


def fields_needed_to_solve(ticket: Ticket) -> list[Definition]:
    """The fields that keep a ticket from being solved, in their order."""
    return missing(definitions(), place_of(ticket), ticket.custom, at=Needed.SOLVE)


def refuse_missing(fields: list[Definition], words: str) -> None:
    """Raises FieldsMissing where there are some; `words` hold a place for their names."""
    if fields:
        names = ", ".join(f"“{one.label}”" for one in fields)
        raise FieldsMissing(words % {"fields": names}, pointer=f"custom/{fields[0].key}")


def shown(known: Iterable[Definition], ticket: Ticket) -> list[Definition]:
    """The fields to show on a ticket: those asked for, and those that hold a value though they are asked no more."""
    known = list(known)
    concerned = {one.key for one in asked(known, place_of(ticket), ticket.custom)}
    return [one for one in known if one.key in concerned or one.key in ticket.custom]
