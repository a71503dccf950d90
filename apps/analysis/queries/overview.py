"""The analysis page: its figures, the chart of them, and how the loop stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext

from apps.analysis import market
from apps.analysis.figures import LEVELS, MEASURES, Asked, DamageFigure, Figures, IssueFigure
from apps.analysis.models import AnalysisRun, Case, Signal
from apps.analysis.provenance import Provenance
from apps.analysis.queries.figures import Found, figures
from apps.analysis.queries.ledger import Ledger, ledger, ledger_from
from apps.analysis.queries.links import queue_url
from apps.analysis.queries.origins import of_money
from apps.analysis.queries.overview_charts import overview_charts
from apps.analysis.simulation import Range
from helpdesk.charts import Caption, Chart, draw_pareto
from helpdesk.charts import Cause as Row
from helpdesk.charts.chart import plain
from helpdesk.marked import inside
from helpdesk.models import User
from helpdesk.templatetags.helpdesk import money as money_words


@dataclass(frozen=True)
class IssueRow:
    """One bar of the Pareto, with the way to its tickets."""

    figure: IssueFigure
    url: str
    in_loop: bool
    # Of the issue itself: its course, its fixes, who came back. "" for what is no issue.
    page: str = ""


@dataclass(frozen=True)
class Loop:
    """An open case: the path of its issue and the department that owns this."""

    path: str
    owner: str | None

    def is_of(self, figure: IssueFigure, level: str) -> bool:
        """A branch and a department have a case where one of their issues has."""
        if figure.owner:
            return figure.owner == (self.owner or "none")
        if level == "leaf":
            return figure.issue == self.path
        return figure.issue is not None and f"{self.path}/".startswith(f"{figure.issue}/")


@dataclass(frozen=True)
class Overview:
    """Everything on the analysis page."""

    asked: Asked
    found: Found
    open_cases: int
    largest: Case | None
    waiting: int
    ledger: Ledger
    # Of the two stats that are not the page's own.
    savings_from: Provenance
    largest_from: Provenance | None
    run: AnalysisRun | None
    chart: Chart | None
    rows: list[IssueRow]
    damage: str
    soliciting: str
    # By name, as their files are called.
    charts: dict[str, Chart]

    @property
    def figures(self) -> Figures:
        return self.found.figures

    @property
    def unknown(self) -> str:
        """That the measure asked for is not known, where it is not; nothing is known of no ticket at all."""
        if self.asked.by == "cost" and not self.found.read.is_present:
            return gettext("Direct cost is told in the present release only")
        name = MEASURES[self.asked.by].removesuffix(" a quarter")
        return (
            gettext("%(name)s is not known yet") % {"name": name}
            if self.found.missing and self.asked.by != self.found.measure
            else ""
        )

    @property
    def saved(self) -> Decimal:
        return Decimal(f"{self.ledger.running.likely:.2f}")

    @property
    def largest_risk(self) -> IssueFigure | None:
        """The issue that puts most money at risk, whatever the order of the page."""
        known = [one for one in self.figures.issues if one.money is not None]
        return max(known, key=lambda one: one.money.likely if one.money else 0, default=None)


def overview(*, asked: Asked, at: datetime, user_cases: QuerySet[Case], user: User | None = None) -> Overview:
    """The figures as of `at`, and the cases this person may see, as they stand."""
    found = figures(asked, at=at)
    loops = [
        Loop(*row)
        for row in Case.objects.open()
        .exclude(issue=None)
        .values_list("issue__path", "issue__owner_department__slug")
    ]
    cases = Case.objects.open().filter(pk__in=user_cases.values("pk"))
    # Not the sum: customers have several issues.
    largest = cases.filter(money_likely__isnull=False).by_money().select_related("release").first()
    savings = ledger(user_cases, at=at)
    rows = [_row(one, found, loops, asked) for one in found.figures.issues]
    damage = found.figures.damage
    pareto = {"pareto": _chart(rows, found, asked)} if rows else {}
    return Overview(
        asked=asked, found=found, open_cases=cases.count(), largest=largest,
        waiting=Signal.objects.waiting().count(),
        ledger=savings, run=AnalysisRun.objects.done().first(),
        savings_from=ledger_from(savings, user, release=found.provenance.release, at=at),
        largest_from=of_money([largest]).get(largest.pk) if largest else None,
        chart=pareto.get("pareto"), rows=rows,
        damage=_damage_sentence(damage) if damage else "",
        soliciting=_soliciting_sentence(damage) if damage else "",
        charts=pareto | overview_charts(found.figures, links=found.read.is_present),
    )  # fmt: skip


def _row(figure: IssueFigure, found: Found, loops: list[Loop], asked: Asked) -> IssueRow:
    figures, term = found.figures, "is:uncoded"
    if figure.issue or figure.owner:
        term = f"issue:{figure.issue}" if figure.issue else f"owner:{figure.owner}"
    # The queue knows the present edition alone.
    url = queue_url(term, since=figures.first, until=figures.last + timedelta(days=1))
    page = ""
    if figure.issue:
        page = reverse("issue_analysis", kwargs={"code": figure.issue.rpartition("/")[2]})
        page += f"?{urlencode({'release': asked.release})}" if asked.release else ""
    in_loop = any(loop.is_of(figure, asked.level) for loop in loops)
    return IssueRow(figure, url if found.read.is_present else "", in_loop, page)


def _chart(rows: list[IssueRow], found: Found, asked: Asked) -> Chart:
    figures = found.figures
    worth = worth_of_all(found)
    drawn = [_bar(row, found.measure, worth) for row in rows]
    ranked = [row.figure for row in rows if not row.figure.is_uncoded]
    title = (
        gettext("%(label)s is the largest cause") % {"label": ranked[0].label}
        if ranked
        else gettext("No ticket is coded yet")
    )
    if ranked and ranked[0].share >= 0.2:
        title = gettext("%(label)s makes %(share)s of all") % {
            "label": ranked[0].label,
            "share": f"{ranked[0].share:.0%}",
        }
    if ranked and not any(cause.value for cause in drawn):
        title = gettext("Nothing of this is known of any ticket")
    span = f"{date_format(figures.first, 'j M')} – {date_format(figures.last, 'j M Y')}"
    measure = str(MEASURES[found.measure])
    if asked.level != "leaf":
        measure = gettext("%(measure)s by %(levels)s") % {
            "measure": measure, "levels": inside(LEVELS[asked.level]),
        }  # fmt: skip
    return draw_pareto(
        Caption(title, measure,
                sum(one.figure.tickets for one in rows), span), drawn,
        format_value=money_words if found.measure in ("cost", "money") else plain,
    )  # fmt: skip


def _bar(row: IssueRow, measure: str, worth: float | None) -> Row:
    """`worth` is the measure of the whole, so that the uncoded have the bar of their share; None: bars of counts."""
    figure = row.figure
    value, low, high = float(figure.dissatisfied if measure == "dissatisfied" else figure.tickets), None, None
    if worth is not None:
        known = measured(figure, measure)
        value = float(known.likely) if known else worth * figure.share
        low, high = (float(known.low), float(known.high)) if known else (None, None)
    return Row(
        figure.label,
        value,
        row.page or row.url,
        uncoded=figure.is_uncoded,
        in_loop=row.in_loop,
        low=low,
        high=high,
    )


def measured(figure: IssueFigure, measure: str) -> Range | None:
    """What is not a count: low, likely and high."""
    return {"cost": figure.cost, "money": figure.money, "customers": figure.customers}.get(measure)


def worth_of_all(found: Found) -> float | None:
    """The measure of all tickets, as though the uncoded were worth what the coded are; None where it is a count."""
    ranges = [(one.share, known) for one in found.figures.issues if (known := measured(one, found.measure))]
    if not ranges:
        return None
    share = sum(part for part, _ in ranges)
    return sum(float(known.likely) for _, known in ranges) / share if share else 0.0


def _damage_sentence(damage: DamageFigure) -> str:
    quiet = damage.silent.likely / damage.lost.likely if damage.lost.likely else Decimal(0)
    customers = (market.whole(end) for end in (damage.lost.likely, damage.lost.low, damage.lost.high))
    likely, low, high = (f"{number:,}" for number in customers)
    return gettext(
        "Of %(whole)s customers with a problem about %(likely)s (%(low)s–%(high)s) are likely to "
        "be lost; %(quiet)s of them never told us."
    ) % {
        "whole": f"{market.whole(damage.customers.likely):,}",
        "likely": likely,
        "low": low,
        "high": high,
        "quiet": f"{quiet:.0%}",
    }


def _soliciting_sentence(damage: DamageFigure) -> str:
    stay = gettext("%(stay_heard)s of those who complain stay, %(stay_silent)s of the silent.") % {
        "stay_heard": f"{damage.stay_heard:.0%}",
        "stay_silent": f"{damage.stay_silent:.0%}",
    }
    if damage.soliciting_pays:
        return gettext("Asking for complaints pays: %(stay)s") % {"stay": stay}
    return gettext("Asking for complaints loses customers until they are handled better: %(stay)s") % {
        "stay": stay
    }
