"""From what was typed to the tickets it means, within what this person may see."""

import re
from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import Any as Anything

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from apps.intake.custom_fields.checking import definitions
from apps.response.following.models import Follower, Mention
from apps.response.queries.common_words import NONE, common_among
from apps.response.queries.own_fields import own_field
from apps.response.query import All, Any, Node, Not, Query, Term, Words, Wrong
from apps.response.query.fields import OWN
from apps.response.query.tree import walk, without
from apps.response.snoozing.models import back, snoozed
from helpdesk.asked import tickets_with
from helpdesk.models import (
    Attachment,
    ClockState,
    Customer,
    CustomerAddress,
    Department,
    Direction,
    Issue,
    IssueKind,
    Message,
    Note,
    Organisation,
    Product,
    Severity,
    Status,
    Ticket,
    TicketIssue,
    TicketStatus,
    User,
    matches_words,
    numbers_matching,
)
from helpdesk.models.ticket import TicketQuerySet
from helpdesk.models.ticket_choices import OPEN_STATUSES
from helpdesk.permissions import may

_ADDRESS = re.compile(r"[^\s@\"]+@[^\s@\"]+")
Condition = Callable[[Term, User], Q]

_STATES: dict[str, Q] = {
    "open": Q(status__in=OPEN_STATUSES),
    "new": Q(status=Status.NEW),
    "waiting": Q(status__in=[Status.WAITING_CUSTOMER, Status.WAITING_OWNER]),
    "waiting-customer": Q(status=Status.WAITING_CUSTOMER),
    "waiting-owner": Q(status=Status.WAITING_OWNER),
    "solved": Q(status=Status.SOLVED),
    "closed": Q(status=Status.CLOSED),
    "assigned": Q(assignee__isnull=False),
    "unassigned": Q(assignee__isnull=True),
    "coded": Q(primary_issue__isnull=False),
    "uncoded": Q(primary_issue__isnull=True),
    "overdue": Q(clock_state=ClockState.BREACHED),
    "paused": Q(clock_state=ClockState.PAUSED),
    "reopened": Q(reopened_count__gt=0),
    "merged": Q(merged_into__isnull=False),
    "replied": Q(first_replied_at__isnull=False),
    "unreplied": Q(first_replied_at__isnull=True),
    # Its customer wrote after the days of Reopening, and was told to write anew.
    "refused": Q(Exists(Message.objects.filter(ticket=OuterRef("pk"), refused_at__isnull=False))),
}


def _followed(user: User) -> Q:
    return Q(Exists(Follower.objects.filter(ticket=OuterRef("pk"), user=user)))


# States of a ticket in one person's eyes.
_OF_ONE_PERSON: dict[str, Callable[[User], Q]] = {"snoozed": snoozed, "back": back, "followed": _followed}


def find(
    query: Query, *, user: User, among: TicketQuerySet | None = None, top: bool = False
) -> tuple[TicketQuerySet, tuple[Wrong, ...]]:
    """The tickets this person may see, or those of them `among` these; and the tokens that name nobody, which are left
    out. At most seven queries check names. `top`: only the first of them in some order are wanted; words that stand
    everywhere are then looked for in one ticket after the other, and two more queries say which these are."""
    unknown = _unknown_names(query)
    tickets = Ticket.objects.visible_to(user) if among is None else among
    where = without(query.where, set(unknown)) or All()
    told = tuple(_told(query, term, reason) for term, reason in unknown.items())
    common = common_among(_words_in(where)) if top else NONE
    return tickets.filter(_condition(where, user, common=common)), told


def narrowed(where: Node, *, user: User) -> TicketQuerySet:
    """The tickets that fit; no query is made here."""
    return Ticket.objects.visible_to(user).filter(_condition(where, user))


def condition(where: Node, *, user: User) -> Q:
    """The same as a condition, for who has chosen the tickets; words are looked for in each of them."""
    if isinstance(where, Words):
        return _each_with_words(where.text, may(user, "response.note"))
    return _condition(where, user)


def unknown_names(query: Query) -> dict[Term, str]:
    """Terms that name nobody and nothing there is, with the reason. At most seven queries."""
    return _unknown_names(query)


def _told(query: Query, term: Term, reason: str) -> Wrong:
    start = query.text.find(term.token)
    return Wrong(term.token, reason, start, start + len(term.token))


def _condition(node: Node, user: User, *, negated: bool = False, common: frozenset[str] = NONE) -> Q:
    """A tree as a condition. "Not" is carried down to the leaves: each has a fast way to be asked so."""
    if isinstance(node, Not):
        return _condition(node.part, user, negated=not negated, common=common)
    if isinstance(node, Words):
        one_by_one = negated or node.text in common
        found = (_each_with_words if one_by_one else _with_words)(node.text, may(user, "response.note"))
        return ~found if negated else found
    if isinstance(node, Term):
        found = own_field(node) if node.key.startswith(OWN) else _CONDITIONS[node.key](node, user)
        return ~found if negated else found
    parts = [_condition(part, user, negated=negated, common=common) for part in node.parts]
    if isinstance(node, Any) == negated:  # not one of them: none of them
        return reduce(and_, parts, Q())
    words = _words_in(node)
    return _any_of(parts) if words and not words & common else reduce(or_, parts)


def _words_in(node: Node) -> frozenset[str]:
    return frozenset(below.text for below in walk(node) if isinstance(below, Words))


def _any_of(parts: list[Q]) -> Q:
    """One set, made of one for each part: words and conditions joined by OR would read every ticket instead."""
    sets = [Ticket.objects.filter(part).order_by().values("pk") for part in parts]
    return Q(pk__in=sets[0].union(*sets[1:]))


def _with_words(text: str, notes: bool) -> Q:
    """Tickets that say so, as one set; for an address those of its customer too."""
    said = Q(pk__in=numbers_matching(text, notes=notes))
    return _any_of([said, _of_address(text)]) if _ADDRESS.fullmatch(text) else said


def _each_with_words(text: str, notes: bool) -> Q:
    """The same, asked of one ticket after the other: "not in a large set" has no fast plan, and a set of nearly all
    takes seconds to make."""
    said = matches_words(text, notes=notes)
    return said | _of_address(text) if _ADDRESS.fullmatch(text) else said


def _of_address(text: str) -> Q:
    return Q(customer__in=CustomerAddress.objects.filter(email=text.lower()).values("customer"))


def _status(term: Term, user: User) -> Q:
    """A fixed category, or a state in the company's own words."""
    category = term.value.replace("-", "_")
    if category in Status.values:
        return Q(status=category)
    return Q(own_status__in=TicketStatus.objects.filter(key=term.value).values("pk"))


def _assignee(term: Term, user: User) -> Q:
    if term.value == "@me":
        return Q(assignee=user)
    if term.value == "none":
        return Q(assignee__isnull=True)
    return Q(assignee__in=User.objects.filter(_person(term.value)).values("pk"))


def _person(value: str) -> Q:
    """By the whole address or what stands before its @, or as the name or a later word of it begins."""
    named = Q(name__istartswith=value) | Q(name__icontains=f" {value}")
    return Q(email=value) | Q(email__startswith=f"{value}@") | named


def _issue(term: Term, user: User) -> Q:
    if term.value == "none":
        return Q(primary_issue__isnull=True)
    coded = TicketIssue.objects.filter(issue__in=Issue.objects.under(term.value))
    return Q(pk__in=coded.order_by().values("ticket_id"))


def _owner(term: Term, user: User) -> Q:
    """Tickets with an issue whose causes this department can remove, whoever answers them."""
    owned = Q(issue__owner_department__slug=term.value)
    if term.value == "none":
        owned = Q(issue__owner_department__isnull=True, issue__kind=IssueKind.REASON)
    return Q(pk__in=TicketIssue.objects.filter(owned).order_by().values("ticket_id"))


def _product(term: Term, user: User) -> Q:
    return Q(product__isnull=True) if term.value == "none" else Q(product__code=term.value)


def _customer(term: Term, user: User) -> Q:
    """By address, or by name: names are found with a slip of the pen in them as well."""
    if "@" in term.value:
        return _of_address(term.value)
    like = Q(name__icontains=term.value) | Q(name__trigram_similar=term.value)
    like |= Q(name__trigram_word_similar=term.value)
    return Q(customer__in=Customer.objects.filter(like).values("pk"))


def _organisation(term: Term, user: User) -> Q:
    """By its name, or one that was merged into it; where none has just this name, those with one like it."""
    if term.value == "none":
        return Q(customer__in=Customer.objects.filter(member_of=None).values("pk"))
    called = Organisation.objects.called(term.value).values("pk")
    near = Q(name__icontains=term.value) | Q(name__trigram_word_similar=term.value)
    like = Organisation.objects.filter(near, ~Exists(called), merged_into=None).values("pk")
    meant = Q(member_of__in=called) | Q(member_of__in=like)
    return Q(customer__in=Customer.objects.filter(meant).values("pk"))


def _has(term: Term, user: User) -> Q:
    if term.value == "note":
        noted = Note.objects.filter(ticket=OuterRef("pk"))
        return Q(Exists(noted if may(user, "response.note") else noted.none()))
    return Q(Exists(Attachment.objects.filter(message__ticket=OuterRef("pk"))))


def _tagged(tag: str) -> Q:
    """Asked twice over, so that the index of those that have tags is used."""
    return Q(tags__contains=[tag]) & ~Q(tags=[])


def _exactly(field: str) -> Condition:
    """A text of the ticket as it stands, whatever its case; "none" where it says nothing."""

    def condition(term: Term, user: User) -> Q:
        return Q(**{field: ""}) if term.value == "none" else Q(**{f"{field}__iexact": term.value})

    return condition


def _further_right(term: Term, user: User) -> Q:
    """What a point knows of which this one knows nothing."""
    if term.until is None:
        raise ValueError(f"{term} does not say as of when.")
    return tickets_with(term.key, term.value, at=term.until)


def _time(field: str) -> Condition:
    def condition(term: Term, user: User) -> Q:
        if term.value == "none":
            return Q(**{f"{field}__isnull": True})
        since = Q(**{f"{field}__gte": term.since}) if term.since else Q()
        return since & Q(**{f"{field}__lt": term.until}) if term.until else since

    return condition


def _last_message(**kind: Anything) -> Condition:
    """When the newest message of this kind was written; read row by row in the index of a ticket's messages."""

    def condition(term: Term, user: User) -> Q:
        said = Message.objects.filter(
            ticket=OuterRef("pk"), is_automatic=False, withdrawn_at__isnull=True, **kind
        )
        if term.value == "none":
            return ~Q(Exists(said))
        within = said.filter(at__gte=term.since) if term.since else said
        if term.until is None:
            return Q(Exists(within))
        return Q(Exists(within.filter(at__lt=term.until))) & ~Q(Exists(said.filter(at__gte=term.until)))

    return condition


_CONDITIONS: dict[str, Condition] = {
    "number": lambda term, user: Q(pk=int(term.value)),
    "is": lambda term, user: (
        _OF_ONE_PERSON[term.value](user) if term.value in _OF_ONE_PERSON else _STATES[term.value]
    ),
    "status": _status,
    "assignee": _assignee,
    "department": lambda term, user: Q(department__slug=term.value),
    "issue": _issue,
    "owner": _owner,
    "product": _product,
    "customer": _customer,
    "severity": lambda term, user: Q(severity=Severity[term.value.upper()]),
    "channel": lambda term, user: Q(channel=term.value),
    "type": lambda term, user: Q(contact_type=term.value),
    "tag": lambda term, user: Q(tags=[]) if term.value == "none" else _tagged(term.value),
    "organisation": _organisation,
    "segment": _exactly("segment"),
    "region": _exactly("region"),
    "language": _exactly("language"),
    "outcome": _exactly("outcome"),
    "has": _has,
    "mentions": lambda term, user: Q(Exists(Mention.objects.filter(note__ticket=OuterRef("pk"), user=user))),
    "promise": _further_right,
    "referral": _further_right,
    "created": _time("opened_at"),
    "updated": _time("updated_at"),
    "solved": _time("solved_at"),
    "heard": _last_message(direction=Direction.IN),
    "answered": _last_message(direction=Direction.OUT),
    "due": _time("due_at"),
}


def _unknown_names(query: Query) -> dict[Term, str]:
    """Terms that name a department, issue, product or person there is none of: one query for each of the six kinds."""
    checks: dict[str, tuple[Callable[[list[str]], set[str]], str]] = {
        "department": (_known_departments, _("there is no department with this short name")),
        "owner": (_known_departments, _("there is no department with this short name")),
        "issue": (_known_issues, _("there is no issue at this path")),
        "product": (_known_products, _("there is no product with this code")),
        "status": (_known_statuses, _("there is no state with this key")),
        "assignee": (_known_people, _("nobody here has this name or address")),
    }
    unknown: dict[Term, str] = {}
    if own := [term for term in query.terms if term.key.startswith(OWN)]:
        fields = {one.key for one in definitions()}
        reason = _("there is no field with this key")
        unknown |= {term: reason for term in own if term.key.removeprefix(OWN) not in fields}
    for key, (known_of, reason) in checks.items():
        named = [term for term in query.terms if term.key == key and term.value not in ("none", "@me")]
        known = known_of([term.value for term in named]) if named else set()
        unknown |= {term: reason for term in named if term.value not in known}
    return unknown


def _known_departments(values: list[str]) -> set[str]:
    return set(Department.objects.filter(slug__in=values).values_list("slug", flat=True))


def _known_issues(values: list[str]) -> set[str]:
    return set(Issue.objects.filter(path__in=values).values_list("path", flat=True))


def _known_products(values: list[str]) -> set[str]:
    return set(Product.objects.filter(code__in=values).values_list("code", flat=True))


def _known_statuses(values: list[str]) -> set[str]:
    categories = {value for value in values if value.replace("-", "_") in Status.values}
    if not (rest := set(values) - categories):
        return categories
    return categories | set(TicketStatus.objects.filter(key__in=rest).values_list("key", flat=True))


def _known_people(values: list[str]) -> set[str]:
    people = User.objects.exclude(role="customer")
    named = {str(place): Count("pk", filter=_person(value)) for place, value in enumerate(values)}
    found = people.aggregate(**{f"of_{place}": count for place, count in named.items()})
    return {value for place, value in enumerate(values) if found[f"of_{place}"]}
