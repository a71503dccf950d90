"""What hangs together: links of a ticket and of all that was merged into it, its children, and circles."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q

from apps.response import macros
from apps.response.links.models import JointAnswer, LinkKind, Relation, TicketLink, relation
from apps.response.queries.merging import Joined, merged_into
from apps.response.queries.ticket import macro_facts
from helpdesk.models import Status, Ticket, User

MAX_FOUND = 8
# The tickets themselves and all that were merged into them, however often.
GROUP = """
    WITH RECURSIVE gone (id) AS (
        SELECT unnest(%(ids)s::bigint[])
        UNION SELECT ticket.id FROM helpdesk_ticket ticket JOIN gone ON ticket.merged_into_id = gone.id
    ) SELECT id FROM gone
"""
# For each ticket the one that it was merged into at last.
ENDS = """
    WITH RECURSIVE way (start, id, next) AS (
        SELECT id, id, merged_into_id FROM helpdesk_ticket WHERE id = ANY(%(ids)s)
        UNION SELECT way.start, ticket.id, ticket.merged_into_id
        FROM way JOIN helpdesk_ticket ticket ON ticket.id = way.next
    ) SELECT start, id FROM way WHERE next IS NULL
"""
# All that can be reached by links of one kind; merged tickets are one with those they went to.
REACHED = """
    WITH RECURSIVE reached (id) AS (
        SELECT unnest(%(ids)s::bigint[])
        UNION SELECT step.id FROM reached, LATERAL (
            SELECT merged_into_id AS id FROM helpdesk_ticket
            WHERE helpdesk_ticket.id = reached.id AND merged_into_id IS NOT NULL
            UNION ALL SELECT id FROM helpdesk_ticket WHERE merged_into_id = reached.id
            UNION ALL SELECT second_id FROM response_ticketlink WHERE first_id = reached.id AND kind = %(kind)s
        ) step
    ) SELECT id FROM reached
"""


def _ids(sql: str, **given: Any) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return {row[0] for row in cursor.fetchall()}


def group(tickets: Collection[int]) -> set[int]:
    """These tickets and all that were merged into them. One query."""
    return _ids(GROUP, ids=list(tickets))


def ends(tickets: Collection[int]) -> dict[int, int]:
    """For each ticket the one where everything goes on. One query."""
    with connection.cursor() as cursor:
        cursor.execute(ENDS, {"ids": list(tickets)})
        return dict(cursor.fetchall())


def reached(tickets: Iterable[int], kind: str) -> set[int]:
    """Where links of this kind lead to from here, these tickets among them. One query."""
    return _ids(REACHED, ids=list(tickets), kind=kind)


def makes_circle_when_merged(ticket: int, into: int) -> bool:
    """Whether the two hang together through a third, so that as one ticket they would be their own parent."""
    one, other = group([ticket]), group([into])
    for kind in (LinkKind.CHILD, LinkKind.BLOCKS, LinkKind.DUPLICATE):
        for here, there in ((one, other), (other, one)):
            links = TicketLink.objects.filter(kind=kind, first__in=here).exclude(second__in=one | other)
            if reached(links.values_list("second", flat=True), kind) & there:
                return True
    return False


@dataclass(frozen=True)
class Linked:
    """One line of the box: what the other ticket is to this one, and as much of it as this person may see."""

    pk: int
    relation: Relation
    number: int
    ticket: Ticket | None  # None: this person may not know more than the number


def links_of(ticket: Ticket, *, user: User) -> list[Linked]:
    """Links of the ticket and of what was merged into it, seen from here, each once. Four queries."""
    own = group([ticket.pk])
    rows = list(TicketLink.objects.filter(Q(first__in=own) | Q(second__in=own)))
    ended = ends({row.first_id for row in rows} | {row.second_id for row in rows})
    found: dict[tuple[str, int], Linked] = {}
    visible = Ticket.objects.visible_to(user).defer("search").in_bulk(set(ended.values()))
    for row in rows:
        is_first = row.first_id in own
        other = row.second_id if is_first else row.first_id
        if other in own:
            continue  # they are one ticket now
        seen, number = relation(row.kind, is_first=is_first), ended[other]
        found.setdefault((seen.name, number), Linked(row.pk, seen, number, visible.get(number)))
    return sorted(found.values(), key=lambda one: (_ORDER[one.relation.kind], one.relation.name, one.number))


_SHOWN = (LinkKind.FOLLOW_UP, LinkKind.CHILD, LinkKind.BLOCKS, LinkKind.DUPLICATE, LinkKind.RELATED)
_ORDER = {kind: place for place, kind in enumerate(_SHOWN)}


@dataclass(frozen=True)
class LinksBox:
    """What the box shows: the links, and how the children stand."""

    links: list[Linked]
    open_children: int
    answering: int  # replies of a joint answer that are still to be written
    joined: list[Joined]  # tickets that are part of this one

    @property
    def children(self) -> list[Linked]:
        return [one for one in self.links if one.relation.name == "parent_of"]


def links_box(ticket: Ticket, *, user: User, at: datetime) -> LinksBox:
    """Six queries, and two more where something was merged into it."""
    links = links_of(ticket, user=user)
    children = [one.ticket for one in links if one.relation.name == "parent_of" and one.ticket]
    waiting = JointAnswer.objects.filter(parent=ticket, rows__done_at=None).count()
    joined = merged_into(group([ticket.pk]) - {ticket.pk}, user=user, at=at)
    return LinksBox(links, sum(child.is_open for child in children), waiting, joined)


def beginning_with(words: str) -> SearchQuery:
    """Subjects that hold words which begin so: one is still typing the last."""
    said = re.findall(r"\w+", words)[:8]
    return SearchQuery(" & ".join(f"{word}:*" for word in said), search_type="raw", config="simple")


def tickets_like(words: str, *, besides: Ticket, user: User) -> list[Ticket]:
    """What somebody may mean who wants to link: the number, or the newest that hold the words. One query."""
    words = words.strip().removeprefix("#").strip()
    rows = Ticket.objects.visible_to(user).exclude(pk=besides.pk).defer("search")
    if words.isdecimal():
        return list(rows.filter(pk=int(words[:18])))
    if len("".join(re.findall(r"\w", words))) < 2:
        return list(rows.filter(customer=besides.customer_id).order_by("-pk")[:MAX_FOUND])
    return list(rows.filter(search=beginning_with(words)).order_by("-pk")[:MAX_FOUND])


@dataclass(frozen=True)
class ChildAnswer:
    """A child, and what its customer would read."""

    ticket: Ticket
    text: str
    missing: tuple[str, ...]
    chosen: bool


def children_of(ticket: Ticket, *, user: User) -> list[Ticket]:
    """The children this person may answer, those that wait first."""
    numbers = [
        one.number for one in links_of(ticket, user=user) if one.relation.name == "parent_of" and one.ticket
    ]
    related = ("customer", "department", "product", "primary_issue", "own_status")
    rows = Ticket.objects.visible_to(user).filter(pk__in=numbers).select_related(*related).defer("search")
    return sorted(rows, key=lambda child: (not child.is_open, child.pk))


def answers_to(
    children: Iterable[Ticket], body: str, *, user: User, chosen: Collection[int] | None = None
) -> list[ChildAnswer]:
    """The text as each child's customer would read it. No query but for the names of departments."""
    found = []
    for child in children:
        filled = macros.fill(body, macro_facts(child, user))
        is_chosen = (
            child.pk in chosen if chosen is not None else child.status != Status.CLOSED and child.is_open
        )
        found.append(ChildAnswer(child, filled.text, filled.missing, is_chosen))
    return found
