"""The bars of the Pareto: what tickets are and stand for, by issue, by branch of the taxonomy, or by department.

Tickets are counted by coding: one with two issues of a branch counts twice in it. Customers are different people.
Uncoded is a bar of its own at every measure: what those tickets cost is known; put at risk they have as much as
coded ones. A branch and a department put at risk what their issues do together, an upper bound: who has two of their
issues is in it twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext, gettext_lazy

from apps.analysis import pareto
from apps.analysis.contacts import UNCODED, Contacts
from apps.analysis.figures import Asked, IssueFigure
from apps.analysis.models import Parameter
from apps.analysis.queries.contacts import OUTCOMES, Measures
from apps.analysis.queries.costs import Costs
from apps.analysis.queries.money import QUARTER_DAYS, Cells, MoneyModel
from apps.analysis.queries.taxonomy import Node, Taxonomy
from apps.analysis.rollup import first_seen
from apps.analysis.series import Bools, Floats, Ints
from apps.analysis.simulation import Drawn, Range
from apps.analysis.surge import visible_rise
from helpdesk.models import Outcome

SEED = 1
DEPTHS = {"top": 1, "middle": 2}  # steps of the path from the root
NOUNS = {
    "top": gettext_lazy("areas"),
    "middle": gettext_lazy("groups"),
    "leaf": gettext_lazy("issues"),
    "department": gettext_lazy("departments"),
}
DISSATISFIED = OUTCOMES.index(Outcome.DISSATISFIED.value)


@dataclass(frozen=True)
class Reading:
    """What the bars are computed from, read once for the page: days from `begin` on are those asked for, those before
    are compared with; `departments` are called (short name, name). Costs are None where they cannot be told by issue.
    """

    contacts: Contacts
    measures: Measures
    begin: int
    taxonomy: Taxonomy
    model: MoneyModel
    costs: Costs | None
    departments: Mapping[int, tuple[str, str]]

    @property
    def now(self) -> Bools:
        chosen: Bools = self.contacts.day >= self.begin
        return chosen


@dataclass(frozen=True)
class Group:
    """What one bar is about: an issue or a branch with its key and path, or the short name of an owner ("none")."""

    key: int | None
    issue: str | None
    owner: str | None
    label: str


@dataclass(frozen=True)
class Grouping:
    """`place` (issues,) says in which of the groups an issue is counted: one past the last are the uncoded, -1 are
    those without a ticket in these days."""

    groups: list[Group]
    place: Ints

    @property
    def uncoded(self) -> int:
        return len(self.groups)

    @property
    def size(self) -> int:
        return len(self.groups) + 1

    def sums(self, issue: Ints, weights: Floats | Ints) -> Floats:
        """Of cells (n,), by group and the uncoded (groups + 1,)."""
        place = self.place[issue]
        return np.bincount(place[place >= 0], weights[place >= 0], self.size).astype(np.float64)


@dataclass(frozen=True)
class Load:
    """One measure: what varies by chance (groups + 1,), the uncoded last, and what it stands for: of (groups,), or of
    (groups + 1,) where it is known of the uncoded too. Without a `total` the counts are the measure.
    """

    count: Floats
    total: Drawn | None = None


@dataclass(frozen=True)
class Bars:
    """The rows, the measure they are ordered by (tickets while the one asked for is not known), one sentence, the share
    of tickets with a code, and in which bar each issue is (None without any ticket)."""

    rows: tuple[IssueFigure, ...]
    measure: str
    sentence: str
    coded: float | None
    grouping: Grouping | None = None

    def place(self, row: IssueFigure) -> int:
        """Of a row with a rank among the groups."""
        assert self.grouping is not None  # noqa: S101 (rows have groups)
        return self.grouping.groups.index(Group(row.key, row.issue, row.owner, row.label))


def bars(read: Reading, asked: Asked) -> Bars:
    """No query. The uncoded bar is there as soon as there is any ticket."""
    contacts, now = read.contacts, read.now
    if not contacts.tickets[now].sum():
        return Bars((), "tickets", "", None)
    grouping = _grouping(read, asked.level)
    tickets = grouping.sums(contacts.issue[now], contacts.tickets[now])
    before = grouping.sums(contacts.issue[~now], contacts.tickets[~now])
    judged, unhappy = _judged(read, grouping)
    cells = _coded_cells(read, grouping)
    loads = {
        "tickets": Load(tickets),
        "cost": _cost(read, grouping),
        "money": _at_risk(tickets, grouping, cells, read.model.weigh, asked.days),
        "customers": _at_risk(tickets, grouping, cells, read.model.lose, asked.days),
        "dissatisfied": Load(unhappy),
    }
    load, measure = loads[asked.by], asked.by
    if load is None:
        load, measure = Load(tickets), "tickets"
    found = _ranked(grouping, load)
    cost, money, customers = (_ranges(loads[name], grouping) for name in ("cost", "money", "customers"))
    span = contacts.days - read.begin
    rows = []
    for bar in found.bars:
        place = int(bar.key)
        group = (
            grouping.groups[place]
            if place < grouping.uncoded
            else Group(None, None, None, gettext("Uncoded"))
        )
        rows.append(
            IssueFigure(
                issue=group.issue, owner=group.owner, label=group.label, tickets=int(tickets[place]),
                before=int(before[place]), share=bar.share, rank=bar.rank, rank_low=bar.rank_low,
                rank_high=bar.rank_high, cost=cost[place], money=money[place], customers=customers[place],
                judged=int(judged[place]), dissatisfied=int(unhappy[place]),
                visible_rise=visible_rise(float(tickets[place]) / span), key=group.key,
            )
        )  # fmt: skip
    coded = 1 - float(tickets[grouping.uncoded] / tickets.sum())
    said = pareto.sentence(found, noun=str(NOUNS[asked.level]), coded=coded)
    return Bars(tuple(rows), measure, said, coded, grouping)


def _ranked(grouping: Grouping, load: Load) -> pareto.Pareto:
    count, n = load.count[: grouping.uncoded], grouping.uncoded
    unit = unit_draws = known = None
    if load.total is not None:
        unit = _each(load.total.likely[:n], count)
        unit_draws = _each(load.total.draws[:, :n], count)
        known = float(load.total.likely[n]) if len(load.total.likely) > n else None
    return pareto.pareto(
        [str(place) for place in range(n)], count, seed=SEED, unit_weight=unit, unit_draws=unit_draws,
        uncoded=float(load.count[n]), uncoded_weight=known, uncoded_key=str(n),
    )  # fmt: skip


def _each(total: Floats, count: Floats) -> Floats:
    return np.divide(total, count, out=np.zeros_like(total), where=count > 0)


def _ranges(load: Load | None, grouping: Grouping) -> list[Range | None]:
    """For every group and the uncoded, None where it is not known."""
    found: list[Range | None] = []
    if load is not None and load.total is not None and len(load.total.likely):
        found += load.total.ranges()
    return found + [None] * (grouping.size - len(found))


# --- groups


def _grouping(read: Reading, level: str) -> Grouping:
    """Those that have a ticket in these days, in the order of their keys."""
    taxonomy = read.taxonomy
    contacts, size = read.contacts, max([*taxonomy.nodes, UNCODED]) + 1
    counts = np.bincount(contacts.issue[read.now], contacts.tickets[read.now], size)
    reasons = [node for node in taxonomy.nodes.values() if node.is_reason]
    group_of = _groups(read, level)
    found = {node.id: group_of(node) for node in reasons}
    groups = list(dict.fromkeys(found[node.id] for node in reasons if counts[node.id] > 0))
    number = {group: n for n, group in enumerate(groups)}
    place = np.full(size, len(groups), np.int64)  # nobody's, or of no reason: uncoded
    for issue, group in found.items():
        place[issue] = number.get(group, -1)
    return Grouping(groups, place)


def _groups(read: Reading, level: str) -> Callable[[Node], Group]:
    by_path = {node.path: node for node in read.taxonomy.nodes.values()}

    def branch(node: Node) -> Group:
        steps = node.path.split("/")
        above = by_path.get("/".join(steps[: DEPTHS.get(level, len(steps))]), node)
        return Group(above.id, above.path, None, above.label)

    def owner(node: Node) -> Group:
        slug, name = read.departments.get(node.department or 0, ("none", gettext("No department owns it")))
        return Group(None, None, slug, name)

    return owner if level == "department" else branch


# --- measures


def _at_risk(
    tickets: Floats,
    grouping: Grouping,
    cells: Cells | None,
    weigh: Callable[[Cells], Drawn | None],
    days: int,
) -> Load | None:
    """In a quarter, of the coded. `weigh` answers for each issue, in the order of the cells."""
    weighed = weigh(cells) if cells else None
    if cells is None or weighed is None:
        return None
    issues = [issue for issue in cells.group[0] if issue is not None]
    total = weighed.summed(grouping.place[issues], grouping.uncoded)
    return Load(tickets, total.times(QUARTER_DAYS / days))


def _coded_cells(read: Reading, grouping: Grouping) -> Cells | None:
    place = grouping.place
    keys = [key for key in np.unique(read.contacts.issue[read.now]).tolist() if place[key] < grouping.uncoded]
    return issue_cells(read.contacts, read.now, keys, read.model) if keys else None


def issue_cells(contacts: Contacts, chosen: Bools, keys: list[int], model: MoneyModel) -> Cells:
    """Contacts of these issues, told apart by channel and segment where an assumption is."""
    chosen = chosen & np.isin(contacts.issue, keys)
    split = []
    for dimension, known in (("channel", model.channels), ("segment", model.segments)):
        names = contacts.names[dimension]
        # 0 stands for all that no assumption is about; the last place is for "not recorded" (-1).
        place = np.array([n + 1 if name in known else 0 for n, name in enumerate(names)] + [0], np.int64)
        split.append(place[contacts.codes[dimension][chosen]])
    rank = np.zeros(max(keys) + 1, np.int64)
    rank[keys] = np.arange(len(keys))  # issues stay in the order of the keys
    table = np.stack([rank[contacts.issue[chosen]], *split], axis=1)
    found, cell = np.unique(table, axis=0, return_inverse=True)
    words = [("", *contacts.names[dimension]) for dimension in ("channel", "segment")]
    return Cells(
        issues=[keys[row[0]] for row in found], channels=[words[0][row[1]] for row in found],
        segments=[words[1][row[2]] for row in found],
        tickets=np.bincount(cell.ravel(), contacts.tickets[chosen], len(found)).astype(np.float64),
    )  # fmt: skip


def _cost(read: Reading, grouping: Grouping) -> Load | None:
    """What contacts of these days cost, repeats among them, and what was paid back; of the uncoded too."""
    if read.costs is None:
        return None
    rows = [
        (row, place)
        for row in read.costs.rows
        for place in (_place(row.issue, read.taxonomy, grouping),)
        if place >= 0
    ]
    cells = Cells.of_issues([row.issue for row, _ in rows], [float(row.contacts) for row, _ in rows])
    each = read.model.column(Parameter.CONTACT_COST, cells)
    if each is None:
        return None
    present, group = np.unique([place for _, place in rows], return_inverse=True)
    spent = each.times(cells.tickets).summed(group.ravel(), len(present))
    likely, draws = np.zeros(grouping.size), np.zeros((len(spent.draws), grouping.size))
    likely[present], draws[:, present] = spent.likely, spent.draws
    count = np.zeros(grouping.size)
    count[present] = np.bincount(group.ravel(), cells.tickets, len(present))
    for issue, amount in read.costs.refunds.items():
        if (place := _place(issue, read.taxonomy, grouping)) >= 0:
            likely[place] += amount
            draws[:, place] += amount
    return Load(np.maximum(count, likely > 0), Drawn(likely, draws))


def _place(issue: int | None, taxonomy: Taxonomy, grouping: Grouping) -> int:
    if issue is None or issue not in taxonomy.nodes:
        return grouping.uncoded
    return int(grouping.place[taxonomy.read_as(issue)])


def _judged(read: Reading, grouping: Grouping) -> tuple[Floats, Floats]:
    """Different customers who judged an answer, and those who were dissatisfied with one."""
    place = grouping.place[read.contacts.issue]
    found = []
    for said in (read.measures.outcome > 0, read.measures.outcome == DISSATISFIED):
        chosen = read.now & (place >= 0) & said
        first = first_seen(place[chosen], read.measures.customer[chosen])
        found.append(np.bincount(place[chosen], first, grouping.size).astype(np.float64))
    return found[0], found[1]
