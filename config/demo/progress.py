"""Named steps on standard error: a bar that moves where a person watches, one line a step where nobody does."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

WIDTH = 24
REDRAW_EVERY = 0.1  # seconds


class Progress:
    """Tells a person how far a long command is; `quiet` tells nobody."""

    def __init__(self, out: TextIO | None = None, *, quiet: bool = False) -> None:
        self.out = out or sys.stderr
        self.quiet = quiet
        self.is_watched = not quiet and self.out.isatty()
        self._name, self._done, self._total, self._drawn = "", 0, 0, 0.0

    @contextmanager
    def step(self, name: str, total: int = 0) -> Iterator[None]:
        """One part of the work, of so many pieces where they can be counted."""
        began = time.monotonic()
        self._name, self._done, self._total, self._drawn = name, 0, total, 0.0
        self.advance(0)
        yield
        self._write(
            f"{'' if self.is_watched else '  '}{self._line('done')} {time.monotonic() - began:5.1f} s\n"
        )

    def advance(self, pieces: int) -> None:
        self._done += pieces
        if self.is_watched and time.monotonic() - self._drawn > REDRAW_EVERY:
            self._drawn = time.monotonic()
            share = self._done / self._total if self._total else 0.0
            filled = round(WIDTH * min(share, 1.0))
            self._write(self._line("#" * filled + "." * (WIDTH - filled)))

    def _line(self, state: str) -> str:
        start = "\r  " if self.is_watched else ""
        return f"{start}{self._name:44} {state:{WIDTH if self.is_watched else 4}}"

    def _write(self, text: str) -> None:
        if not self.quiet:
            self.out.write(text)
            self.out.flush()
