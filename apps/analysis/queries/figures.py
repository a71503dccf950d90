"""The figures of the analysis page: what was asked and as of when goes in, and the same figures come out each time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from apps.analysis import ranking
from apps.analysis.contacts import Contacts
from apps.analysis.damage import Situation, saved
from apps.analysis.deadlines import yesterday
from apps.analysis.figures import (
    Asked,
    ChargeFigure,
    CostFigures,
    DamageFigure,
    Figures,
    Payoff,
    PlaceFigure,
    Tried,
    WhatIf,
)
from apps.analysis.models import Assumption, Parameter
from apps.analysis.provenance import Provenance
from apps.analysis.queries.costs import Costs, read_costs
from apps.analysis.queries.editions import InEdition, read_in_edition
from apps.analysis.queries.exposure import read_exposure
from apps.analysis.queries.money import LOSSES, Cells, MoneyModel, money_model
from apps.analysis.queries.pareto import SEED, Reading, bars
from apps.analysis.queries.taxonomy import Node, Taxonomy
from apps.analysis.queries.trend import trend
from apps.analysis.series import Ints
from apps.analysis.simulation import Drawn, Range
from helpdesk.models import Department

TOP_PLACES = 10
NEEDED = {
    "cost": (Parameter.CONTACT_COST,),
    "customers": (Parameter.MULTIPLIER, Parameter.LOSS_SILENT),
    "money": (Parameter.CUSTOMER_VALUE, Parameter.MULTIPLIER, Parameter.LOSS_SILENT),
}


@dataclass(frozen=True)
class Found:
    """The figures with where they come from, what they rest on, the measure that orders them (tickets while the one
    asked for is not known) and what is not set of those it needs."""

    figures: Figures
    provenance: Provenance
    missing: list[str]
    rows: list[Assumption]
    measure: str
    read: InEdition

    @property
    def in_money(self) -> bool:
        return self.measure == "money"


def figures(asked: Asked, *, at: datetime) -> Found:
    """Compute the analysis as of `at`, in a dozen queries whatever the number of tickets and issues."""
    last = yesterday(at)
    first = last - timedelta(days=asked.days - 1)
    kept = money_model(at)
    model = kept.with_numbers(asked.supposed)
    read = read_in_edition(asked.release, first - timedelta(days=asked.days), last)
    taxonomy, contacts, measures = read.taxonomy, read.contacts, read.measures
    begin = max(contacts.index(first), 0)
    costs, total = read_costs(first, last), int(contacts.total[begin:].sum())
    departments = {
        key: (slug, name) for key, slug, name in Department.objects.values_list("pk", "slug", "name")
    }
    # Which coding a cost belongs to is known of the present codes alone.
    reading = Reading(
        contacts, measures, begin, taxonomy, model, costs if read.is_present else None, departments
    )
    pareto = bars(reading, asked)
    exposure = read_exposure(first, last)
    result = Figures(
        first=first, last=last, tickets=total, before=int(contacts.total[:begin].sum()),
        per_thousand=1000 * total / float(exposure.values.mean()) if exposure and total else None,
        exposure=exposure.kind.replace("_", " ") if exposure else "",
        coded=pareto.coded, sentence=pareto.sentence, issues=pareto.rows,
        places=_places(contacts, begin, taxonomy, model, asked), damage=_damage(costs, model, asked),
        costs=_costs(costs, taxonomy, model, departments), assumptions=tuple(sorted(map(_said, model.used))),
        trend=trend(pareto, contacts, read), what_if=_what_if(costs, kept, asked),
    )  # fmt: skip
    where = Provenance.of("analysis", asked.words, release=read.number, as_of=at, figures=result)
    return Found(result, where, _missing(model, asked.by), kept.used, pareto.measure, read)


def _missing(model: MoneyModel, measure: str) -> list[str]:
    needed = NEEDED.get(measure, NEEDED["money"])
    return [str(name.label) for name in needed if model.row(name) is None]


# --- places


def _places(
    contacts: Contacts, begin: int, taxonomy: Taxonomy, model: MoneyModel, asked: Asked
) -> tuple[PlaceFigure, ...]:
    """Issue by place, ranked by the shrunk rate among the place's contacts, times the money of a contact."""
    names, now = contacts.names[asked.place], contacts.day >= begin
    place = contacts.codes[asked.place]
    keys = sorted(set(contacts.issue[now].tolist()) & {n.id for n in taxonomy.nodes.values() if n.is_reason})
    here = now & (place >= 0)
    everybody = np.bincount(place[here], contacts.tickets[here], len(names))
    somewhere = np.flatnonzero(everybody)
    if not keys or not len(somewhere):
        return ()
    number = np.full(max(int(contacts.issue.max()), keys[-1]) + 1, -1)
    number[keys] = np.arange(len(keys))
    here &= number[contacts.issue] >= 0
    flat = number[contacts.issue[here]] * len(names) + place[here]
    counts = np.bincount(flat, contacts.tickets[here], len(keys) * len(names))
    counts = counts.reshape(len(keys), -1)[:, somewhere]
    exposure = np.broadcast_to(everybody[somewhere], counts.shape)
    units = _units(keys, model) if asked.by == "money" else np.ones(len(keys))
    cost = np.broadcast_to(units[:, None], counts.shape)
    found = ranking.rank(counts.ravel(), exposure.ravel(), cost.ravel(), seed=SEED, top=TOP_PLACES)
    return tuple(
        _place(cell, taxonomy.nodes[keys[cell // len(somewhere)]], names[somewhere[cell % len(somewhere)]],
               counts.ravel(), exposure.ravel(), found)
        for cell in found.order[:TOP_PLACES].tolist() if counts.ravel()[cell] > 0
    )  # fmt: skip


def _place(
    cell: int, node: Node, place: str, counts: np.ndarray, exposure: np.ndarray, found: ranking.Ranking
) -> PlaceFigure:
    return PlaceFigure(
        issue=node.path, label=node.label, place=place, tickets=int(counts[cell]), contacts=int(exposure[cell]),
        raw=1000 * float(counts[cell] / exposure[cell]), rate=1000 * float(found.rate[cell]),
        rank_words=found.words(cell), chance_of_top=float(found.chance_of_top[cell]),
    )  # fmt: skip


def _units(keys: list[int], model: MoneyModel) -> np.ndarray:
    money = model.weigh(Cells.of_issues(keys, np.ones(len(keys))))
    return money.likely if money else np.ones(len(keys))


# --- money


def _damage(costs: Costs, model: MoneyModel, asked: Asked) -> DamageFigure | None:
    """From the customers who contacted us in these days: a customer with three problems is lost once."""
    names = (Parameter.CUSTOMER_VALUE, Parameter.MULTIPLIER, Parameter.LOSS_SILENT, *LOSSES.values())
    rows = {name: row for name in names if (row := model.row(name))}
    if model.shares is None or len(rows) < len(names) or not costs.customers:
        return None
    drawn = {name: model.drawn(row) for name, row in rows.items()}
    base, value = model.row(Parameter.CUSTOMER_BASE), drawn[Parameter.CUSTOMER_VALUE]
    satisfied, mollified, dissatisfied = (model.shares[outcome] for outcome in LOSSES)
    first, second, third = (drawn[name] for name in LOSSES.values())
    now = Situation.of_contacts(
        costs.customers, multiplier=drawn[Parameter.MULTIPLIER], base=model.drawn(base) if base else None,
        outcomes=(satisfied, mollified, dissatisfied), losses=(first, second, third),
        silent=drawn[Parameter.LOSS_SILENT],
    )  # fmt: skip
    groups, lost = [group.range() for group in now.groups], now.lost
    worths = [_worth(group, value).range() for group in now.groups]
    heard, quiet = float(now.heard.likely), float(now.silent.likely)
    return DamageFigure(
        told=costs.customers, customers=now.customers.range(), lost=lost.range(), satisfied=groups[0],
        mollified=groups[1], dissatisfied=groups[2], silent=groups[3], money=_worth(lost, value).range(),
        soliciting_pays=heard < quiet, stay_heard=1 - heard, stay_silent=1 - quiet,
        payoffs=_payoffs(now, value, asked),
        worths=(worths[0], worths[1], worths[2], worths[3]),
    )  # fmt: skip


def _what_if(costs: Costs, kept: MoneyModel, asked: Asked) -> WhatIf | None:
    """What each number that is tried out changes, one after the other: they act on each other, so the order counts."""
    if not asked.supposed:
        return None
    stored, steps = _damage(costs, kept, asked), []
    before = stored
    for n, one in enumerate(asked.supposed, start=1):
        after = _damage(costs, kept.with_numbers(asked.supposed[:n]), asked)
        if before is not None and after is not None:
            change = float(after.money.likely - before.money.likely)
            steps.append(Tried(one.parameter, str(Parameter(one.parameter).label), change))
        before = after
    return WhatIf(stored, tuple(steps))


def _payoffs(now: Situation, value: Drawn, asked: Asked) -> tuple[Payoff, ...]:
    prevent, solicit, satisfy = (part / 100 for part in (asked.prevent, asked.solicit, asked.satisfy))
    changes = {
        "prevent": now.prevent(prevent),
        "solicit": now.solicit(solicit),
        "satisfy": now.satisfy(satisfy),
        "all": now.prevent(prevent).solicit(solicit).satisfy(satisfy),
    }
    kept = {lever: saved(now, then) for lever, then in changes.items()}
    return tuple(Payoff(lever, one.range(), _worth(one, value).range()) for lever, one in kept.items())


def _worth(customers: Drawn, value: Drawn) -> Drawn:
    return Drawn(np.asarray(customers.likely * value.likely), customers.draws * value.draws)


def _costs(
    costs: Costs, taxonomy: Taxonomy, model: MoneyModel, departments: dict[int, tuple[str, str]]
) -> CostFigures:
    repeats = costs.contacts - costs.problems
    conversion, value = model.row(Parameter.WORD_OF_MOUTH), model.row(Parameter.CUSTOMER_VALUE)
    told = None
    if conversion and value:
        told = _worth(model.drawn(conversion).times(costs.told_others), model.drawn(value)).range()
    return CostFigures(
        problems=costs.problems, contacts=costs.contacts, repeats=repeats,
        repeat_cost=model.cost(Parameter.CONTACT_COST, repeats), moves=costs.moves,
        move_cost=model.cost(Parameter.MISROUTE_COST, costs.moves), told_others=costs.told_others,
        word_of_mouth=told, charges=_charges(costs, taxonomy, model, departments),
    )  # fmt: skip


def _charges(
    costs: Costs, taxonomy: Taxonomy, model: MoneyModel, departments: dict[int, tuple[str, str]]
) -> tuple[ChargeFigure, ...]:
    """Contacts and refunds charged to the department that owns the issue: there its cause can be removed."""
    if not costs.rows:
        return ()
    owners = [_owner(row.issue, taxonomy) for row in costs.rows]
    places = {owner: n for n, owner in enumerate(dict.fromkeys(owners))}
    group = np.array([places[owner] for owner in owners])
    refunds = np.zeros(len(places))
    for issue, amount in costs.refunds.items():
        if (owner := _owner(issue, taxonomy)) in places:
            refunds[places[owner]] += amount
    spent = _spent(costs, group, refunds, model)

    def count(numbers: list[int]) -> Ints:
        return np.bincount(group, numbers, len(places)).astype(np.int64)

    contacts, repeats = (
        count([row.contacts for row in costs.rows]),
        count([row.repeats for row in costs.rows]),
    )
    elsewhere = count(
        [row.contacts * (row.department != owner) for row, owner in zip(costs.rows, owners, strict=True)]
    )
    found = [
        ChargeFigure(
            department=departments[owner][1] if owner else None, contacts=int(contacts[n]),
            elsewhere=int(elsewhere[n]) if owner else 0, repeats=int(repeats[n]),
            refunds=Drawn.exactly(float(refunds[n]), draws=1).range(), cost=spent[n] if spent else None,
        )
        for owner, n in places.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=_dearest_first))


def _spent(costs: Costs, group: Ints, refunds: np.ndarray, model: MoneyModel) -> list[Range] | None:
    cells = Cells.of_issues([row.issue for row in costs.rows], [row.contacts for row in costs.rows])
    each = model.column(Parameter.CONTACT_COST, cells)
    if each is None:
        return None
    total = each.times(cells.tickets).summed(group, len(refunds))
    return Drawn(total.likely + refunds, total.draws + refunds).ranges()


def _dearest_first(charge: ChargeFigure) -> tuple[bool, float, int]:
    return charge.department is None, -float(charge.cost.likely) if charge.cost else 0.0, -charge.contacts


def _owner(issue: int | None, taxonomy: Taxonomy) -> int | None:
    if issue is None or issue not in taxonomy.nodes:
        return None
    return taxonomy.nodes[taxonomy.read_as(issue)].department


def _said(row: Assumption) -> str:
    """An assumption in one line: what was computed with, from when, out of which source."""
    return f"{row.key}|{row.low:f}|{row.likely:f}|{row.high:f}|{row.valid_from}|{row.source}"
