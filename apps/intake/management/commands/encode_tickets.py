"""Encode every ticket that has no vector yet, or one of another encoder, so that it is found by its meaning.

It may be stopped at any time: the next run goes on where this one was.
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.intake import encoders
from apps.intake.services import AlreadyEncoding, encode_tickets
from helpdesk.models import User


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not encoders.chosen():
            raise CommandError(
                "There is no encoder: TEXT_ENCODER is none, or no package of one is installed."
            )
        progress = self._show if sys.stderr.isatty() else None
        try:
            done = encode_tickets(by=User.objects.system(), at=timezone.now(), progress=progress)
        except AlreadyEncoding as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"{done:,} tickets encoded.")

    def _show(self, done: int, total: int) -> None:
        share = done / total
        bar = "#" * round(share * 30)
        self.stderr.write(
            f"\r[{bar:<30}] {share:4.0%}  {done:,} of {total:,} tickets ",
            ending="\n" if done == total else "",
        )
        self.stderr.flush()
