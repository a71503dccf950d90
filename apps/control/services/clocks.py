"""Clocks follow what happens to a ticket. Every function may be called again for the same news without harm."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from apps.control.clock import due_at, working_minutes
from apps.control.models import Clock
from apps.control.queries import policy_for
from helpdesk.models import ClockState, Direction, Message, Ticket

OPENING = (Clock.Kind.ACKNOWLEDGE, Clock.Kind.FIRST_REPLY, Clock.Kind.RESOLVE)
AGAIN = (Clock.Kind.NEXT_REPLY, Clock.Kind.RESOLVE)  # when a ticket is opened again
REPLIES = (Clock.Kind.FIRST_REPLY, Clock.Kind.NEXT_REPLY)
WARN_AFTER = 0.75  # of the promised time


@transaction.atomic
def start_clocks(*, ticket: Ticket, kinds: Iterable[str] = OPENING, at: datetime) -> None:
    """Start the promises its policy makes to this ticket; those that run already are left alone."""
    ticket = _locked(ticket)
    policy = policy_for(ticket)
    if policy is None or not ticket.is_open:
        return
    clocks = _unmet(ticket)
    running = {clock.kind for clock in clocks}
    if running & set(REPLIES):
        running |= set(REPLIES)  # a customer who writes twice waits for one reply
    fresh = [
        _wound(
            Clock(ticket=ticket, policy=policy, kind=kind, minutes=minutes, started_at=at),
            left=minutes,
            at=at,
        )
        for kind in kinds
        if kind not in running and (minutes := policy.minutes(kind)) is not None
    ]
    clocks += fresh
    _catch_up(ticket, clocks, since=at)
    Clock.objects.bulk_create(fresh)
    _show(ticket, clocks)


@transaction.atomic
def pause_clocks(*, ticket: Ticket, at: datetime) -> None:
    """Rest the clocks whose policy rests in the ticket's status; what was overdue before stays overdue."""
    ticket = _locked(ticket)
    clocks = _unmet(ticket)
    _rest(ticket, clocks, at=at)
    _show(ticket, clocks)


@transaction.atomic
def resume_clocks(*, ticket: Ticket, at: datetime) -> None:
    """Let resting clocks go on with the time they had left."""
    ticket = _locked(ticket)
    clocks = _unmet(ticket)
    for clock in clocks:
        if clock.state == Clock.State.PAUSED and ticket.status not in clock.policy.pauses_on:
            clock.state = Clock.State.RUNNING
            _wound(clock, left=clock.minutes_left or 0, at=at)
            clock.minutes_left = None
            clock.save(update_fields=["state", "due_at", "warn_at", "minutes_left"])
    _show(ticket, clocks)


@transaction.atomic
def restart_clocks(*, ticket: Ticket, at: datetime) -> None:
    """The ticket's department or severity changed: promise by its new policy, the time used so far counted."""
    ticket = _locked(ticket)
    policy = policy_for(ticket)
    for clock in _unmet(ticket):
        if clock.referral_id or clock.state == Clock.State.BREACHED:
            continue
        if policy is None or policy.pk == clock.policy_id:
            continue
        promised = policy.minutes(clock.kind)
        used = clock.minutes - _minutes_left(clock, at)
        clock.state = Clock.State.CANCELLED
        clock.save(update_fields=["state"])
        if promised is not None:
            fresh = Clock(
                ticket=ticket, policy=policy, kind=clock.kind, minutes=promised, started_at=clock.started_at
            )
            _wound(fresh, left=max(promised - used, 0), at=at).save(force_insert=True)
    show_most_pressing(ticket)


@transaction.atomic
def meet_clocks(*, ticket: Ticket, message: Message, at: datetime) -> None:
    """We wrote to the customer: that acknowledges, and unless a machine wrote it, it is the reply they wait for."""
    ticket = _locked(ticket)
    if message.withdrawn_at is not None:
        return  # late news: it was taken back meanwhile
    clocks = _unmet(ticket)
    _answer(clocks, message, at=at)
    _show(ticket, clocks)


@transaction.atomic
def unmeet_clocks(*, ticket: Ticket, message: Message, at: datetime) -> None:
    """The reply was taken back before it left: the promise stands again, with its old due time."""
    ticket = _locked(ticket)
    running = {clock.kind for clock in _unmet(ticket)}
    met = Clock.objects.filter(ticket=ticket, met_by_message=message).select_related("policy__calendar")
    for clock in met.exclude(kind__in=running):
        clock.met_at = clock.met_by_message = None
        clock.state = _state_before(clock)
        if clock.state == Clock.State.BREACHED:
            clock.next_rung_at = at  # the next tick finds the rung it was on
        clock.save(update_fields=["state", "met_at", "met_by_message", "next_rung_at"])
    resume_clocks(ticket=ticket, at=at)  # what rested when it was met, on a ticket that runs again


@transaction.atomic
def stop_clocks(*, ticket: Ticket, at: datetime) -> None:
    """The ticket is solved: what it promised is met; a closed or merged ticket promises nothing more."""
    ticket = _locked(ticket)
    for clock in _unmet(ticket):
        if clock.referral_id is None and clock.started_at <= at:
            _meet(clock, at=at)
    if (
        ticket.is_open
    ):  # late news: it was opened again meanwhile, and that news may have been heard before this
        start_clocks(ticket=ticket, kinds=AGAIN, at=at)
    show_most_pressing(ticket)


@transaction.atomic
def cancel_clocks(*, ticket: Ticket) -> None:
    """The promises are void: the ticket went into another."""
    ticket = _locked(ticket)
    Clock.objects.unmet().filter(ticket=ticket).update(state=Clock.State.CANCELLED, next_rung_at=None)
    show_most_pressing(ticket)


def _catch_up(ticket: Ticket, clocks: list[Clock], *, since: datetime) -> None:
    """News may come out of order: meet what was written meanwhile, rest if the ticket rests already."""
    written = ticket.messages.filter(direction=Direction.OUT, withdrawn_at=None, at__gte=since).order_by(
        "at", "id"
    )
    for message in written:
        _answer(clocks, message, at=message.at)
    _rest(ticket, clocks, at=ticket.updated_at)


def _answer(clocks: list[Clock], message: Message, *, at: datetime) -> None:
    kinds: tuple[str, ...] = (Clock.Kind.ACKNOWLEDGE,)
    if not message.is_automatic:
        kinds = (*kinds, *REPLIES)
    for clock in clocks:
        if clock.state in Clock.UNMET and clock.kind in kinds and clock.started_at <= at:
            _meet(clock, at=at, message=message)


def _rest(ticket: Ticket, clocks: list[Clock], *, at: datetime) -> None:
    for clock in clocks:
        runs = clock.state == Clock.State.RUNNING and clock.referral_id is None
        if runs and ticket.status in clock.policy.pauses_on:
            clock.minutes_left = _minutes_left(clock, at)
            clock.state, clock.due_at, clock.warn_at = Clock.State.PAUSED, None, None
            _keep(clock, "minutes_left", "state", "due_at", "warn_at")


def _locked(ticket: Ticket) -> Ticket:
    """The row under lock: two pieces of news about one ticket are dealt with one after the other."""
    return Ticket.objects.select_for_update(of=("self",), no_key=True).get(pk=ticket.pk)


def _unmet(ticket: Ticket) -> list[Clock]:
    """Its clocks that somebody still has to meet, read once: what follows works on these rows."""
    return list(Clock.objects.unmet().filter(ticket=ticket).select_related("policy__calendar").order_by("id"))


def _keep(clock: Clock, *fields: str) -> None:
    """Save what changed; a clock that is only being started is written once, as it stands at the end."""
    if clock.pk is not None:
        clock.save(update_fields=fields)


def _wound(clock: Clock, *, left: float, at: datetime) -> Clock:
    """The clock with its due time and the moment of its warning, `left` working minutes from now."""
    hours = clock.policy.calendar.hours(around=at.date())
    clock.due_at = due_at(at, left, hours)
    clock.warn_at = due_at(at, max(left - clock.minutes * (1 - WARN_AFTER), 0), hours)
    return clock


def _minutes_left(clock: Clock, at: datetime) -> float:
    if clock.state == Clock.State.PAUSED or clock.due_at is None:
        return clock.minutes_left or 0
    return working_minutes(at, clock.due_at, clock.policy.calendar.hours(around=at.date()))


def _meet(clock: Clock, *, at: datetime, message: Message | None = None) -> None:
    late = clock.breached_at is not None or (clock.due_at is not None and clock.due_at < at)
    clock.state = Clock.State.MET_LATE if late else Clock.State.MET
    clock.met_at, clock.met_by_message, clock.next_rung_at = at, message, None
    _keep(clock, "state", "met_at", "met_by_message", "next_rung_at")


def _state_before(clock: Clock) -> Clock.State:
    """What a clock was in when it was met: a resting one has no due time."""
    if clock.breached_at is not None:
        return Clock.State.BREACHED
    return Clock.State.RUNNING if clock.due_at is not None else Clock.State.PAUSED


def show_most_pressing(ticket: Ticket) -> None:
    """Copy the clock that runs out first onto the ticket, where lists read it."""
    _show(ticket, _unmet(ticket))


def _show(ticket: Ticket, clocks: list[Clock]) -> None:
    unmet = [clock for clock in clocks if clock.state in Clock.UNMET]
    due = min((clock.due_at for clock in unmet if clock.due_at is not None), default=None)
    states = {clock.state for clock in unmet}
    state = next(
        (s for s in (ClockState.BREACHED, ClockState.RUNNING, ClockState.PAUSED) if s.value in states), ""
    )
    if (ticket.due_at, ticket.clock_state) != (due, state):
        ticket.tell_clock(due_at=due, state=state)
