"""How well answers are given: by department, agent and criterion, with how sure that is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, Count, F, FloatField, Q, When
from django.db.models.functions import Cast, TruncMonth
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.evaluation.models import About, Criterion, Review, ReviewMark, ScorecardState
from apps.evaluation.models.review import DONE
from apps.evaluation.quality.queries.causes import FoundCause, found_causes
from apps.evaluation.quality.queries.marks import WEIGHT, points, sums, sums_of, value_as_of
from apps.evaluation.quality.scoring import Estimate, Sums, added, estimate
from apps.evaluation.queries.window import Window, zone
from helpdesk.charts import Caption, Chart, Line, LinePoint, draw_lines, draw_sparkline
from helpdesk.models import Department, User

SMOOTHED = 3  # months: a single one has too few reviews to tell a change from chance


@dataclass(frozen=True)
class Quality:
    """A department, an agent or a criterion: its mean with its interval, and how it went month by month."""

    label: str
    months: tuple[Sums, ...]
    # Of how many drawn answers these are, where it is known.
    drawn: int | None = None
    about: str = About.AGENT
    key: str = ""

    @cached_property
    def whole(self) -> Estimate:
        return estimate(added(self.months))

    @cached_property
    def by_month(self) -> tuple[Estimate, ...]:
        return tuple(estimate(month) for month in self.months)

    @cached_property
    def trend(self) -> tuple[float | None, ...]:
        """Each month with the two before it: nothing where that is too few."""
        spans = (self.months[max(i - SMOOTHED + 1, 0) : i + 1] for i in range(len(self.months)))
        found = (estimate(added(span)) for span in spans)
        return tuple(one.value if one.is_enough else None for one in found)

    @property
    def spark(self) -> SafeString:
        values = self.trend
        words = ", ".join("–" if value is None else f"{value:.0%}" for value in values)
        return draw_sparkline(values, title=f"{self.label}: {words}")

    @property
    def about_label(self) -> str:
        return str(About(self.about).label)


@dataclass(frozen=True)
class TeamQuality:
    """All that the page of quality shows."""

    window: Window
    # Of the whole company to who compares all departments; to others, of their own.
    whole: Quality
    is_company: bool
    # The share of reviews that were passed, of the same.
    passed: Estimate
    departments: tuple[Quality, ...]
    # Only of those whose reviews the reader may read.
    agents: tuple[Quality, ...]
    criteria: tuple[Quality, ...]
    causes: tuple[FoundCause, ...]

    @property
    def agent_criteria(self) -> list[Quality]:
        return [one for one in self.criteria if one.about == About.AGENT]

    @property
    def system_criteria(self) -> list[Quality]:
        return [one for one in self.criteria if one.about != About.AGENT]

    @cached_property
    def chart(self) -> Chart | None:
        """How the whole went; nothing with fewer than two points."""
        values = self.whole.trend
        if sum(value is not None for value in values) < 2:
            return None
        named = zip(self.window.months, values, strict=True)
        line = [
            LinePoint(date_format(day, "M Y"), None if value is None else 100 * value) for day, value in named
        ]
        title = _("Weighted score of drawn reviews")
        caption = Caption(
            title, _("% of the points, each month with the two before it"), n=self.whole.whole.n
        )
        return draw_lines(caption, [Line(_("Score"), line)])


def team_quality(
    window: Window, *, departments: Sequence[Department], whole_company: bool, agents_of: Iterable[int] = ()
) -> TeamQuality:
    """The figures of these departments, and of the agents of `agents_of` (departments by number): the average of all of
    them would tell of two departments what the other one got. Nine queries, whatever the numbers of departments, agents
    and reviews."""
    shown = {one.pk for one in departments}
    scope = None if whole_company else shown
    scores, passed = _scores(window, departments=scope)
    drawn = _drawn(window, scope)
    named, people = set(agents_of) & shown, _names(scores)
    by_department = {one.pk: _months(window, scores, department=one.pk) for one in departments}
    agents = sorted(
        {agent for department, agent, _ in scores if department in named}, key=lambda pk: (people[pk], pk)
    )
    return TeamQuality(
        window=window,
        whole=Quality(
            _("Whole company") if whole_company else _("Your departments"), _months(window, scores),
            sum(drawn.values()),
        ),
        is_company=whole_company,
        passed=estimate(passed),
        departments=tuple(
            Quality(one.name, by_department[one.pk], _of(drawn, department=one.pk), key=one.slug)
            for one in departments
        ),
        agents=tuple(
            Quality(
                people[pk], _months(window, scores, agent=pk, within=named),
                _of(drawn, agent=pk, within=named), key=str(pk),
            )
            for pk in agents
        ),
        criteria=_criteria(window, scope),
        causes=tuple(
            found_causes(
                since=window.since, until=window.until, departments=None if whole_company else departments
            )
        ),
    )  # fmt: skip


def own_quality(window: Window, *, agent: User) -> Quality:
    """What their own drawn reviews say of all their answers. One query."""
    scores, _passed = _scores(window, agent=agent.pk)
    return Quality(agent.name, _months(window, scores))


Key = tuple[int, int, int]  # department, agent, month


def _scores(
    window: Window, agent: int | None = None, departments: Collection[int] | None = None
) -> tuple[dict[Key, Sums], Sums]:
    """The sums of every agent, department and month; those of passing, of all. Two queries, one for one agent."""
    rows = (
        Review.objects.drawn()
        .filter(state__in=DONE, published_at__gte=window.since, published_at__lte=window.until)
        .alias(was_score=_as_of(window, "score"), was_passed=_as_of(window, "passed"))
        .exclude(was_score=None)
    )
    if agent is not None:
        rows = rows.filter(agent=agent)
    if departments is not None:
        rows = rows.filter(department__in=departments)
    month = TruncMonth("published_at", tzinfo=zone())
    grouped = rows.order_by().annotate(month=month).values("department", "agent", "month")
    found = {
        (row["department"], row["agent"], window.index(row["month"])): sums_of(row)
        for row in grouped.annotate(**sums(F("was_score"), WEIGHT)).order_by("department", "agent", "month")
    }
    if agent is not None:
        return found, Sums()
    share = Case(When(was_passed=True, then=1.0), default=0.0, output_field=FloatField())
    everything = rows.aggregate(**sums(share, WEIGHT))
    return found, sums_of(everything) if everything["n"] else Sums()


def _as_of(window: Window, name: str) -> Case:
    return Case(When(settled_at__gt=window.until, then=F(f"first_{name}")), default=F(name))


def _drawn(window: Window, departments: Collection[int] | None) -> dict[tuple[int, int], int]:
    """How many were drawn in these months, by department and agent."""
    rows = Review.objects.drawn().filter(week__drawn_at__gte=window.since, week__drawn_at__lte=window.until)
    if departments is not None:
        rows = rows.filter(department__in=departments)
    counted = rows.order_by().values_list("department", "agent").annotate(n=Count("pk"))
    return {(department, agent): n for department, agent, n in counted}


def _criteria(window: Window, departments: Collection[int] | None) -> tuple[Quality, ...]:
    """Every criterion that was answered, in the order of the newest form. Two queries."""
    marks = ReviewMark.objects.filter(
        ~Q(review__chance=None), review__state__in=DONE, review__published_at__gte=window.since,
        review__published_at__lte=window.until,
    )  # fmt: skip
    if departments is not None:
        marks = marks.filter(review__department__in=departments)
    month = TruncMonth("review__published_at", tzinfo=zone())
    told = marks.annotate(then=value_as_of(window.until)).exclude(then=None).annotate(month=month)
    weight = Cast(1.0 / F("review__chance"), FloatField())
    grouped = told.order_by().values("criterion__code", "month").annotate(**sums(points("then"), weight))
    found: dict[str, list[Sums]] = defaultdict(lambda: [Sums()] * len(window.months))
    for row in grouped.order_by("criterion__code", "month"):
        found[row["criterion__code"]][window.index(row["month"])] += sums_of(row)
    newest = {one.code: one for one in _newest(found, window)}
    in_order = sorted(newest.values(), key=lambda one: (one.about != About.AGENT, one.place, one.code))
    return tuple(
        Quality(one.question, tuple(found[one.code]), about=one.about, key=one.code) for one in in_order
    )


def _newest(codes: Iterable[str], window: Window) -> list[Criterion]:
    """Each code as the newest version that was published by then has it; oldest first, so that the newest wins."""
    rows = Criterion.objects.filter(code__in=list(codes), scorecard__published_at__lte=window.until)
    return list(rows.exclude(scorecard__state=ScorecardState.DRAFT).order_by("scorecard__published_at", "pk"))


def _names(scores: dict[Key, Sums]) -> dict[int, str]:
    return dict(User.objects.filter(pk__in={agent for _, agent, _ in scores}).values_list("pk", "name"))


def _months(
    window: Window, scores: dict[Key, Sums], *, department: int | None = None, agent: int | None = None,
    within: set[int] | None = None,
) -> tuple[Sums, ...]:  # fmt: skip
    found = [Sums()] * len(window.months)
    for (of, whose, month), part in scores.items():
        if department in (None, of) and agent in (None, whose) and (within is None or of in within):
            found[month] += part
    return tuple(found)


def _of(
    drawn: dict[tuple[int, int], int], *, department: int | None = None, agent: int | None = None,
    within: set[int] | None = None,
) -> int:  # fmt: skip
    return sum(
        n
        for (of, whose), n in drawn.items()
        if department in (None, of) and agent in (None, whose) and (within is None or of in within)
    )
