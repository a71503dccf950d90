from datetime import datetime

from django.db import transaction

from apps.analysis.models import Case, WorkaroundUse
from apps.analysis.services.access import locked
from helpdesk.errors import DomainError
from helpdesk.models import Ticket, User
from helpdesk.permissions import require


class NoWorkaround(DomainError):
    """This case has no workaround any more. Look at the ticket again."""

    code = "no-workaround"


@transaction.atomic
def use_workaround(*, case: Case, ticket: Ticket, helped: bool, by: User, at: datetime) -> WorkaroundUse:
    """Note that a customer was given the workaround, and whether it helped; said again, the later word counts.

    Raises NoWorkaround, NotAllowed.
    """
    require(by, "analysis.flag", ticket)
    case = locked(case)
    if not (case.is_known_error and case.is_open):
        raise NoWorkaround
    return WorkaroundUse.note(case=case, ticket=ticket, helped=helped, by=by, at=at)
