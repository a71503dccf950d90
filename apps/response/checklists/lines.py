"""A line of a checklist: `! Check the serial number @ana +2d`. Pure.

`!` before it: it must be done before the ticket is solved. At its end `@` names who does it, as the address begins, or
`@assignee` for whoever has the ticket; `+2d` or `+4h` says by when, from the moment it is laid out.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

REQUIRED, ASSIGNEE = "!", "assignee"
_LINE = re.compile(r"(!)?\s*(.*?)(?:\s*(?<!\S)@([\w.+-]+))?(?:\s*(?<!\S)\+(\d{1,3})([hd]))?", re.DOTALL)
_UNITS = {"h": "hours", "d": "days"}


@dataclass(frozen=True)
class Line:
    text: str
    is_required: bool = False
    who: str = ""
    within: timedelta | None = None


def read_line(written: str) -> Line:
    found = _LINE.fullmatch(written.strip())
    if found is None:
        raise ValueError(written)
    within = timedelta(**{_UNITS[found[5]]: int(found[4])}) if found[4] else None
    return Line(found[2].strip(), bool(found[1]), (found[3] or "").lower(), within)
