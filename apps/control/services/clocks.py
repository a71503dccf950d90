"""Clocks follow what happens to a ticket. Every function may be called again for the same news without harm."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from apps.control.clock import due_at, working_minutes
from apps.control.models import Clock, ServicePolicy
from apps.control.queries import policy_for
from apps.control.queries_recount import pauses_of
from apps.response.calls.queries import answers_by_call
from apps.response.models import Call, CallOutcome
from helpdesk import events
from helpdesk.models import ClockState, Direction, Message, Status, Ticket, User
from helpdesk.rows import held

OPENING = (Clock.Kind.ACKNOWLEDGE, Clock.Kind.FIRST_REPLY, Clock.Kind.RESOLVE)
AGAIN = (Clock.Kind.NEXT_REPLY, Clock.Kind.RESOLVE)  # when a ticket is opened again
REPLIES = (Clock.Kind.FIRST_REPLY, Clock.Kind.NEXT_REPLY)
WARN_AFTER = 0.75  # of the promised time


@transaction.atomic
def start_clocks(*, ticket: Ticket, kinds: Iterable[str] = OPENING, at: datetime) -> None:
    """Start the promises its policy makes to this ticket; those that run already are left alone."""
    ticket = held(ticket)
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
    """Rest the clocks whose policy rests in the ticket's status; what was overdue before stays overdue.

    Where it waits for the owner of a part of the work, news is promised to the customer meanwhile.
    """
    ticket = held(ticket)
    clocks = _unmet(ticket)
    _promise_news(ticket, clocks, at=at)
    _rest(ticket, clocks, at=at)
    _show(ticket, clocks)


@transaction.atomic
def resume_clocks(*, ticket: Ticket, at: datetime) -> None:
    """Let resting clocks go on with the time they had left."""
    ticket = held(ticket)
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
    """What decides the promise changed (department, severity, issue): promise by the new policy, the time used so far
    counted. What the old one did not promise is counted from the moment the ticket came in."""
    ticket = held(ticket)
    policy = policy_for(ticket)
    clocks = _unmet(ticket)
    moved = [c for c in clocks if not c.referral_id and c.state != Clock.State.BREACHED]
    if policy is None or (moved and all(clock.policy_id == policy.pk for clock in moved)):
        return
    for clock in moved:
        promised = policy.minutes(clock.kind)
        used = clock.minutes - _minutes_left(clock, at)
        clock.state = Clock.State.CANCELLED
        clock.save(update_fields=["state"])
        if promised is not None:
            fresh = Clock(
                ticket=ticket, policy=policy, kind=clock.kind, minutes=promised, started_at=clock.started_at
            )
            _wound(fresh, left=max(promised - used, 0), at=at).save(force_insert=True)
            clocks.append(fresh)
    clocks += _promised_newly(ticket, policy, at=at)
    _rest(ticket, clocks, at=at)
    _show(ticket, clocks)


def _promised_newly(ticket: Ticket, policy: ServicePolicy, *, at: datetime) -> list[Clock]:
    wanted = {Clock.Kind.RESOLVE.value} if ticket.is_open else set()
    if ticket.is_open and ticket.first_replied_at is None:
        wanted.add(Clock.Kind.FIRST_REPLY.value)
    known = Clock.objects.filter(ticket=ticket, kind__in=wanted).exclude(state=Clock.State.CANCELLED)
    hours = policy.calendar.hours(around=at.date())
    pauses = pauses_of([ticket.pk], policy.pauses_on).get(ticket.pk, [])
    fresh = []
    for kind in sorted(wanted - set(known.values_list("kind", flat=True))):
        if (minutes := policy.minutes(kind)) is not None:
            used = working_minutes(ticket.opened_at, at, hours, pauses)
            clock = Clock(
                ticket=ticket, policy=policy, kind=kind, minutes=minutes, started_at=ticket.opened_at
            )
            fresh.append(_wound(clock, left=max(minutes - used, 0), at=at))
            clock.save(force_insert=True)
    return fresh


@transaction.atomic
def meet_clocks(*, ticket: Ticket, message: Message, at: datetime) -> None:
    """We wrote to the customer: that acknowledges, and unless a machine wrote it, it is the reply they wait for."""
    ticket = held(ticket)
    if message.withdrawn_at is not None:
        return  # late news: it was taken back meanwhile
    clocks = _unmet(ticket)
    _answer(clocks, message, at=at)
    if not message.is_automatic:
        _promise_news(ticket, clocks, at=at)
    _show(ticket, clocks)


@transaction.atomic
def meet_by_call(*, call: Call, by: User, at: datetime) -> None:
    """They were spoken with: an answer like one that a person wrote, and at the moment of the call, whenever it was
    written down. What ran out in between was kept after all; whoever was told of it is told nothing more."""
    ticket, spoken = held(call.ticket), call.answered_at
    met = _keep_after_all(ticket, call, by=by, at=at)
    clocks = _unmet(ticket)
    _answer(clocks, None, at=spoken)
    if call.outcome == CallOutcome.SETTLED:
        # As `stop_clocks` does, whichever of the two news is heard first.
        for clock in clocks:
            if clock.kind == Clock.Kind.RESOLVE and clock.started_at <= spoken:
                _meet(clock, at=spoken)
    _promise_news(ticket, clocks, at=spoken)
    _show(ticket, clocks)
    if any(clock.kind in REPLIES for clock in (*met, *clocks) if clock.state not in Clock.UNMET):
        _wait_again(ticket, since=spoken)


def _keep_after_all(ticket: Ticket, call: Call, *, by: User, at: datetime) -> list[Clock]:
    """What was told as broken and was not, as this call shows. One from before the ticket is no answer to it."""
    if call.begun_at < ticket.opened_at:
        return []
    kinds = {Clock.Kind.ACKNOWLEDGE, *REPLIES, Clock.Kind.NEXT_UPDATE}
    if call.outcome == CallOutcome.SETTLED:
        kinds.add(Clock.Kind.RESOLVE)
    in_time = Clock.objects.filter(
        ticket=ticket, kind__in=kinds, referral=None, started_at__lt=call.begun_at, due_at__gte=call.begun_at
    )
    late = list(in_time.filter(state__in=[Clock.State.BREACHED, Clock.State.MET_LATE]).order_by("pk"))
    for clock in late:
        broken_at, clock.breached_at = clock.breached_at, None
        _meet(clock, at=call.begun_at)
        clock.save(update_fields=["breached_at"])
        if broken_at is not None:  # else nobody was told yet
            data = {
                "clock": clock.pk, "kind": clock.kind, "call": call.pk, "broken_at": broken_at.isoformat(),
                "met_at": call.begun_at.isoformat(),
            }  # fmt: skip
            events.record("clock.corrected", ticket=ticket, by=by, at=at, data=data)
    return late


def _wait_again(ticket: Ticket, *, since: datetime) -> None:
    """What the customer wrote after a call that is written down only now waits for an answer of its own: so far it
    shared that of what they wrote before."""
    wrote = ticket.messages.filter(direction=Direction.IN, is_automatic=False, at__gt=since)
    first = wrote.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return
    later = Clock.objects.filter(ticket=ticket, kind__in=REPLIES, started_at__gt=since)
    if not later.exclude(state=Clock.State.CANCELLED).exists():
        start_clocks(ticket=ticket, kinds=(Clock.Kind.NEXT_REPLY,), at=first)


@transaction.atomic
def unmeet_clocks(*, ticket: Ticket, message: Message, at: datetime) -> None:
    """The reply was taken back before it left: the promise stands again, with its old due time."""
    ticket = held(ticket)
    # The news that was promised after it is promised no more: the older promise stands again.
    after = Clock.objects.unmet().filter(
        ticket=ticket, kind=Clock.Kind.NEXT_UPDATE, started_at=message.at, breached_at=None
    )
    if Clock.objects.filter(ticket=ticket, met_by_message=message, kind=Clock.Kind.NEXT_UPDATE).exists():
        after.update(state=Clock.State.CANCELLED)
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
    ticket = held(ticket)
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
    ticket = held(ticket)
    Clock.objects.unmet().filter(ticket=ticket).update(state=Clock.State.CANCELLED, next_rung_at=None)
    show_most_pressing(ticket)


def _catch_up(ticket: Ticket, clocks: list[Clock], *, since: datetime) -> None:
    """News may come out of order: meet what was written and spoken meanwhile, rest if the ticket rests already."""
    written = ticket.messages.filter(direction=Direction.OUT, withdrawn_at=None, at__gte=since).order_by(
        "at", "id"
    )
    said: list[tuple[datetime, Message | None]] = [(message.at, message) for message in written]
    if ticket.first_replied_at is not None:  # else nobody spoke with them: most tickets cost no query for it
        # A visitor is answered where they stand, without a call.
        spoken = {*answers_by_call(ticket), ticket.first_replied_at}
        said += [(moment, None) for moment in spoken if moment >= since]
    for moment, answer in sorted(said, key=lambda one: (one[0], one[1] is None)):
        _answer(clocks, answer, at=moment)
    _rest(ticket, clocks, at=ticket.updated_at)


def _promise_news(ticket: Ticket, clocks: list[Clock], *, at: datetime) -> None:
    """While somebody else has a part of the work the customer hears from us, again and again; one promise at a time."""
    if ticket.status != Status.WAITING_OWNER:
        return
    if any(c.kind == Clock.Kind.NEXT_UPDATE and c.state in Clock.UNMET for c in clocks):
        return
    policy = policy_for(ticket)
    if policy is None or policy.next_update_minutes is None:
        return
    minutes = policy.next_update_minutes
    clock = Clock(ticket=ticket, policy=policy, kind=Clock.Kind.NEXT_UPDATE, minutes=minutes, started_at=at)
    _wound(clock, left=minutes, at=at).save(force_insert=True)
    clocks.append(clock)


def _answer(clocks: list[Clock], message: Message | None, *, at: datetime) -> None:
    """Without a message they were spoken with."""
    by_person = message is None or not message.is_automatic
    kinds: tuple[str, ...] = (Clock.Kind.ACKNOWLEDGE,)
    if by_person:
        kinds = (*kinds, *REPLIES)
    for clock in clocks:
        started = clock.started_at <= at and clock.kind in kinds
        # A promise of news that begins with this very message is not kept by it.
        news = by_person and clock.kind == Clock.Kind.NEXT_UPDATE and clock.started_at < at
        if clock.state in Clock.UNMET and (started or news):
            _meet(clock, at=at, message=message)


def _rest(ticket: Ticket, clocks: list[Clock], *, at: datetime) -> None:
    for clock in clocks:
        runs = clock.state == Clock.State.RUNNING and clock.referral_id is None
        if runs and ticket.status in clock.policy.pauses_on:
            clock.minutes_left = _minutes_left(clock, at)
            clock.state, clock.due_at, clock.warn_at = Clock.State.PAUSED, None, None
            _keep(clock, "minutes_left", "state", "due_at", "warn_at")


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
