"""Every write of staff management."""

from datetime import datetime

from django.db import transaction

from apps.staff import matching, queries
from apps.staff.models import Availability, Skill
from helpdesk.errors import Invalid
from helpdesk.models import Issue, Product, Ticket, User
from helpdesk.permissions import require


@transaction.atomic
def assign(*, ticket: Ticket, by: User, at: datetime) -> User | None:
    """Give a ticket nobody has to who can best finish it; None when everybody of its department is full or away.

    The skill of somebody away counts for their deputy. Capacity is never exceeded: the department's rows are
    locked while it is counted.
    """
    require(by, "staff.manage")
    ticket = (
        Ticket.objects.select_for_update(of=("self",), no_key=True)
        .select_related("primary_issue")
        .get(pk=ticket.pk)
    )
    if ticket.assignee_id is not None or not ticket.is_open:
        return ticket.assignee
    rows = _locked_rows(ticket)
    present = {row.user_id: row for row in rows if not row.is_away(at)}
    skills = queries.skills_for(ticket, [row.user_id for row in rows])
    for row in rows:
        if row.is_away(at) and row.deputy_id in present:
            skills[row.deputy_id] = max(skills.get(row.deputy_id, 0), skills.get(row.user_id, 0))
    loads = queries.loads(sorted(present))
    chosen = matching.best(
        matching.Candidate(user, skills.get(user, 0), loads.get(user, 0), row.capacity)
        for user, row in present.items()
    )
    if chosen is None:
        return None
    ticket.assign(present[chosen.user].user, by=by, at=at)
    return ticket.assignee


def _locked_rows(ticket: Ticket) -> list[Availability]:
    rows = (
        Availability.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user")
        .order_by("pk")
    )
    return list(
        rows.filter(
            user__department=ticket.department_id, user__is_active=True, user__role__in=queries.WORKERS
        )
    )


@transaction.atomic
def set_availability(
    *, user: User, capacity: int, away_from: datetime | None = None, away_until: datetime | None = None,
    deputy: User | None = None, by: User,
) -> Availability:  # fmt: skip
    """Say what somebody can carry and when they are away.

    Raises Invalid for an absence that ends before it begins, and for somebody who is to stand in for themselves.
    """
    require(by, "staff.manage")
    if away_from and away_until and away_until <= away_from:
        raise Invalid("The absence ends before it begins.", pointer="away_until")
    if deputy is not None and deputy.pk == user.pk:
        raise Invalid("Nobody stands in for themselves.", pointer="deputy")
    row, _ = Availability.objects.update_or_create(
        user=user,
        defaults={"capacity": capacity, "away_from": away_from, "away_until": away_until, "deputy": deputy},
    )
    return row


@transaction.atomic
def grant_skill(
    *, user: User, issue: Issue | None = None, product: Product | None = None, level: int, by: User
) -> Skill:
    """Write down what somebody can finish; the same skill again changes its level. Raises Invalid for a skill of
    nothing."""
    require(by, "staff.manage")
    if issue is None and product is None:
        raise Invalid("A skill is about an issue, a product, or both.", pointer="issue")
    skill, _ = Skill.objects.update_or_create(
        user=user, issue=issue, product=product, defaults={"level": level}
    )
    return skill


@transaction.atomic
def withdraw_skill(*, skill: Skill, by: User) -> None:
    """Somebody no longer does this; the history keeps that they did."""
    require(by, "staff.manage")
    skill.delete()
