"""Whom a case that waits for its owner reaches, and on which day.

Method: rungs at a distance from the due day in working days: two before it the owner hears that it comes; on the
first after it the owner and the deputy, on the third the head of the department, on the fifth the sponsor. Nobody is
passed over: rungs are climbed in their order, at most one a day, also where days were missed (the machine was off).
Nothing is said on a day off, nor on the day on which the case came to where it stands: its letter is of that day.
Units: days of the company's calendar; a case's due day may be any day, also a holiday.
Limits: one due day at a time; where it moves, the ladder begins anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from apps.control.clock import BusinessCalendar, add_working_days, is_working_day


@dataclass(frozen=True)
class Rung:
    """`days`: working days after the due day, before it if negative; `level`: how far up the case is then known."""

    step: str
    days: int
    level: int


SOON = Rung("due_soon", -2, 0)
UPWARDS = (Rung("overdue", 1, 1), Rung("head", 3, 2), Rung("sponsor", 5, 3))
# Before an accepted risk runs out there must be time to decide again.
RISK_ENDS = Rung("risk_ends", -5, 0)


def next_rung(
    *, due_on: date, entered_on: date, today: date, climbed: Mapping[str, date], calendar: BusinessCalendar
) -> Rung | None:
    """The rung to climb today, if any; `climbed` holds the day of each that is behind us."""
    if not is_working_day(today, calendar) or today <= entered_on or today in climbed.values():
        return None
    if today <= due_on:
        return SOON if _has_come(SOON, due_on, today, calendar) and SOON.step not in climbed else None
    left = next((rung for rung in UPWARDS if rung.step not in climbed), None)
    return left if left is not None and _has_come(left, due_on, today, calendar) else None


def risk_ends_soon(*, expires_on: date, today: date, calendar: BusinessCalendar) -> bool:
    """Whether it is time to say that an accepted risk runs out."""
    is_near = today < expires_on and _has_come(RISK_ENDS, expires_on, today, calendar)
    return is_near and is_working_day(today, calendar)


def _has_come(rung: Rung, due_on: date, today: date, calendar: BusinessCalendar) -> bool:
    return today >= add_working_days(due_on, rung.days, calendar)
