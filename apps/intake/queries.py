"""Reads of intake: suggestions of a ticket, the customer's own view of a request, mail held back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from apps.intake import message_id
from apps.intake.blind import is_blind
from apps.intake.custom_fields.checking import definitions
from apps.intake.customer_words.queries import said_to_customers
from apps.intake.mail.trim import trim_text
from apps.intake.models import InboundMail, Suggestion
from helpdesk.asked import letters_shown, refusal, request_facts
from helpdesk.custom_fields import texts
from helpdesk.errors import NotFound
from helpdesk.models import (
    Attachment,
    Channel,
    Customer,
    Department,
    Direction,
    Event,
    Issue,
    IssueKind,
    Message,
    Status,
    Ticket,
    TicketIssue,
    User,
)

POPULAR_SINCE = timedelta(days=90)


def suggestions_for(ticket: Ticket) -> list[Suggestion]:
    """At most three, likeliest first; none of a blind ticket until it is coded. One query at most."""
    if ticket.primary_issue_id is None and is_blind(ticket.pk):
        return []
    return list(Suggestion.objects.filter(ticket=ticket, is_further=False).select_related("issue")[:3])


def further_issues_for(ticket: Ticket) -> list[Suggestion]:
    """What a coded ticket speaks of besides: issues its sentences name and it does not carry. One query at most."""
    if ticket.primary_issue_id is None:
        return []
    carried = TicketIssue.objects.filter(ticket=ticket).values("issue")
    rows = Suggestion.objects.filter(ticket=ticket, is_further=True).exclude(issue__in=carried)
    return list(rows.select_related("issue"))


# The end of a chain of merges, of any length; of a circle there is none.
STANDING = """
    WITH RECURSIVE way (id, next) AS (
        SELECT id, merged_into_id FROM helpdesk_ticket WHERE id = %s
        UNION SELECT ticket.id, ticket.merged_into_id FROM way JOIN helpdesk_ticket ticket ON ticket.id = way.next
    ) SELECT id FROM way WHERE next IS NULL
"""


def standing(ticket: Ticket) -> Ticket:
    """The ticket itself, or the one it was merged into, however often; one query at most."""
    if ticket.merged_into_id is None:
        return ticket
    end = RawSQL(STANDING, [ticket.pk])  # noqa: S611  (no text of anybody in it)
    return Ticket.objects.select_related("customer").filter(pk__in=end).first() or ticket


# --- our own mail -------------------------------------------------------------------------------------


def number_in_own_id(value: str) -> int | None:
    """The ticket that one of our own Message-IDs names; None for anybody else's. Old keys stay valid."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if (number := message_id.verify(value, secret=secret)) is not None:
            return number
    return None


def own_addresses() -> frozenset[str]:
    """Every address at which we receive mail, case-folded: a mail from one of them is our own."""
    departments = Department.objects.exclude(email="").values_list("email", flat=True)
    return frozenset(
        address.casefold() for address in (*settings.OWN_ADDRESSES, settings.DEFAULT_FROM_EMAIL, *departments)
    )


def mail_held_back(state: str = "") -> list[InboundMail]:
    """The newest 200 that wait for a person's look, without their bytes."""
    mails = InboundMail.objects.held_back().defer("raw").select_related("ticket")
    return list(mails.filter(state=state)[:200] if state else mails[:200])


# --- the customer's view of a request -----------------------------------------------------------------

_signer = signing.Signer(salt="intake.request", sep=".")


def request_key(ticket: Ticket) -> str:
    """What a status link ends in: the number, and the proof that we gave it away."""
    return _signer.sign(str(ticket.pk))


def ticket_by_key(key: str) -> Ticket:
    """The ticket of a status link; where it was merged into another of the same customer, that one. Raises NotFound."""
    try:
        number = int(_signer.unsign(key))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound(_("This link is not complete. Copy it whole from our mail.")) from error
    tickets = Ticket.objects.select_related("customer", "department", "assignee", "own_status")
    ticket = tickets.filter(pk=number).first()
    if ticket is None:
        raise NotFound
    merged = standing(ticket)
    # Across customers a merge must not show one what the other wrote.
    return (
        tickets.get(pk=merged.pk) if merged != ticket and merged.customer_id == ticket.customer_id else ticket
    )


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    when: datetime | None
    done: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One message as the customer may see it."""

    author: str
    ours: bool
    at: datetime
    body: str
    files: tuple[Attachment, ...]
    refused: bool  # it came too late, and nobody answers it
    is_automatic: bool  # a machine's letter


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Everything the status page shows. At most five queries beside the ticket's own, eight where it is over."""

    ticket: Ticket
    steps: tuple[Step, ...]
    conversation: tuple[Said, ...]
    handled_by: str
    fields: tuple[tuple[str, str], ...]  # of the desk's own ones those that customers see: label, value
    went_on: tuple[int, str] | None  # what they wrote after it was over: its number, and the key of its page
    refusal: str  # why nobody would answer what is written here; empty where it is heard


def request_page(ticket: Ticket, *, at: datetime, reader: str | None = None) -> RequestPage:
    """`reader`: whoever looks at it, where it is not the customer."""
    messages = _visible_messages(ticket, at)
    return RequestPage(
        ticket=ticket,
        steps=_steps(ticket),
        conversation=tuple(_said(ticket, message) for message in messages),
        handled_by=ticket.assignee.name if ticket.assignee else ticket.department.name,
        fields=(*_fields(ticket), *request_facts(ticket)),
        went_on=_went_on(ticket),
        refusal=refusal(ticket, name=ticket.customer.name if reader is None else reader, at=at),
    )


def _went_on(ticket: Ticket) -> tuple[int, str] | None:
    """Two queries, where it is over and something of it went elsewhere; one where it is over."""
    if ticket.is_open:
        return None
    moved = Event.objects.filter(ticket=ticket, kind="messages.moved").order_by("-at", "-pk").first()
    target = Ticket.objects.filter(pk=moved.data["to"]).first() if moved else None
    # Never another customer's: the link opens the whole conversation.
    if target is None or target.customer_id != ticket.customer_id:
        return None
    return target.pk, request_key(target)


def _fields(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    """Two queries, where there is something to show."""
    known = definitions() if ticket.custom else []
    public = [one for one in known if one.is_public and one.key in ticket.custom]
    said = said_to_customers()
    return tuple((said(one.label), ", ".join(map(said, texts(ticket.custom[one.key])))) for one in public)


def read_by_customer(messages: QuerySet[Message], at: datetime) -> QuerySet[Message]:
    """No message its author can still take back; of what nobody wrote only letters that ask something of them."""
    still_held = Q(
        direction=Direction.OUT, is_automatic=False, at__gt=at - timedelta(seconds=settings.UNDO_SECONDS)
    )
    said = Q(is_automatic=False) | (Q(direction=Direction.OUT) & letters_shown())
    return messages.filter(said, withdrawn_at__isnull=True).exclude(still_held)


def _visible_messages(ticket: Ticket, at: datetime) -> list[Message]:
    files = Prefetch("attachments", queryset=Attachment.objects.order_by("pk"))
    messages = read_by_customer(ticket.messages.all(), at)
    return list(messages.select_related("author").prefetch_related(files))


def _said(ticket: Ticket, message: Message) -> Said:
    ours = message.direction == Direction.OUT
    author = None if message.is_automatic else message.author
    name = author.name if author else ticket.department.name
    theirs = message.sender_name or message.sender_email or ticket.customer.name or _("You")
    body = trim_text(message.body).visible if message.channel == Channel.EMAIL else message.body
    files, refused = tuple(message.attachments.all()), message.refused_at is not None
    return Said(name if ours else theirs, ours, message.at, body, files, refused, message.is_automatic)


def _steps(ticket: Ticket) -> tuple[Step, ...]:
    solved = ticket.status in (Status.SOLVED, Status.CLOSED)
    looked_at = ticket.status != Status.NEW or ticket.first_replied_at is not None
    own = ticket.own_status.customer_label if ticket.own_status and ticket.is_open else ""
    own = said_to_customers()(own) if own else ""
    waiting = own or _waits(ticket) or _("Somebody is looking at it")
    reached = [
        (_("We have received it"), ticket.opened_at, True),
        (waiting, None, looked_at),
        (_("We have answered"), ticket.first_replied_at, ticket.first_replied_at is not None),
        (_("Solved"), ticket.solved_at, solved),
    ]
    now = max(place for place, (_label, _when, done) in enumerate(reached) if done)
    return tuple(Step(label, when, done, place == now) for place, (label, when, done) in enumerate(reached))


def _waits(ticket: Ticket) -> str:
    """For whom it waits, in the customer's words; empty where we are at it."""
    return {
        Status.WAITING_CUSTOMER: _("We wait for your answer"),
        Status.WAITING_OWNER: _("A colleague is looking for the cause"),
    }.get(Status(ticket.status), "")


def state_said(ticket: Ticket, called: Callable[[str], str]) -> str:
    """Where a request stands, in one line for its customer; `called`: what our words for states are called for them. No
    query, if its own word for the state came with it."""
    if ticket.status in (Status.SOLVED, Status.CLOSED):
        return _("Solved")
    if ticket.own_status and ticket.own_status.customer_label:
        return called(ticket.own_status.customer_label)
    if said := _waits(ticket):
        return said
    if ticket.first_replied_at is not None:
        return _("We have answered")
    return _("We have received it") if ticket.status == Status.NEW else _("Somebody is looking at it")


def attachment_of_request(ticket: Ticket, pk: int) -> Attachment:
    """A file of this conversation that its customer may have. Raises NotFound."""
    found = Attachment.objects.filter(
        pk=pk, message__ticket=ticket, message__withdrawn_at__isnull=True
    ).first()
    if found is None:
        raise NotFound
    return found


# --- choices ------------------------------------------------------------------------------------------


def issues_to_choose(on: datetime) -> list[Issue]:
    """What a customer or an agent may say it is about, each with its parent: the group it stands in."""
    return list(
        Issue.objects.valid(on.date())
        .leaves()
        .filter(kind=IssueKind.REASON)
        .select_related("parent")
        .order_by("path")
    )


def popular_issues(at: datetime, count: int = 6) -> list[tuple[str, str]]:
    """What people wrote about most in the last three months: code, and what it is called in the language of the page.
    Of a new desk the first ones of the taxonomy."""
    asked = list(
        Ticket.objects.filter(opened_at__gt=at - POPULAR_SINCE, primary_issue__isnull=False)
        .values("primary_issue")
        .annotate(n=Count("pk"))
        .order_by("-n", "primary_issue")
        .values_list("primary_issue", flat=True)[:count]
    )
    issues = Issue.objects.valid(at.date()).leaves().filter(kind=IssueKind.REASON)
    found = {issue.pk: issue for issue in issues.filter(pk__in=asked)}
    popular = [found[pk] for pk in asked if pk in found] or list(issues.order_by("path")[:count])
    said = said_to_customers()
    return [(issue.code, said(issue.label)) for issue in popular]


def last_tickets(customer: Customer, user: User, count: int = 5) -> list[Ticket]:
    """What this person called about lately, as far as this colleague may know of it."""
    return list(Ticket.objects.visible_to(user).filter(customer=customer).order_by("-opened_at")[:count])


def customers_like(text: str, count: int = 8) -> list[Customer]:
    """Who calls: by a part of the address, the number or the name."""
    text = text.strip()
    if len(text) < 2:
        return []
    digits = "".join(char for char in text if char.isdigit())
    found = Q(email__istartswith=text) | Q(name__icontains=text)
    if len(digits) >= 4:
        found |= Q(phone__contains=digits)
    return list(
        Customer.objects.filter(found, anonymised_at=None, merged_into=None).order_by("name", "pk")[:count]
    )
