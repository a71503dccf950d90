"""How far the codes of tickets can be trusted, as page and API tell it."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.analysis.agreement import Agreement, kappa_of_counts, share_interval
from apps.evaluation.queries.alike import AlikePair, LargeIssue, alike_pairs, large_issues
from apps.evaluation.queries.codes import Codes, read_codes, tickets_url
from apps.evaluation.queries.readers import Readers, read_machine, read_readers
from apps.evaluation.queries.window import Window
from apps.evaluation.tally import Tally
from apps.response.models import SampledWeek, SecondReading
from helpdesk.charts import Bar, Caption, Chart, draw_bars, draw_sparkline
from helpdesk.models import Issue, IssueKind, TaxonomyRelease
from helpdesk.templatetags.helpdesk import percentage

ENOUGH = 10  # readings of a code, below which its agreement is shown and not judged
MOST_BARS, MOST_PAIRS = 12, 10

# Each of the four asks for something different.
ADVICE = {
    IssueKind.NO_CODE: gettext_lazy("Many of these: the taxonomy lacks an issue. Read them and add it."),
    IssueKind.NOT_ENOUGH: gettext_lazy(
        "Ask the customer, then code again. Many of these: ask for more at the entry."
    ),
    IssueKind.UNDETERMINED: gettext_lazy("Somebody still has to find out. Old ones were forgotten."),
    IssueKind.NO_PROBLEM: gettext_lazy("Questions and thanks. Nothing to remove, unless they hide one."),
}


@dataclass(frozen=True)
class Share:
    """So many of so many with the interval chance leaves, nine times in ten, and how it went month by month."""

    tally: Tally
    low: float
    high: float
    spark: SafeString


@dataclass(frozen=True)
class OtherKind:
    """One of the four ways of having no reason, its issues with their tickets, and what second readers made of it."""

    kind: IssueKind
    share: Share
    issues: tuple[tuple[Issue, int, str], ...]
    # Of those read twice, how many did have a reason in the taxonomy.
    misused: Tally

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def advice(self) -> str:
        return str(ADVICE[self.kind])


@dataclass(frozen=True)
class IssueRow:
    """One issue: its tickets, how two readers agree on it, and how often its first code is right."""

    issue: Issue
    tickets: int
    url: str
    agreement: Agreement
    readings_url: str
    sensitivity: float | None
    false_positive: float | None

    @property
    def is_enough(self) -> bool:
        return self.agreement.n >= ENOUGH and self.agreement.value is not None


@dataclass(frozen=True)
class ConfusedPair:
    """Two issues that readers take for each other: `there` times one for the other, `back` times the other way."""

    one: Issue
    other: Issue
    there: int
    back: int
    read: int
    url: str

    @property
    def differed(self) -> int:
        return self.there + self.back


@dataclass(frozen=True)
class AgainstPeople:
    """The suggestion held against people; `observed` is the share it put first rightly."""

    # Second readers, who had not seen it: weighted to all that was coded.
    blind: Agreement
    # At the desk: on tickets where it was hidden, and where it was there to be taken.
    unseen: Agreement
    seen: Agreement

    @property
    def each(self) -> tuple[tuple[str, Agreement], ...]:
        """In words, for the page."""
        return (
            (_("Second readers, who had not seen it"), self.blind),
            (_("At the desk, where it was hidden"), self.unseen),
            (_("At the desk, where it was shown"), self.seen),
        )


@dataclass(frozen=True)
class CodingQuality:
    """Everything on the page."""

    window: Window
    release: TaxonomyRelease | None
    readers: Readers
    coded: Share
    kinds: tuple[OtherKind, ...]
    rows: tuple[IssueRow, ...]
    confused: tuple[ConfusedPair, ...]
    alike: tuple[AlikePair, ...]
    large: tuple[LargeIssue, ...]
    unused: tuple[Issue, ...]
    people: AgainstPeople
    chart: Chart | None
    # Of second readers, from the sight of the words to the code.
    seconds: float | None
    to_read: int
    to_settle: int
    last_week: SampledWeek | None


def coding_quality(window: Window) -> CodingQuality:
    """Readings, codes (2), suggestions, letters, what is open, the last draw, the release: eight queries."""
    codes, readers, machine = read_codes(window), read_readers(window), read_machine(window)
    large = large_issues(codes, window)
    rows = _rows(codes, readers, window)
    states = list(
        SecondReading.objects.filter(state__in=["waiting", "differs"]).values_list("state", flat=True)
    )
    return CodingQuality(
        window=window,
        release=TaxonomyRelease.objects.first(),
        readers=readers,
        coded=_coded(codes),
        kinds=tuple(_kind(kind, codes, readers, window) for kind in ADVICE),
        rows=rows,
        confused=_confused(codes, readers, window),
        alike=alike_pairs(codes, machine, window),
        large=large,
        unused=tuple(issue for issue in codes.leaves_in_use(window) if not codes.of(issue.pk)),
        people=AgainstPeople(
            readers.suggestion, kappa_of_counts(machine.unseen), kappa_of_counts(machine.seen)
        ),
        chart=_chart(rows, len(readers), window),
        seconds=median(readers.seconds) if readers.seconds else None,
        to_read=states.count("waiting"),
        to_settle=states.count("differs"),
        last_week=SampledWeek.objects.first(),
    )


def readings_url(**asked: str) -> str:
    """The readings behind a number."""
    return f"{reverse('coding_readings')}?{urlencode(asked)}"


def _share(good: Sequence[int], of: Sequence[int], title: str) -> Share:
    tally = Tally(sum(good), sum(of))
    low, high = share_interval(tally.share or 0.0, tally.all)
    months = [part / whole if whole else None for part, whole in zip(good, of, strict=True)]
    words = ", ".join("–" if share is None else f"{share:.1%}" for share in months)
    return Share(tally, low, high, draw_sparkline(months, title=f"{title}: {words}"))


def _coded(codes: Codes) -> Share:
    opened = codes.opened
    return _share([n - none for n, none in zip(opened, codes.months[None], strict=True)], opened, _("Coded"))


def _kind(kind: IssueKind, codes: Codes, readers: Readers, window: Window) -> OtherKind:
    """Of all tickets that have a code."""
    issues = codes.of_kind(kind)
    coded = [n - none for n, none in zip(codes.opened, codes.months[None], strict=True)]
    nothing = [0] * len(window.months)
    months = [codes.months.get(issue.pk, nothing) for issue in issues]
    good = [sum(month) for month in zip(*months, strict=True)] if months else nothing
    keys = {issue.pk for issue in issues}
    read = [row for row in readers.rows if row.first in keys and row.truth is not None]
    reasons = [row for row in read if codes.issues[row.truth or 0].kind == IssueKind.REASON]
    used = tuple((issue, codes.of(issue.pk), tickets_url(issue, window)) for issue in issues)
    return OtherKind(kind, _share(good, coded, str(kind.label)), used, Tally(len(reasons), len(read)))


def _rows(codes: Codes, readers: Readers, window: Window) -> tuple[IssueRow, ...]:
    """Every issue that was read twice, the least agreed first; those with too few readings after them."""
    rows = []
    for key, agreed in readers.by_issue.items():
        issue, errors = codes.issues[key], readers.errors(key)
        rows.append(
            IssueRow(
                issue=issue,
                tickets=codes.of(key),
                url=tickets_url(issue, window),
                agreement=agreed,
                readings_url=readings_url(issue=issue.code),
                sensitivity=errors.sensitivity,
                false_positive=errors.false_positive,
            )
        )
    rows.sort(key=lambda row: (not row.is_enough, row.is_enough and row.agreement.value, -row.agreement.n))
    return tuple(rows)


def _confused(codes: Codes, readers: Readers, window: Window) -> tuple[ConfusedPair, ...]:
    taken = readers.taken_for()
    pairs = []
    for one, other in {tuple(sorted(pair)) for pair in taken if pair[0] != pair[1]}:
        there, back = taken.get((one, other), 0), taken.get((other, one), 0)
        read = there + back + taken.get((one, one), 0) + taken.get((other, other), 0)
        first, second = codes.issues[one], codes.issues[other]
        url = readings_url(issue=first.code, other=second.code)
        pairs.append(ConfusedPair(first, second, there, back, read, url))
    pairs.sort(key=lambda pair: (-pair.differed, -pair.differed / pair.read, pair.one.path))
    return tuple(pairs[:MOST_PAIRS])


def _chart(rows: Sequence[IssueRow], n: int, window: Window) -> Chart | None:
    judged = [row for row in rows if row.is_enough][:MOST_BARS]
    if not judged:
        return None
    worst = judged[0]
    title = _("“%(label)s” is coded least alike") % {"label": worst.issue.label}
    if (worst.agreement.low or 0) >= 0.6:
        title = _("Every issue is coded alike")
    bars = [
        Bar(
            row.issue.label,
            max(row.agreement.value or 0.0, 0.0),
            row.readings_url,
            tone="" if (row.agreement.high or 0) >= 0.6 else "bad",
            note=f"n {row.agreement.n}",
            low=max(row.agreement.low or 0.0, 0.0),
            high=row.agreement.high,
        )
        for row in judged
    ]
    period = f"{date_format(window.since, 'j M Y')} – {date_format(window.until, 'j M Y')}"
    caption = Caption(title, _("Agreement beyond chance (kappa), 9 in 10 sure"), n, period)
    return draw_bars(caption, bars, format_value=percentage)
