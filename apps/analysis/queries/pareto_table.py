"""The numbers of the Pareto as a table for a spreadsheet."""

from decimal import Decimal

from apps.analysis.export import Table
from apps.analysis.queries.figures import Found
from apps.analysis.simulation import Range

COLUMNS = (
    "issue", "path", "tickets", "tickets before", "share", "rank", "cost", "cost low", "cost high",
    "money at risk a quarter", "low", "high", "customers at risk a quarter", "customers low", "customers high",
    "customers who judged", "dissatisfied customers", "smallest rise that would show",
)  # fmt: skip


def pareto_table(found: Found) -> Table:
    rows = [
        [
            row.label, row.issue or row.owner or "", row.tickets, row.before, row.share, row.rank_words,
            *_ends(row.cost), *_ends(row.money), *_ends(row.customers), row.judged, row.dissatisfied,
            row.visible_rise,
        ]
        for row in found.figures.issues
    ]  # fmt: skip
    name = f"pareto-{found.figures.first}-{found.figures.last}"
    return Table(name, COLUMNS, rows, found.provenance.address)


def _ends(known: Range | None) -> tuple[Decimal | None, ...]:
    return (known.likely, known.low, known.high) if known else (None, None, None)
