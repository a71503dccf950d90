"""A table as a file for a spreadsheet: CSV, or a workbook (XLSX).

A cell that begins like a formula stays text. In CSV an apostrophe stands before it, since the file cannot say what is
text; in a workbook each cell says so itself. Numbers stay numbers in a workbook, money to the cent in both. Headings
are in the language of whoever asks.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from helpdesk.marked import Marked

Value = str | int | float | Decimal | date | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 40  # characters


@dataclass(frozen=True)
class Table:
    """`name` is that of the file and the sheet; the words of `source` say where the numbers come from."""

    name: str
    columns: Sequence[Marked]
    rows: Sequence[Sequence[Value]]
    source: str


def as_csv(table: Table) -> bytes:
    """The source is the last column, so that each row can be computed again."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow([*map(str, table.columns), _("computed by")])
    lines.writerows([*map(_written, row), table.source] for row in table.rows)
    return text.getvalue().encode()


def as_xlsx(table: Table) -> bytes:
    """One sheet with a frozen heading; a second one says the source."""
    file = io.BytesIO()
    told = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(file, told) as book:
        head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(table.name[:31])
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(map(str, table.columns)):
            cells = [row[place] for row in table.rows]
            sheet.set_column(place, place, _width([column, *cells]))
            sheet.write_string(0, place, column, head)
            for number, value in enumerate(cells, start=1):
                if isinstance(value, str):
                    sheet.write_string(number, place, value)
                elif isinstance(value, date):
                    sheet.write_datetime(number, place, value, day)
                elif value is not None:
                    sheet.write_number(number, place, value)
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        about = book.add_worksheet(_("Source"))
        about.write_string(0, 0, _("Computed by"), head)
        about.write_string(1, 0, table.source)
    return file.getvalue()


def _written(value: Value) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, float):
        return f"{value:.4f}"
    return "" if value is None else str(value)


def _width(cells: Iterable[Value]) -> int:
    return min(max(len(_written(cell)) for cell in cells) + 2, WIDEST)
