"""What a reminder and a warning say where nobody has written other words, and how their fields are filled. Pure."""

import re
from collections.abc import Mapping

FIELDS = ("name", "number", "subject", "days")
_FIELD = re.compile(r"\{(\w*)\}")

OURS: dict[str, dict[str, str]] = {
    "en": {
        "reminder": (
            "Hello {name},\n\nwe wrote to you about “{subject}” (#{number}) and wait for your answer. "
            "To answer, reply to this mail."
        ),
        "warning": (
            "Hello {name},\n\nwe have not heard from you about “{subject}” (#{number}). If we hear nothing, "
            "we take it as settled in {days} days. To keep it open, reply to this mail."
        ),
    },
    "de": {
        "reminder": (
            "Guten Tag {name},\n\nwir haben Ihnen zu „{subject}“ (#{number}) geschrieben und warten auf Ihre Antwort. "
            "Antworten Sie einfach auf diese Mail."
        ),
        "warning": (
            "Guten Tag {name},\n\nzu „{subject}“ (#{number}) haben wir nichts von Ihnen gehört. Wenn es dabei bleibt, "
            "betrachten wir die Sache in {days} Tagen als erledigt. Soll sie offen bleiben, antworten Sie bitte auf "
            "diese Mail."
        ),
    },
}


def unknown_fields(text: str) -> list[str]:
    return [name for name in _FIELD.findall(text) if name not in FIELDS]


def fill(text: str, facts: Mapping[str, str]) -> str:
    """With the fields it names; a greeting without a name keeps no gap."""
    filled = _FIELD.sub(lambda found: facts.get(found[1], found[0]), text)
    return re.sub(r" +([,.])", r"\1", filled)
