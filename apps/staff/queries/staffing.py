"""Who is needed when, and who is there: the forecast of a department, or of all, made into people."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Q
from django.utils.translation import gettext

from apps.control.clock import BusinessCalendar
from apps.control.models import Calendar
from apps.staff.erlang import Target
from apps.staff.forecast import (
    LEAST_WEEKS,
    TESTED_WEEKS,
    WEEK,
    Floats,
    NotEnoughHistory,
    Outlook,
    Tested,
    backtest,
    by_hour,
    look_ahead,
    profile,
    tested_together,
    together,
)
from apps.staff.heads import Need, Part, Terms, needed, open_shares, parts_of_week, reached
from apps.staff.models import Availability, StaffingRule
from apps.staff.queries.volume import Class, Measured, Volume, read_volume
from helpdesk.models import Absence, Department, Role, Status, Ticket, User

WEEKS = (1, 2, 4, 8)
USUAL_WEEKS = 2


@dataclass(frozen=True)
class Levers:
    """What if: so many contacts more (a share), other minutes, another share answered in time, so many people more."""

    volume: float = 0.0
    live_minutes: float | None = None
    deferred_minutes: float | None = None
    answered_share: float | None = None
    people: int = 0

    @property
    def is_any(self) -> bool:
        return self != Levers()


@dataclass(frozen=True)
class Minutes:
    """Handling minutes of a class, and where they come from: measured, assumed with a source, or not known (None)."""

    minutes: float | None
    tickets: int = 0
    source: str = ""
    dated_on: date | None = None


@dataclass(frozen=True)
class Basis:
    """All that a plan is made from."""

    department: Department | None
    rule: StaffingRule
    calendar: BusinessCalendar
    first: date
    volume: Volume
    people: tuple[User, ...]
    # (days,) how many of them are not away
    present: Floats
    backlog: int
    open_share: Floats

    @property
    def live(self) -> Minutes:
        return _minutes(self.volume.live.measured, self.rule, self.rule.live_minutes)

    @property
    def deferred(self) -> Minutes:
        return _minutes(self.volume.deferred.measured, self.rule, self.rule.deferred_minutes)

    @property
    def cover(self) -> float:
        """The part of an open week that one person works."""
        usual = sum(end - begin for day in self.calendar.week for begin, end in day) / 60
        return min(self.rule.hours_a_week / usual, 1.0)


@dataclass(frozen=True)
class Plan:
    """People needed on the rota and there, (days, 24) from `first` on, at the expected contacts and at both ends."""

    basis: Basis
    contacts: Outlook
    live: Outlook
    deferred: Outlook
    # (days, 24), without what came today already
    live_hours: Floats
    deferred_hours: Floats
    need: Need
    low: Need
    high: Need
    there: Floats
    parts: tuple[Part, ...]
    # The share of calls answered in time by who is there; None without any call.
    reached: float | None
    tested: Tested | None

    @property
    def first(self) -> date:
        return self.contacts.first

    @property
    def days(self) -> tuple[date, ...]:
        return self.contacts.days

    def hours_a_day(self, people: Floats) -> Floats:
        """Paid hours of each day."""
        total: Floats = (people * self.basis.open_share).sum(1)
        return total


def departments_of(user: User) -> list[Department | None]:
    """Whom this person plans: analysts, administrators and those of no department all, together (None) and apart;
    others their own."""
    if user.department_id is None or user.role in {Role.ADMIN, Role.ANALYST}:
        return [None, *Department.objects.all()]
    return list(Department.objects.filter(pk=user.department_id))


def staffing_rules() -> dict[int | None, StaffingRule]:
    """Every rule by department; one query."""
    rows = StaffingRule.objects.select_related("department", "calendar", "set_by")
    return {row.department_id: row for row in rows}


def rule_for(department: Department | None) -> StaffingRule:
    """The department's own, or that of all, or what we begin with (not saved)."""
    rules = staffing_rules()
    key = department.pk if department else None
    return rules.get(key) or rules.get(None) or StaffingRule()


def read_basis(department: Department | None, *, weeks: int, at: datetime) -> Basis:
    """Eleven statements at most, whatever the number of tickets, people and absences."""
    rule = rule_for(department)
    row = rule.calendar or Calendar.objects.order_by("pk").first() or Calendar()
    here = at.astimezone(ZoneInfo(row.time_zone))
    today, days = here.date(), weeks * WEEK
    last = today + timedelta(days=days)
    hours = row.hours(around=today)
    # The calendar knows the year before and the next; a plan looks back half a year and ahead eight weeks.
    volume = read_volume(department, until=today, zone=row.time_zone, holidays=hours.holidays)
    people = who_answers(department)
    open_share = open_shares([hours.hours_on(today + timedelta(days=n)) for n in range(days)])
    passed = here.hour + here.minute / 60
    open_share[0] *= np.clip(np.arange(24) + 1 - passed, 0, 1)
    return Basis(
        department=department, rule=rule, calendar=hours, first=today, volume=volume, people=people,
        present=_present(people, today, last, row.time_zone), backlog=_backlog(department), open_share=open_share,
    )  # fmt: skip


def who_answers(department: Department | None) -> tuple[User, ...]:
    """Agents, and leads who said how much they can carry."""
    rows = User.objects.filter(
        Q(role=Role.AGENT) | Q(role=Role.LEAD, pk__in=Availability.objects.values("user")), is_active=True
    )
    return tuple((rows.filter(department=department) if department else rows).order_by("name"))


def make_plan(basis: Basis, levers: Levers | None = None) -> Plan:
    """What is needed, and where people are missing. No statement. Raises NotEnoughHistory, TooManyPeople."""
    levers, days = levers or Levers(), len(basis.open_share)
    parts = [_outlook(part, days, levers) for part in (basis.volume.live, basis.volume.deferred)]
    live, deferred = parts
    terms = _terms(basis, levers)
    # What came today already is in the backlog; it is not expected once more.
    ahead = np.ones((days, 24))
    now = basis.open_share[0] > 0
    ahead[0, : int(np.argmax(now)) if now.any() else 24] = 0
    hours = [
        by_hour(part.first, part.expected, profile(one.hours)) * ahead
        for part, one in zip(parts, (basis.volume.live, basis.volume.deferred), strict=True)
    ]
    need, low, high = (
        needed(
            live=_scaled(hours[0], live, end), deferred=_scaled(hours[1], deferred, end),
            backlog=basis.backlog * (1 + levers.volume), open_share=basis.open_share, terms=terms,
        )
        for end in ("expected", "low", "high")
    )  # fmt: skip
    there = (np.maximum(basis.present + levers.people, 0) * basis.cover)[:, None] * (basis.open_share > 0)
    calls = np.where(basis.open_share > 0, hours[0], 0.0)
    return Plan(
        basis=basis, contacts=together(parts), live=live, deferred=deferred, live_hours=hours[0],
        deferred_hours=hours[1], need=need, low=low, high=high, there=there,
        parts=tuple(parts_of_week(basis.first, need.rota, there, basis.open_share)),
        reached=reached(live=calls, there=there, open_share=basis.open_share, terms=terms),
        tested=_tested(basis.volume),
    )  # fmt: skip


def _outlook(part: Class, days: int, levers: Levers) -> Outlook:
    found = look_ahead(part.days, days)
    times = 1 + levers.volume
    return replace(found, expected=found.expected * times, low=found.low * times, high=found.high * times)


def _scaled(hours: Floats, outlook: Outlook, end: str) -> Floats:
    """The hours of a day, were it at one end of its range."""
    expected = outlook.expected
    share: Floats = np.ones_like(expected)
    np.divide(getattr(outlook, end), expected, out=share, where=expected > 0)
    return hours * share[:, None]


def _terms(basis: Basis, levers: Levers) -> Terms:
    """Raises NotEnoughHistory while nothing says how long a contact takes."""
    rule = basis.rule
    live = levers.live_minutes or basis.live.minutes
    deferred = levers.deferred_minutes or basis.deferred.minutes
    known = ((live, basis.volume.live), (deferred, basis.volume.deferred))
    if any(minutes is None and part.days.counts.any() for minutes, part in known):
        raise NotEnoughHistory(
            gettext("Nothing says how long a contact takes: enter the minutes, with their source.")
        )
    return Terms(
        target=Target(levers.answered_share or rule.answered_share, rule.answered_seconds, rule.busiest),
        live_minutes=live or 1.0, deferred_minutes=deferred or 1.0, promised_hours=rule.promised_hours,
        shrinkage=rule.shrinkage, blends=rule.blends,
    )  # fmt: skip


def _tested(volume: Volume) -> Tested | None:
    if volume.whole_weeks < LEAST_WEEKS + TESTED_WEEKS:
        return None
    return tested_together([backtest(part.days) for part in (volume.live, volume.deferred)])


def _minutes(measured: Measured, rule: StaffingRule, assumed: float | None) -> Minutes:
    if assumed is not None:
        return Minutes(assumed, 0, rule.minutes_source, rule.minutes_dated_on)
    return Minutes(measured.minutes, measured.tickets)


def _present(people: tuple[User, ...], first: date, until: date, zone: str) -> Floats:
    """(days,) how many are there at noon."""
    days = (until - first).days
    noons = [datetime.combine(first + timedelta(days=n), time(12), ZoneInfo(zone)) for n in range(days)]
    ids = [user.pk for user in people]
    away: list[set[int]] = [set() for _ in noons]
    for row in Absence.objects.to_come(noons[0]).filter(user__in=ids, begins_at__lte=noons[-1]):
        for n, noon in enumerate(noons):
            if row.begins_at <= noon and (row.ends_at is None or noon < row.ends_at):
                away[n].add(row.user_id)
    return np.array([len(people) - len(gone) for gone in away], np.float64)


def _backlog(department: Department | None) -> int:
    """Contacts that nobody has answered yet; calls are answered when they are written down."""
    rows = Ticket.objects.filter(status__in=[Status.NEW, Status.OPEN], first_replied_at=None)
    rows = rows.exclude(channel__in=["phone", "walk_in", "import"])
    waiting = rows.filter(department=department) if department else rows
    number: int = waiting.count()
    return number
