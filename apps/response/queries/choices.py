"""What a form offers, and the one way to fetch a ticket."""

from datetime import datetime

from django.db.models import OuterRef, Q, Subquery

from apps.response.queries.drafts import with_drafts
from apps.response.sending_later.queries import with_later
from apps.response.snoozing.models import Snooze, unseen
from helpdesk.errors import NotFound
from helpdesk.models import Department, Issue, Role, Ticket, User
from helpdesk.permissions import VERBS

ANSWERING = [
    role for role in Role.values if "response.reply" in VERBS[role] and role not in ("api_client", "system")
]
MAX_ISSUES = 30


def ticket_in_full(number: int, *, user: User) -> Ticket:
    """The ticket with what its page shows beside it, and what this person is writing on it. Raises NotFound, to a
    stranger too."""
    # PostgreSQL weighs every order of what is joined. Two that few tickets have are fetched where a page asks for them:
    # with them in it, planning takes longer than all the rest of this query.
    related = ("customer", "department", "assignee", "product", "primary_issue")
    visible = Ticket.objects.visible_to(user).select_related(*related)
    # What this person put off, or has back: with the ticket, so that its page needs no query more.
    mine = Snooze.objects.filter(user=user, ticket=OuterRef("pk"))
    ticket = (
        with_later(with_drafts(visible, user))
        .annotate(
            snoozed_until=Subquery(mine.filter(woken_at=None).values("until")[:1]),
            back_since=Subquery(
                unseen(user).filter(ticket=OuterRef("pk")).order_by("-pk").values("woken_at")[:1]
            ),
        )
        .filter(pk=number)
        .first()
    )
    if ticket is None:
        raise NotFound
    return ticket


def people_who_answer() -> list[User]:
    return list(
        User.objects.filter(role__in=ANSWERING, is_active=True).select_related("department").order_by("name")
    )


def departments() -> list[Department]:
    return list(Department.objects.all())


def issues_like(text: str, *, at: datetime) -> list[Issue]:
    """Issues a ticket may be given, whose label, path, definition or examples hold every word typed."""
    found = Issue.objects.valid(at.date()).leaves()
    for word in text.split()[:6]:
        found = found.filter(
            Q(label__icontains=word) | Q(path__icontains=word) | Q(definition__icontains=word)
        )
    return list(found.select_related("parent", "owner_department")[:MAX_ISSUES])
