"""Bring in how many customers were active, or orders made, day by day.

    import_exposure exposure.csv

The file has the columns day (2026-05-31), kind (active_customers or orders) and value (a whole number above 0). A later
number for a day replaces the one that is there, so a file can be corrected and brought in again. One faulty row, and
nothing is brought in: every fault is listed with its line.
"""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.analysis.services import ExposureRow, FaultyRows, import_exposure
from helpdesk.models import User

COLUMNS = ("day", "kind", "value")
SHOWN = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as stream:
                rows = self._rows(csv.DictReader(stream))
                known = import_exposure(rows=rows, by=User.objects.system(), at=timezone.now())
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{options['file']} can't be read: {error}") from error
        except FaultyRows as error:
            for line, reason in error.faults[:SHOWN]:
                self.stderr.write(f"line {line}: {reason}")
            raise CommandError(f"{error.detail} {len(error.faults)} to mend.") from error
        self.stdout.write(f"{known:,} days noted.")

    def _rows(self, table: "csv.DictReader[str]") -> list[ExposureRow]:
        missing = set(COLUMNS) - set(table.fieldnames or ())
        if missing:
            raise CommandError(
                f"The first line names the columns {', '.join(COLUMNS)}; missing: {', '.join(sorted(missing))}."
            )
        return [
            ExposureRow(table.line_num, *((row[name] or "").strip() for name in COLUMNS)) for row in table
        ]
