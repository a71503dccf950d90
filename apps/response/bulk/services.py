"""Acts on many tickets are begun, done row by row, stopped and undone."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from apps.response.acting import (
    Act,
    Known,
    check_there,
    describe,
    kinds,
    look_up,
    perform,
    read_acts,
    read_done,
    undo,
    written,
)
from apps.response.bulk.models import AT_WORK, BulkJob, BulkRow, BulkState, RowState
from apps.response.macros.services import unfolded
from apps.response.queries.finding import find
from apps.response.query import read
from helpdesk.each import each
from helpdesk.errors import DomainError, Invalid
from helpdesk.locales import as_read_by
from helpdesk.models import Ticket, User
from helpdesk.models.ticket import TicketQuerySet
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Number, in_a_row, said

MOST, AT_ONCE = 10_000, 100
PIECE, PIECES_A_TASK = 100, 10
# Those who began a small one do it themselves; should they die, a worker goes on.
LEFT_LYING = timedelta(minutes=1)


class SelectionChanged(DomainError):
    """Other tickets fit by now than when you looked. Look again."""

    code = "selection-changed"


class CantBeUndone(DomainError):
    """Only what is done can be undone, and for a day."""

    code = "cant-be-undone"


@transaction.atomic
def begin_bulk(
    *,
    acts: Sequence[Act],
    numbers: Iterable[int] = (),
    query: str = "",
    expected: int | None = None,
    key: UUID | None = None,
    by: User,
    at: datetime,
) -> BulkJob:
    """Write down what is to be done to which tickets: those with these numbers, or all that a question finds.

    Tickets this person may not see are left out. `expected`: how many they were shown; `key`: the same one begins
    nothing a second time. Raises NotAllowed, SelectionChanged, and Invalid for acts that name what is not there, a
    question that is not understood whole, none or too many tickets.
    """
    if key and (begun := BulkJob.objects.filter(key=key, asked_by=by).first()):
        return begun
    acts = unfolded(acts=acts, by=by, at=at)
    for act in acts:
        require(by, kinds()[act.name].verb)
    known = look_up(acts)
    for act in acts:
        check_there(act, known)
    found = _chosen(numbers, query, by, at)
    into = {act.value for act in acts if act.name == "merge"}
    pks = [pk for pk in found.order_by("pk").values_list("pk", flat=True)[: MOST + 1] if pk not in into]
    if not 0 < len(pks) <= MOST:
        raise Invalid(
            _("Between 1 and %(most)s tickets at once; these are %(n)s.")
            % {
                "most": Number(MOST, grouped=True),
                "n": Number(len(pks), grouped=True) if len(pks) <= MOST else _("more"),
            },
            pointer="query" if query else "numbers",
        )
    if expected is not None and expected != len(pks):
        raise SelectionChanged(
            _("%(now)s tickets fit by now, not %(then)s. Look again.")
            % {"now": Number(len(pks), grouped=True), "then": Number(expected, grouped=True)}
        )
    kept = [written(act) for act in acts]
    facts = {"query": query, "acts": kept, "total": len(pks), "asked_at": at}
    # Of two presses at the same moment the second waits here for the first, and is given its job.
    job, is_new = BulkJob.objects.get_or_create(key=key or uuid4(), asked_by=by, defaults=facts)
    if not is_new:
        return job
    BulkRow.objects.bulk_create([BulkRow(job=job, ticket_id=pk) for pk in pks], batch_size=1_000)
    return job


def _chosen(numbers: Iterable[int], query: str, by: User, at: datetime) -> TicketQuerySet:
    if not query:
        return Ticket.objects.visible_to(by).filter(pk__in=list(numbers))
    question = read(query, at=at)
    found, unknown = find(question, user=by)
    if wrong := (*question.wrong, *unknown):
        told = "; ".join(f"{one.token}: {one.reason}" for one in wrong)
        raise Invalid(
            _("Part of the question was not understood. %(told)s") % {"told": told}, pointer="query"
        )
    return found


def acts_of(*, job: BulkJob) -> tuple[Act, ...]:
    """What is done to each of its tickets."""
    return read_acts(job.acts, alone=True)


def do_at_once(*, job: BulkJob, at: datetime) -> BulkJob:
    """Do the few there are while somebody waits; those of a large one are left to the worker."""
    if job.total <= AT_ONCE:
        while _go_on(job, at=at):
            pass
        job.refresh_from_db()
    return job


def work_on_bulk(*, at: datetime) -> int:
    """A hundred tickets of each job in turn, up to a thousand; returns how many. Several workers share them."""
    done = pieces = 0
    while pieces < PIECES_A_TASK:
        jobs = [job for job in BulkJob.objects.filter(state__in=AT_WORK).order_by("pk") if _is_ours(job, at)]
        for job in jobs:
            pieces += 1
            done += _go_on(job, at=at)
        if not jobs:
            break
    return done


def _is_ours(job: BulkJob, at: datetime) -> bool:
    return job.total > AT_ONCE or job.state == BulkState.UNDOING or at - job.asked_at > LEFT_LYING


@transaction.atomic
def stop_bulk(*, job: BulkJob, by: User, at: datetime) -> BulkJob:
    """Not to go on; what is done stays done. Nothing where it has ended already."""
    require(by, "response.view", job)
    job = held(job)
    if job.state in (BulkState.WAITING, BulkState.RUNNING):
        job.move(BulkState.STOPPED, at=at)
    return job


@transaction.atomic
def undo_bulk(*, job: BulkJob, by: User, at: datetime) -> BulkJob:
    """Have its tickets be as they were, but for what somebody has changed since. Raises CantBeUndone."""
    require(by, "response.view", job)
    job = held(job)
    if not job.can_be_undone(at):
        raise CantBeUndone
    job.move(BulkState.UNDOING, at=at, undone_by=by)
    return job


# --- row by row -------------------------------------------------------------------------------------------


def _go_on(job: BulkJob, *, at: datetime) -> int:
    """Some rows of a job, each in its own transaction; returns how many were looked at. None left: it has ended."""
    state = _running(job, at)
    if state is None:
        return 0
    back = state == BulkState.UNDOING
    waiting = job.rows.filter(state=RowState.DONE if back else RowState.WAITING)
    numbers = list(waiting.order_by("pk").values_list("pk", flat=True)[:PIECE])
    if not numbers:
        _finish(job, at)
        return 0
    _each_by_itself(numbers, _undoing(at) if back else _doing(look_up(acts_of(job=job)), at))
    return len(numbers)


@transaction.atomic
def _running(job: BulkJob, at: datetime) -> str | None:
    job = held(job)
    if job.state == BulkState.WAITING:
        job.move(BulkState.RUNNING, at=at)
    return job.state if job.is_at_work else None


@transaction.atomic
def _finish(job: BulkJob, at: datetime) -> None:
    """Somebody else may be at its last rows still: then it is they who come to finish it."""
    job = held(job)
    left = {BulkState.RUNNING: RowState.WAITING, BulkState.UNDOING: RowState.DONE}.get(BulkState(job.state))
    if left is not None and not job.rows.filter(state=left).exists():
        job.move(BulkState.UNDONE if job.state == BulkState.UNDOING else BulkState.DONE, at=at)


def _each_by_itself(numbers: list[int], act: Callable[[int], object]) -> None:
    """The fault of one stops none of the others, is told, and is not met again: its row says that it failed."""
    tried: list[int] = []
    done: list[int] = []

    def one(number: int) -> None:
        tried.append(number)
        act(number)
        done.append(number)

    try:
        each(numbers, one)
    except ExceptionGroup:
        rows = BulkRow.objects.filter(pk__in=set(tried) - set(done))
        rows.filter(state=RowState.WAITING).update(state=RowState.REFUSED, why=said("A fault of the desk."))
        rows.filter(state=RowState.DONE).update(state=RowState.STAYS, why=said("A fault of the desk."))
        raise


def _row(number: int, row_state: str, job_state: str) -> BulkRow | None:
    """One row nobody else is at, while its job goes on."""
    rows = BulkRow.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return (
        rows.select_related("ticket", "job__asked_by", "job__undone_by")
        .filter(pk=number, state=row_state, job__state=job_state)
        .first()
    )


def _doing(known: Known, at: datetime) -> Callable[[int], None]:
    @transaction.atomic
    def do(number: int) -> None:
        row = _row(number, RowState.WAITING, BulkState.RUNNING)
        if row is None:
            return
        by = row.job.asked_by
        try:
            # What a refusal names in words of its own is said to whoever asked for it.
            with as_read_by(by), transaction.atomic():
                done = perform(ticket=row.ticket, acts=acts_of(job=row.job), by=by, at=at, known=known)
        except DomainError as error:
            row.end(RowState.REFUSED, why=error.words)
            return
        changed = any(one.changed for one in done)
        row.end(RowState.DONE if changed else RowState.SAME, done=[written(one) for one in done])

    return do


def _undoing(at: datetime) -> Callable[[int], None]:
    @transaction.atomic
    def take_back(number: int) -> None:
        row = _row(number, RowState.DONE, BulkState.UNDOING)
        if row is None:
            return
        by = row.job.undone_by or row.job.asked_by
        try:
            with as_read_by(by), transaction.atomic():
                undone = undo(done=read_done(row.done), by=by, at=at)
        except DomainError as error:
            row.end(RowState.STAYS, why=error.words)
            return
        stays = [one for one in undone if one.stays]
        with as_read_by(by):
            names = describe([one.done.act for one in stays], look_up([one.done.act for one in stays]))
        why = in_a_row(
            said("%(act)s: %(why)s", act=name, why=one.why) for name, one in zip(names, stays, strict=True)
        )
        row.end(RowState.STAYS if stays else RowState.UNDONE, why=why)

    return take_back
