"""How far acts on many tickets are, and what became of each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.response.acting import describe, look_up
from apps.response.bulk.models import BulkJob, BulkRow, BulkState, RowState
from apps.response.bulk.services import MOST, acts_of
from apps.response.queries.finding import find
from apps.response.query import Wrong, read
from helpdesk.models import Ticket, User

SAMPLE, REASONS = 8, 3


@dataclass(frozen=True)
class Progress:
    """Tickets by what became of them."""

    job: BulkJob
    counts: Counter[str]
    sentences: tuple[str, ...]

    @property
    def seen(self) -> int:
        return self.job.total - self.counts[RowState.WAITING]

    @property
    def done(self) -> int:
        """Changed, whether or not it was taken back since."""
        return self.counts[RowState.DONE] + self.back + self.stays

    @property
    def back(self) -> int:
        return self.counts[RowState.UNDONE]

    @property
    def stays(self) -> int:
        return self.counts[RowState.STAYS]

    @property
    def same(self) -> int:
        return self.counts[RowState.SAME]

    @property
    def refused(self) -> int:
        return self.counts[RowState.REFUSED]

    @property
    def is_back(self) -> bool:
        return self.job.state in (BulkState.UNDOING, BulkState.UNDONE)


@dataclass(frozen=True)
class Choice:
    """Tickets somebody is about to do something to."""

    count: int
    sample: Sequence[Ticket]
    wrong: tuple[Wrong, ...]

    @property
    def is_too_many(self) -> bool:
        return self.count > MOST

    @property
    def more(self) -> int:
        return max(self.count - len(self.sample), 0)


def choice(*, numbers: Iterable[int] = (), query: str | None = None, user: User, at: datetime) -> Choice:
    """How many, and the first of them: two queries, and up to five that check names."""
    if query is None:
        found = Ticket.objects.visible_to(user).filter(pk__in=list(numbers))
        wrong: tuple[Wrong, ...] = ()
    else:
        question = read(query, at=at)
        found, unknown = find(question, user=user)
        wrong = (*question.wrong, *unknown)
    count = found.order_by()[: MOST + 1].count()
    sample = list(found.order_by("pk").only("subject", "status")[:SAMPLE])
    return Choice(count, sample, wrong)


def progress(job: BulkJob) -> Progress:
    """One query for the tickets, and one for each kind of thing that acts name."""
    states = job.rows.order_by().values_list("state").annotate(n=Count("pk"))
    acts = acts_of(job=job)
    return Progress(job, Counter(dict(states)), tuple(describe(acts, look_up(acts))))


def jobs_of(user: User) -> Any:
    """The newest first; one query."""
    return BulkJob.objects.visible_to(user).select_related("asked_by", "undone_by")


def rows_of(job: BulkJob, *, state: str = "") -> Any:
    rows = job.rows.all()
    return rows.filter(state=state) if state else rows


def with_subjects(rows: Sequence[BulkRow], *, user: User) -> list[tuple[BulkRow, str]]:
    """Each with its ticket's subject, where this person may see it: they may have moved it out of their sight."""
    seen = Ticket.objects.visible_to(user).filter(pk__in=[row.ticket_id for row in rows])
    subjects = dict(seen.order_by().values_list("pk", "subject"))
    return [(row, subjects.get(row.ticket_id, "")) for row in rows]


def told(found: Progress) -> str:
    """What was done, in a sentence or three."""
    did = "; ".join(found.sentences)
    if found.is_back:
        said = [
            ngettext("%(n)s ticket is as it was.", "%(n)s tickets are as they were.", found.back)
            % {"n": found.back}
        ]
        if found.stays:
            said.append(_("%(n)s could not be put back.") % {"n": found.stays})
    else:
        said = [
            ngettext("%(did)s: %(n)s ticket.", "%(did)s: %(n)s tickets.", found.done)
            % {"did": did, "n": found.done}
        ]
        if found.same:
            said.append(_("%(n)s were so already.") % {"n": found.same})
        if found.refused:
            said.append(_("%(n)s refused:") % {"n": found.refused})
    return " ".join([*said, *_reasons(found)])


def _reasons(found: Progress) -> list[str]:
    """The first few, with their tickets; the others stand on the job's page."""
    state = RowState.STAYS if found.is_back else RowState.REFUSED
    if not found.counts[state]:
        return []
    rows = found.job.rows.filter(state=state)[:REASONS]
    said = [f"#{row.ticket_id} {row.why}" for row in rows]
    return [*said, "…"] if found.counts[state] > REASONS else said
