"""What is above somebody's authority is asked of somebody who may: once answered, and then given."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from apps.response.models import Approval, ApprovalState, ApprovalStep, AskedApprover, Offer
from apps.response.models.remedy import RANKS, rank_of
from apps.response.queries.guidance import guidance_of
from apps.response.services.remedies import Wanted, above_authority, record_given, want
from helpdesk import events
from helpdesk.each import each
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Absence, Issue, Role, Ticket, User
from helpdesk.permissions import may, require
from helpdesk.rows import held

SALT = "apps.response.approval"
APPROVE = "response.approve"
SHORTEST, USUAL, LONGEST = timedelta(hours=1), timedelta(days=2), timedelta(days=30)
# A third of its time without an answer: a reminder. Two thirds: the administrators are asked too.
THIRDS = {ApprovalStep.REMIND: 1, ApprovalStep.ESCALATE: 2, ApprovalStep.EXPIRE: 3}
MAX_WHY = 500


class NoApprover(DomainError):
    """There is nobody who could approve this: neither a lead of the department nor an administrator."""

    code = "no-approver"


class NothingToAsk(DomainError):
    """You may give this without asking."""

    code = "nothing-to-ask"


class AnsweredMeanwhile(DomainError):
    """This was answered already."""

    code = "answered-meanwhile"


class ApprovalLinkDead(DomainError):
    """This link does not open anything any more. Sign in, and look under Approvals."""

    code = "link-expired"
    status = 404


@transaction.atomic
def ask_approval(
    *,
    ticket: Ticket,
    remedy: str,
    amount: Decimal | None = None,
    issue: Issue | None = None,
    offer: Offer | None = None,
    why: str,
    until: datetime | None = None,
    by: User,
    at: datetime,
) -> Approval:
    """Ask those who may for what one may not give alone; the same asked twice is asked once.

    Raises Invalid without a reason or for a time that is not to come, NotCoded, NothingToAsk, NoApprover.
    """
    require(by, "response.solve", ticket)
    why = " ".join(why.split())[:MAX_WHY]
    if not why:
        raise Invalid(_("Say why: whoever approves it knows no more than this."), pointer="why")
    until = until or at + USUAL
    if not at + SHORTEST <= until <= at + LONGEST:
        raise Invalid(_("Give a time to come, an hour to a month from now."), pointer="until")
    wanted = want(ticket, remedy=remedy, amount=amount, issue=issue, offer=offer)
    same = {"issue": wanted.issue, "remedy": remedy, "amount": amount, "asked_by": by}
    if asked := Approval.objects.open().filter(ticket=wanted.ticket, **same).first():
        return asked
    above = above_authority(wanted, by=by, at=at)
    if not above:
        raise NothingToAsk
    row = Approval.objects.create(
        ticket=wanted.ticket, offer=offer, why=why, above=above[:300], asked_at=at, until=until,
        next_at=at + (until - at) / 3, **same,
    )  # fmt: skip
    _ask(row, approvers_for(wanted, by=by, at=at), at=at)
    if not row.asked.exists():
        raise NoApprover
    _tell("approval.asked", row, by=by, at=at)
    return row


def approvers_for(wanted: Wanted, *, by: User, at: datetime) -> dict[User, User | None]:
    """Whom to ask: the leads of the ticket's department, and who stands in for those that are away; administrators
    where there is none, or where it is above what a lead may give. With each, for whom they stand in."""
    leads = User.objects.filter(role=Role.LEAD, department=wanted.ticket.department_id, is_active=True)
    if not _is_for_leads(wanted):
        leads = leads.none()
    chosen: dict[User, User | None] = {}
    people = list(leads.exclude(pk=by.pk).order_by("pk"))
    away = {row.user_id: row for row in Absence.objects.at(at).filter(user__in=people).order_by("entered_at")}
    for person in people:
        if person.pk not in away:
            chosen[person] = None
    for person in people:
        stand_in = away[person.pk].stand_in if person.pk in away else None
        if stand_in is not None and stand_in.pk != by.pk and _may_approve(stand_in, wanted.ticket):
            chosen.setdefault(stand_in, person)
    return chosen or dict.fromkeys(_administrators(by))


def _is_for_leads(wanted: Wanted) -> bool:
    if wanted.offer is not None:
        limit = wanted.offer.limit_of(Role.LEAD)
        return wanted.offer.is_free_to(Role.LEAD) and (
            wanted.amount is None or limit is None or wanted.amount <= limit
        )
    guidance = guidance_of([wanted.issue]).get(wanted.issue.pk)
    return guidance is None or wanted.amount is None or wanted.amount <= guidance.lead_limit


def _administrators(by: User) -> list[User]:
    rows = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=by.pk)
    return list(rows.order_by("pk"))


def _may_approve(user: User, ticket: Ticket) -> bool:
    return may(user, APPROVE) and ticket.is_visible_to(user)


def _ask(row: Approval, people: dict[User, User | None], *, at: datetime) -> None:
    AskedApprover.objects.bulk_create(
        [AskedApprover(approval=row, user=one, asked_at=at, instead_of=who) for one, who in people.items()],
        ignore_conflicts=True,
    )


@transaction.atomic
def answer_approval(
    *, approval: Approval, approve: bool, answer: str = "", by: User, at: datetime
) -> Approval:
    """Say yes, or no with a reason. Of two who answer at once the first counts, and the second is told.

    Raises Invalid for a refusal without a reason, AnsweredMeanwhile, NotAllowed for one's own request or what is above
    one's own authority.
    """
    require(by, APPROVE, approval)
    row = _locked(approval)
    _check_may_answer(row, by)
    answer = " ".join(answer.split())[:MAX_WHY]
    if not approve and not answer:
        raise Invalid(_("Say why not: the agent has to explain it."), pointer="answer")
    row.state = ApprovalState.APPROVED if approve else ApprovalState.REFUSED
    row.answered_by, row.answered_at, row.answer = by, at, answer
    row.save(update_fields=["state", "answered_by", "answered_at", "answer"])
    _tell("approval.answered", row, by=by, at=at)
    return row


def _check_may_answer(row: Approval, by: User) -> None:
    if not row.is_open:
        raise AnsweredMeanwhile(said(row))
    if row.asked_by_id == by.pk:
        raise Invalid(_("Nobody approves what they asked for themselves."))
    if not _is_within(row, by):
        raise Invalid(_("This is above what you may give yourself: an administrator has to approve it."))


def _is_within(row: Approval, by: User) -> bool:
    """Nobody approves more than they could give; a ceiling over all is lifted by whoever approves."""
    if rank_of(by.role) >= RANKS.index(Role.ADMIN):
        return True
    if row.offer is not None:
        limit = row.offer.limit_of(by.role)
        return row.offer.is_free_to(by.role) and (row.amount is None or limit is None or row.amount <= limit)
    guidance = guidance_of([row.issue]).get(row.issue_id)
    limit = guidance.limit_of(by.role) if guidance else None
    return row.amount is None or limit is None or row.amount <= limit


def said(row: Approval) -> str:
    """How it stands, in a sentence for whoever comes too late."""
    who = row.answered_by.name if row.answered_by else ""
    match row.state:
        case ApprovalState.APPROVED | ApprovalState.USED:
            return _("%(who)s has approved it already.") % {"who": who}
        case ApprovalState.REFUSED:
            return _("%(who)s has refused it already.") % {"who": who}
        case ApprovalState.EXPIRED:
            return _("Its time is over: nobody answered until then.")
    return _("It was withdrawn by whoever asked.")


@transaction.atomic
def ask_back(*, approval: Approval, question: str, by: User, at: datetime) -> Approval:
    """Ask the agent something first; it goes on waiting, and its time runs. Raises Invalid, AnsweredMeanwhile."""
    require(by, APPROVE, approval)
    row = _locked(approval)
    _check_may_answer(row, by)
    question = " ".join(question.split())[:MAX_WHY]
    if not question:
        raise Invalid(_("Write the question."), pointer="answer")
    row.state, row.answer, row.answered_by, row.answered_at = ApprovalState.ASKED_BACK, question, by, at
    row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    _tell("approval.asked_back", row, by=by, at=at)
    return row


@transaction.atomic
def explain_approval(*, approval: Approval, why: str, by: User, at: datetime) -> Approval:
    """The agent answers the question: it stands below what they gave as the reason, and waits again."""
    require(by, "response.solve", approval.ticket)
    row = _locked(approval)
    if row.state != ApprovalState.ASKED_BACK:
        raise AnsweredMeanwhile(said(row) if not row.is_open else _("Nothing was asked back."))
    why = " ".join(why.split())
    if not why:
        raise Invalid(_("Write the answer."), pointer="why")
    row.why = f"{row.why} — {row.answer} {why}"[:MAX_WHY]
    row.state, row.answer, row.answered_by, row.answered_at = ApprovalState.ASKED, "", None, None
    row.save(update_fields=["why", "state", "answer", "answered_by", "answered_at"])
    _tell("approval.explained", row, by=by, at=at)
    return row


@transaction.atomic
def withdraw_approval(*, approval: Approval, by: User, at: datetime) -> Approval:
    """It is not needed any more. Raises AnsweredMeanwhile."""
    require(by, "response.solve", approval.ticket)
    row = _locked(approval)
    if not row.is_open and row.state != ApprovalState.APPROVED:
        raise AnsweredMeanwhile(said(row))
    row.state = ApprovalState.WITHDRAWN
    row.save(update_fields=["state"])
    _tell("approval.withdrawn", row, by=by, at=at)
    return row


@transaction.atomic
def use_approval(*, approval: Approval, by: User, at: datetime) -> Approval:
    """It was promised to the customer: now it counts as given. A second press changes nothing.

    Raises AnsweredMeanwhile for what was not approved, NotCoded where the ticket lost the issue.
    """
    require(by, "response.solve", approval.ticket)
    row = _locked(approval)
    if row.state == ApprovalState.USED:
        return row
    if row.state != ApprovalState.APPROVED:
        raise AnsweredMeanwhile(_("It is not approved.") if row.is_open else said(row))
    wanted = want(row.ticket, remedy=row.remedy, amount=row.amount, issue=row.issue, offer=None)
    row.given = record_given(replace(wanted, offer=row.offer), reason=row.why, by=by, at=at)
    row.state = ApprovalState.USED
    row.save(update_fields=["state", "given"])
    return row


def _locked(approval: Approval) -> Approval:
    """As it is now, behind the lock of its ticket."""
    held(approval.ticket)
    return held(approval, "ticket", "issue", "offer", "asked_by", "answered_by")


def _tell(kind: str, row: Approval, *, by: User, at: datetime) -> None:
    data = {
        "approval": row.pk, "issue": row.issue_id, "remedy": row.remedy, "state": row.state,
        "amount": None if row.amount is None else str(row.amount), "answer": row.answer, "why": row.why,
    }  # fmt: skip
    events.record(kind, ticket=row.ticket, by=by, at=at, data=data)


# --- time


def work_on_approvals(*, by: User, at: datetime) -> int:
    """Remind, ask further up, and give up; each once. Returns how many; raises the faults once each had its turn."""
    due = Approval.objects.due(at).values_list("pk", flat=True)
    return sum(each(due, lambda number: _step(number, by=by, at=at)))


@transaction.atomic
def _step(number: int, *, by: User, at: datetime) -> bool:
    rows = Approval.objects.select_for_update(of=("self", "ticket"), no_key=True, skip_locked=True)
    related = rows.select_related("ticket", "issue", "asked_by", "offer", "answered_by")
    row = related.filter(pk=number, next_at__lte=at, state__in=Approval.OPEN).first()
    if row is None:
        return False
    if row.until <= at:
        row.state = ApprovalState.EXPIRED
        row.save(update_fields=["state"])
        _tell("approval.expired", row, by=by, at=at)
        return True
    if row.next_step == ApprovalStep.ESCALATE:
        _ask(row, dict.fromkeys(_administrators(row.asked_by)), at=at)
    kind = "approval.reminded" if row.next_step == ApprovalStep.REMIND else "approval.escalated"
    row.next_step += 1
    row.next_at = row.asked_at + (row.until - row.asked_at) * THIRDS[ApprovalStep(row.next_step)] / 3
    row.save(update_fields=["next_step", "next_at"])
    _tell(kind, row, by=by, at=at)
    return True


# --- links


def approval_key(*, asked: AskedApprover) -> str:
    """What the letter's link holds: it names whom it was sent to, and is signed."""
    return signing.dumps({"asked": asked.pk}, salt=SALT)


def approval_by_key(*, key: str) -> AskedApprover:
    """Who was asked for what. Raises ApprovalLinkDead for what was not signed here, and for who may not approve any
    more."""
    try:
        number = int(signing.loads(key, salt=SALT)["asked"])
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise ApprovalLinkDead from error
    related = AskedApprover.objects.select_related(
        "user", "approval__ticket__customer", "approval__issue", "approval__offer", "approval__asked_by",
        "approval__answered_by",
    )  # fmt: skip
    row = related.filter(pk=number).first()
    if row is None or not _may_approve(row.user, row.approval.ticket):
        raise ApprovalLinkDead
    return row
