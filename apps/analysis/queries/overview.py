"""The analysis page: headline rates, and which few issues carry most of the load."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
from django.db.models import Max, Sum

from apps.analysis import market, pareto
from apps.analysis.contacts import UNCODED, Contacts
from apps.analysis.deadlines import yesterday
from apps.analysis.models import AnalysisRun, Assumption, Case, Parameter, Signal, Verdict, VerdictKind
from apps.analysis.queries.contacts import read_contacts
from apps.analysis.queries.exposure import read_exposure
from apps.analysis.queries.links import queue_url
from apps.analysis.queries.money import QUARTER_DAYS, MoneyModel, money_model
from apps.analysis.queries.taxonomy import Taxonomy, place_names, read_taxonomy
from helpdesk.charts import Caption, Chart, draw_pareto
from helpdesk.charts import Cause as Row
from helpdesk.charts.chart import plain
from helpdesk.models import IssueKind, Outcome
from helpdesk.templatetags.helpdesk import money as money_words

PERIODS = (30, 90, 365)
MEASURES = {"tickets": "Tickets", "money": "Money at risk a quarter"}
SEED = 1


@dataclass(frozen=True)
class IssueRow:
    """One issue of the Pareto in numbers."""

    issue: int | None
    label: str
    path: str
    tickets: float
    before: float
    money: float | None
    share: float
    rank: str
    url: str
    in_loop: bool

    @property
    def change(self) -> float | None:
        return self.tickets / self.before - 1 if self.before >= 10 else None


@dataclass(frozen=True)
class Overview:
    """Everything on the analysis page."""

    days: int
    by: str
    first: date
    last: date
    tickets: int
    before: int
    per_thousand: float | None
    exposure: str
    coded: float | None
    open_cases: int
    largest: Decimal | None
    waiting: int
    saved: Decimal
    run: AnalysisRun | None
    chart: Chart | None
    sentence: str
    rows: list[IssueRow]
    missing: list[str]
    damage: str
    soliciting: str
    assumptions: list[Assumption]


def overview(*, days: int, by: str, at: datetime, user_cases: object) -> Overview:
    """Read for the last `days` whole days, ranked by tickets or by money at risk; the span before beside it."""
    last = yesterday(at)
    first = last - timedelta(days=days - 1)
    taxonomy, model = read_taxonomy(), money_model()
    crosswalk = taxonomy.crosswalk
    contacts = read_contacts(first - timedelta(days=days), last, names=place_names(), crosswalk=crosswalk)
    loops = set(Case.objects.open().exclude(issue=None).values_list("issue", flat=True))
    begin = max(contacts.index(first), 0)
    rows, found = _rows(contacts, begin, taxonomy, model, loops, by, days, first)
    exposure = read_exposure(first, last)
    total, coded = int(contacts.total[begin:].sum()), found.coded_share if rows else None
    cases = Case.objects.open().filter(pk__in=user_cases.values("pk"))  # type: ignore[attr-defined]
    largest = cases.aggregate(money=Max("money_likely"))[
        "money"
    ]  # not the sum: customers have several issues
    proven = Verdict.objects.filter(verdict__in=[VerdictKind.EFFECTIVE, VerdictKind.PARTIALLY_EFFECTIVE])
    return Overview(
        days=days, by=by, first=first, last=last, tickets=total, before=int(contacts.total[:begin].sum()),
        per_thousand=1000 * total / float(exposure.values.mean()) if exposure and total else None,
        exposure=exposure.kind.replace("_", " ") if exposure else "", coded=coded, open_cases=cases.count(),
        largest=largest, waiting=Signal.objects.waiting().count(),
        saved=proven.aggregate(sum=Sum("saved_likely"))["sum"] or Decimal(0), run=AnalysisRun.objects.done().first(),
        chart=_chart(rows, by, days, first, last, int(sum(row.tickets for row in rows))) if rows else None,
        sentence=pareto.sentence(found) if rows else "", rows=rows, missing=model.missing(None),
        **_damage(total, days, model), assumptions=list(Assumption.objects.select_related("issue", "set_by")),
    )  # fmt: skip


def _rows(contacts: Contacts, begin: int, taxonomy: Taxonomy, model: MoneyModel, loops: set[int], by: str, days: int,
          first: date) -> tuple[list[IssueRow], pareto.Pareto]:  # fmt: skip
    now, before = contacts.day >= begin, contacts.day < begin
    size = max([*taxonomy.nodes, 0]) + 1
    counts = np.bincount(contacts.issue[now], contacts.tickets[now], size)
    earlier = np.bincount(contacts.issue[before], contacts.tickets[before], size)
    unfit = [node.id for node in taxonomy.nodes.values() if node.kind != IssueKind.REASON]
    uncoded = float(counts[UNCODED] + counts[[*unfit]].sum()) if unfit else float(counts[UNCODED])
    keys = [node.id for node in taxonomy.nodes.values() if node.is_reason and counts[node.id] > 0]
    units = [model.unit(key) for key in keys]
    weigh = by == "money" and None not in units
    scale = QUARTER_DAYS / days
    weights = np.array([unit * scale if weigh and unit is not None else 1.0 for unit in units])
    found = pareto.pareto(
        [str(key) for key in keys], counts[keys] if keys else np.zeros(0), seed=SEED,
        unit_weight=weights if keys else np.zeros(0), uncoded=uncoded,
    )  # fmt: skip
    rows = []
    for bar in found.bars:
        node = taxonomy.nodes.get(int(bar.key)) if bar.key.isdecimal() else None
        unit = model.unit(node.id) if node else None
        rows.append(
            IssueRow(
                issue=node.id if node else None,
                label=node.label if node else "Uncoded",
                path=node.path if node else "",
                tickets=bar.tickets,
                before=float(earlier[node.id]) if node else float(earlier[UNCODED] + earlier[unfit].sum()),
                money=bar.weight if weigh else (bar.tickets * unit * scale if unit is not None else None),
                share=bar.share,
                rank=pareto.rank_words(bar),
                url=queue_url(f"issue:{node.path}" if node else "is:uncoded", since=first),
                in_loop=node is not None and node.id in loops,
            )
        )
    return rows, found


def _chart(rows: list[IssueRow], by: str, days: int, first: date, last: date, n: int) -> Chart:
    ranked = [row for row in rows if row.issue is not None]
    in_money = by == "money" and all(row.money is not None for row in ranked)
    values = [(row, float(row.money or 0) if in_money else row.tickets) for row in rows]
    top = ranked[0].label if ranked else "Nothing"
    title = f"{top} is the largest cause" if ranked else "No ticket is coded yet"
    if ranked and ranked[0].share >= 0.2:
        title = f"{top} makes {ranked[0].share:.0%} of all"
    measure = MEASURES["money" if in_money else "tickets"]
    return draw_pareto(
        Caption(title, measure, n, f"{first:%-d %b} – {last:%-d %b %Y}"),
        [
            Row(row.label, value, row.url, uncoded=row.issue is None, in_loop=row.in_loop)
            for row, value in values
        ],
        format_value=money_words if in_money else plain,
    )


def _damage(tickets: int, days: int, model: MoneyModel) -> dict[str, str]:
    """Market damage of all problems of a year at this pace, and whether asking for more complaints would pay."""
    needed = {name: model.find(name, None) for name in Parameter.values if name != Parameter.CONTACT_COST}
    if model.shares is None or any(
        needed[name] is None for name in needed if name != Parameter.CUSTOMER_BASE
    ):
        return {"damage": "", "soliciting": ""}
    likely = {name: Decimal(str(found.likely)) for name, found in needed.items() if found is not None}
    satisfied, mollified = (
        Decimal(f"{model.shares[name]:.6f}") for name in (Outcome.SATISFIED, Outcome.MOLLIFIED)
    )
    handling = market.Handling(
        complain=1 / likely[Parameter.MULTIPLIER],
        satisfied=satisfied,
        mollified=mollified,
        dissatisfied=1 - satisfied - mollified,
        loss_satisfied=likely[Parameter.LOSS_SATISFIED],
        loss_mollified=likely[Parameter.LOSS_MOLLIFIED],
        loss_dissatisfied=likely[Parameter.LOSS_DISSATISFIED],
        loss_silent=likely[Parameter.LOSS_SILENT],
    )
    customers = Decimal(tickets) * 365 / days * likely[Parameter.MULTIPLIER]
    if base := likely.get(Parameter.CUSTOMER_BASE):
        customers = min(customers, base)
    lost = market.market_damage(customers, handling, likely[Parameter.CUSTOMER_VALUE])
    return {"damage": market.sentence(lost), "soliciting": market.soliciting_sentence(handling)}
