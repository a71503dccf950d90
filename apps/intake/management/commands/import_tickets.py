"""Bring tickets in from a CSV file or from JSON lines.

    import_tickets old.csv --dry-run
    import_tickets old.csv --map "Number=external_id" --map "What happened=body" --refused refused.csv
    import_tickets complaints.csv --format cfpb

Without --map the columns are guessed from their names. A run that broke off is run again: rows with an external id
that is here already are left alone. Refused rows are listed with their line and the reason; the others come in.
"""

import csv
import sys
import time
from argparse import ArgumentParser, FileType
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.intake.columns import FIELDS, RefusedRow, UnreadableTable, read_rows
from apps.intake.import_values import NotKnown
from apps.intake.models import ImportRun
from apps.intake.services import import_complaints, import_tickets
from helpdesk.models import Status, User

SHOWN = 10  # refused rows said on the screen


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=FIELD", help=f"fields: {', '.join(FIELDS)}"
        )
        parser.add_argument(
            "--format", choices=["table", "cfpb"], default="table",
            help="cfpb: complaints as the US Consumer Financial Protection Bureau publishes them, with their issues",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="check every row, bring none in")
        parser.add_argument(
            "--refused", type=FileType("w", encoding="utf-8"), help="a CSV file for refused rows"
        )
        parser.add_argument(
            "--status", choices=Status.values, default=Status.NEW, help="of rows that name none"
        )
        parser.add_argument(
            "--keep-unknown", action="store_true", help="keep unknown issues and names in `custom`"
        )
        order = parser.add_mutually_exclusive_group()
        order.add_argument(
            "--day-first", action="store_true", default=None, dest="day_first", help="03/04 is 3 April"
        )
        order.add_argument("--month-first", action="store_false", dest="day_first", help="03/04 is March 4")

    def handle(self, *args: Any, **options: Any) -> None:
        column_map = dict(self._pair(pair) for pair in options["map"]) or None
        report = Report(options["refused"], self.stderr)
        try:
            with ExitStack() as stack:
                stream = stack.enter_context(options["file"].open("rb"))
                progress = Progress(stream, options["file"].stat().st_size)
                run = _imported(stream, column_map, report, progress, options)
        except OSError as error:
            raise CommandError(f"{options['file']} can't be read: {error.strerror}.") from error
        except (UnreadableTable, NotKnown) as error:
            raise CommandError(str(error)) from error
        would = "would come" if options["dry_run"] else "came"
        self.stdout.write(
            f"{run.imported:,} tickets {would} in, {run.known:,} were here already, {run.refused:,} refused."
        )

    def _pair(self, pair: str) -> tuple[str, str]:
        column, sign, name = pair.rpartition("=")
        if not sign or name not in FIELDS:
            raise CommandError(f"{pair!r} is not COLUMN=FIELD. Fields: {', '.join(FIELDS)}.")
        return column, name


def _imported(
    stream: BinaryIO,
    column_map: dict[str, str] | None,
    report: "Report",
    progress: "Progress",
    options: dict[str, Any],
) -> ImportRun:
    given: dict[str, Any] = {
        "source": options["file"].name,
        "by": User.objects.system(),
        "at": timezone.now(),
        "refuse": report.refuse,
        "progress": progress.show,
        "dry_run": options["dry_run"],
    }
    if options["format"] == "cfpb":
        return import_complaints(stream=stream, **given)
    return import_tickets(
        rows=read_rows(stream, column_map, day_first=options["day_first"]),
        status=options["status"],
        keep_unknown=options["keep_unknown"],
        **given,
    )


class Report:
    """Refused rows: the first ones on the screen, all of them in a file when one is named."""

    def __init__(self, file: Any, screen: Any) -> None:
        self.writer = csv.writer(file) if file else None
        self.screen, self.count = screen, 0
        if self.writer:
            self.writer.writerow(["line", "reason"])

    def refuse(self, row: RefusedRow) -> None:
        self.count += 1
        if self.writer:
            self.writer.writerow([row.line, row.reason])
        if self.count <= SHOWN:
            self.screen.write(f"line {row.line}: {row.reason}")
        elif self.count == SHOWN + 1:
            self.screen.write("..." if self.writer else "... (name a file with --refused to see them all)")


class Progress:
    """A bar for a person who waits; nothing where nobody looks."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self.stream, self.size = stream, max(size, 1)
        self.began = time.monotonic()

    def show(self, rows: int) -> None:
        if not sys.stderr.isatty():
            return
        share = min(self.stream.tell() / self.size, 1)
        bar = "#" * round(share * 30)
        speed = rows / max(time.monotonic() - self.began, 0.001)
        end = "\n" if share == 1 else ""
        print(
            f"\r[{bar:<30}] {share:4.0%}  {rows:,} rows, {speed:,.0f} a second ",
            end=end,
            file=sys.stderr,
            flush=True,
        )
