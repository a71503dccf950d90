"""The mail door: one message on standard input (a pipe of the mail server), a folder of messages, or an mbox.

    receive_mail --mailbox billing@example.org < message
    receive_mail --directory Maildir/new
    receive_mail --mbox export.mbox

Exit code 75 (EX_TEMPFAIL) asks the mail server to try again: the database is away or full, or the program could not
start (manage.py). Any mail that reached us ends as 0, also one that waits in quarantine: it is stored, and a second
copy would help nobody. 65 (EX_DATAERR): too large.
"""

import mailbox as mailboxes
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from apps.intake.models import MailState
from apps.intake.services import Poisoned, receive_mail
from helpdesk.models import User

TRY_AGAIN, TOO_LARGE = 75, 65
LARGEST = 100 * 1024 * 1024  # bytes; what PostgreSQL takes in one value, with room to spare


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--mailbox", default=settings.DEFAULT_FROM_EMAIL, help="the address it was sent to"
        )
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--directory", type=Path, help="read every file in this folder")
        source.add_argument("--mbox", type=Path, help="read every message of this mbox file")
        parser.add_argument(
            "--done", type=Path, help="with --directory: move each file here once it is stored"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["directory"] or options["mbox"]:
                self._many(options)
            else:
                self._one(options["mailbox"])
        except (OperationalError, InterfaceError, OSError) as error:
            self.stderr.write(f"The database or the disk can't take it now, try again later: {error}")
            sys.exit(TRY_AGAIN)

    def _one(self, mailbox: str) -> None:
        raw = sys.stdin.buffer.read(LARGEST + 1)
        if len(raw) > LARGEST:
            self.stderr.write(f"The message is larger than {LARGEST // 1024 // 1024} MB.")
            sys.exit(TOO_LARGE)
        self._take(raw, mailbox)

    def _many(self, options: dict[str, Any]) -> None:
        counts: Counter[str] = Counter()
        for name, raw in self._messages(options["directory"], options["mbox"]):
            if len(raw) > LARGEST:
                self.stderr.write(f"{name} is too large and was left where it is.")
                counts["too large"] += 1
                continue
            counts[self._take(raw, options["mailbox"], name)] += 1
            if options["done"] and options["directory"]:
                options["done"].mkdir(parents=True, exist_ok=True)
                (options["directory"] / name).rename(options["done"] / name)
        self.stdout.write(
            ", ".join(f"{number} {state}" for state, number in sorted(counts.items())) or "No mail."
        )

    def _messages(self, directory: Path | None, mbox: Path | None) -> Iterator[tuple[str, bytes]]:
        if directory is not None:
            if not directory.is_dir():
                raise CommandError(f"{directory} is no folder.")
            for path in sorted(path for path in directory.iterdir() if path.is_file()):
                yield path.name, path.read_bytes()
        elif mbox is not None:
            if not mbox.is_file():
                raise CommandError(f"{mbox} is no file.")
            box = mailboxes.mbox(mbox, create=False)
            for number, key in enumerate(box.iterkeys(), 1):
                yield f"message {number}", box.get_bytes(key)

    def _take(self, raw: bytes, mailbox: str, name: str = "") -> str:
        """One mail; a poisoned one is said and does not stop the next."""
        try:
            mail = receive_mail(raw=raw, mailbox=mailbox, by=User.objects.system(), at=timezone.now())
        except Poisoned as poisoned:
            mail = poisoned.mail
        if mail.state in (MailState.QUARANTINED, MailState.SCREENED):
            self.stderr.write(
                f"{name or 'The mail'} is held back ({mail.get_state_display()}): {mail.reason}"
            )
        return mail.get_state_display().lower()
