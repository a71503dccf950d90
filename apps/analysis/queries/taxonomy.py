"""The taxonomy as the analysis needs it: all of it at once, for it is small."""

from dataclasses import dataclass

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

    @property
    def is_reason(self) -> bool:
        return self.kind == IssueKind.REASON


@dataclass(frozen=True)
class Taxonomy:
    """Every issue by its key."""

    nodes: dict[int, Node]
    release: int | None

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


def read_taxonomy() -> Taxonomy:
    fields = ("id", "path", "label", "kind", "parent_id", "owner_department_id", "owner_id")
    nodes = {row[0]: Node(*row) for row in Issue.objects.order_by("id").values_list(*fields)}
    release = TaxonomyRelease.objects.order_by("-number").values_list("pk", flat=True).first()
    return Taxonomy(nodes, release)


def place_names() -> dict[str, dict[int, str]]:
    """How products and departments are called in places, by key."""
    return {
        "product": dict(Product.objects.values_list("pk", "code")),
        "department": dict(Department.objects.values_list("pk", "slug")),
    }
