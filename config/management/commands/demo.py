import gc
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.analysis.deadlines import yesterday
from apps.analysis.services import run_analysis
from config.demo import volume, world
from config.demo.load import NotEmpty, load, require_empty
from config.demo.logins import LOGINS
from config.demo.progress import Progress
from helpdesk.models import User


class Command(BaseCommand):
    help = "Fill an empty helpdesk with the demo company: its people, tickets and cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=7, help="another number makes another company")
        parser.add_argument("--months", type=int, default=18)
        parser.add_argument("--tickets", type=int, default=volume.STANDARD_TICKETS)
        parser.add_argument("--logins", action="store_true", help="only say who may sign in")

    def handle(
        self, *args: Any, seed: int, months: int, tickets: int, logins: bool, verbosity: int, **options: Any
    ) -> None:
        if logins:
            self.stdout.write(who_may_sign_in())
            return
        gc.disable()  # what is invented lives until the end: looking through it for garbage takes a tenth of the time
        try:
            _move_in(seed, months, tickets, Progress(quiet=verbosity == 0), at=timezone.now())
        finally:
            gc.enable()
        self.stdout.write("Who may sign in: python3 manage.py demo --logins")


def _move_in(seed: int, months: int, tickets: int, progress: Progress, *, at: datetime) -> None:
    try:
        require_empty()
        with progress.step("Inventing the company"):
            company = world.build(end=yesterday(at), seed=seed, months=months, tickets=tickets)
        load(company, progress=progress)
    except NotEmpty as refusal:
        raise CommandError(str(refusal)) from refusal
    # What every night does: if it is killed now, the next night does it.
    with progress.step("The first night's analysis"):
        run_analysis(by=User.objects.system(), at=at)


def who_may_sign_in() -> str:
    """One login for each role, as a table."""
    rows = [("role", "name", "e-mail", "password")]
    rows += [(login.role, login.name, login.email, login.password) for login in LOGINS]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in [lines[0], "-" * len(lines[0]), *lines[1:]])
