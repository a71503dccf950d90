"""How far a long command is, on standard error, for a person who waits; nothing where nobody looks."""

import sys
import time
from typing import TextIO

WIDTH, REDRAW_EVERY = 30, 0.1


class Bar:
    """One line that is drawn anew; a new name begins a new line."""

    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out or sys.stderr
        self.is_watched = self.out.isatty()
        self.name, self.drawn = "", 0.0

    def show(self, name: str, done: int, of: int) -> None:
        if not self.is_watched:
            return
        if self.name and name != self.name:
            self.end()
        self.name = name
        if done < of and time.monotonic() - self.drawn < REDRAW_EVERY:
            return
        self.drawn = time.monotonic()
        share = min(done / of, 1) if of else 0
        self.out.write(
            f"\r{name:<24} [{'#' * round(share * WIDTH):<{WIDTH}}] {share:4.0%}  {done:,} of {of:,} "
        )
        self.out.flush()

    def end(self) -> None:
        if self.name and self.is_watched:
            self.out.write("\n")
        self.name = ""
