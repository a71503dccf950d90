"""The taxonomy as the analysis needs it: all of it at once, for it is small."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from helpdesk.models import Department, Issue, IssueKind, Product, TaxonomyRelease


@dataclass(frozen=True)
class Node:
    """One issue."""

    id: int
    path: str
    label: str
    kind: str
    parent: int | None
    department: int | None
    owner: int | None
    valid_from: date
    valid_to: date | None
    replaced_by: int | None

    @property
    def code(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def is_reason(self) -> bool:
        return self.kind == IssueKind.REASON


@dataclass(frozen=True)
class Taxonomy:
    """Every issue by its key."""

    nodes: dict[int, Node]
    release: int | None
    # The day the first edition came out: what was there then is no change.
    begun: date | None = None

    def subtree(self, issue: int) -> tuple[int, ...]:
        """The issue and everything below it."""
        path = self.nodes[issue].path
        return tuple(
            node.id for node in self.nodes.values() if node.path == path or node.path.startswith(path + "/")
        )

    def neighbours(self, issue: int) -> tuple[int, ...]:
        """Where a complaint may go instead: sister issues, and the tickets nobody found a fitting code for."""
        own, parent = set(self.subtree(issue)), self.nodes[issue].parent
        sisters = {
            key
            for node in self.nodes.values()
            if node.parent == parent and parent is not None and node.id != issue
            for key in self.subtree(node.id)
        }
        unfit = {node.id for node in self.nodes.values() if node.kind == IssueKind.NO_CODE}
        return tuple(sorted((sisters | unfit) - own))

    @property
    def crosswalk(self) -> dict[int, int]:
        """As what a retired issue is read: its successor in the present edition, however many steps away."""
        return {key: self.read_as(key) for key, node in self.nodes.items() if node.replaced_by is not None}

    def read_as(self, issue: int) -> int:
        seen = {issue}
        while (after := self.nodes[issue].replaced_by) is not None and after not in seen:
            seen.add(after)
            issue = after
        return issue

    def read_from(self, issue: int) -> list[int]:
        """The issue, and those of earlier editions that are read as it."""
        return [issue, *(before for before, after in self.crosswalk.items() if after == issue)]

    def changed(self, after: date, until: date) -> frozenset[int]:
        """Issues that came, went, or took over another's tickets between two days: their counts moved by themselves."""
        came = {key for key, day in self.came_later.items() if after < day <= until}
        went = {
            key
            for key, node in self.nodes.items()
            if node.valid_to is not None and after < node.valid_to <= until
        }
        return frozenset(came | went | {self.read_as(key) for key in went})

    def changed_families(self, day: date, days: int) -> dict[int, tuple[int, ...]]:
        """For every issue that changed in the days before: the issues beside it, itself among them; none means all."""
        parents = {issue: self.nodes[issue].parent for issue in self.changed(day - timedelta(days=days), day)}
        return {issue: () if parent is None else self.subtree(parent) for issue, parent in parents.items()}

    @property
    def came_later(self) -> dict[int, date]:
        """The first day of every issue that was not there from the beginning."""
        return {
            key: node.valid_from
            for key, node in self.nodes.items()
            if self.begun is not None and node.valid_from > self.begun
        }


def read_taxonomy(edition: TaxonomyRelease | None = None) -> Taxonomy:
    """As it is now, or as it was in an earlier edition: without the issues that came since, and with those in use
    that went since."""
    fields = ("id", "path", "label", "kind", "parent_id", "owner_department_id", "owner_id",
              "valid_from", "valid_to", "replaced_by_id")  # fmt: skip
    nodes = {row[0]: Node(*row) for row in Issue.objects.order_by("id").values_list(*fields)}
    editions = list(TaxonomyRelease.objects.order_by("number").values_list("pk", "published_at"))
    if not editions:
        return Taxonomy(nodes, None)
    if edition is not None:
        return Taxonomy(_nodes_of(edition, nodes), edition.pk, editions[0][1].date())
    return Taxonomy(nodes, editions[-1][0], editions[0][1].date())


def _nodes_of(edition: TaxonomyRelease, nodes: dict[int, Node]) -> dict[int, Node]:
    day = edition.published_at.date()
    then = {key: node for key, node in nodes.items() if node.valid_from <= day}
    return {
        key: node
        if node.valid_to and node.valid_to <= day
        else replace(node, valid_to=None, replaced_by=None)
        for key, node in then.items()
    }


def place_names() -> dict[str, dict[int, str]]:
    """How products and departments are called in places, by key."""
    return {
        "product": dict(Product.objects.values_list("pk", "code")),
        "department": dict(Department.objects.values_list("pk", "slug")),
    }
