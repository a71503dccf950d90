"""What was promised to customers by a time: made, kept, broken or withdrawn; nobody has to remember it."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.control.clock import BusinessCalendar, working_minutes
from apps.control.clock import due_at as working_due_at
from apps.control.models import Calendar, CustomerPromise, PromiseState
from apps.control.models.customer_promise import MAX_TEXT
from apps.control.queries import policy_for
from apps.output.services import NewsItem, OwnLetter, inform
from helpdesk import events
from helpdesk.each import each
from helpdesk.errors import DomainError, Invalid
from helpdesk.links import absolute
from helpdesk.locales import as_read_by
from helpdesk.models import Direction, Message, Role, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held

PROMISE = "control.promise"
WARN_AFTER = 0.75  # of its time
LONGEST = timedelta(days=366)
# A promise and the answer in which it was said are written down within this time of each other.
BESIDE = timedelta(minutes=30)


Step = Callable[..., None]


class PromiseSettled(DomainError):
    """This promise was kept or withdrawn already."""

    code = "promise-settled"


@transaction.atomic
def make_promise(
    *,
    ticket: Ticket,
    text: str,
    due_at: datetime | None = None,
    working_hours: int | None = None,
    owner: User | None = None,
    is_public: bool = False,
    by: User,
    at: datetime,
) -> CustomerPromise:
    """Promise the customer something by a time: a moment, or so many working hours from now.

    Whoever promises keeps it, unless somebody else is named. Raises Invalid.
    """
    require(by, PROMISE, ticket)
    ticket = held(ticket)
    if working_hours is not None:
        due_at = due_in_working_hours(ticket, working_hours, at=at)
    due_at = _to_come(due_at, at)
    owner = owner or by
    if owner.is_machine:
        owner = ticket.assignee or owner
    if not owner.is_machine and not (owner.is_staff_member and ticket.is_visible_to(owner)):
        raise Invalid(_("%(who)s can't see this ticket.") % {"who": owner}, pointer="owner")
    row = CustomerPromise.objects.create(
        ticket=ticket, message=_said_in(ticket, by, at), text=_words(text), due_at=due_at,
        warn_at=_warn_at(ticket, due_at, at=at), owner=owner, is_public=is_public, made_by=by,
        made_at=at,
    )  # fmt: skip
    _tell("promise.made", row, by=by, at=at)
    return row


def due_in_working_hours(ticket: Ticket, number: int, *, at: datetime) -> datetime:
    """So many working hours from now, in the calendar of the ticket's promises, or the company's first."""
    if not 0 < number <= 1000:
        raise Invalid(_("One working hour to a thousand."), pointer="working_hours")
    hours = _hours(ticket, at)
    return working_due_at(at, number * 60, hours) if hours else at + timedelta(hours=number)


def _hours(ticket: Ticket, at: datetime) -> BusinessCalendar | None:
    policy = policy_for(ticket)
    calendar = policy.calendar if policy else Calendar.objects.order_by("pk").first()
    return calendar.hours(around=at.date()) if calendar else None


def _warn_at(ticket: Ticket, due_at: datetime, *, at: datetime) -> datetime:
    """After three quarters of the working time there is; of the time by the clock, where nobody works until then."""
    hours = _hours(ticket, at)
    minutes = working_minutes(at, due_at, hours) if hours else 0
    if hours is None or not minutes:
        return at + (due_at - at) * WARN_AFTER
    return working_due_at(at, minutes * WARN_AFTER, hours)


def _to_come(due_at: datetime | None, at: datetime) -> datetime:
    if due_at is None or not at < due_at <= at + LONGEST:
        raise Invalid(_("Give a time to come, within a year."), pointer="due_at")
    return due_at


def _words(text: str) -> str:
    tidy = " ".join(text.replace("\0", "").split())
    if not tidy:
        raise Invalid(_("Say what was promised."), pointer="text")
    return tidy[:MAX_TEXT]


def _said_in(ticket: Ticket, by: User, at: datetime) -> Message | None:
    said = Message.objects.filter(ticket=ticket, author=by, direction=Direction.OUT, withdrawn_at=None)
    return said.filter(at__gt=at - BESIDE, at__lte=at).order_by("-at", "-pk").first()


@transaction.atomic
def keep_promise(*, promise: CustomerPromise, by: User, at: datetime) -> CustomerPromise:
    """It was done: in time, or late. Raises PromiseSettled."""
    require(by, PROMISE, promise)
    row = _locked(promise)
    late = row.state == PromiseState.BROKEN or row.due_at < at
    row.state = PromiseState.LATE if late else PromiseState.KEPT
    row.broken_at = (row.broken_at or row.due_at) if late else None
    row.settled_at, row.settled_by = at, by
    row.save(update_fields=["state", "broken_at", "settled_at", "settled_by"])
    _tell("promise.kept", row, by=by, at=at)
    return row


@transaction.atomic
def withdraw_promise(*, promise: CustomerPromise, why: str, by: User, at: datetime) -> CustomerPromise:
    """It need not be kept any more. Raises Invalid without a reason, PromiseSettled."""
    require(by, PROMISE, promise)
    why = " ".join(why.split())[:MAX_TEXT]
    if not why:
        raise Invalid(_("Say why it need not be kept."), pointer="why")
    row = _locked(promise)
    row.state, row.why, row.settled_at, row.settled_by = PromiseState.WITHDRAWN, why, at, by
    row.save(update_fields=["state", "why", "settled_at", "settled_by"])
    _tell("promise.withdrawn", row, by=by, at=at)
    return row


def _locked(promise: CustomerPromise) -> CustomerPromise:
    """As it is now, behind the lock of its ticket. Raises PromiseSettled."""
    ticket = held(promise.ticket)
    row = held(promise)
    if not row.is_unsettled:
        raise PromiseSettled
    row.ticket = ticket
    return row


def _tell(kind: str, row: CustomerPromise, *, by: User, at: datetime) -> None:
    data = {
        "promise": row.pk, "text": row.text, "state": row.state, "due_at": row.due_at.isoformat(), "why": row.why,
        "user": row.owner_id,
    }  # fmt: skip
    events.record(kind, ticket=row.ticket, by=by, at=at, data=data)


# --- news of the ticket


@transaction.atomic
def tie_promises(*, message: Message) -> int:
    """An answer was written: what its author promised just before was said in it. Again changes nothing."""
    rows = CustomerPromise.objects.filter(
        ticket=message.ticket_id, message=None, made_by=message.author_id, made_at__gt=message.at - BESIDE,
        made_at__lte=message.at,
    )  # fmt: skip
    return rows.update(message=message)


@transaction.atomic
def carry_promises(*, ticket: Ticket, messages: Collection[int]) -> int:
    """These messages are this ticket's now, and with them what was promised in them."""
    return CustomerPromise.objects.filter(message__in=messages).exclude(ticket=ticket).update(ticket=ticket)


# --- time


def tick_promises(*, by: User, at: datetime) -> int:
    """Warn before a promise is broken, and say when it is; each once. Raises the faults once each had its turn."""
    rows = CustomerPromise.objects
    steps = {_warn: rows.to_warn(at), _break: rows.to_break(at)}
    return sum(each(steps, lambda step: _take(step, steps[step], by=by, at=at)))


def _take(step: Step, due: QuerySet[CustomerPromise], *, by: User, at: datetime) -> int:
    return sum(each(due.values_list("pk", flat=True), lambda number: _deal(number, step, due, by=by, at=at)))


@transaction.atomic
def _deal(number: int, step: Step, due: QuerySet[CustomerPromise], *, by: User, at: datetime) -> bool:
    free = due.select_for_update(of=("self",), skip_locked=True, no_key=True)
    row = free.select_related("ticket__department", "owner").filter(pk=number).order_by("pk").first()
    if row is None:
        return False
    step(row, by=by, at=at)
    return True


def _warn(row: CustomerPromise, *, by: User, at: datetime) -> None:
    row.warned_at = at
    row.save(update_fields=["warned_at"])
    if row.due_at >= at:
        _tell("promise.warned", row, by=by, at=at)
        _write(row, [row.owner], "warned", by=by, at=at)


def _break(row: CustomerPromise, *, by: User, at: datetime) -> None:
    row.state, row.broken_at = PromiseState.BROKEN, row.due_at
    row.save(update_fields=["state", "broken_at"])
    _tell("promise.broken", row, by=by, at=at)
    leads = User.objects.filter(role=Role.LEAD, department=row.ticket.department_id, is_active=True)
    _write(row, [row.owner, *leads], "broken", by=by, at=at)


def _write(row: CustomerPromise, people: list[User], what: str, *, by: User, at: datetime) -> None:
    for person in dict.fromkeys(people):
        if person.is_active and not person.is_machine and row.is_visible_to(person):
            with as_read_by(person):
                _write_to(person, row, what, by=by, at=at)


def _write_to(person: User, row: CustomerPromise, what: str, *, by: User, at: datetime) -> None:
    subject = _("Promised soon: %(text)s") if what == "warned" else _("Promise broken: %(text)s")
    when = date_format(localtime(row.due_at), "j M, H:i")
    text = _("%(who)s promised it until %(when)s: %(text)s") % {
        "who": row.owner.name, "when": when, "text": row.text,
    }  # fmt: skip
    number = row.ticket.merged_into_id or row.ticket_id
    title = subject % {"text": row.text}
    letter = OwnLetter(subject=title[:200], text=f"{text}\n\n{absolute('ticket', number=number)}\n")
    key = f"promise:{row.pk}:{what}:{person.pk}"
    item = NewsItem(kind="promise", key=key, title=title, ticket=row.ticket, letter=letter)
    inform(item=item, to=person, by=by, at=at)
