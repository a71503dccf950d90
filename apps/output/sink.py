"""Mail for development: every letter becomes a file in a folder, to be opened with any mail program."""

import os
import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9.@_-]+")


class EmailBackend(BaseEmailBackend):
    """Writes .eml files into `settings.MAIL_SINK`, whole or not at all: a reader never sees half a letter."""

    def __init__(
        self, fail_silently: bool = False, **_: Any
    ) -> None:  # the options of a real server mean nothing here
        super().__init__(fail_silently=fail_silently)
        self.folder = Path(settings.MAIL_SINK)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for letter in email_messages:
            self._write(letter)
        return len(email_messages)

    def _write(self, letter: EmailMessage) -> None:
        recipient = _NOT_IN_NAMES.sub("_", letter.to[0] if letter.to else "nobody")[:80]
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".", delete=False) as file:
            file.write(letter.message().as_bytes())
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).chmod(0o644)
        Path(file.name).replace(self.folder / f"{time.time_ns()}-{recipient}.eml")
