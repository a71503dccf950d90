"""What a draft would do, before anybody does it: tickets, open cases, owners and rules, and the Pareto after it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Count, Q, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.analysis.models import Case, OwnershipRule
from apps.evaluation.taxonomy.tree import RECENT
from apps.evaluation.taxonomy.wording import sentence
from apps.response.models import Guidance
from helpdesk.charts import Bar, Caption, Chart, draw_bars
from helpdesk.errors import DomainError
from helpdesk.models import ChangeSet, DraftChange, Issue, IssueKind, TicketIssue, User
from helpdesk.services import Change, TriedOut, try_out
from helpdesk.services.taxonomy_changes import codes_of, read
from helpdesk.services.taxonomy_drafts import CONFIRM_ABOVE, read_as, tickets_losing_their_code

MOST_BARS = 10


@dataclass(frozen=True)
class ChangeEffect:
    """One change of the draft: in words, and what carries or names the issues it touches."""

    row: DraftChange
    words: str
    tickets: int
    recent: int
    cases: tuple[Case, ...]
    rules: tuple[OwnershipRule, ...]
    owner: str
    # Issues among them whose answers are guided; a merge takes that along.
    guided: int = 0


@dataclass(frozen=True)
class Rank:
    """An issue in the Pareto of the last 90 days; None where it is not in it."""

    label: str
    before: int | None
    after: int | None
    place_before: int | None
    place_after: int | None

    @property
    def is_changed(self) -> bool:
        return (self.before, self.place_before) != (self.after, self.place_after)


@dataclass(frozen=True)
class Effect:
    """All of it. `refused` says why the draft can't be published as things stand; then nothing else is known."""

    changes: tuple[ChangeEffect, ...]
    refused: str = ""
    # Tickets whose code goes out of use; above 100 their number is to be typed.
    losing: int = 0
    recent: int = 0
    ranks: tuple[Rank, ...] = ()
    before: Chart | None = None
    after: Chart | None = None

    @property
    def needs_number(self) -> bool:
        return self.losing > CONFIRM_ABOVE

    @property
    def cases(self) -> int:
        return len({case.pk for change in self.changes for case in change.cases})

    @property
    def rules(self) -> int:
        return len({rule.pk for change in self.changes for rule in change.rules})

    @property
    def guided(self) -> int:
        return sum(change.guided for change in self.changes)


def effect(change_set: ChangeSet, *, by: User, at: datetime) -> Effect:
    """Try it out and look. Seven queries, and those of the attempt, which grow with the changes."""
    rows = list(change_set.changes.select_related("added_by"))
    changes = [read(row.data) for row in rows]
    if not changes:
        return Effect(())
    labels = dict(Issue.objects.values_list("code", "label")) | {
        data["code"]: data["label"] for data in (row.data for row in rows) if data["change"] == "add"
    }
    try:
        tried = try_out(changes=changes, by=by, at=at)
    except DomainError as error:
        bare = tuple(
            ChangeEffect(row, sentence(c, labels), 0, 0, (), (), "")
            for row, c in zip(rows, changes, strict=True)
        )
        return Effect(bare, refused=error.detail)
    world = _World(tried, labels, at)
    told = tuple(world.of(row, change) for row, change in zip(rows, changes, strict=True))
    ranks, n = _ranks(tried, at)
    return Effect(
        told, losing=tickets_losing_their_code(changes), recent=n, ranks=ranks,
        before=_chart(_("Now"), [(r, r.before) for r in ranks if r.before is not None], n, at),
        after=_chart(
            _("After this release"),
            [(r, r.after) for r in sorted(ranks, key=lambda r: r.place_after or 0) if r.after is not None], n, at,
        ),
    )  # fmt: skip


class _World:
    """What hangs on the issues, read once for all changes."""

    def __init__(self, tried: TriedOut, labels: Mapping[str, str], at: datetime) -> None:
        self.tried, self.labels = tried, labels
        rows = (
            TicketIssue.objects.order_by()
            .values_list("issue__code")
            .annotate(tickets=Count("id"), recent=Count("id", filter=Q(at__gte=at - RECENT)))
        )
        self.counts = {code: (tickets, lately) for code, tickets, lately in rows}
        self.cases = list(Case.objects.open().filter(issue__isnull=False).select_related("issue"))
        rules = OwnershipRule.objects.filter(issue__isnull=False)
        self.rules = list(rules.select_related("issue", "department"))
        self.guided = frozenset(Guidance.objects.values_list("issue__code", flat=True))

    def of(self, row: DraftChange, change: Change) -> ChangeEffect:
        touched = self._touched(change)
        counts = [self.counts.get(code, (0, 0)) for code in touched]
        return ChangeEffect(
            row,
            sentence(change, self.labels),
            tickets=sum(tickets for tickets, _lately in counts),
            recent=sum(lately for _tickets, lately in counts),
            cases=tuple(case for case in self.cases if case.issue and case.issue.code in touched),
            rules=tuple(rule for rule in self.rules if self._is_concerned(rule, change, touched)),
            owner=self._owner(change),
            guided=len(self.guided & touched),
        )

    def _touched(self, change: Change) -> frozenset[str]:
        """The nodes it changes, and everything below them."""
        paths = [self.tried.before[code].path for code in codes_of(change) if code in self.tried.before]
        return frozenset(
            node.code
            for node in self.tried.before.values()
            if any(node.path == path or node.path.startswith(path + "/") for path in paths)
        )

    def _is_concerned(self, rule: OwnershipRule, change: Change, touched: frozenset[str]) -> bool:
        """It names a node that changes, or one that the change brings above or away from it."""
        named = rule.issue
        if named is None or named.code in touched:
            return named is not None
        for code in codes_of(change):
            before, after = self.tried.before.get(code), self.tried.after.get(code)
            above = [bool(node and node.path.startswith(f"{named.path}/")) for node in (before, after)]
            if above[0] != above[1]:
                return True
        return False

    def _owner(self, change: Change) -> str:
        """Whose it is after, where that changes."""
        [code, *_rest] = codes_of(change)
        before, after = self.tried.before.get(code), self.tried.after.get(read_as(code, self.tried.after))
        names = [str(node.owner_department or "–") if node else "–" for node in (before, after)]
        return f"{names[0]} → {names[1]}" if before is not None and names[0] != names[1] else ""


def _ranks(tried: TriedOut, at: datetime) -> tuple[tuple[Rank, ...], int]:
    """The reasons of the last 90 days as they are read now and would be; a ticket counts once for an issue."""
    coded = TicketIssue.objects.filter(at__gte=at - RECENT, at__lt=at, ticket__merged_into=None).order_by()
    counted = Counter(dict(coded.values_list("issue__code").annotate(Count("ticket", distinct=True))))
    now = _reasons(_as_read(coded, counted, tried.before), tried.before)
    then = _reasons(_as_read(coded, counted, tried.after), tried.after)
    places = [{code: place for place, code in enumerate(ranked, 1)} for ranked in (now, then)]
    codes = sorted(set(now) | set(then), key=lambda code: places[0].get(code, len(now) + 1))
    found = [
        Rank(
            (tried.after.get(code) or tried.before[code]).label, now.get(code), then.get(code),
            places[0].get(code), places[1].get(code),
        )
        for code in codes
    ]  # fmt: skip
    return tuple(found), sum(now.values())


def _as_read(
    coded: models.QuerySet[TicketIssue], counted: Mapping[str, int], nodes: Mapping[str, Issue]
) -> dict[str, int]:
    """By the crosswalk of one edition. Where several codes are read as one, their tickets are counted together, so
    that one with both counts once. One query at most."""
    moving = {code: into for code in counted if (into := read_as(code, nodes)) != code}
    together = set(moving) | set(moving.values())
    found = {code: n for code, n in counted.items() if code not in together}
    if moving:
        cases = [When(issue__code=code, then=Value(into)) for code, into in moving.items()]
        joined = coded.filter(issue__code__in=together).annotate(
            code=models.Case(*cases, default="issue__code", output_field=models.CharField())
        )
        found |= dict(joined.values_list("code").annotate(Count("ticket", distinct=True)))
    return found


def _reasons(counted: Mapping[str, int], nodes: Mapping[str, Issue]) -> dict[str, int]:
    """Most tickets first."""
    reasons = {c: n for c, n in counted.items() if n and c in nodes and nodes[c].kind == IssueKind.REASON}
    return dict(sorted(reasons.items(), key=lambda one: (-one[1], one[0])))


def _chart(title: str, ranks: Sequence[tuple[Rank, int]], n: int, at: datetime) -> Chart | None:
    """What changes stands out from what stays."""
    if not ranks:
        return None
    period = f"{date_format(at - RECENT, 'j M Y')} – {date_format(at, 'j M Y')}"
    bars = [
        Bar(rank.label, float(count), tone="" if rank.before != rank.after else "quiet")
        for rank, count in ranks[:MOST_BARS]
    ]
    return draw_bars(Caption(title, _("Tickets by issue"), n, period), bars)
