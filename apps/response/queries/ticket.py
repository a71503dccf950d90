"""The ticket page: everything it shows, from one function."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.intake.models import Suggestion
from apps.intake.queries import further_issues_for, suggestions_for
from apps.response.addresses import addresses_in
from apps.response.models.merging import UNDO_FOR
from apps.response.queries.choices import people_who_answer
from apps.response.queries.conversation import Conversation, conversation
from apps.response.queries.drafts import Desk, drafts_of
from apps.response.queries.queue import badge_state
from apps.response.queries.ticket_views import ViewLinks, view_links, views_of
from apps.response.sending_later.queries import Waiting, later_of
from apps.response.transitions import POSSIBLE, allows
from helpdesk.custom_fields import texts
from helpdesk.models import Participant, Ticket, TicketIssue, User

RECENT = 6
RECENT_DAYS = timedelta(days=90)


@dataclass(frozen=True)
class TicketPage:
    ticket: Ticket
    conversation: Conversation
    issues: list[TicketIssue]
    suggestions: list[Suggestion]
    further: list[Suggestion]  # other issues that a coded ticket speaks of
    people: list[User]
    participants: list[Participant]
    others: list[Ticket]  # the customer's other tickets, newest first
    others_lately: int
    drafts: dict[str, Desk]  # by kind: what this person is writing here
    later: list[Waiting]  # answers that wait for their time
    views: ViewLinks
    acts: dict[str, bool]  # which acts the state allows
    clock: str
    can_part: bool  # it was merged, and that can still be undone


def ticket_page(ticket: Ticket, *, user: User, view: str, sought: str = "", at: datetime) -> TicketPage:
    """At most 11 queries, whatever the ticket holds: people 1, conversation 4, issues, suggestions,
    participants, other tickets, saved views 1 each."""
    people = people_who_answer()
    others = _others(ticket, user)
    return TicketPage(
        ticket=ticket,
        conversation=conversation(ticket, people={one.pk: one.name for one in people}, sought=sought),
        issues=list(ticket.issues.select_related("issue").order_by("-is_primary", "pk")),
        suggestions=suggestions_for(ticket) if ticket.primary_issue_id is None else [],
        further=further_issues_for(ticket),
        people=people,
        participants=list(ticket.participants.order_by("pk")),
        others=others[:RECENT],
        others_lately=sum(other.opened_at > at - RECENT_DAYS for other in others),
        drafts=drafts_of(ticket),
        later=later_of(ticket),
        views=view_links(views_of(user), user=user, current=view),
        acts={act: ticket.merged_into_id is None and allows(ticket.status, act) for act in POSSIBLE},
        clock=badge_state(ticket, at),
        can_part=_can_part(ticket, at),
    )


def _can_part(ticket: Ticket, at: datetime) -> bool:
    """A merge closes a ticket at its moment, so that no row need be asked for it."""
    merged_at = ticket.closed_at if ticket.merged_into_id else None
    return merged_at is not None and at < merged_at + UNDO_FOR


def _others(ticket: Ticket, user: User) -> list[Ticket]:
    tickets = Ticket.objects.visible_to(user).filter(customer=ticket.customer_id).exclude(pk=ticket.pk)
    return list(tickets.order_by("-opened_at").only("subject", "status", "outcome", "opened_at")[:50])


def copies_offered(page: TicketPage, typed: list[str] | None) -> list[tuple[str, bool]]:
    """Addresses in the composer, and whether each is copied: as typed, as in the draft, or everybody who takes part."""
    known = [one.email for one in page.participants]
    draft = page.drafts["reply"].draft
    kept = draft.cc if draft and draft.cc is not None else known
    chosen = kept if typed is None else addresses_in(typed)
    return [(email, email in chosen) for email in dict.fromkeys([*known, *chosen])]


def macro_facts(ticket: Ticket, user: User) -> dict[str, str]:
    """What the fields of a macro stand for on this ticket."""
    customer = ticket.customer
    return {
        "customer.name": customer.name,
        "customer.first_name": _first(customer.name),
        "customer.organisation": customer.organisation,
        "ticket.number": str(ticket.pk),
        "ticket.subject": ticket.subject,
        "issue": ticket.primary_issue.label if ticket.primary_issue else "",
        "product": ticket.product.name if ticket.product else "",
        "agent.name": user.name,
        "agent.first_name": _first(user.name),
        "department": ticket.department.name,
        **{f"field.{key}": ", ".join(texts(value)) for key, value in ticket.custom.items()},
    }


def _first(name: str) -> str:
    return next(iter(name.split()), "")
