"""What the loop adds to the acts on tickets (`apps/response/acting`): a ticket is evidence of a case."""

from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.analysis.models import Case, CaseTicket
from apps.analysis.queries.cases import case_number
from apps.analysis.services import link_ticket, unlink_ticket
from apps.response.acting import Doing, Facts, Kind, Noun, PuttingBack, Value
from helpdesk.errors import Invalid
from helpdesk.models import Ticket

CASE = Noun(Case.objects.open, "", lambda: _("There is no open case with this number."))


def _number(given: Any) -> Value:
    if found := case_number(given):
        return found
    raise Invalid(_("Say the number of a case: RC-31."))


def _link(doing: Doing) -> None:
    link_ticket(**doing.who, case=doing.value)


def _evidence(ticket: Ticket, value: Any) -> Facts:
    """Whether the ticket speaks for the case; None where nobody ever said anything of it."""
    row = CaseTicket.objects.filter(ticket=ticket, case=value).first()
    return {"linked": None if row is None else row.excluded_at is None}


def _put_back(back: PuttingBack) -> None:
    unlink_ticket(
        ticket=back.ticket, case=Case(pk=cast(int, back.done.act.value)),
        was_excluded=back.before["linked"] is False, by=back.by, at=back.at,
    )  # fmt: skip


LINK_CASE = Kind(
    gettext_lazy("Link to a case"),
    "analysis.flag",
    _number,
    _link,
    _evidence,
    lambda value: _("Link to %(case)s") % {"case": value},
    _put_back,
    noun=CASE,
)
