from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.evaluation.taxonomy.packs import packs_in
from apps.evaluation.taxonomy.services import draft_lines
from helpdesk.models import User


class Command(BaseCommand):
    help = "Put a taxonomy to begin with into the draft; an administrator looks at it and publishes it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pack", nargs="?", help="without a name: which there are")
        parser.add_argument("--language", default="en", help="of the words: en or de")

    def handle(self, *args: Any, pack: str | None, language: str, **options: Any) -> None:
        known = packs_in(language)
        if pack is None:
            for one in known.values():
                self.stdout.write(f"{one.name:<12} {one.title}: {one.leaves} issues")
            return
        if pack not in known:
            raise CommandError(f"There is no pack {pack}. There are: {', '.join(known)}.")
        found = draft_lines(lines=known[pack].lines, by=User.objects.system(), at=timezone.now())
        for row in found.refused:
            self.stderr.write(f"line {row.line}: {row.reason}")
        self.stdout.write(
            f"{found.drafted} changes are in the draft, {found.unchanged} issues were there already."
        )
