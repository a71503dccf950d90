from datetime import date

from django.utils.translation import gettext as _

from apps.analysis.models import Case, CaseState
from helpdesk.errors import DomainError, Invalid, NotAllowed
from helpdesk.marked import inside
from helpdesk.models import User
from helpdesk.permissions import may, require
from helpdesk.rows import held


class WrongState(DomainError):
    """The case has moved on. Open it again and look at where it stands."""

    code = "wrong-state"


def locked(case: Case) -> Case:
    """The case as it is now, held until the transaction ends."""
    return held(case, "owner_department", "owner", "deputy", "issue")


def may_be_needed(user: User) -> None:
    """For whom something may wait: who answers for cases, or manages them. Raises NotAllowed."""
    require(user, "analysis.own" if may(user, "analysis.own") else "analysis.case")


def must_be_in(case: Case, *states: str, to: str) -> None:
    if case.state not in states:
        allowed = ", ".join(inside(CaseState(state).label) for state in states)
        raise WrongState(
            _("%(number)s is %(state)s; %(to)s is for cases in: %(allowed)s.")
            % {"number": case.number, "state": inside(case.get_state_display()), "to": to, "allowed": allowed}
        )


def locked_for_owner(case: Case, by: User) -> Case:
    """The case, for the named person, the deputy or the head of the department; nobody but an administrator answers
    in their place. Raises NotAllowed."""
    require(by, "analysis.own", case)
    case = locked(case)
    if not (case.is_owned_by(by) or may(by, "helpdesk.configure")):
        owner = case.owner.name if case.owner else _("nobody yet")
        raise NotAllowed(
            _("%(number)s waits for its owner (%(owner)s): only the owner can answer.")
            % {"number": case.number, "owner": owner}
        )
    return case


def locked_for_work(case: Case, by: User) -> Case:
    """The case, for who works on its causes and actions: its owner, or whoever manages cases. Raises NotAllowed."""
    case = locked(case)
    if not (may(by, "analysis.own") and case.is_owned_by(by)):
        require(by, "analysis.case", case)
    return case


def must_be_said(text: str, pointer: str, what: str) -> str:
    """A text that is more than blanks."""
    text = text.strip()
    if not text:
        raise Invalid(_("%(what)s is missing.") % {"what": what}, pointer=pointer)
    return text


def must_lie_ahead(day: date, today: date, pointer: str) -> None:
    if day < today:
        raise Invalid(_("%(day)s is in the past.") % {"day": day}, pointer=pointer)
