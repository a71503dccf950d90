"""How far the code of one issue can be trusted, for the page of that issue."""

from dataclasses import dataclass

from apps.analysis.agreement import Agreement
from apps.evaluation.queries.coding_quality import ENOUGH, readings_url
from apps.evaluation.queries.readers import read_readers
from apps.evaluation.queries.window import Window
from helpdesk.models import Issue

MOST = 5


@dataclass(frozen=True)
class TakenFor:
    """Another issue that readers take it for: so many readings, one way or the other."""

    issue: Issue
    times: int
    url: str


@dataclass(frozen=True)
class IssueCoding:
    """Agreement of two readers (None where nobody read it twice), how often its first code is right, and what it is
    confused with."""

    issue: Issue
    agreement: Agreement | None
    found: float | None
    wrongly_given: float | None
    confused: tuple[TakenFor, ...]
    url: str

    @property
    def is_enough(self) -> bool:
        return self.agreement is not None and self.agreement.n >= ENOUGH and self.agreement.value is not None


def issue_coding(issue: Issue, window: Window) -> IssueCoding:
    """Two queries: the second readings of the window, and the issues it is confused with."""
    readers = read_readers(window)
    errors = readers.errors(issue.pk)
    times: dict[int, int] = {}
    for (one, other), count in readers.taken_for().items():
        if one != other and issue.pk in (one, other):
            beside = other if one == issue.pk else one
            times[beside] = times.get(beside, 0) + count
    most = sorted(times, key=lambda key: (-times[key], key))[:MOST]
    named = Issue.objects.in_bulk(most)
    return IssueCoding(
        issue=issue, agreement=readers.by_issue.get(issue.pk), found=errors.sensitivity,
        wrongly_given=errors.false_positive, url=readings_url(issue=issue.code),
        confused=tuple(
            TakenFor(named[key], times[key], readings_url(issue=issue.code, other=named[key].code)) for key in most
        ),
    )  # fmt: skip
