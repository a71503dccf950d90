from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from apps.analysis.blocks import blocks_of, joined, look_at, packed, unpacked
from apps.analysis.models import AnalysisRun, RunBlock, RunState
from apps.analysis.queries.night import Night, basis_of, read_night
from apps.analysis.services.find_signals import begin_run, count_for, keep_signals
from apps.analysis.surge import Survey
from helpdesk import events
from helpdesk.models import User
from helpdesk.permissions import require
from helpdesk.rows import held

GIVEN_UP_AFTER = 5  # attempts
LIFELESS_AFTER = timedelta(
    minutes=10
)  # as long as a task may take; a piece still in a queue may be done twice


@dataclass(frozen=True)
class Pieces:
    """What is left to do of a run: the numbers of the blocks nobody has looked at; whether the signals are kept."""

    blocks: tuple[int, ...] = ()
    is_done: bool = False


def ask_for_run(*, by: User, at: datetime) -> AnalysisRun:
    """Have the last whole day analysed in the background: asked for twice, it is done once.

    Raises NotAllowed.
    """
    require(by, "analysis.run")
    with transaction.atomic():
        run = begin_run(by=by, at=at) if (known := _at_work(at)) is None else known
        if known is None:
            _announce(run, by=by, at=at)
    return run


def lay_out_run(*, run: int, by: User, at: datetime) -> Pieces:
    """Count the days, and say which blocks are to be looked at; a desk that fits in one block is done at once.

    What an earlier attempt has looked at counts, as long as the days it looked at are the same.
    """
    require(by, "analysis.run")
    if (row := _take(run)) is None:
        return Pieces()
    count_for(run=row, at=at, progress=row.tell)
    night, basis = read_night(row.day), basis_of(row.day, row.release_id)
    number = len(blocks_of(night.lines)) if night.can_tell else 0
    row.note(basis=basis, lines=len(night.lines))
    row.blocks.exclude(basis=basis).delete()
    row.tell(RunState.LOOKING, row.blocks.count(), number)
    if number > 1:
        known = set(row.blocks.values_list("number", flat=True))
        return Pieces(tuple(sorted(set(range(number)) - known)) or (0,))
    looked_at = _look(night, 0) if number else None
    return Pieces(
        is_done=not keep_signals(run=row, night=night, looked_at=looked_at, by=by, at=at).is_at_work
    )


def look_at_block(*, run: int, block: int, by: User, at: datetime) -> bool:
    """Look at one block of the lines; whoever brings the last one joins them. Returns whether this was the one.

    The same block again does no harm. Asks for the run anew when the days were counted again meanwhile.
    """
    require(by, "analysis.run")
    row = AnalysisRun.objects.at_work().filter(pk=run, state=RunState.LOOKING).first()
    if row is None:
        return False
    night = read_night(row.day)
    if basis_of(row.day, row.release_id) != row.basis:
        _again(row, by=by, at=at)
        return False
    if not row.blocks.filter(number=block).exists():
        found = packed(_look(night, block))
        RunBlock.objects.bulk_create(
            [RunBlock(run=row, number=block, basis=row.basis, found=found)], ignore_conflicts=True
        )
    return _join_if_last(row, night, by=by, at=at)


def _join_if_last(row: AnalysisRun, night: Night, *, by: User, at: datetime) -> bool:
    """Each worker looks after its own block is kept: two last ones both see all, and the row's lock lets one join."""
    kept = dict(row.blocks.filter(basis=row.basis).values_list("number", "found"))
    blocks = blocks_of(night.lines)
    row.tell(RunState.LOOKING, len(kept), len(blocks))
    if len(kept) < len(blocks):
        return False
    looked_at = joined(blocks, [unpacked(kept[number]) for number in range(len(blocks))])
    with transaction.atomic():
        still = held(row)
        if still.state != RunState.LOOKING or still.basis != row.basis:
            return False
        keep_signals(run=still, night=night, looked_at=looked_at, by=by, at=at)
    return True


def take_up_runs(*, by: User, at: datetime) -> int:
    """Announce again the runs that have given no sign of life: a worker was killed, or the queue was lost."""
    require(by, "analysis.run")
    lifeless = AnalysisRun.objects.at_work().filter(seen_at__lt=Now() - LIFELESS_AFTER).order_by("pk")
    taken = [run for run in lifeless if _announced_again(run, by=by, at=at)]
    return len(taken)


@transaction.atomic
def _announced_again(run: AnalysisRun, *, by: User, at: datetime) -> bool:
    """Once for each silence: the sign of life it gets here is what the next one looks for."""
    silent = AnalysisRun.objects.at_work().filter(pk=run.pk, seen_at=run.seen_at).update(seen_at=Now())
    if silent:
        _announce(run, by=by, at=at)
    return bool(silent)


def _at_work(at: datetime) -> AnalysisRun | None:
    """A run that is being worked on just now, and was asked for today."""
    alive = AnalysisRun.objects.at_work().filter(seen_at__gte=Now() - LIFELESS_AFTER)
    return alive.filter(asked_at__date=at.date()).first()


def _take(number: int) -> AnalysisRun | None:
    """The run, if there is work left on it and it was not tried too often."""
    AnalysisRun.objects.at_work().filter(pk=number).update(attempts=F("attempts") + 1, seen_at=Now())
    AnalysisRun.objects.at_work().filter(pk=number, attempts__gt=GIVEN_UP_AFTER).update(state=RunState.FAILED)
    return AnalysisRun.objects.at_work().filter(pk=number).first()


@transaction.atomic
def _again(row: AnalysisRun, *, by: User, at: datetime) -> None:
    changed = AnalysisRun.objects.filter(pk=row.pk, state=RunState.LOOKING, basis=row.basis)
    if changed.update(state=RunState.ASKED, basis=""):
        _announce(row, by=by, at=at)


def _announce(run: AnalysisRun, *, by: User, at: datetime) -> None:
    events.record("analysis.asked", about=f"run:{run.pk}", by=by, at=at, data={"run": run.pk})


def _look(night: Night, block: int) -> Survey:
    # Many small products: a second thread costs more in waiting than it gains, and the other cores have work.
    with threadpool_limits(limits=1):
        return look_at(night.lines, blocks_of(night.lines)[block], night.calendar, night.offset)
