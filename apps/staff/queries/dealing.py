"""Who could get a ticket, and why not the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.staff import matching
from apps.staff.matching import Mode
from apps.staff.models import Availability, Dealing, DealtTo
from apps.staff.queries.people import WORKERS, in_charge_of, loads, skills_for
from helpdesk.models import Department, Role, Ticket, User
from helpdesk.queries import away_at


@dataclass(frozen=True)
class Weighed:
    """One colleague, as the machine weighs them for a ticket. `why_not` is empty for who could have it."""

    user: User
    candidate: matching.Candidate
    why_not: str = ""


def mode_of(department: int) -> Mode:
    """By skill where nothing was set."""
    found = Dealing.objects.filter(department=department).values_list("mode", flat=True).first()
    return Mode(found) if found else Mode.SKILL


def weighed(ticket: Ticket, rows: Sequence[Availability], *, at: datetime) -> list[Weighed]:
    """Everybody of these, for this ticket. Five queries at most."""
    away = away_at(at)
    users = [row.user_id for row in rows]
    skills, open_tickets = skills_for(ticket, users, at=at), loads(users)
    dealt = {one.user_id: one for one in DealtTo.objects.filter(user__in=users)}
    present = {row.user_id for row in rows if row.user not in away}
    for row in rows:
        stand_in = away.stand_in_of(row.user) if row.user in away else None
        if stand_in is not None and stand_in.pk in present:
            skills[stand_in.pk] = max(skills.get(stand_in.pk, 0), skills.get(row.user_id, 0))
    return [_one(row, skills, open_tickets, dealt.get(row.user_id), row.user_id in present) for row in rows]


def _one(
    row: Availability, skills: dict[int, int], loads: dict[int, int], dealt: DealtTo | None, present: bool
) -> Weighed:
    last = dealt.last_at.timestamp() if dealt and dealt.last_at else 0.0
    candidate = matching.Candidate(
        row.user_id, skills.get(row.user_id, 0), loads.get(row.user_id, 0), row.capacity, last
    )
    why_not = ""
    if not present:
        why_not = _("away")
    elif dealt and dealt.paused_at:
        why_not = _("wants none for now")
    elif not candidate.is_free:
        why_not = _("full: %(open)s of %(capacity)s") % {
            "open": candidate.open_tickets, "capacity": candidate.capacity,
        }  # fmt: skip
    return Weighed(row.user, candidate, why_not)


def rows_of(department: int) -> list[Availability]:
    """Those of a department who can be dealt tickets."""
    rows = Availability.objects.select_related("user").order_by("pk")
    return list(rows.filter(user__department=department, user__is_active=True, user__role__in=WORKERS))


@dataclass(frozen=True)
class Explained:
    """Who would get the next ticket of a department, and why; the best first, then who can't."""

    department: Department
    mode: Mode
    is_set: bool
    chosen: User | None
    order: list[Weighed]
    waiting: int

    @property
    def why_waiting(self) -> str:
        if not self.waiting or self.chosen is not None:
            return ""
        if self.mode == Mode.OFF:
            return _("people take tickets themselves")
        return _("everybody is full or away") if self.order else _("nobody here says what they can carry")


def explain(department: Department, *, ticket: Ticket | None = None, at: datetime) -> Explained:
    """For this ticket, or for one of which nothing is known. Eight queries at most."""
    row = Dealing.objects.filter(department=department).first()
    mode = Mode(row.mode) if row else Mode.SKILL
    found = weighed(ticket or Ticket(department=department), rows_of(department.pk), at=at)
    able = [one for one in found if not one.why_not]
    order = sorted(able, key=lambda one: matching.order(mode, one.candidate))
    waiting = Ticket.objects.open().filter(department=department, assignee=None).count()
    chosen = order[0].user if order and mode != Mode.OFF else None
    rest = [one for one in found if one.why_not]
    return Explained(department, mode, row is not None, chosen, order + rest, waiting)


def departments_of(by: User) -> list[Department]:
    """Whose dealing somebody sees to."""
    rows = Department.objects.order_by("name")
    if by.role == Role.ADMIN or (by.role == Role.API_CLIENT and by.department_id is None):
        return list(rows)
    return list(rows.filter(pk=by.department_id or 0))


def may_pause(by: User, user: User) -> bool:
    return by.pk == user.pk or in_charge_of(by).filter(pk=user.pk).exists()
