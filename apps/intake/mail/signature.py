"""What stands under a message each time: a signature, for display folded away. The whole is always stored.

Told by the line "-- " (RFC 3676), by the words a phone adds, and by a closing that mail-parser-reply's tables know;
after a closing the name stays, and only a short block of short lines goes. HTML is cut at the marks that mail programs
leave. In doubt nothing is folded: words of a customer must not hide. Linear in the length of the text.
"""

import re
from functools import cache

from mailparser_reply.constants import MAIL_LANGUAGES
from selectolax.lexbor import LexborHTMLParser, LexborNode

from apps.intake.mail.html import is_too_tangled
from apps.intake.mail.trim import Trimmed

MOST_LINES, LONGEST_LINE, LEAST_LINES = 14, 80, 2
_MAX_WORK = 500_000  # a page above it is shown whole
# A line that goes on talking to somebody.
_TALKS = re.compile(r"^\s*p\.?\s?s\b|[?!]\s*$", re.IGNORECASE)
_MARKS = (
    ".gmail_signature, .x_gmail_signature, .moz-signature, #Signature, #x_Signature, #AppleMailSignature,"
    " #ms-outlook-mobile-signature"
)


def part_signature(text: str) -> Trimmed:
    """Words without quotations in two: what to show, and the signature."""
    lines = text.split("\n")
    cut = _marked(lines) or _sent_from(lines) or _closed(lines)
    shown = "\n".join(lines[:cut]).strip() if cut else ""
    return Trimmed(shown, "\n".join(lines[cut:]).strip()) if shown else Trimmed(text, "")


def _marked(lines: list[str]) -> int:
    """Below "-- ", the last there is; some programs strip the blank."""
    for place in range(len(lines) - 1, max(len(lines) - MOST_LINES - 2, -1), -1):
        if lines[place].rstrip("\r") in ("-- ", "--"):
            return place
    return 0


def _sent_from(lines: list[str]) -> int:
    last = next((place for place in range(len(lines) - 1, -1, -1) if lines[place].strip()), 0)
    line = lines[last].strip()
    return last if len(line) <= LONGEST_LINE and _phones().match(line) else 0


def _closed(lines: list[str]) -> int:
    """Where the block below closing and name begins."""
    for place in range(len(lines) - 1, max(len(lines) - MOST_LINES - 2, -1), -1):
        if len(lines[place]) <= LONGEST_LINE and _closings().fullmatch(lines[place].strip()):
            name = next((one for one in range(place + 1, len(lines)) if lines[one].strip()), len(lines))
            return name + 1 if _is_block(lines[name + 1 :]) else 0
    return 0


def _is_block(lines: list[str]) -> bool:
    said = [line for line in lines if line.strip()]
    return len(said) >= LEAST_LINES and all(
        len(line) <= LONGEST_LINE and not _TALKS.search(line) for line in said
    )


@cache
def _closings() -> re.Pattern[str]:
    known = (one for table in MAIL_LANGUAGES.values() for one in table.get("signatures") or [])
    whole = "|".join(f"(?:{one.rstrip(',')})" for one in known)
    return re.compile(rf"(?:{whole})[\s,.!]*", re.IGNORECASE)


@cache
def _phones() -> re.Pattern[str]:
    known = (table.get("sent_from") for table in MAIL_LANGUAGES.values())
    return re.compile("|".join(f"(?:{one})" for one in known if one), re.IGNORECASE)


def part_signature_html(page: str) -> Trimmed:
    """The same for sanitised HTML, at the marks of mail programs."""
    if "ignature" not in page or is_too_tangled(page, _MAX_WORK):
        return Trimmed(page, "")
    body = LexborHTMLParser(page).body
    found: LexborNode | None = body.css_first(_MARKS) if body is not None else None
    if body is None or found is None:
        return Trimmed(page, "")
    signature = found.html or ""
    found.decompose()
    if not (body.text() or "").strip() and body.css_first("img") is None:
        return Trimmed(page, "")
    return Trimmed((body.inner_html or "").strip(), signature)
