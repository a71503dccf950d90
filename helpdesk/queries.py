"""Reads of the kernel's nouns that span rows."""

from dataclasses import dataclass

from django.db.models import Count, F

from helpdesk.models import Issue, TicketIssue


@dataclass(frozen=True)
class Node:
    """A line of the taxonomy as a person sees it: how deep it stands and how many tickets carry it."""

    issue: Issue
    depth: int
    tickets: int


def taxonomy() -> list[Node]:
    """The whole tree in reading order, in two queries."""
    counts = dict(TicketIssue.objects.values_list("issue").annotate(n=Count("id")).values_list("issue", "n"))
    nodes = Issue.objects.select_related("owner_department", "replaced_by").order_by(F("path"))
    return [Node(issue=node, depth=node.path.count("/"), tickets=counts.get(node.pk, 0)) for node in nodes]
