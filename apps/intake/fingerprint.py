"""The same mail twice has the same fingerprint, whichever way it came.

By Message-ID. A mail without one, or with several, is known by what no relay changes: author, recipients, date,
subject and content. Received lines and spam marks differ at each delivery, so they stay out. 67 characters at most,
for a unique column beside the mailbox.
"""

import hashlib
from collections.abc import Iterable

from apps.intake.mail import Letter


def fingerprint(letter: Letter) -> str:
    """`id:` or `is:` and a SHA-256, as text."""
    if letter.message_id:
        return "id:" + _digest([letter.message_id.encode()])
    people = [address.key for address in (letter.sender, *letter.to, *letter.cc) if address is not None]
    stable = [
        *people,
        letter.header("date"),
        letter.subject,
        " ".join(letter.text.split()),
        *letter.message_ids,
    ]
    files = [hashlib.sha256(one.content).digest() for one in letter.attachments]
    return "is:" + _digest([*(value.encode() for value in stable), *files])


def _digest(values: Iterable[bytes]) -> str:
    """Each value goes in with its length, so that moving a border between two values changes the result."""
    digest = hashlib.sha256()
    for value in values:
        digest.update(len(value).to_bytes(8, "big") + value)
    return digest.hexdigest()
