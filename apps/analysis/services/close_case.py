from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.deadlines import due_in, today
from apps.analysis.models import Case, CaseState, CaseTicket, Outcome, Verdict
from apps.analysis.models.case_states import BEFORE_THE_FIX
from apps.analysis.services.access import WrongState, locked, must_be_in, must_be_said, must_lie_ahead
from apps.analysis.services.remind_assignees import follow_actions
from helpdesk.errors import DomainError, Invalid
from helpdesk.marked import inside
from helpdesk.models import User
from helpdesk.permissions import require

BY_PROOF = frozenset({Outcome.EFFECTIVE, Outcome.PARTIALLY_EFFECTIVE})
BY_HAND = frozenset(
    {Outcome.NO_CAUSE, Outcome.THIRD_PARTY, Outcome.NOT_REPRODUCED, Outcome.DUPLICATE, Outcome.CANCELLED}
)


class NotProven(DomainError):
    """Only the test can call a case effective. Wait for the decision date."""

    code = "not-proven"


class CustomersNotTold(DomainError):
    """The customers who told us have not heard of it. Tell them, or write down why not."""

    code = "customers-not-told"


@transaction.atomic
def tell_customers(*, case: Case, waived: str = "", by: User, at: datetime) -> None:
    """Note that the customers were told what became of it, or why they need not be; a proven case closes then.

    Raises WrongState for a closed case.
    """
    require(by, "analysis.case", case)
    case = locked(case)
    if not case.is_open:
        raise WrongState(_("%(number)s is closed.") % {"number": case.number})
    if waived:
        case.change(telling_waived=must_be_said(waived, "waived", _("The reason")), by=by, at=at)
    else:
        case.change(customers_told_at=at, by=by, at=at)
    verdict = case.verdicts.last()
    if case.state == CaseState.MONITORING and verdict is not None and verdict.is_proven:
        case.close(Outcome(verdict.verdict), note=verdict.reason, by=by, at=at)


@transaction.atomic
def close_case(
    *, case: Case, outcome: str, note: str, duplicate_of: Case | None = None, by: User, at: datetime
) -> None:
    """Close a case without a fix: no cause, third party, not reproduced, duplicate (its tickets move), cancelled.

    Raises WrongState once something was fixed, NotProven for an outcome only the test can give, CustomersNotTold,
    Invalid.
    """
    require(by, "analysis.case", case)
    case = locked(case)
    if outcome in BY_PROOF:
        verdict = _proof(case, outcome)
        case.close(outcome, note=note or verdict.reason, by=by, at=at)
        return
    if outcome not in BY_HAND:
        raise Invalid(_("Choose how it ends; accepting the risk is the owner's."), pointer="outcome")
    must_be_in(case, *BEFORE_THE_FIX, to=_("closing without a fix"))
    note = must_be_said(note, "note", _("The reason"))
    if outcome == Outcome.DUPLICATE:
        if duplicate_of is None or duplicate_of.pk == case.pk:
            raise Invalid(_("Name the case it is a duplicate of."), pointer="duplicate_of")
        require(by, "analysis.case", duplicate_of)
        _move_tickets(case, locked(duplicate_of), by=by, at=at)
    case.close(outcome, note=note, duplicate_of=duplicate_of, by=by, at=at)


@transaction.atomic
def hold_case(*, case: Case, reason: str, review_on: date, by: User, at: datetime) -> None:
    """Let a case rest, with a reason and a day to look again. Raises WrongState, Invalid for a past day."""
    require(by, "analysis.case", case)
    case = locked(case)
    if not case.is_open or case.state == CaseState.ON_HOLD:
        raise WrongState(
            _("%(number)s is %(state)s.") % {"number": case.number, "state": inside(case.get_state_display())}
        )
    reason = must_be_said(reason, "reason", _("The reason"))
    must_lie_ahead(review_on, today(at), "review_on")
    case.move(
        CaseState.ON_HOLD, due_on=review_on, held_state=case.state, hold_reason=reason, review_on=review_on, by=by,
        at=at, note=reason,
    )  # fmt: skip


@transaction.atomic
def resume_case(*, case: Case, by: User, at: datetime) -> None:
    """Take a resting case up where it was left; its clock starts again. Raises WrongState."""
    require(by, "analysis.case", case)
    case = locked(case)
    must_be_in(case, CaseState.ON_HOLD, to=_("resuming"))
    state = case.held_state
    due_on = case.decision_on if state == CaseState.MONITORING else due_in(state, at)
    case.move(state, due_on=due_on, held_state="", hold_reason="", review_on=None, by=by, at=at)
    follow_actions(case=case)


@transaction.atomic
def publish_workaround(*, case: Case, workaround: str, by: User, at: datetime) -> None:
    """Tell every agent what to say and do meanwhile: the case is a known error from now on; an empty text ends that.

    Raises WrongState for a closed case.
    """
    require(by, "analysis.case", case)
    case = locked(case)
    if not case.is_open:
        raise WrongState(_("%(number)s is closed.") % {"number": case.number})
    case.change(workaround=workaround.strip(), is_known_error=bool(workaround.strip()), by=by, at=at)


def _proof(case: Case, outcome: str) -> Verdict:
    """The verdict that says so, once the customers are told."""
    must_be_in(case, CaseState.MONITORING, to=_("closing as proven"))
    verdict = case.verdicts.last()
    if verdict is None or verdict.verdict != outcome:
        raise NotProven
    if not case.is_told:
        raise CustomersNotTold
    return verdict


def _move_tickets(case: Case, to: Case, *, by: User, at: datetime) -> None:
    rows = [
        CaseTicket(case=to, ticket_id=row.ticket_id, how=row.how, linked_by=by, linked_at=at)
        for row in case.evidence.filter(excluded_at=None)
    ]
    CaseTicket.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)
