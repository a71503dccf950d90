"""Who is there, what they can do and what they have on their table."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from apps.staff.models import Availability, Skill
from helpdesk.models import Department, Issue, Role, Ticket, User

WORKERS = (Role.AGENT, Role.LEAD)


def loads(users: list[int]) -> dict[int, int]:
    """Open tickets by assignee, in one query."""
    rows = Ticket.objects.open().filter(assignee__in=users).values_list("assignee").annotate(n=Count("id"))
    return dict(rows.order_by())


def skills_for(ticket: Ticket, users: list[int]) -> dict[int, int]:
    """The best level each person has for this ticket's issue or product; who has none is not in it."""
    fits = Q(issue=None) & Q(product=ticket.product_id)
    if ticket.primary_issue is not None:
        # The nodes above the ticket's issue, and itself: a skill counts for everything below its node.
        parts = ticket.primary_issue.path.split("/")
        above = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
        fits |= Q(issue__in=Issue.objects.filter(path__in=above)) & (
            Q(product=None) | Q(product=ticket.product_id)
        )
    levels: dict[int, int] = {}
    for user, level in Skill.objects.filter(fits, user__in=users).values_list("user", "level"):
        levels[user] = max(level, levels.get(user, 0))
    return levels


@dataclass(frozen=True)
class Colleague:
    """A person as the people page shows them."""

    user: User
    availability: Availability | None
    skills: tuple[Skill, ...]
    open_tickets: int
    is_away: bool


def colleagues(*, department: Department | None, at: datetime) -> list[Colleague]:
    """Everybody who answers tickets, with load and skills, in four queries whatever their number."""
    people = (
        User.objects.filter(role__in=WORKERS, is_active=True).select_related("department").order_by("name")
    )
    if department is not None:
        people = people.filter(department=department)
    users = list(people)
    ids = [user.pk for user in users]
    rows = {row.user_id: row for row in Availability.objects.filter(user__in=ids).select_related("deputy")}
    skills: dict[int, list[Skill]] = {}
    for skill in Skill.objects.filter(user__in=ids).select_related("issue", "product").order_by("-level"):
        skills.setdefault(skill.user_id, []).append(skill)
    open_tickets = loads(ids)
    return [
        Colleague(
            user=user,
            availability=(row := rows.get(user.pk)),
            skills=tuple(skills.get(user.pk, ())),
            open_tickets=open_tickets.get(user.pk, 0),
            is_away=row is not None and row.is_away(at),
        )
        for user in users
    ]
