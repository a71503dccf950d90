"""The nodes with what hangs on them, as a tree and as a table."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from apps.analysis.queries.links import queue_url
from helpdesk.models import Issue, TicketIssue

RECENT = timedelta(days=90)


@dataclass(frozen=True)
class Counts:
    """How often an issue was given: ever, in the last 90 days, and when last."""

    tickets: int = 0
    recent: int = 0
    last_coded: datetime | None = None

    def with_those(self, other: "Counts") -> "Counts":
        days = [day for day in (self.last_coded, other.last_coded) if day is not None]
        return Counts(self.tickets + other.tickets, self.recent + other.recent, max(days, default=None))


@dataclass(frozen=True)
class Node:
    """An issue with its own tickets, those of everything below it, and its branches."""

    issue: Issue
    own: Counts
    whole: Counts
    children: tuple["Node", ...] = field(default=())

    @property
    def url(self) -> str:
        """The tickets that carry it, or something below it."""
        return queue_url(f"issue:{self.issue.path}")

    @property
    def depth(self) -> int:
        return self.issue.path.count("/")


def read_tree(*, at: datetime, retired: bool = False) -> tuple[Node, ...]:
    """The whole tree, without what is retired unless asked for. Two queries, whatever its size."""
    issues = Issue.objects.select_related("owner_department", "owner", "replaced_by").order_by("path")
    below: dict[int | None, list[Issue]] = defaultdict(list)
    for issue in issues if retired else issues.filter(valid_to=None):
        below[issue.parent_id].append(issue)
    counts = _counts(at)

    def node(issue: Issue) -> Node:
        children = tuple(node(child) for child in below[issue.pk])
        own = whole = counts.get(issue.pk, Counts())
        for child in children:
            whole = whole.with_those(child.whole)
        return Node(issue, own, whole, children)

    return tuple(node(root) for root in below[None])


def _counts(at: datetime) -> dict[int, Counts]:
    rows = (
        TicketIssue.objects.order_by()
        .values_list("issue")
        .annotate(
            tickets=Count("id"), recent=Count("id", filter=Q(at__gte=at - RECENT)), last=Max("coded_at")
        )
    )
    return {issue: Counts(*numbers) for issue, *numbers in rows}


SORTS: dict[str, Callable[[Node], object]] = {
    "tickets": lambda node: -node.own.tickets,
    "recent": lambda node: -node.own.recent,
    "last": lambda node: -node.own.last_coded.timestamp() if node.own.last_coded else 0.0,
    "owner": lambda node: node.issue.owner_department.name if node.issue.owner_department else "",
}


def rows(tree: Sequence[Node], *, sort: str = "") -> list[Node]:
    """One below the other: in the order of the tree, or all sorted by what `SORTS` names."""
    found: list[Node] = []
    for node in tree:
        found += [node, *rows(node.children)]
    return sorted(found, key=SORTS[sort]) if sort in SORTS else found  # type: ignore[arg-type]
