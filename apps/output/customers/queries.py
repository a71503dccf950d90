"""Reads: who is looked for, and all that is known of one."""

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Greatest

from apps.output.customers.models import CustomerNote
from helpdesk.models import Customer, CustomerChange, Outcome, Ticket, User
from helpdesk.models.ticket import OPEN_STATUSES

SHOWN = 50
# Of very many that fit, the newest are put in order: an answer in time beats a perfect order.
RANKED = 300
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
    found = _ranked(text, visible) if text else _lately(visible, user)
    return Found(_rows(found[:SHOWN], user), len(found) > SHOWN)


def _ranked(text: str, visible: QuerySet[Customer]) -> list[Customer]:
    newest = visible.filter(fitting(text)).order_by("-pk").values("pk")[:RANKED]
    likeness = Greatest(
        TrigramWordSimilarity(text, "name"), TrigramWordSimilarity(text, "organisation"), Value(0.0)
    )
    rows = Customer.objects.filter(pk__in=newest).annotate(likeness=likeness)
    return list(rows.order_by("-likeness", "name", "pk")[: SHOWN + 1])


def fitting(text: str) -> Q:
    """Customers by name (with a slip of the pen in it), address, number or organisation; each part has its index."""
    if "@" in text:
        return Q(email__startswith=text.lower())
    wanted = Q(name__icontains=text) | Q(name__trigram_word_similar=text)
    wanted |= Q(email__startswith=text.lower()) | Q(organisation__icontains=text) | Q(external_id=text)
    digits = "".join(char for char in text if char.isdigit())
    if len(digits) >= FEW_DIGITS:
        # Without the leading zero: 0660 here is +43 660 elsewhere.
        wanted |= Q(phone__contains=digits.lstrip("0") or digits)
    return wanted


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
    """Everything the page of a customer shows. Five queries beside the customer's own."""

    customer: Customer
    contacts: Contacts
    tickets: list[Ticket]
    ratings: list[Ticket]
    notes: list[CustomerNote]
    history: list[CustomerChange]


def customer_page(customer: Customer, *, user: User) -> CustomerPage:
    own = Ticket.objects.visible_to(user).filter(customer=customer)
    newest = own.select_related("department", "primary_issue").defer("search")
    rated = own.exclude(outcome="").order_by("-opened_at")
    notes = CustomerNote.objects.filter(customer=customer).select_related("by")
    history = CustomerChange.objects.filter(customer=customer).select_related("by")
    return CustomerPage(
        customer=customer,
        contacts=_contacts(own),
        tickets=list(newest.order_by("-opened_at")[:ON_PAGE]),
        ratings=list(rated.only("subject", "outcome", "solved_at", "opened_at")[:RATINGS]),
        notes=list(notes[:NOTES]),
        history=list(history[:CHANGES]),
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
