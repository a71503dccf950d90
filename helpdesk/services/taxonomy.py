"""The issue taxonomy changes by editions: each change set is published whole, under the next number."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Department, Issue, IssueKind, TaxonomyRelease, User
from helpdesk.permissions import require


class IssueHasChildren(DomainError):
    """This issue has others below it. Retire or move those first."""

    code = "issue-has-children"


@dataclass(frozen=True)
class AddIssue:
    """A new node; `parent` is the code of the one above it."""

    code: str
    label: str
    parent: str = ""
    kind: str = IssueKind.REASON
    definition: str = ""
    includes: str = ""
    excludes: str = ""
    examples: tuple[str, ...] = field(default=())
    counter_examples: tuple[str, ...] = field(default=())
    owner_department: Department | None = None
    owner: User | None = None
    default_severity: int = 3


@dataclass(frozen=True)
class EditIssue:
    """New words or another owner for a node; its code and what was coded with it stay."""

    code: str
    label: str
    definition: str
    owner_department: Department | None
    owner: User | None


@dataclass(frozen=True)
class RetireIssue:
    """A node that is given to no more tickets; old ones keep it, charts can read it as `replaced_by`."""

    code: str
    replaced_by: str = ""


Change = AddIssue | EditIssue | RetireIssue


@transaction.atomic
def publish_taxonomy(*, changes: Sequence[Change], note: str, by: User, at: datetime) -> TaxonomyRelease:
    """Publish a change set as the next edition.

    Raises Invalid for an empty set, a code that is taken or unknown; IssueHasChildren when a node with valid
    children is to be retired. Nothing of the set is published then.
    """
    require(by, "taxonomy.publish")
    if not changes:
        raise Invalid("There is nothing to publish.")
    with connection.cursor() as cursor:  # editions are numbered one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('taxonomy'))")
    latest = TaxonomyRelease.objects.aggregate(latest=Max("number"))["latest"] or 0
    release = TaxonomyRelease.objects.create(number=latest + 1, published_at=at, published_by=by, note=note)
    for change in changes:
        match change:
            case AddIssue():
                _add(change, release)
            case EditIssue():
                _edit(change, release)
            case RetireIssue():
                _retire(change, release)
    events.record(
        "taxonomy.published", by=by, at=at, about=f"release:{release.pk}", data={"changes": len(changes)}
    )
    return release


def _add(change: AddIssue, release: TaxonomyRelease) -> None:
    if Issue.objects.filter(code=change.code).exists():
        raise Invalid(f"The code {change.code} is taken.", pointer="code")
    parent = _node(change.parent, pointer="parent") if change.parent else None
    Issue.objects.create(
        code=change.code, label=change.label, kind=change.kind, definition=change.definition,
        includes=change.includes, excludes=change.excludes, examples=list(change.examples),
        counter_examples=list(change.counter_examples), parent=parent,
        path=f"{parent.path}/{change.code}" if parent else change.code, owner=change.owner,
        owner_department=change.owner_department, default_severity=change.default_severity, release=release,
        valid_from=release.published_at.date(),
    )  # fmt: skip


def _edit(change: EditIssue, release: TaxonomyRelease) -> None:
    node = _node(change.code, pointer="code")
    node.label, node.definition = change.label, change.definition
    node.owner_department, node.owner, node.release = change.owner_department, change.owner, release
    node.save(update_fields=["label", "definition", "owner_department", "owner", "release"])


def _retire(change: RetireIssue, release: TaxonomyRelease) -> None:
    node = _node(change.code, pointer="code")
    if node.children.filter(valid_to__isnull=True).exists():
        raise IssueHasChildren
    today = release.published_at.date()
    if node.valid_from >= today:
        raise Invalid("It was added today: edit it instead, or retire it tomorrow.", pointer="code")
    node.valid_to, node.release = today, release
    node.replaced_by = _node(change.replaced_by, pointer="replaced_by") if change.replaced_by else None
    node.save(update_fields=["valid_to", "replaced_by", "release"])


def _node(code: str, *, pointer: str) -> Issue:
    node = Issue.objects.select_for_update(of=("self",), no_key=True).filter(code=code).first()
    if node is None:
        raise Invalid(f"There is no issue {code}.", pointer=pointer)
    return node
