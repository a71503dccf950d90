"""A change set from the first idea to the release: collected, tried out, published now or at a time, undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from helpdesk import events
from helpdesk.each import each
from helpdesk.errors import DomainError, Invalid
from helpdesk.marked import inside
from helpdesk.models import ChangeSet, ChangeSetState, DraftChange, Issue, TaxonomyRelease, TicketIssue, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.services.taxonomy import TakenBack, publish_taxonomy
from helpdesk.services.taxonomy_changes import (
    AddIssue,
    Change,
    MergeIssues,
    RetireIssue,
    SplitIssue,
    codes_named,
    codes_of,
    read,
    written,
)

UNDO_FOR = timedelta(days=30)
# More tickets than this lose their code: the number has to be typed.
CONFIRM_ABOVE = 100


class ChangedMeanwhile(DomainError):
    """Somebody has changed this draft since you looked at it. Look again, then publish."""

    code = "changed-meanwhile"


class NotOpen(DomainError):
    """This change set is no longer open."""

    code = "change-set-not-open"


class NeedsConfirmation(Invalid):
    """Type the number of tickets whose code goes out of use."""

    code = "needs-confirmation"


class TooLateToUndo(DomainError):
    """A release can be undone for 30 days."""

    code = "too-late-to-undo"


class BuiltUpon(DomainError):
    """A later release has changed the same issues. Undo that one first."""

    code = "built-upon"


@dataclass(frozen=True)
class TriedOut:
    """The taxonomy as it would be: every node by its code, read inside the attempt that was rolled back."""

    before: dict[str, Issue]
    after: dict[str, Issue]


@transaction.atomic
def draft_changes(*, changes: Sequence[Change], by: User, at: datetime) -> ChangeSet:
    """Put changes into the draft, which is begun if there is none.

    Raises what `publish_taxonomy` would: a draft can be published at any moment, unless the taxonomy changes meanwhile.
    """
    require(by, "taxonomy.publish")
    draft = _open_draft(by=by, at=at)
    for change in changes:
        draft.add(written(change), by=by, at=at)
    try_out(changes=changes_in(draft), by=by, at=at)
    return draft


@transaction.atomic
def withdraw_change(*, change: DraftChange, by: User, at: datetime) -> ChangeSet:
    """Take one change out of the draft. Raises NotOpen, and Invalid where another change needs this one."""
    require(by, "taxonomy.publish")
    draft = _locked(change.change_set, ChangeSetState.DRAFT)
    draft.remove(change)
    _told(draft, by=by, at=at)
    rest = changes_in(draft)
    if rest:
        try:
            try_out(changes=rest, by=by, at=at)
        except DomainError as error:
            raise Invalid(
                _("Another change in this draft needs it: %(detail)s") % {"detail": error.detail}
            ) from error
    return draft


@transaction.atomic
def discard_change_set(*, change_set: ChangeSet, by: User, at: datetime) -> None:
    """Give it up; its history stays. Raises NotOpen."""
    require(by, "taxonomy.publish")
    draft = _locked(change_set, ChangeSetState.DRAFT, ChangeSetState.PLANNED, ChangeSetState.REFUSED)
    draft.discard()
    _told(draft, by=by, at=at)


def _told(draft: ChangeSet, *, by: User, at: datetime) -> None:
    """Whoever waits for a change that was drafted hears that it is not any more."""
    data = {"state": str(draft.state), "changes": draft.changes.count()}
    events.record("taxonomy.withdrawn", about=f"change_set:{draft.pk}", by=by, at=at, data=data)


@transaction.atomic
def publish_change_set(
    *, change_set: ChangeSet, version: int, note: str, confirmed: int | None = None, by: User, at: datetime
) -> TaxonomyRelease:
    """Publish the draft as it was at `version`.

    Raises NotOpen when somebody was faster, ChangedMeanwhile when it is another version now, NeedsConfirmation when
    more than 100 tickets lose their code and `confirmed` is not their number, and what `publish_taxonomy` raises.
    """
    require(by, "taxonomy.publish")
    draft = _locked(change_set, ChangeSetState.DRAFT)
    changes = _looked_at(draft, version, confirmed)
    release = publish_taxonomy(changes=changes, note=note, by=by, at=at)
    draft.become(release)
    return release


@transaction.atomic
def plan_change_set(
    *,
    change_set: ChangeSet,
    version: int,
    publish_at: datetime,
    note: str,
    confirmed: int | None = None,
    by: User,
    at: datetime,
) -> ChangeSet:
    """Let the draft, as it was at `version`, be published at a time to come. Raises what `publish_change_set` does."""
    require(by, "taxonomy.publish")
    draft = _locked(change_set, ChangeSetState.DRAFT)
    if publish_at <= at:
        raise Invalid(_("Choose a time to come, or publish now."), pointer="publish_at")
    try_out(changes=_looked_at(draft, version, confirmed), by=by, at=at)
    draft.plan(publish_at=publish_at, note=note, by=by)
    return draft


@transaction.atomic
def take_up_again(*, change_set: ChangeSet, by: User) -> ChangeSet:
    """What was planned, or refused at its time, is a draft again. Raises NotOpen, Invalid while there is another."""
    require(by, "taxonomy.publish")
    _one_at_a_time()
    found = _locked(change_set, ChangeSetState.PLANNED, ChangeSetState.REFUSED)
    if ChangeSet.objects.draft() is not None:
        raise Invalid(_("There is another draft. Publish or discard that one first."))
    found.take_up_again()
    return found


def publish_due_change_sets(*, at: datetime) -> None:
    """Publish every planned set whose time has come; again does nothing."""
    each(list(ChangeSet.objects.due(at)), lambda change_set: publish_due(change_set=change_set, at=at))


def publish_due(*, change_set: ChangeSet, at: datetime) -> TaxonomyRelease | None:
    """Publish a planned set whose time has come, in the name of who planned it; None when that has been done.

    Where it can't be published any more, it keeps the reason and waits for a person.
    """
    try:
        return _publish_planned(change_set, at=at)
    except DomainError as error:
        _keep_refusal(change_set, error.detail)
        return None


@transaction.atomic
def _publish_planned(change_set: ChangeSet, *, at: datetime) -> TaxonomyRelease | None:
    planned = held(change_set)
    if planned.state != ChangeSetState.PLANNED or planned.publish_at is None or planned.publish_at > at:
        return None
    # Who planned it answers for it, and must still be allowed to.
    by = planned.planned_by or User.objects.system()
    release = publish_taxonomy(changes=changes_in(planned), note=planned.note, by=by, at=at)
    planned.become(release)
    return release


@transaction.atomic
def _keep_refusal(change_set: ChangeSet, reason: str) -> None:
    planned = held(change_set)
    if planned.state == ChangeSetState.PLANNED:
        planned.refuse(reason)


@transaction.atomic
def undo_release(*, release: TaxonomyRelease, by: User, at: datetime) -> TaxonomyRelease:
    """Publish the reverse of a release; recoded tickets get their codes back.

    Raises TooLateToUndo after 30 days, BuiltUpon when a later release stands on it, Invalid when it was undone already
    or is the first.
    """
    require(by, "taxonomy.publish")
    _one_at_a_time()
    if TaxonomyRelease.objects.filter(undoes=release).exists():
        raise Invalid(_("%(release)s was undone already.") % {"release": release})
    if not release.reverse:
        raise Invalid(
            _("%(release)s can't be undone: it was published before releases kept their reverse.")
            % {"release": release}
        )
    if at - release.published_at > UNDO_FOR:
        raise TooLateToUndo
    if built := built_upon(release):
        raise BuiltUpon(_("%(built)s has changed the same issues. Undo that one first.") % {"built": built})
    changes = [read(data) for data in release.reverse]
    return publish_taxonomy(
        changes=changes,
        note=_("Undo of release %(number)s") % {"number": release.number},
        by=by,
        at=at,
        undoes=release,
    )


def built_upon(release: TaxonomyRelease) -> TaxonomyRelease | None:
    """The latest release in effect that changed a node which this one changed, leans on one that it added, or took out
    of use one to which it brought tickets."""
    own = [read(data) for data in release.changes]
    touched = {code for change in own for code in codes_of(change)}
    added = {change.code for change in own if isinstance(change, AddIssue)}
    filled = {change.into for change in own if isinstance(change, MergeIssues)}
    filled |= {part for change in own if isinstance(change, SplitIssue) for part in change.parts}
    later = TaxonomyRelease.objects.filter(number__gt=release.number, undoes=None).select_related(
        "undone_by__undone_by"
    )
    for one in later:
        changes = [read(data) for data in one.changes] if _in_effect(one) else []
        gone = filled.intersection(codes_lost(changes))
        if gone or any(
            touched.intersection(codes_of(change)) or added & codes_named(change) for change in changes
        ):
            return one
    return None


def _in_effect(release: TaxonomyRelease) -> bool:
    undone: TaxonomyRelease | None = getattr(release, "undone_by", None)
    return undone is None or not _in_effect(undone)


@transaction.atomic
def try_out(*, changes: Sequence[Change], by: User, at: datetime) -> TriedOut:
    """Publish, look, and take it all back: what is told of a draft is what its publication would do.

    Raises what `publish_taxonomy` raises.
    """
    before, after = _nodes(), {}
    try:
        with transaction.atomic():
            publish_taxonomy(changes=changes, note="", by=by, at=at)
            after = _nodes()
            raise TakenBack
    except TakenBack:
        return TriedOut(before, after)


def _nodes() -> dict[str, Issue]:
    return {
        node.code: node
        for node in Issue.objects.select_related("owner_department", "parent", "replaced_by").order_by("path")
    }


def changes_in(change_set: ChangeSet) -> list[Change]:
    """First to last, as they would be published."""
    return [read(row.data) for row in DraftChange.objects.filter(change_set=change_set)]


def codes_in_drafts() -> frozenset[str]:
    """What change sets that are still open would add."""
    still_open = (ChangeSetState.DRAFT, ChangeSetState.PLANNED, ChangeSetState.REFUSED)
    rows = DraftChange.objects.filter(change_set__state__in=still_open)
    return frozenset(change.code for row in rows if isinstance(change := read(row.data), AddIssue))


def read_as(code: str, nodes: Mapping[str, Issue]) -> str:
    """As what a node is read in an edition (`TriedOut.before` or `.after`), however many steps away."""
    seen = {code}
    while (node := nodes.get(code)) is not None and node.replaced_by is not None:
        code = node.replaced_by.code
        if code in seen:
            break
        seen.add(code)
    return code


def codes_lost(changes: Sequence[Change]) -> list[str]:
    """The nodes that go out of use."""
    gone = [change for change in changes if isinstance(change, MergeIssues | SplitIssue | RetireIssue)]
    return [code for change in gone for code in codes_of(change)]


def tickets_losing_their_code(changes: Sequence[Change]) -> int:
    """Tickets that carry a node which goes out of use."""
    coded = TicketIssue.objects.filter(issue__code__in=codes_lost(changes))
    return coded.values("ticket").distinct().count()


def _looked_at(draft: ChangeSet, version: int, confirmed: int | None) -> list[Change]:
    if draft.version != version:
        raise ChangedMeanwhile
    changes = changes_in(draft)
    tickets = tickets_losing_their_code(changes)
    if tickets > CONFIRM_ABOVE and confirmed != tickets:
        raise NeedsConfirmation(
            _("%(tickets)s tickets carry a code that goes out of use. Type %(tickets)s to go on.")
            % {"tickets": tickets},
            pointer="confirmed",
        )
    return changes


def _open_draft(*, by: User, at: datetime) -> ChangeSet:
    _one_at_a_time()
    draft = ChangeSet.objects.filter(state=ChangeSetState.DRAFT).first()
    if draft is None:
        return ChangeSet.objects.create(begun_by=by, begun_at=at)
    return _locked(draft, ChangeSetState.DRAFT)


def _locked(change_set: ChangeSet, *states: str) -> ChangeSet:
    found = held(change_set)
    if found.state not in states:
        raise NotOpen(
            _("This change set is no longer open: %(state)s.") % {"state": inside(found.get_state_display())}
        )
    return found


def _one_at_a_time() -> None:
    """One draft is begun, and one release undone, after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('taxonomy draft'))")
