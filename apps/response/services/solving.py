"""What must be done before a ticket counts as solved: asked by every door that solves one."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.intake.custom_fields.checking import fields_needed_to_solve
from apps.response.checklists.queries import required_and_open
from helpdesk.errors import Invalid
from helpdesk.models import Ticket


class NotReady(Invalid):
    """Something must be done before this ticket is solved."""

    code = "not-ready"


def check_ready(ticket: Ticket) -> None:
    """Raises NotReady, which names all that is missing. What the customer confirms as solved is not asked for it."""
    fields, tasks = fields_needed_to_solve(ticket), required_and_open(ticket)
    told = []
    if fields:
        told.append(_("fill in %(fields)s") % {"fields": _quoted(one.label for one in fields)})
    if tasks:
        told.append(_("do the tasks %(tasks)s") % {"tasks": _quoted(tasks)})
    if told:
        pointer = f"custom/{fields[0].key}" if fields else "tasks"
        raise NotReady(_("Before this is solved: %(told)s.") % {"told": "; ".join(told)}, pointer=pointer)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
