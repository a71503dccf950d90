"""What must be done before a ticket counts as solved: asked by every door that solves one."""

from django.utils.translation import gettext as _

from apps.intake.custom_fields.checking import fields_needed_to_solve
from helpdesk.errors import Invalid
from helpdesk.models import Ticket


class NotReady(Invalid):
    """Something must be done before this ticket is solved."""

    code = "not-ready"


def check_ready(ticket: Ticket) -> None:
    """Raises NotReady, which names all that is missing. What the customer confirms as solved is not asked for it."""
    fields = fields_needed_to_solve(ticket)
    if fields:
        names = ", ".join(f"“{one.label}”" for one in fields)
        raise NotReady(
            _("Before this is solved, fill in %(fields)s.") % {"fields": names},
            pointer=f"custom/{fields[0].key}",
        )
