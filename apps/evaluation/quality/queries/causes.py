"""What reviews found in the system, and not in the agent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, QuerySet

from apps.analysis.models import Case
from apps.evaluation.models import About, RaisedCause, ReviewMark
from apps.evaluation.models.review import DONE
from apps.evaluation.models.scorecard import SYSTEM
from apps.evaluation.quality.queries.marks import SAME, points, value_as_of
from helpdesk.models import Department, Issue

MOST = 12


@dataclass(frozen=True)
class FoundCause:
    """A cause in the system, at one issue, and in how many reviews it was found; the open case about it."""

    about: str
    issue: Issue | None
    reviews: int
    case: Case | None

    @property
    def label(self) -> str:
        return str(About(self.about).label)


def found_causes(
    *, since: datetime, until: datetime, departments: Sequence[Department] | None = None
) -> list[FoundCause]:
    """The most frequent first, drawn reviews and those by hand; of all departments without any named. Three queries."""
    marks = _missed(since, until)
    if departments is not None:
        marks = marks.filter(review__department__in=departments)
    rows = marks.values("criterion__about", "review__ticket__primary_issue")
    counted = rows.annotate(n=Count("review", distinct=True)).order_by(
        "-n", "criterion__about", "review__ticket__primary_issue"
    )
    top = list(counted.values_list("criterion__about", "review__ticket__primary_issue", "n")[:MOST])
    issues = Issue.objects.in_bulk([issue for _, issue, _ in top if issue])
    raised = RaisedCause.objects.filter(case__in=Case.objects.open()).select_related("case")
    cases = {(one.about, one.issue_id): one.case for one in raised}
    return [FoundCause(about, issues.get(issue), n, cases.get((about, issue))) for about, issue, n in top]


def tickets_behind(*, about: str, issue: Issue | None, since: datetime, until: datetime) -> list[int]:
    """The tickets of these reviews."""
    marks = _missed(since, until).filter(criterion__about=about, review__ticket__primary_issue=issue)
    return list(marks.order_by().values_list("review__ticket", flat=True).distinct())


def _missed(since: datetime, until: datetime) -> QuerySet[ReviewMark]:
    """Marks of the system under the pass mark, as they stood by then."""
    marks = ReviewMark.objects.filter(
        review__state__in=DONE, review__published_at__gte=since, review__published_at__lte=until,
        criterion__about__in=SYSTEM,
    )  # fmt: skip
    told = marks.annotate(then=value_as_of(until)).exclude(then=None).annotate(points=points("then"))
    return told.filter(points__lt=F("review__scorecard__pass_mark") - SAME)
