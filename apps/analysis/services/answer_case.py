"""The owner's five buttons: accept with a date, not ours, need information, already fixed, accept the risk."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.analysis.deadlines import WORKING_DAYS, due_in, today, working_days_after
from apps.analysis.models import Case, CaseState, Outcome, Rejection
from apps.analysis.services.access import locked_for_owner, must_be_in, must_be_said, must_lie_ahead
from apps.analysis.services.approve_risk import CONFIRM_WITHIN
from apps.analysis.services.notify import tell
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Department, User
from helpdesk.permissions import may

SENT_BACK_MOST = 2
# Who sent it back does not answer for it any more; who has something fixed waits for the proof.
WITH_THE_OWNER = (CaseState.ROUTED, CaseState.INVESTIGATING, CaseState.PLANNING)
LONGEST_ACCEPTANCE = timedelta(days=366)


class Decided(DomainError):
    """The case manager has decided that this case is yours. Accept it, or talk to the case manager."""

    code = "arbitrated"


@transaction.atomic
def accept_case(*, case: Case, until: date | None = None, by: User, at: datetime) -> None:
    """The owner takes it and says by when the cause will be known: at the latest in fifteen working days.

    Raises WrongState, NotAllowed for anybody else, Invalid for a day too early or too late.
    """
    case = locked_for_owner(case, by)
    must_be_in(case, CaseState.ROUTED, to=_("accepting"))
    latest = working_days_after(at, WORKING_DAYS[CaseState.INVESTIGATING])
    until = until or latest
    must_lie_ahead(until, today(at), "until")
    if until > latest:
        raise Invalid(
            _("The cause must be known by %(latest)s. Choose a day until then.") % {"latest": latest},
            pointer="until",
        )
    case.accept(due_on=until, by=by, at=at)


@transaction.atomic
def reject_case(*, case: Case, reason: str, note: str = "", propose: Department | None = None,
                duplicate_of: Case | None = None, by: User, at: datetime) -> None:  # fmt: skip
    """The owner sends it back with a reason; who says "not ours" names whose. The second time the case manager decides.

    Raises WrongState, Decided, NotAllowed, Invalid when the reason, its note or the other owner is missing.
    """
    case = locked_for_owner(case, by)
    must_be_in(case, CaseState.ROUTED, to=_("sending it back"))
    if case.is_arbitrated:
        raise Decided
    if reason not in Rejection.values:
        raise Invalid(
            _("Choose one of: %(labels)s.") % {"labels": ", ".join(map(str, Rejection.labels))},
            pointer="reason",
        )
    if reason == Rejection.NOT_OURS and (propose is None or propose == case.owner_department):
        raise Invalid(_("Name the department that owns it instead."), pointer="propose")
    if reason == Rejection.DUPLICATE and (duplicate_of is None or duplicate_of == case):
        raise Invalid(_("Name the case it is a duplicate of."), pointer="duplicate_of")
    if reason not in (Rejection.NOT_OURS, Rejection.DUPLICATE):
        must_be_said(note, "note", _("The reason in your own words"))
    times = case.rejections + 1
    case.change(
        rejections=times, needs_arbitration=times >= SENT_BACK_MOST, proposed_department=propose,
        duplicate_of=duplicate_of, by=by, at=at,
    )  # fmt: skip
    case.send_back(reason=reason, note=note, due_on=_look_again(at), by=by, at=at)


@transaction.atomic
def need_information(*, case: Case, question: str, by: User, at: datetime) -> None:
    """The owner can't tell yet: the question goes back to whoever assessed it. No rejection.

    Raises WrongState, NotAllowed, Invalid for an empty question.
    """
    case = locked_for_owner(case, by)
    must_be_in(case, CaseState.ROUTED, to=_("asking"))
    question = must_be_said(question, "question", _("Your question"))
    case.change(question=question, by=by, at=at)
    case.move(CaseState.ASSESS, due_on=_look_again(at), by=by, at=at, note=question)


@transaction.atomic
def already_fixed(*, case: Case, fixed_on: date, note: str, by: User, at: datetime) -> None:
    """The owner says it was fixed before we asked: whoever assesses it can have that measured at once.

    Raises WrongState, NotAllowed, Invalid for a day in the future or without a word on how.
    """
    case = locked_for_owner(case, by)
    must_be_in(case, CaseState.ROUTED, CaseState.INVESTIGATING, to=_("saying that it is fixed"))
    if fixed_on > today(at):
        raise Invalid(_("It can't have been fixed in the future."), pointer="fixed_on")
    if fixed_on < case.detection_start:
        noticed = date_format(case.detection_start, "j F")
        raise Invalid(
            _("It was noticed on %(noticed)s: a fix before that day has not helped.") % {"noticed": noticed},
            pointer="fixed_on",
        )
    note = must_be_said(note, "note", _("What was fixed"))
    case.change(fixed_on=fixed_on, by=by, at=at, note=note)
    case.send_back(reason=Rejection.ALREADY_FIXED, note=note, due_on=_look_again(at), by=by, at=at)


@transaction.atomic
def accept_risk(*, case: Case, approver: User, expires_on: date, note: str, by: User, at: datetime) -> None:
    """Nothing will be done, on somebody's responsibility and until a day: then it is asked again. A risk that is
    accepted already can be accepted for longer. The approver has a letter, and confirms it within three working days;
    else the case comes back.

    Raises WrongState once something was fixed, NotAllowed, Invalid for an approver who may not or a day out of range.
    """
    case = locked_for_owner(case, by)
    if not case.is_risk_accepted:
        must_be_in(case, *WITH_THE_OWNER, to=_("accepting the risk"))
    note = must_be_said(note, "note", _("Why the risk is acceptable"))
    head = case.owner_department.head_id if case.owner_department else None
    if not approver.is_active or not (approver.pk == head or may(approver, "analysis.route")):
        raise Invalid(
            _("The risk is approved by the head of the department or a case manager."), pointer="approver"
        )
    if not today(at) < expires_on <= today(at) + LONGEST_ACCEPTANCE:
        raise Invalid(_("A risk is accepted until a day within the next year."), pointer="expires_on")
    answer = {
        "risk_approved_by": approver, "risk_expires_on": expires_on, "risk_asked_at": at,
        "risk_confirmed_at": at if approver == by else None,
    }  # fmt: skip
    if case.is_risk_accepted:
        case.change(outcome_note=note, **answer, by=by, at=at, note=note)
    else:
        case.close(Outcome.RISK_ACCEPTED, note=note, **answer, by=by, at=at)
    if approver != by:
        _tell_approver(case, approver, expires_on, note, by=by, at=at)


def _tell_approver(
    case: Case, approver: User, expires_on: date, note: str, *, by: User, at: datetime
) -> None:
    """Whose name stands under it says whether that is so."""

    def words() -> tuple[str, list[str]]:
        said = {
            "name": by.name, "until": date_format(expires_on, "j F Y"), "note": note, "title": case.title,
            "confirm_within": CONFIRM_WITHIN,
        }  # fmt: skip
        return _("%(title)s: its risk is accepted in your name") % said, [
            _("%(name)s has written down that you accept the risk of it until %(until)s: %(note)s") % said,
            _("Say within %(confirm_within)s working days whether that is so; else the case is opened again.")
            % said,
        ]

    tell(case, [approver], words, by=by, at=at)


def _look_again(at: datetime) -> date:
    due_on = due_in(CaseState.ASSESS, at)
    assert due_on is not None  # noqa: S101 (assess has a clock)
    return due_on
