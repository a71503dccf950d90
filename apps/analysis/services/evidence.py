from datetime import datetime

from django.db import transaction

from apps.analysis.models import Case, CaseTicket, LinkedBy
from apps.analysis.services.access import WrongState, locked, locked_for_work
from helpdesk.models import Ticket, User
from helpdesk.permissions import require


@transaction.atomic
def link_ticket(*, ticket: Ticket, case: Case, by: User, at: datetime) -> CaseTicket:
    """An agent says that this ticket is about this case; saying so twice is saying it once. Raises WrongState."""
    require(by, "analysis.flag", ticket)
    case = locked(case)
    if not case.is_open:
        raise WrongState(f"{case.number} is closed. If it is back, raise it again.")
    return CaseTicket.link(case=case, ticket=ticket, how=LinkedBy.HAND, by=by, at=at)


@transaction.atomic
def exclude_ticket(*, evidence: CaseTicket, by: User, at: datetime) -> None:
    """ "Not this issue": the ticket no longer speaks for the case. The owner may say so, and whoever manages it."""
    locked_for_work(evidence.case, by)
    row = (
        CaseTicket.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case")
        .get(pk=evidence.pk)
    )
    if row.excluded_at is None:
        row.exclude(by=by, at=at)
