"""Reads: whose session it is, and the requests of one customer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.intake.customer_words.queries import said_to_customers
from apps.intake.queries import read_by_customer, request_key, state_said
from apps.output.account.models import CustomerSession, hash_of
from helpdesk.http import number_in
from helpdesk.models import Customer, CustomerAddress, Message, Ticket
from helpdesk.models.ticket_choices import OPEN_STATUSES

ON_PAGE = 20
FILTERS = ("open", "solved")


def session_by(secret: str, at: datetime) -> CustomerSession | None:
    """The session a browser has the secret of. One query."""
    rows = CustomerSession.standing(at).select_related("customer__member_of")
    return rows.filter(secret=hash_of(secret)).first()


def sessions_of(customer: Customer, at: datetime) -> list[CustomerSession]:
    return list(CustomerSession.standing(at).filter(customer=customer)[:50])


@dataclass(frozen=True)
class Request:
    """One request as its customer reads it in the list."""

    ticket: Ticket
    state: str
    key: str  # of its page


@dataclass(frozen=True)
class Requests:
    rows: list[Request]
    page: Page[Ticket]


def requests_of(customer: Customer, *, text: str, only: str, page: str, at: datetime) -> Requests:
    """Twenty requests, the newest first. Three queries, however many there are."""
    rows = told_of(customer, at).select_related("own_status").defer("search").order_by("-opened_at", "-pk")
    if only:
        is_open = Q(status__in=OPEN_STATUSES)
        rows = rows.filter(is_open if only == "open" else ~is_open)
    if text:
        rows = rows.filter(_with_words(text, at))
    found = Paginator(rows, ON_PAGE).get_page(page)
    called = said_to_customers()
    return Requests([Request(row, state_said(row, called), request_key(row)) for row in found], found)


def told_of(customer: Customer, at: datetime) -> QuerySet[Ticket]:
    """What the customer asked, wherever it went. What has no word they may read is colleagues' own: a part of the work
    that another department got as a ticket. One that was merged into another of theirs is found there."""
    readable = read_by_customer(Message.objects.filter(ticket=OuterRef("pk")), at)
    own: QuerySet[Ticket] = Ticket.objects.filter(Exists(readable), customer=customer)
    return own.exclude(merged_into__customer=F("customer"))


def _with_words(text: str, at: datetime) -> Q:
    """In its subject and in the words they may read; or its number."""
    said = read_by_customer(Message.objects.filter(ticket=OuterRef("pk"), body__icontains=text), at)
    number = number_in(text.lstrip("#"))
    return Q(subject__icontains=text) | Q(Exists(said)) | (Q(pk=number) if number else Q())


def own_addresses_of(customer: Customer) -> list[CustomerAddress]:
    """Those that are proven, the primary one first: what is only claimed would tell whether it is somebody else's."""
    rows: Any = customer.addresses.all()
    speaking = Q(email=customer.email) | Q(reached_at__isnull=False, agreed_at__isnull=False)
    return sorted(rows.filter(speaking), key=lambda row: (row.email != customer.email, row.pk))
