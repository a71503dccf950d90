"""Tickets that two people coded, and what the suggestion said of tickets that people coded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import Case, F, Value, When

from apps.analysis import agreement
from apps.analysis.agreement import Agreement
from apps.evaluation.queries.window import Window
from apps.response.models import SecondReading

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reading:
    """One ticket and its codes, by key; `truth` is None while nobody has settled a difference."""

    first: int
    second: int
    truth: int | None
    suggested: int | None
    chance: float
    seconds: int | None


@dataclass(frozen=True)
class Readers:
    """All of a window, weighted back to what was coded."""

    rows: tuple[Reading, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def weights(self) -> list[float]:
        return [1 / row.chance for row in self.rows]

    @cached_property
    def overall(self) -> Agreement:
        return agreement.kappa(self._of("first"), self._of("second"), weights=self.weights)

    @cached_property
    def alpha(self) -> Agreement:
        """Of this sample, people and the suggestion as three readers with gaps; not weighted."""
        return agreement.alpha([self._of("first"), self._of("second"), [row.suggested for row in self.rows]])

    @cached_property
    def by_issue(self) -> dict[int, Agreement]:
        return agreement.kappa_by_code(self._of("first"), self._of("second"), weights=self.weights)

    def taken_for(self) -> dict[tuple[int, int], int]:
        """How many tickets the first reader gave one issue and the second another."""
        found: dict[tuple[int, int], int] = {}
        for row in self.rows:
            found[row.first, row.second] = found.get((row.first, row.second), 0) + 1
        return found

    def errors(self, issue: int) -> agreement.ErrorRates:
        """How well the first code can be trusted, among readings whose truth is known."""
        known = [row for row in self.rows if row.truth is not None]
        truths = [row.truth for row in known if row.truth is not None]
        weights = [1 / row.chance for row in known]
        return agreement.error_rates([row.first for row in known], truths, issue, weights=weights)

    @cached_property
    def suggestion(self) -> Agreement:
        """The suggestion against second readers, who had not seen it."""
        rows = [row for row in self.rows if row.suggested is not None]
        said = [row.suggested for row in rows if row.suggested is not None]
        return agreement.kappa(said, [row.second for row in rows], weights=[1 / row.chance for row in rows])

    @property
    def seconds(self) -> Sequence[int]:
        return sorted(row.seconds for row in self.rows if row.seconds is not None)

    def _of(self, name: str) -> list[int]:
        return [getattr(row, name) for row in self.rows]


def read_readers(window: Window) -> Readers:
    """One query, as things stood at the end of the window. Codes that went out of use since are left out: nobody could
    give them again."""
    rows = SecondReading.objects.read().filter(
        first_at__gte=window.since, first_at__lt=window.until, first_issue__valid_to=None,
        second_at__lte=window.until,
    )  # fmt: skip
    settled_later = When(settled_at__gt=window.until, then=Value(None))
    rows = rows.annotate(truth=Case(settled_later, default=F("true_issue")))
    fields = ("first_issue", "second_issue", "truth", "suggested", "chance", "seconds")
    return Readers(tuple(Reading(*row) for row in rows.order_by("pk").values_list(*fields)))


@dataclass(frozen=True)
class Machine:
    """The suggestion against people at the desk, by place in `issues`; all tables are (issues, issues).

    The person's issue, and what the suggestion put first: `seen`, where the person had it before their eyes, and
    `unseen`, on blind tickets. `taken`: what it put before the person's issue.
    """

    issues: tuple[int, ...]
    seen: Floats
    unseen: Floats
    taken: Floats

    @property
    def tickets(self) -> Floats:
        """(issues,): coded by a person, with a suggestion."""
        found: Floats = (self.seen + self.unseen).sum(1)
        return found


# What one sentence of a ticket points to is no answer to what the ticket is about.
MACHINE = """
    SELECT coded.issue_id, guess.issue_id,
           count(*) FILTER (WHERE guess.rank = 1 AND fit.is_blind IS NOT TRUE),
           count(*) FILTER (WHERE guess.rank = 1 AND fit.is_blind),
           count(*) FILTER (WHERE guess.issue_id <> coded.issue_id AND guess.confidence > coalesce(own.confidence, 0))
    FROM helpdesk_ticketissue coded
    JOIN intake_suggestion guess ON guess.ticket_id = coded.ticket_id AND NOT guess.is_further
    LEFT JOIN intake_suggestion own ON own.ticket_id = coded.ticket_id AND own.issue_id = coded.issue_id
         AND NOT own.is_further
    LEFT JOIN intake_textfit fit ON fit.ticket_id = coded.ticket_id
    WHERE coded.is_primary AND coded.source = 'person' AND coded.at >= %(since)s AND coded.at < %(until)s
    GROUP BY 1, 2
"""


def read_machine(window: Window) -> Machine:
    """One query, grouped: nothing travels but one row for each pair of issues."""
    with connection.cursor() as cursor:
        cursor.execute(MACHINE, {"since": window.since, "until": window.until})
        rows = cursor.fetchall()
    issues = sorted({row[0] for row in rows} | {row[1] for row in rows})
    place = {issue: i for i, issue in enumerate(issues)}
    tables = np.zeros((3, len(issues), len(issues)))
    for person, guess, *counts in rows:
        tables[:, place[person], place[guess]] = counts
    return Machine(tuple(issues), *tables)
