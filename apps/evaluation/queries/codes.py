"""What tickets were coded as, month by month: reasons, the four ways of having none, and no code at all."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import TruncMonth

from apps.analysis.queries.links import queue_url
from apps.evaluation.queries.window import Window, zone
from helpdesk.models import Issue, IssueKind, Ticket


@dataclass(frozen=True)
class Codes:
    """Tickets by their primary issue (None: no code yet), a number for each month of the window."""

    months: dict[int | None, list[int]]
    issues: dict[int, Issue]
    parents: frozenset[int]

    @property
    def opened(self) -> list[int]:
        """All tickets, by month."""
        return [sum(month) for month in zip(*self.months.values(), strict=True)]

    def of(self, issue: int) -> int:
        return sum(self.months.get(issue, ()))

    def of_kind(self, kind: IssueKind) -> list[Issue]:
        return [
            issue for issue in self.issues.values() if issue.kind == kind and issue.pk not in self.parents
        ]

    def leaves_in_use(self, window: Window) -> list[Issue]:
        """Issues a ticket may be given today."""
        today = window.until.astimezone(zone()).date()
        return [
            issue
            for issue in self.issues.values()
            if issue.pk not in self.parents
            and issue.valid_from <= today
            and (issue.valid_to is None or issue.valid_to > today)
        ]


def read_codes(window: Window) -> Codes:
    """Two queries: all issues, and the tickets opened in the window."""
    issues = {issue.pk: issue for issue in Issue.objects.select_related("parent")}
    rows = (
        Ticket.objects.filter(
            opened_at__gte=window.since, opened_at__lt=window.until, merged_into__isnull=True
        )
        .values_list("primary_issue", TruncMonth("opened_at", tzinfo=zone()))
        .annotate(tickets=Count("id"))
    )
    months: dict[int | None, list[int]] = defaultdict(lambda: [0] * len(window.months))
    months[None] = [0] * len(window.months)
    for issue, month, tickets in rows.order_by():
        months[issue][window.index(month)] += tickets
    parents = frozenset(issue.parent_id for issue in issues.values() if issue.parent_id is not None)
    return Codes(dict(months), issues, parents)


def tickets_url(issue: Issue, window: Window) -> str:
    """The tickets of an issue in the queue."""
    return queue_url(f"issue:{issue.path}", since=window.since.date())
