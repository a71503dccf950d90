"""What somebody looked for, as it is kept: small letters, one space, and nothing that leads to a person.

Words that hold an @ and words with five digits or more in them (numbers of orders, customers, telephones) are left out
before anything is stored. Names can't be told from words, and stay.
"""

import re

from apps.output.help_centre.models import MAX_QUERY

_DIGIT = re.compile(r"\d")
MANY_DIGITS = 5


def normalised(text: str) -> str:
    """At most 120 characters; "" where nothing is left."""
    words = text.replace("\0", " ").lower().split()
    kept = (word for word in words if "@" not in word and len(_DIGIT.findall(word)) < MANY_DIGITS)
    return " ".join(kept)[:MAX_QUERY].strip()
