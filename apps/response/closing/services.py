"""Rules by which waiting tickets end by themselves are kept, switched on and off, and carried out."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.response import transitions
from apps.response.closing.models import ClosingRule, ClosingStep, DayKind, Due, StepKind
from apps.response.closing.queries import Moments, due, moments, rules
from apps.response.closing.words import WARNING_WORKING, WORDING
from apps.response.services.solving import NotReady, check_ready
from apps.response.wording.words import Texts, language_of
from helpdesk.each import each
from helpdesk.errors import Invalid
from helpdesk.models import Department, Direction, Message, Note, Status, Ticket, TicketStatus, User
from helpdesk.permissions import require, require_own
from helpdesk.rows import held
from helpdesk.signing import signed

LONGEST = 365
AT_ONCE = 500  # tickets of a step in one run; the next run takes the rest
LETTERS = (StepKind.REMINDER, StepKind.WARNING)
NO_ANSWER = "No answer from the customer"


@transaction.atomic
@signed
def save_rule(
    *, rule: ClosingRule | None, department: Department | None, status: TicketStatus | None = None,
    remind_after: int | None, warn_after: int | None, close_after: int, ends_as: str = Status.SOLVED,
    counted_in: str = DayKind.CALENDAR, texts: Texts | None = None, by: User,
) -> ClosingRule:  # fmt: skip
    """Make a rule, switched off, or change one. Raises Invalid with the field at fault, NotAllowed."""
    require_own(by, "response.manage", department)
    if rule is not None:
        require_own(by, "response.manage", rule.department)
    row = _locked(rule) if rule else ClosingRule()
    row.department, row.status = department, status
    row.remind_after, row.warn_after, row.close_after = remind_after, warn_after, close_after
    row.counted_in, row.ends_as, row.texts = counted_in, ends_as, WORDING.kept(texts or {})
    _check(row)
    row.save()
    return row


def _check(row: ClosingRule) -> None:
    known = ClosingRule.objects.filter(department=row.department, status=row.status).exclude(pk=row.pk)
    if known.exists():
        raise Invalid(_("There is a rule for these already: change that one."), pointer="department")
    if row.status is not None and row.status.category != Status.WAITING_CUSTOMER:
        raise Invalid(_("Only what waits on the customer closes by itself."), pointer="status")
    if row.counted_in not in DayKind.values:
        raise Invalid(_("Its days are calendar days or working days."), pointer="counted_in")
    if row.ends_as not in (Status.SOLVED, Status.CLOSED):
        raise Invalid(_("It ends as solved or closed."), pointer="ends_as")
    before = 0
    for name in ("remind_after", "warn_after", "close_after"):
        days = getattr(row, name)
        if days is None and name != "close_after":
            continue
        if days is None or not before < days <= LONGEST:
            raise Invalid(
                _("Give more days than the step before: %(least)s to %(most)s.")
                % {"least": before + 1, "most": LONGEST},
                pointer=name,
            )
        before = days


@transaction.atomic
@signed
def switch_rule(*, rule: ClosingRule, on: bool, by: User) -> ClosingRule:
    """Let it work, or rest. Raises NotAllowed for another department's."""
    require_own(by, "response.manage", rule.department)
    row = _locked(rule)
    if row.is_on != on:
        row.is_on = on
        row.save(update_fields=["is_on"])
    return row


@transaction.atomic
def forget_rule(*, rule: ClosingRule, by: User) -> None:
    """Have none for these: a wider one counts from then on. Raises NotAllowed for another department's."""
    require_own(by, "response.manage", rule.department)
    _locked(rule).delete()


def _locked(rule: ClosingRule) -> ClosingRule:
    return held(rule, "department", "status")


@transaction.atomic
def keep_open(*, ticket: Ticket, on: bool = True, by: User, at: datetime) -> Ticket:
    """It does not close by itself, however long it waits; or it may again. Raises TicketMerged."""
    require(by, "response.hold", ticket)
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    if ticket.closes_itself == on:
        ticket.let_close(not on, by=by, at=at)
    return ticket


# --- carried out ------------------------------------------------------------------------------------------


def work_on_closing(*, by: User, at: datetime) -> int:
    """Take the next step of every ticket whose time has come, each in its own transaction. Returns how many.

    Raises the faults once every ticket had its turn.
    """
    known = list(rules())
    when = moments((rule for rule in known if rule.is_on), at=at)
    todo = [
        (pk, rule, step)
        for rule in known
        if rule.is_on
        for step in rule.steps()
        for pk in due(rule, step, others=known, when=when).values_list("pk", flat=True)[:AT_ONCE]
    ]
    return sum(each(todo, lambda one: _take(*one, known, when, by=by)))


@transaction.atomic
def _take(
    pk: int, rule: ClosingRule, step: Due, known: list[ClosingRule], when: Moments, *, by: User
) -> bool:
    """False where somebody else is at it, or it came to wait no more."""
    at = when.at
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    ticket = rows.select_related("customer", "department").filter(pk=pk).first()
    # Asked again under the lock: an act or another worker may have been faster.
    if ticket is None or not due(rule, step, others=known, when=when).filter(pk=pk).exists():
        return False
    if _has_written(ticket):
        return False  # its news is on the way
    if step.kind in LETTERS:
        _write(ticket, rule, step, by=by, at=at)
    else:
        _end(ticket, rule, by=by, at=at)
    return True


def _has_written(ticket: Ticket) -> bool:
    said = ticket.messages.filter(direction=Direction.IN, is_automatic=False)
    return said.filter(at__gt=ticket.status_since).exists()


def _write(ticket: Ticket, rule: ClosingRule, step: Due, *, by: User, at: datetime) -> None:
    customer = ticket.customer
    if not customer.email or customer.bounces(at):
        _stay(ticket, rule, _("no mail reaches the customer"), by=by, at=at)
        return
    facts = {
        "name": customer.name,
        "number": str(ticket.pk),
        "subject": ticket.subject,
        "days": str(rule.close_after - step.after),
    }
    in_working_days = step.kind == StepKind.WARNING and rule.counted_in == DayKind.WORKING
    body = WORDING.said(
        step.kind, texts=rule.texts, language=language_of(ticket), facts=facts,
        ours=WARNING_WORKING if in_working_days else "",
    )  # fmt: skip
    message = Message.write(ticket=ticket, body=body, by=by, at=at, channel="email", is_automatic=True)
    _note(ticket, rule, step.kind, message=message, at=at)


def _end(ticket: Ticket, rule: ClosingRule, *, by: User, at: datetime) -> None:
    try:
        check_ready(ticket)
    except NotReady as refused:
        _stay(ticket, rule, refused.detail, by=by, at=at)
        return
    _note(ticket, rule, StepKind.CLOSE, at=at)
    ticket.resolve(reason=NO_ANSWER, by=by, at=at)
    if rule.ends_as == Status.CLOSED:
        ticket.close(by=by, at=at)


def _stay(ticket: Ticket, rule: ClosingRule, why: str, *, by: User, at: datetime) -> None:
    """Colleagues are told once, in a note."""
    _note(ticket, rule, StepKind.STAYS, at=at)
    Note.add(ticket=ticket, body=_("This does not close by itself: %(why)s") % {"why": why}, by=by, at=at)


def _note(
    ticket: Ticket, rule: ClosingRule, kind: str, *, message: Message | None = None, at: datetime
) -> None:
    since = ticket.status_since or ticket.updated_at  # always the former: `due` finds no others
    ClosingStep.objects.create(ticket=ticket, since=since, kind=kind, rule=rule, message=message, at=at)
