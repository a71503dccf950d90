"""What reading a mail gives: a frozen letter, safe to show, to store and to judge."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.sentences import Words


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox. `email` keeps the case of the local part; compare by `key`."""

    name: str
    email: str

    @property
    def key(self) -> str:
        return self.email.casefold()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the letter: the name is safe and unique in it, the content is as it was before transfer."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False  # the HTML shows it in its place, so it is no attachment to list


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps that hold for any mail. What lies beyond one is left out, named in `defects`; the raw bytes stay whole."""

    total_bytes: int = 50_000_000
    seconds: float = 10.0
    header_fields: int = 1_000
    header_lines: int = 20_000
    header_value_bytes: int = 65_536
    subject_chars: int = 500
    addresses: int = 200
    references: int = 100
    parts: int = 1_000
    depth: int = 400
    scanned_bytes: int = 400_000_000  # depth costs re-scanning; this bounds depth times size
    attachments: int = 200
    text_chars: int = 1_000_000
    html_chars: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as read: no NUL, no lone surrogate, sanitised HTML, ids without their angle brackets.

    `message_id` is empty when the mail has none that is usable, or several; `message_ids` lists all.
    `date` is the sender's, never later than the receipt. `marks` say what the mail is made of (calendar, tnef,
    smime, pgp, uuencode). `defects` say what was wrong or left out. A letter with `unreadable` belongs in quarantine.
    """

    message_id: str
    message_ids: tuple[str, ...]
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]  # oldest first, as in the mail
    subject: str
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    headers: tuple[tuple[str, str], ...]  # (lower-case name, decoded value), in order, for screening
    marks: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    unreadable: Words = ""

    def header(self, name: str) -> str:
        """The first value of a header, or an empty string."""
        return next((value for key, value in self.headers if key == name.lower()), "")

    def header_values(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.headers if key == name.lower())
