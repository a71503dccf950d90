"""Work handed to another department stays ours: who, by when, their answer, and the customer's word."""

from datetime import datetime

from django.db import transaction

from apps.control.clock import due_at
from apps.control.models import Clock, Referral
from apps.control.queries import policy_for
from apps.control.services.clocks import WARN_AFTER, show_most_pressing
from apps.output.services import send_notice
from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.links import absolute
from helpdesk.models import Department, Note, Status, Ticket, User
from helpdesk.permissions import require


class ReferralOpen(DomainError):
    """This department has been asked about this ticket already and has not answered yet."""

    code = "referral-open"


class ReferralAnswered(DomainError):
    """This referral has been answered."""

    code = "referral-answered"


class ReferralClosed(DomainError):
    """This referral is closed, or has no answer yet that could be checked with the customer."""

    code = "referral-closed"


@transaction.atomic
def refer(*, ticket: Ticket, department: Department, question: str, by: User, at: datetime) -> Referral:
    """Ask another department for its part of the work; the ticket waits for it and stays with us.

    Raises Invalid without a question or for the ticket's own department, ReferralOpen when it has been asked.
    """
    require(by, "control.refer", ticket)
    ticket = Ticket.objects.select_for_update(of=("self",), no_key=True).get(pk=ticket.pk)
    if not question.strip():
        raise Invalid("Say what the department should do or find out.", pointer="question")
    if department.pk == ticket.department_id:
        raise Invalid("The ticket is in this department already. Assign it instead.", pointer="department")
    if Referral.objects.filter(ticket=ticket, department=department, state=Referral.State.OPEN).exists():
        raise ReferralOpen
    referral = Referral.objects.create(
        ticket=ticket, department=department, question=question.strip(), asked_by=by, asked_at=at
    )
    _start_clock(referral, at=at)
    if ticket.is_open and ticket.status != Status.WAITING_OWNER:
        ticket.hold(Status.WAITING_OWNER, reason=f"Referred to {department}", by=by, at=at)
    events.record("referral.opened", ticket=ticket, by=by, at=at, data=_data(referral))
    _tell(referral, by=by, at=at)
    return referral


@transaction.atomic
def answer_referral(*, referral: Referral, answer: str, by: User, at: datetime) -> Referral:
    """The department answers: a note on the ticket, its clock met, the ticket back at work.

    Raises Invalid without a text, ReferralAnswered when it has been answered.
    """
    require(by, "control.answer_referral", referral)
    referral = _locked(referral)
    if not answer.strip():
        raise Invalid("Write the answer.", pointer="answer")
    if referral.state != Referral.State.OPEN:
        raise ReferralAnswered
    referral.state, referral.answer = Referral.State.ANSWERED, answer.strip()
    referral.answered_by, referral.answered_at = by, at
    referral.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    _meet_clock(referral, at=at)
    ticket = referral.ticket
    Note.add(ticket=ticket, body=f"{referral.department} answers: {referral.answer}", by=by, at=at)
    if ticket.status == Status.WAITING_OWNER:
        ticket.begin(by=by, at=at)
    events.record("referral.answered", ticket=ticket, by=by, at=at, data=_data(referral))
    return referral


@transaction.atomic
def close_referral(*, referral: Referral, customer_confirmed: bool, by: User, at: datetime) -> Referral:
    """We asked the customer whether it is done. Raises ReferralClosed unless there is an answer to check."""
    require(by, "control.refer", referral.ticket)
    referral = _locked(referral)
    if referral.state != Referral.State.ANSWERED:
        raise ReferralClosed
    referral.state, referral.customer_confirmed, referral.closed_at = (
        Referral.State.CLOSED,
        customer_confirmed,
        at,
    )
    referral.save(update_fields=["state", "customer_confirmed", "closed_at"])
    events.record("referral.closed", ticket=referral.ticket, by=by, at=at, data=_data(referral))
    return referral


def _locked(referral: Referral) -> Referral:
    # The ticket first, as everywhere: one order of locks, no deadlock.
    Ticket.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.ticket_id)
    return (
        Referral.objects.select_for_update(of=("self",), no_key=True)
        .select_related("ticket", "department")
        .get(pk=referral.pk)
    )


def _data(referral: Referral) -> dict[str, object]:
    return {
        "referral": referral.pk, "department": referral.department_id, "state": referral.state,
        "customer_confirmed": referral.customer_confirmed,
    }  # fmt: skip


def _start_clock(referral: Referral, *, at: datetime) -> None:
    policy = policy_for(referral.ticket)
    if policy is None or policy.referral_minutes is None:
        return
    hours = policy.calendar.hours(around=at.date())
    Clock.objects.create(
        ticket=referral.ticket, referral=referral, policy=policy, kind=Clock.Kind.REFERRAL,
        minutes=policy.referral_minutes, started_at=at, due_at=due_at(at, policy.referral_minutes, hours),
        warn_at=due_at(at, policy.referral_minutes * WARN_AFTER, hours),
    )  # fmt: skip
    show_most_pressing(referral.ticket)


def _meet_clock(referral: Referral, *, at: datetime) -> None:
    for clock in Clock.objects.unmet().filter(referral=referral):
        late = clock.breached_at is not None or (clock.due_at is not None and clock.due_at < at)
        clock.state = Clock.State.MET_LATE if late else Clock.State.MET
        clock.met_at, clock.next_rung_at = at, None
        clock.save(update_fields=["state", "met_at", "next_rung_at"])
    show_most_pressing(referral.ticket)


def _tell(referral: Referral, *, by: User, at: datetime) -> None:
    """Write to the department's address, or to its head."""
    department = referral.department
    address = department.email or (department.head.email if department.head else "")
    if address:
        text = (
            f"{by.name} asks about #{referral.ticket_id} ({referral.ticket.subject}):\n\n{referral.question}\n\n"
            f"Answer here: {absolute('referral', number=referral.pk)}\n"
        )
        send_notice(
            to=address, subject=f"Your part of #{referral.ticket_id}: {referral.ticket.subject}"[:200], text=text,
            ticket=referral.ticket, key=f"referral:{referral.pk}", by=by, at=at,
        )  # fmt: skip
