from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.analysis import services
from apps.analysis.management.bar import Bar
from apps.analysis.models import RunState
from helpdesk.errors import DomainError
from helpdesk.models import User


class Command(BaseCommand):
    help = (
        "Run the night's analysis now: count, find what stands out, watch what was proven, give due verdicts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--day", type=date.fromisoformat, help="the last whole day to look at (yesterday)"
        )
        parser.add_argument(
            "--today", action="store_true", help="look at the day that is not over, as every hour does"
        )
        parser.add_argument("--recount", action="store_true", help="count every day again, from the tickets")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["today"]:
            found = services.look_at_today(by=User.objects.system(), at=timezone.now())
            self.stdout.write(
                "\n".join(str(signal.sentence) for signal in found) or "Nothing stands out today."
            )
            return
        bar = Bar()
        try:
            run = services.run_analysis(
                by=User.objects.system(), at=timezone.now(), day=options["day"], recount=options["recount"],
                progress=lambda state, done, of: bar.show(str(RunState(state).label), done, of),
            )  # fmt: skip
        except DomainError as error:
            raise CommandError(error.detail) from error
        finally:
            bar.end()
        self.stdout.write(
            f"{run.sentence} {run.raised} raised, {run.updated} updated, {run.days_counted} days counted."
        )
