"""Who is there, what they can do and what they have on their table."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from apps.analysis.deadlines import today
from apps.staff.models import Availability, Course, Skill
from apps.staff.queries.certificates import lapsed
from helpdesk.models import Absence, Department, Issue, Role, Ticket, User
from helpdesk.permissions import may
from helpdesk.queries import away_at

WORKERS = (Role.AGENT, Role.LEAD)
STAFF = (*WORKERS, Role.OWNER, Role.ANALYST, Role.ADMIN)


def staff() -> QuerySet[User]:
    return User.objects.filter(role__in=STAFF, is_active=True).order_by("name")


def in_care_of(by: User) -> QuerySet[User]:
    """Whose absences somebody enters: their own, a lead those of the department, an administrator everybody's."""
    if not may(by, "staff.manage"):
        return staff().filter(pk=by.pk)
    if by.role == Role.LEAD:
        return staff().filter(Q(pk=by.pk) | Q(department__isnull=False, department=by.department_id))
    return staff()


def in_charge_of(by: User) -> QuerySet[User]:
    """Whose skills, training and certificates somebody sees to: a lead those of the department, an administrator
    everybody's, a program those it was made for."""
    if not may(by, "staff.manage"):
        return staff().none()
    if by.role == Role.LEAD or (by.role == Role.API_CLIENT and by.department_id is not None):
        return staff().filter(department__isnull=False, department=by.department_id)
    return staff()


def absences(by: User, *, at: datetime) -> QuerySet[Absence]:
    """Those this person looks after that last, or are to come."""
    rows = Absence.objects.to_come(at).filter(user__in=in_care_of(by))
    return rows.select_related("user", "stand_in")


def loads(users: list[int]) -> dict[int, int]:
    """Open tickets by assignee, in one query."""
    rows = Ticket.objects.open().filter(assignee__in=users).values_list("assignee").annotate(n=Count("id"))
    return dict(rows.order_by())


def skills_for(ticket: Ticket, users: list[int], *, at: datetime) -> dict[int, int]:
    """The best level each person has for this ticket's issue or product; who has none is not in it, nor whose required
    certificate for it has run out."""
    of_product = Q(product=ticket.product_id) if ticket.product_id else Q(pk__in=[])
    fits, covered = Q(issue=None) & of_product, Q(topics__product=ticket.product_id or 0)
    if ticket.primary_issue is not None:
        # The nodes above the ticket's issue, and itself: a skill counts for everything below its node.
        above = Issue.objects.filter(path__in=paths_above(ticket.primary_issue.path))
        fits |= Q(issue__in=above) & (Q(product=None) | of_product)
        covered |= Q(topics__issue__in=above)
    levels: dict[int, int] = {}
    for user, level in Skill.objects.filter(fits, user__in=users).values_list("user", "level"):
        levels[user] = max(level, levels.get(user, 0))
    needed = Course.objects.filter(covered, is_required=True, is_active=True)
    out = {user for user, _ in lapsed(users, courses=needed, on=today(at))} if levels else set()
    return {user: level for user, level in levels.items() if user not in out}


def paths_above(path: str) -> list[str]:
    """This path and those above it, from the root."""
    parts = path.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


@dataclass(frozen=True)
class Colleague:
    """A person as the people page shows them."""

    user: User
    availability: Availability | None
    skills: tuple[Skill, ...]
    open_tickets: int
    is_away: bool
    stand_in: User | None


def colleagues(*, department: Department | None, at: datetime) -> list[Colleague]:
    """Everybody who answers tickets, with load and skills, in five queries whatever their number."""
    people = (
        User.objects.filter(role__in=WORKERS, is_active=True).select_related("department").order_by("name")
    )
    if department is not None:
        people = people.filter(department=department)
    users = list(people)
    ids = [user.pk for user in users]
    rows = {row.user_id: row for row in Availability.objects.filter(user__in=ids)}
    skills: dict[int, list[Skill]] = {}
    for skill in Skill.objects.filter(user__in=ids).select_related("issue", "product").order_by("-level"):
        skills.setdefault(skill.user_id, []).append(skill)
    open_tickets, away = loads(ids), away_at(at)
    return [
        Colleague(
            user=user,
            availability=rows.get(user.pk),
            skills=tuple(skills.get(user.pk, ())),
            open_tickets=open_tickets.get(user.pk, 0),
            is_away=user in away,
            stand_in=away.stand_in_of(user) if user in away else None,
        )
        for user in users
    ]
