"""The issue taxonomy changes by editions: each change set is published whole, under the next number."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, TextField, Value
from django.db.models.functions import Cast, Concat, Substr
from django.utils.translation import gettext as _

from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Issue, IssueKind, Recoding, RecodingKind, TaxonomyRelease, User
from helpdesk.permissions import require
from helpdesk.services.taxonomy_changes import (
    AddIssue,
    Change,
    EditIssue,
    MergeIssues,
    MoveIssue,
    ReinstateIssue,
    RetireIssue,
    SplitIssue,
    written,
)

MAX_LEVELS = 4


class IssueHasChildren(DomainError):
    """This issue has others below it. Retire or move those first."""

    code = "issue-has-children"


class TakenBack(Exception):
    """Nothing went wrong: an attempt ends, and leaves no trace."""


@transaction.atomic
def publish_taxonomy(
    *, changes: Sequence[Change], note: str, by: User, at: datetime, undoes: TaxonomyRelease | None = None
) -> TaxonomyRelease:
    """Publish a change set as the next edition: the one way in which the taxonomy changes.

    Raises Invalid for an empty set, a code that is taken or unknown, a node that would stand below itself or too deep;
    IssueHasChildren when a node with valid children is to be retired. Nothing of the set is published then.
    """
    require(by, "taxonomy.publish")
    if not changes:
        raise Invalid(_("There is nothing to publish."))
    release = _next_release(changes, note=note, by=by, at=at, undoes=undoes)
    ways_back = [_apply(change, release) for change in changes]
    release.reverse = [written(change) for change in _way_back(changes, ways_back)]
    release.save(update_fields=["reverse"])
    if undoes is not None:
        _recode_back(undoes, release, by=by, at=at)
    events.record(
        "taxonomy.published", by=by, at=at, about=f"release:{release.pk}", data={"changes": len(changes)}
    )
    return release


@transaction.atomic
def refused_changes(*, changes: Sequence[Change], by: User, at: datetime) -> dict[int, DomainError]:
    """Apply one after the other, passing over what is refused, and take it all back: the refusals by place.

    For files and packs, whose lines are told apart; raises nothing but NotAllowed.
    """
    require(by, "taxonomy.publish")
    refused: dict[int, DomainError] = {}
    try:
        with transaction.atomic():
            release = _next_release((), note="", by=by, at=at, undoes=None)
            for place, change in enumerate(changes):
                try:
                    with transaction.atomic():
                        _apply(change, release)
                except DomainError as error:
                    refused[place] = error
            raise TakenBack
    except TakenBack:
        return refused


def _next_release(
    changes: Sequence[Change], *, note: str, by: User, at: datetime, undoes: TaxonomyRelease | None
) -> TaxonomyRelease:
    with connection.cursor() as cursor:  # editions are numbered one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('taxonomy'))")
    latest = TaxonomyRelease.objects.aggregate(latest=Max("number"))["latest"] or 0
    return TaxonomyRelease.objects.create(
        number=latest + 1, published_at=at, published_by=by, note=note, undoes=undoes,
        changes=[written(change) for change in changes],
    )  # fmt: skip


def _apply(change: Change, release: TaxonomyRelease) -> list[Change]:
    """Do it; hands back what would undo it."""
    match change:
        case AddIssue():
            return _add(change, release)
        case EditIssue():
            return _edit(change, release)
        case MoveIssue():
            return _move(change, release)
        case MergeIssues():
            return _merge(change, release)
        case SplitIssue():
            return _split(change, release)
        case RetireIssue():
            return _retire(change, release)
        case ReinstateIssue():
            return _reinstate(change, release)


def _way_back(changes: Sequence[Change], ways: Sequence[list[Change]]) -> list[Change]:
    """The reverse set, last change first. A part that was made by a split gives its tickets back to the whole."""
    whole = {
        part: change.code for change in changes if isinstance(change, SplitIssue) for part in change.parts
    }
    back: list[Change] = []
    for change, way in reversed(list(zip(changes, ways, strict=True))):
        if isinstance(change, AddIssue) and change.code in whole:
            back.append(MergeIssues((change.code,), into=whole[change.code]))
        else:
            back += way
    return back


def _add(change: AddIssue, release: TaxonomyRelease) -> list[Change]:
    if Issue.objects.filter(code=change.code).exists():
        raise Invalid(_("The code %(code)s is taken.") % {"code": change.code}, pointer="code")
    parent = _parent(change.parent)
    if parent is not None and parent.path.count("/") + 2 > MAX_LEVELS:
        raise Invalid(
            _("“%(label)s” would stand deeper than %(max_levels)s levels.")
            % {"label": change.label, "max_levels": MAX_LEVELS},
            pointer="parent",
        )
    Issue.objects.create(
        code=change.code, label=change.label, kind=change.kind, definition=change.definition,
        includes=change.includes, excludes=change.excludes, examples=list(change.examples),
        counter_examples=list(change.counter_examples), parent=parent,
        path=f"{parent.path}/{change.code}" if parent else change.code, owner=change.owner,
        owner_department=change.owner_department, default_severity=change.default_severity, release=release,
        valid_from=release.published_at.date(),
    )  # fmt: skip
    return [RetireIssue(change.code)]


def _edit(change: EditIssue, release: TaxonomyRelease) -> list[Change]:
    node = _node(change.code, pointer="code")
    before: dict[str, Any] = {name: _told(getattr(node, name)) for name in change.given}
    for name, value in change.given.items():
        setattr(node, name, list(value) if isinstance(value, tuple) else value)
    node.release = release
    node.save(update_fields=[*before, "release"])
    return [EditIssue(change.code, **before)]


def _told(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _move(change: MoveIssue, release: TaxonomyRelease) -> list[Change]:
    node, parent = _node(change.code, pointer="code"), _parent(change.parent)
    before = node.parent.code if node.parent else ""
    if parent is not None and (parent.path + "/").startswith(node.path + "/"):
        raise Invalid(_("“%(node)s” can't stand below itself.") % {"node": node}, pointer="parent")
    if before == change.parent:
        raise Invalid(_("“%(node)s” stands there already.") % {"node": node}, pointer="parent")
    path = f"{parent.path}/{node.code}" if parent else node.code
    _relocate(node.path, path)
    Issue.objects.filter(pk=node.pk).update(parent=parent, release=release)
    return [MoveIssue(change.code, before)]


def _relocate(old: str, new: str) -> None:
    """Every path below follows, in one statement."""
    below = Issue.objects.under(old)
    deepest = max(below.values_list("path", flat=True), key=lambda path: path.count("/"))
    if deepest.count("/") - old.count("/") + new.count("/") + 1 > MAX_LEVELS:
        raise Invalid(
            _("Something would stand deeper than %(max_levels)s levels.") % {"max_levels": MAX_LEVELS},
            pointer="parent",
        )
    rest = Substr(F("path"), len(old) + 1)
    below.update(path=Concat(Cast(Value(new), TextField()), rest, output_field=TextField()))


def _merge(change: MergeIssues, release: TaxonomyRelease) -> list[Change]:
    into = _valid_leaf(change.into, pointer="into")
    if not change.codes or change.into in change.codes:
        raise Invalid(_("Name other issues to be merged into this one."), pointer="codes")
    for code in dict.fromkeys(change.codes):
        node = _out_of_use(code, release, read_as=into)
        if node.kind != into.kind:
            raise Invalid(
                _("“%(node)s” and “%(into)s” are of different kinds: %(kind)s, %(kind_2)s.")
                % {"node": node, "into": into, "kind": node.kind, "kind_2": into.kind},
                pointer="into",
            )
        if Recoding.objects.at_work().filter(source=node).exists():
            raise Invalid(
                _("Tickets of “%(node)s” are still being recoded. Wait, or stop it.") % {"node": node},
                pointer="codes",
            )
        if change.recode:
            Recoding.plan(
                release=release, kind=RecodingKind.MERGE, source=node, target=into,
                by=release.published_by, at=release.published_at,
            )  # fmt: skip
    return [ReinstateIssue(code) for code in reversed(change.codes)]


def _split(change: SplitIssue, release: TaxonomyRelease) -> list[Change]:
    parts = {code: _valid_leaf(code, pointer="parts") for code in change.parts}
    if len(parts) < 2 or change.code in parts:
        raise Invalid(_("A split needs two parts or more, all others than the whole."), pointer="parts")
    if change.read_as and change.read_as not in parts:
        raise Invalid(_("Old tickets can be read as one of the parts only."), pointer="read_as")
    _out_of_use(change.code, release, read_as=parts.get(change.read_as))
    return [ReinstateIssue(change.code)]


def _retire(change: RetireIssue, release: TaxonomyRelease) -> list[Change]:
    after = _node(change.replaced_by, pointer="replaced_by") if change.replaced_by else None
    if after is not None and after.code == change.code:
        raise Invalid(_("An issue can't be replaced by itself."), pointer="replaced_by")
    _out_of_use(change.code, release, read_as=after)
    return [ReinstateIssue(change.code)]


def _out_of_use(code: str, release: TaxonomyRelease, *, read_as: Issue | None) -> Issue:
    node = _node(code, pointer="code")
    if node.valid_to is not None:
        raise Invalid(_("“%(node)s” is retired already.") % {"node": node}, pointer="code")
    if node.children.filter(valid_to__isnull=True).exists():
        raise IssueHasChildren(
            _("“%(node)s” has others below it. Retire or move those first.") % {"node": node}
        )
    # Added today and retired today: it was valid on no day.
    node.valid_to = max(release.published_at.date(), node.valid_from)
    node.release, node.replaced_by = release, read_as
    node.save(update_fields=["valid_to", "replaced_by", "release"])
    return node


def _reinstate(change: ReinstateIssue, release: TaxonomyRelease) -> list[Change]:
    node = _node(change.code, pointer="code")
    if node.valid_to is None:
        raise Invalid(_("“%(node)s” is in use.") % {"node": node}, pointer="code")
    if node.parent is not None and node.parent.valid_to is not None:
        raise Invalid(
            _("“%(parent)s” above it is retired. Bring that back first.") % {"parent": node.parent},
            pointer="code",
        )
    before = RetireIssue(node.code, node.replaced_by.code if node.replaced_by else "")
    node.valid_to, node.replaced_by, node.release = None, None, release
    node.save(update_fields=["valid_to", "replaced_by", "release"])
    return [before]


def _recode_back(undone: TaxonomyRelease, release: TaxonomyRelease, *, by: User, at: datetime) -> None:
    """Tickets the undone edition has recoded go back, last recoding first, and those it has not are left."""
    recodings = Recoding.objects.select_for_update(of=("self",), no_key=True).filter(release=undone)
    for recoding in recodings.order_by("-pk"):
        recoding.stop(at=at)
        Recoding.plan_back(recoding, release=release, by=by, at=at)


def _parent(code: str) -> Issue | None:
    if not code:
        return None
    parent = _valid(code, pointer="parent")
    if parent.kind != IssueKind.REASON:
        raise Invalid(
            _("Nothing stands below “%(parent)s”: it is a way of having no reason.") % {"parent": parent},
            pointer="parent",
        )
    return parent


def _valid_leaf(code: str, *, pointer: str) -> Issue:
    node = _valid(code, pointer=pointer)
    if node.children.filter(valid_to__isnull=True).exists():
        raise Invalid(
            _("“%(node)s” has finer issues below it: choose one of those.") % {"node": node}, pointer=pointer
        )
    return node


def _valid(code: str, *, pointer: str) -> Issue:
    node = _node(code, pointer=pointer)
    if node.valid_to is not None:
        raise Invalid(_("“%(node)s” is retired.") % {"node": node}, pointer=pointer)
    return node


def _node(code: str, *, pointer: str) -> Issue:
    node = (
        Issue.objects.select_for_update(of=("self",), no_key=True)
        .select_related("parent", "replaced_by", "owner_department", "owner")
        .filter(code=code)
        .first()
    )
    if node is None:
        raise Invalid(_("There is no issue %(code)s.") % {"code": code}, pointer=pointer)
    return node
