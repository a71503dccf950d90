"""Reading mail. Pure: bytes and a time go in, frozen values come out; no Django, no database, no network.

`read(raw, received_at=...)` gives a `Letter` and never raises, whatever the bytes are. `trim` finds what was quoted,
for display only. Standard parsers accept almost anything; *reading values* is where they raise or run away, so only
their smallest pieces are used, on values that were capped first.
"""

from apps.intake.mail.letter import Address, Attachment, Letter, Limits
from apps.intake.mail.reading import read

__all__ = ["Address", "Attachment", "Letter", "Limits", "read"]
