"""Reads: who is looked for, and all that is known of one."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, Max, Q, QuerySet, Value
from django.db.models.functions import Greatest

from apps.output.account.models import CustomerSession
from apps.output.account.queries import sessions_of
from apps.output.customers.free_mail import FREE_MAIL
from apps.output.customers.models import CustomerMerge, CustomerNote
from helpdesk.models import (
    Customer,
    CustomerAddress,
    CustomerChange,
    CustomerPhone,
    Organisation,
    Outcome,
    Ticket,
    User,
)
from helpdesk.models.ticket_choices import OPEN_STATUSES

SHOWN = 50
# Of very many that fit, the newest are put in order: an answer in time beats a perfect order.
RANKED = 300
ENOUGH = 5  # who have the very words: nobody meant another spelling
LATELY = 500  # newest tickets whose customers are shown where nobody is looked for
ON_PAGE, RATINGS, NOTES, CHANGES = 20, 8, 20, 20
FEW_DIGITS = 5


@dataclass(frozen=True)
class Row:
    """One customer of the list, and how much we have had to do with them as far as this person may know."""

    customer: Customer
    tickets: int
    waiting: int


@dataclass(frozen=True)
class Found:
    rows: list[Row]
    more: bool


def customers_found(text: str, *, user: User) -> Found:
    """Fifty customers: those who fit the words, the most alike first; without words those who wrote last. Two queries,
    three without words."""
    text = " ".join(text.replace("\0", "").split())[:200]
    visible = Customer.objects.visible_to(user).filter(anonymised_at=None)
    found = ranked(text, visible) if text else _lately(visible, user)
    return Found(_rows(found[:SHOWN], user), len(found) > SHOWN)


def ranked(text: str, visible: QuerySet[Customer]) -> list[Customer]:
    """The newest of those who fit, the most alike first. A slip of the pen costs a look at everything that is alike, so
    it is asked for only where few have the very words. Three queries, or two."""
    near = set(visible.filter(pk__in=known_by(text)).order_by("-pk").values_list("pk", flat=True)[:RANKED])
    if "@" not in text:
        near |= set(newest(visible.filter(name__iregex=written(text))))
        if len(near) < ENOUGH:
            near |= set(newest(visible.filter(name__trigram_word_similar=text)))
    likeness = Greatest(
        TrigramWordSimilarity(text, "name"), TrigramWordSimilarity(text, "organisation"), Value(0.0)
    )
    rows = Customer.objects.filter(pk__in=near).annotate(likeness=likeness)
    return list(rows.order_by("-likeness", "name", "pk")[: SHOWN + 1])


def newest(rows: QuerySet[Customer]) -> QuerySet[Any, Any]:
    return rows.order_by("-pk").values_list("pk", flat=True)[:RANKED]


def written(text: str) -> str:
    """As a regular expression, which the trigram index answers: "contains" without case is asked of upper(name), which
    it does not hold, and reads all."""
    return re.escape(text)


def known_by(text: str) -> QuerySet[Any, Any]:
    """Ids of customers by any address, any number, external id or the name of their organisation: few each, and each
    part is answered from its own index."""
    by_address: QuerySet[Any, Any] = CustomerAddress.objects.filter(email__startswith=text.lower()).values(
        "customer"
    )
    if "@" in text:
        return by_address
    # Among organisations, which are few; their members are read by number.
    named = (
        Organisation.objects.filter(merged_into=None, name__iregex=written(text)).order_by("-pk").values("pk")
    )
    parts: list[QuerySet[Any, Any]] = [
        Customer.objects.filter(member_of__in=named[:SHOWN]).values("pk"),
        Customer.objects.filter(external_id=text).values("pk"),
    ]
    digits = "".join(char for char in text if char.isdigit())
    if len(digits) >= FEW_DIGITS:
        # Without the leading zero: 0660 here is +43 660 elsewhere.
        wanted = digits.lstrip("0") or digits
        parts.append(Customer.objects.filter(phone__contains=wanted).values("pk"))
        parts.append(CustomerPhone.objects.filter(number__contains=wanted).values("customer"))
    return by_address.union(*parts)


def fitting(text: str) -> QuerySet[Any, Any]:
    """All of them, for programs that read page by page: by name (with a slip of the pen in it) or as above."""
    like = Q(name__iregex=written(text)) | Q(name__trigram_word_similar=text)
    known = known_by(text)
    return known if "@" in text else known.union(Customer.objects.filter(like).values("pk"))


def _lately(visible: QuerySet[Customer], user: User) -> list[Customer]:
    numbers = list(
        Ticket.objects.visible_to(user).order_by("-pk").values_list("customer", flat=True)[:LATELY]
    )
    order = {number: place for place, number in reversed(list(enumerate(numbers)))}
    if order:
        return sorted(visible.filter(pk__in=order), key=lambda customer: order[customer.pk])[: SHOWN + 1]
    return list(visible.order_by("-pk")[: SHOWN + 1])


def _rows(customers: list[Customer], user: User) -> list[Row]:
    seen = Ticket.objects.visible_to(user).filter(customer__in=customers).order_by()
    counted = seen.values("customer").annotate(
        all=Count("pk"), waiting=Count("pk", filter=Q(status__in=OPEN_STATUSES))
    )
    counts = {row["customer"]: (row["all"], row["waiting"]) for row in counted}
    return [Row(customer, *counts.get(customer.pk, (0, 0))) for customer in customers]


# --- one customer -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Contacts:
    """What we had to do with one customer, in numbers."""

    all: int
    waiting: int
    satisfied: int
    mollified: int
    dissatisfied: int


@dataclass(frozen=True)
class CustomerPage:
    """Everything the page of a customer shows. Eight queries beside the customer's own."""

    customer: Customer
    contacts: Contacts
    addresses: list[CustomerAddress]
    phones: list[CustomerPhone]
    tickets: list[Ticket]
    ratings: list[Ticket]
    notes: list[CustomerNote]
    history: list[CustomerChange]
    sessions: list[CustomerSession]  # where they are signed in


def customer_page(customer: Customer, *, user: User, at: datetime) -> CustomerPage:
    own = Ticket.objects.visible_to(user).filter(customer=customer)
    newest = own.select_related("department", "primary_issue", "own_status").defer("search")
    rated = own.exclude(outcome="").order_by("-opened_at")
    notes = CustomerNote.objects.filter(customer=customer).select_related("by")
    history = CustomerChange.objects.filter(customer=customer).select_related("by")
    return CustomerPage(
        customer=customer,
        contacts=_contacts(own),
        addresses=list(customer.addresses.all()),
        phones=list(customer.phones.all()),
        tickets=list(newest.order_by("-opened_at")[:ON_PAGE]),
        ratings=list(rated.only("subject", "outcome", "solved_at", "opened_at")[:RATINGS]),
        notes=list(notes[:NOTES]),
        history=list(history[:CHANGES]),
        sessions=sessions_of(customer, at),
    )


def _contacts(own: QuerySet[Ticket]) -> Contacts:
    said = {outcome.value: Count("pk", filter=Q(outcome=outcome)) for outcome in Outcome}
    counted = own.order_by().aggregate(
        all=Count("pk"), waiting=Count("pk", filter=Q(status__in=OPEN_STATUSES)), **said
    )
    return Contacts(**counted)


def version_of(customer: Customer) -> int:
    """Grows with every change: who saves names the one they have read."""
    last = CustomerChange.objects.filter(customer=customer).values_list("pk", flat=True).first()
    return last or 0


# --- two that may be one ------------------------------------------------------------------------------

ALIKE, MERGES = 5, 10


@dataclass(frozen=True)
class Alike:
    """Customers who may be the same person, with the reason, and what was merged so far."""

    others: list[tuple[Customer, str]]
    merges: list[tuple[CustomerMerge, bool]]


def alike(customer: Customer, *, user: User, at: datetime) -> Alike:
    """Who has the same number, or a like name at the same organisation's domain. Five queries, and one for each merge
    that is not undone."""
    others = Customer.objects.visible_to(user).filter(anonymised_at=None).exclude(pk=customer.pk)
    numbers = [
        number for number in (customer.phone, *(one.number for one in customer.phones.all())) if number
    ]
    called = Q(phone__in=numbers) | Q(
        pk__in=CustomerPhone.objects.filter(number__in=numbers).values("customer")
    )
    found = {
        one.pk: (one, "number") for one in (others.filter(called).order_by("pk")[:ALIKE] if numbers else ())
    }
    domain = (customer.email or "").rpartition("@")[2]
    if customer.name and domain and domain not in FREE_MAIL:
        named = others.filter(name__trigram_similar=customer.name, email__endswith=f"@{domain}")
        for one in named.order_by("pk")[:ALIKE]:
            found.setdefault(one.pk, (one, "name"))
    merges = CustomerMerge.objects.filter(kept=customer).select_related("by", "gone")[:MERGES]
    return Alike(list(found.values()), [(one, one.can_be_undone(at)) for one in merges])


def merged_into(pk: int) -> int | None:
    """Where somebody went who turned out to be another: whoever may not see them there learns nothing but a number."""
    found: int | None = Customer.objects.filter(pk=pk).values_list("merged_into", flat=True).first()
    return found


@dataclass(frozen=True)
class Side:
    """One of two that are compared before they are merged. Numbers are of all departments: all of it moves."""

    customer: Customer
    tickets: int
    addresses: list[CustomerAddress]
    last_at: datetime | None


def side(customer: Customer) -> Side:
    counted = (
        Ticket.objects.filter(customer=customer).order_by().aggregate(n=Count("pk"), last=Max("opened_at"))
    )
    return Side(customer, counted["n"], list(customer.addresses.all()), counted["last"])
