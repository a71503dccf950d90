"""The name under an accepted risk: whoever it belongs to confirms it, or the case comes back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.deadlines import due_in, today, working_days_after
from apps.analysis.models import Case, CaseState
from apps.analysis.services.access import WrongState, locked, must_be_said
from apps.analysis.services.notify import tell
from helpdesk.errors import NotAllowed
from helpdesk.models import User
from helpdesk.permissions import may, require

CONFIRM_WITHIN = 3  # working days


@transaction.atomic
def confirm_risk(*, case: Case, by: User, at: datetime) -> None:
    """Who was named as approver says that it is so. Raises WrongState, NotAllowed for anybody else."""
    case = _locked_for_approver(case, by)
    case.change(risk_confirmed_at=at, by=by, at=at)


@transaction.atomic
def refuse_risk(*, case: Case, note: str, by: User, at: datetime) -> None:
    """Who was named as approver says that it is not so: the case is assessed again, and its owner hears why.

    Raises WrongState, NotAllowed for anybody else, Invalid without a reason.
    """
    case = _locked_for_approver(case, by)
    note = must_be_said(note, "note", _("The reason"))
    bring_back(case, why="refused", note=note, by=by, at=at)

    def words() -> tuple[str, list[str]]:
        return _("%(title)s: its risk is not accepted") % {"title": case.title}, [
            _("%(name)s does not accept the risk of it: %(note)s") % {"name": by.name, "note": note},
            _("It is assessed again, and comes back to you."),
        ]

    tell(case, case.answerers, words, by=by, at=at)


def is_unconfirmed(case: Case, at: datetime) -> bool:
    """Nobody stood by their name in time."""
    if case.risk_confirmed_at is not None or case.risk_asked_at is None:
        return False
    return working_days_after(case.risk_asked_at, CONFIRM_WITHIN) < today(at)


def bring_back(case: Case, *, why: str, note: str = "", by: User, at: datetime) -> None:
    """Part of other use cases: whoever manages cases looks at it again. `why`: expired, refused or unconfirmed."""
    due_on = due_in(CaseState.ASSESS, at)
    assert due_on is not None  # noqa: S101 (assess has a clock)
    case.reopen(due_on=due_on, why=why, note=note, by=by, at=at)


def _locked_for_approver(case: Case, by: User) -> Case:
    require(by, "analysis.view", case)
    case = locked(case)
    if not case.waits_for_approver:
        raise WrongState(_("Nobody is asked to accept a risk of %(number)s now.") % {"number": case.number})
    if by.pk != case.risk_approved_by_id and not may(by, "helpdesk.configure"):
        raise NotAllowed(
            _("%(number)s waits for %(risk_approved_by)s: only they say whether they accept it.")
            % {"number": case.number, "risk_approved_by": case.risk_approved_by}
        )
    return case
