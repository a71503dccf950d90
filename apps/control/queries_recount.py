"""Running promises counted anew: what each would be by the policies and calendars as they are now."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from apps.control.clock import Pause, due_at, working_minutes
from apps.control.fitting import first_fitting
from apps.control.models import Clock, ServicePolicy
from apps.control.queries import facts_of, policies_in_force
from helpdesk.models import Event

MOST = 2_000  # that a preview looks at
WARN_AFTER = 0.75  # of the promised time
KINDS_OF_STATUS = ("ticket.begun", "ticket.held", "ticket.resolved", "ticket.reopened", "ticket.closed")


@dataclass(frozen=True)
class Recounted:
    """A running promise as it stands, and as it would be; `policy` None: nothing of the kind is promised now."""

    clock: Clock
    policy: ServicePolicy | None
    minutes: int
    due_at: datetime | None
    warn_at: datetime | None
    # Of a resting one: working minutes left.
    minutes_left: float | None

    @property
    def changes(self) -> bool:
        clock = self.clock
        if self.policy is None or (self.policy.pk, self.minutes) != (clock.policy_id, clock.minutes):
            return True
        if clock.state == Clock.State.PAUSED:
            return abs((self.minutes_left or 0) - (clock.minutes_left or 0)) > 1 / 60
        return self.due_at != clock.due_at


@dataclass(frozen=True)
class Preview:
    """What counting anew would do to the promises that run or rest."""

    looked_at: int
    is_all: bool
    changed: tuple[Recounted, ...]
    earlier: int
    later: int
    overdue: int
    void: int


def running_clocks() -> QuerySet[Clock]:
    """Promises that can still be kept; broken ones stay broken, and are history."""
    rows = Clock.objects.filter(state__in=[Clock.State.RUNNING, Clock.State.PAUSED]).order_by("id")
    return rows.select_related("policy__calendar", "ticket__customer", "ticket__primary_issue")


def recount_preview(*, at: datetime, policy: int | None = None, calendar: int | None = None) -> Preview:
    """Of all running promises, or of one policy or calendar as they stand; four queries."""
    rows = running_clocks()
    if policy is not None:
        rows = rows.filter(policy=policy)
    if calendar is not None:
        rows = rows.filter(policy__calendar=calendar)
    clocks = list(rows[: MOST + 1])
    counted = [row for row in recounted(clocks[:MOST], at=at) if row.changes]
    moved = [(row, row.due_at, row.clock.due_at) for row in counted]
    return Preview(
        looked_at=min(len(clocks), MOST),
        is_all=len(clocks) <= MOST,
        changed=tuple(counted),
        earlier=sum(new < old for _, new, old in moved if new and old),
        later=sum(new > old for _, new, old in moved if new and old),
        overdue=sum(new < at <= old for _, new, old in moved if new and old),
        void=sum(row.policy is None for row in counted),
    )


def recounted(clocks: Sequence[Clock], *, at: datetime) -> list[Recounted]:
    """Each promise from its beginning by the policy that fits its ticket now, pauses counted; three queries."""
    policies = policies_in_force()
    changes = _changes_of_status({clock.ticket_id for clock in clocks})
    found = []
    for clock in clocks:
        policy = first_fitting(policies, facts_of(clock.ticket))
        minutes = policy.minutes(clock.kind) if policy else None
        if policy is None or minutes is None:
            found.append(
                Recounted(clock, None, clock.minutes, clock.due_at, clock.warn_at, clock.minutes_left)
            )
            continue
        rests = [] if clock.referral_id else policy.pauses_on
        found.append(_counted(clock, policy, minutes, _pauses(changes[clock.ticket_id], rests), at=at))
    return found


def _counted(
    clock: Clock, policy: ServicePolicy, minutes: int, pauses: list[Pause], *, at: datetime
) -> Recounted:
    hours = policy.calendar.hours(around=at.date())
    if any(end is None for _, end in pauses):
        left = minutes - working_minutes(clock.started_at, at, hours, pauses)
        return Recounted(clock, policy, minutes, None, None, max(left, 0))
    due = due_at(clock.started_at, minutes, hours, pauses)
    warn = due_at(clock.started_at, minutes * WARN_AFTER, hours, pauses)
    return Recounted(clock, policy, minutes, due, warn, None)


def pauses_of(tickets: Iterable[int], statuses: Sequence[str]) -> dict[int, list[Pause]]:
    """When each of these tickets was in one of the statuses, from its history; one query."""
    return {number: _pauses(rows, statuses) for number, rows in _changes_of_status(set(tickets)).items()}


def _changes_of_status(tickets: set[int]) -> dict[int, list[tuple[datetime, str]]]:
    rows = Event.objects.filter(ticket__in=tickets, kind__in=KINDS_OF_STATUS).order_by("at", "id")
    found: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for ticket, at, data in rows.values_list("ticket_id", "at", "data"):
        found[ticket].append((at, str(data.get("to", ""))))
    return found


def _pauses(changes: Sequence[tuple[datetime, str]], statuses: Sequence[str]) -> list[Pause]:
    found: list[Pause] = []
    since: datetime | None = None
    for at, status in changes:
        if status in statuses:
            since = since or at
        elif since is not None:
            found.append((since, at))
            since = None
    return [*found, (since, None)] if since is not None else found
