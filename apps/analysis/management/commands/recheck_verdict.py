from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.analysis.models import Verdict
from apps.analysis.queries.recheck import NothingKept, recheck


class Command(BaseCommand):
    help = "Compute a verdict again from what was kept of it, and compare every figure to the last digit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verdict", type=int)

    def handle(self, *args: Any, verdict: int, **options: Any) -> None:
        row = Verdict.objects.select_related("case__issue", "plan", "release").filter(pk=verdict).first()
        if row is None:
            raise CommandError(f"There is no verdict {verdict}.")
        try:
            found = recheck(row)
        except NothingKept as refusal:
            raise CommandError(refusal.detail) from refusal
        release = row.release.number if row.release else "-"
        self.stdout.write(
            f"{row.case.number}: {row.verdict}; as of {row.decided_at.isoformat()}, "
            f"taxonomy {release}, method {row.method}"
        )
        for line in found.lines:
            mark = "same" if line.holds else f"NOW {line.computed!r}"
            self.stdout.write(f"  {line.name:<20} {line.stored!r}  {mark}")
        for name, moved in found.recoded.items():
            self.stdout.write(
                f"Coded otherwise since: {moved} of {name}. The verdict stands on what was counted then."
            )
        if not found.holds:
            why = "The method has changed since." if found.method_changed else "The method is the same."
            raise CommandError(f"It does not come out the same. {why}")
        self.stdout.write("The same to the last digit.")
