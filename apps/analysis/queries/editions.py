"""Contacts and taxonomy in the edition somebody asks for: the present one, an earlier one, or as each was coded."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from django.conf import settings
from django.db import connection

from apps.analysis.contacts import Contacts
from apps.analysis.deadlines import midnight, today
from apps.analysis.editions import AS_CODED, Moved, Seam, Standing, as_coded, back_to, seams
from apps.analysis.queries.contacts import Measures, read_measured, translated
from apps.analysis.queries.taxonomy import Node, Taxonomy, place_names, read_taxonomy
from helpdesk.models import TaxonomyRelease

SHOWN = 4  # earlier releases that are offered

# One row for each coding that was moved and has not gone back.
MOVED = """
    SELECT record.recoding_id, (ticket.opened_at AT TIME ZONE %(zone)s)::date, ticket.customer_id,
           record.issue_before_id, record.issue_after_id, record.collapsed <> '[]'::jsonb
    FROM helpdesk_recodedticket record
    JOIN helpdesk_ticket ticket ON ticket.id = record.ticket_id
    WHERE ticket.opened_at >= %(start)s AND ticket.opened_at < %(stop)s
      AND NOT EXISTS (SELECT FROM helpdesk_recoding back WHERE back.takes_back_id = record.recoding_id)
    ORDER BY record.recoding_id, record.id
"""


@dataclass(frozen=True)
class Released:
    """A release, as a page offers to read in it."""

    number: int
    day: date
    changes: list[dict[str, object]]
    reverse: list[dict[str, object]]


@dataclass(frozen=True)
class InEdition:
    """What was read, in which edition: `number` is that of the release, None before the first."""

    taxonomy: Taxonomy
    contacts: Contacts
    measures: Measures
    releases: tuple[Released, ...]
    number: int | None
    is_present: bool

    def seams(self, issue: int, *, first: date, last: date) -> list[Seam]:
        """Where the line of an issue, with all below it, was sewn together in these days."""
        return _seams(self.taxonomy, self.releases, issue, first, last)


def read_in_edition(asked: str, first: date, last: date) -> InEdition:
    """`asked`: "" for the present edition, the number of an earlier one, or "coded" for as each ticket was coded.

    Seven queries, one more for what recodings moved. An unknown number is the present edition.
    """
    releases = _releases()
    taxonomy, names = read_taxonomy(), place_names()
    latest = releases[0].number if releases else None
    wanted = int(asked) if asked.isdecimal() else None
    if asked != AS_CODED and (wanted is None or latest is None or wanted >= latest):
        contacts, measures = read_measured(first, last, names=names, crosswalk=taxonomy.crosswalk)
        return InEdition(taxonomy, contacts, measures, releases, latest, is_present=True)
    contacts, measures = _as_coded(*read_measured(first, last, names=names))
    if wanted is None:
        taxonomy = replace(taxonomy, nodes=_apart(taxonomy.nodes))
        return InEdition(taxonomy, contacts, measures, releases, latest, is_present=False)
    taxonomy = replace(
        taxonomy, nodes=_in_release(taxonomy, [one for one in releases if one.number > wanted])
    )
    if crosswalk := taxonomy.crosswalk:
        contacts = replace(contacts, issue=translated(contacts.issue, crosswalk))
    return InEdition(taxonomy, contacts, measures, releases, wanted, is_present=False)


def seams_of(issue: int | None, *, first: date, last: date) -> list[Seam]:
    """The same where nothing else is read of the taxonomy: one query while there was no release in these days."""
    told = tuple(one for one in _releases() if first < one.day <= last)
    if issue is None or not told:
        return []
    return _seams(read_taxonomy(), told, issue, first, last)


def _releases() -> tuple[Released, ...]:
    """The latest first."""
    fields = ("number", "published_at", "changes", "reverse")
    rows = TaxonomyRelease.objects.order_by("-number").values_list(*fields)
    return tuple(Released(number, today(at), changes, reverse) for number, at, changes, reverse in rows)


def _seams(
    taxonomy: Taxonomy, releases: tuple[Released, ...], issue: int, first: date, last: date
) -> list[Seam]:
    codes = frozenset(taxonomy.nodes[key].code for key in taxonomy.subtree(issue))
    labels = {node.code: node.label for node in taxonomy.nodes.values()}
    told = [one for one in reversed(releases) if first < one.day <= last]
    return seams(codes, labels, ((one.number, one.day, one.changes, one.reverse) for one in told))


def _as_coded(contacts: Contacts, measures: Measures) -> tuple[Contacts, Measures]:
    restored = as_coded(
        contacts.day + contacts.first.toordinal(), measures.customer, contacts.issue,
        _moves(contacts.first, contacts.last),
    )  # fmt: skip
    # A cell that stands for two codings is there twice, in the order of time as all are.
    rows = np.concatenate([np.arange(len(contacts.day)), restored.copies])
    issue = np.concatenate([restored.issue, restored.copied])
    order = np.argsort(contacts.day[rows], kind="stable")
    first = np.concatenate([measures.first, np.zeros(len(restored.copies), np.bool_)])
    at = rows[order]
    return replace(
        contacts, day=contacts.day[at], issue=issue[order], tickets=contacts.tickets[at],
        codes={name: column[at] for name, column in contacts.codes.items()},
    ), Measures(
        measures.customer[at], measures.minutes[at], measures.reopened[at], measures.outcome[at], first[order]
    )  # fmt: skip


def _moves(first: date, last: date) -> list[Moved]:
    with connection.cursor() as cursor:
        cursor.execute(
            MOVED,
            {
                "zone": settings.TIME_ZONE,
                "start": midnight(first),
                "stop": midnight(last + timedelta(days=1)),
            },
        )
        rows = cursor.fetchall()
    table = np.array(
        [(key, day.toordinal(), who, before, after, both) for key, day, who, before, after, both in rows],
        np.int64,
    ).reshape(-1, 6)
    starts = np.flatnonzero(np.diff(table[:, 0], prepend=-1))
    return [
        Moved(part[:, 1], part[:, 2], part[:, 3], part[:, 4], part[:, 5].astype(np.bool_))
        for part in np.split(table, starts)[1:]
    ]


def _apart(nodes: dict[int, Node]) -> dict[int, Node]:
    """Nothing is read as anything else."""
    return {key: replace(node, replaced_by=None) for key, node in nodes.items()}


def _in_release(taxonomy: Taxonomy, later: list[Released]) -> dict[int, Node]:
    """Every node there ever was, as it stood in the edition before the later ones."""
    key_of = {node.code: key for key, node in taxonomy.nodes.items()}
    code_of = {key: code for code, key in key_of.items()}
    now = {
        node.code: Standing(node.path, node.label, code_of.get(node.replaced_by or 0, ""))
        for node in taxonomy.nodes.values()
    }
    then = back_to(now, ((one.number, one.reverse) for one in later))
    return {
        key: replace(
            node,
            path=then[node.code].path,
            label=_called(then[node.code]),
            replaced_by=key_of.get(then[node.code].read_as),
        )
        for key, node in taxonomy.nodes.items()
    }


def _called(node: Standing) -> str:
    """What came later and is no part of anything says so."""
    return f"{node.label} (since release {node.came_in})" if node.came_in and not node.read_as else node.label
