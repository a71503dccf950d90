"""The numbers of the Pareto as a table for a spreadsheet."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as column

from apps.analysis.export import Table
from apps.analysis.queries.figures import Found
from apps.analysis.simulation import Range

COLUMNS = (
    column("issue"), column("path"), column("tickets"), column("tickets before"), column("share"),
    column("rank"), column("cost"), column("cost low"), column("cost high"), column("money at risk a quarter"),
    column("money at risk low"), column("money at risk high"), column("customers at risk a quarter"),
    column("customers low"), column("customers high"), column("customers who judged"),
    column("dissatisfied customers"), column("smallest rise that would show"),
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
