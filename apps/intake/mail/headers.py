"""Header values of real mail, read from bytes: never through a parser that may raise or run away.

`split` finds the fields, one linear pass under caps. The rest turns one value into what it means: text with its
encoded words (RFC 2047), addresses, message ids, parameters (RFC 2231 and 5987), a date.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from apps.intake.mail import charsets
from apps.intake.mail.letter import Address, Limits

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?((?:[^?]|\?(?!=)){0,4000})\?=")
_WHITESPACE = re.compile(r"\s+")
_MESSAGE_ID = re.compile(r"<([^<>]{1,998})>")
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\]{1,253}")
_QUOTED_LOCAL = re.compile(r"\"[^\"\s\\]{1,62}\"@[^\s@<>\"(),:;\\]{1,253}")
_DIRECTION_TRICKS = re.compile(
    "[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)  # they make `exe.gpj` read as a picture
_EARLIEST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one part: lower-case names, raw values unfolded to one line."""

    fields: tuple[tuple[str, bytes], ...] = ()

    def first(self, name: str) -> bytes:
        return next((value for key, value in self.fields if key == name), b"")

    def every(self, name: str) -> tuple[bytes, ...]:
        return tuple(value for key, value in self.fields if key == name)


def split(raw: bytes, limits: Limits) -> tuple[Headers, int, tuple[str, ...]]:
    """The header fields of a part, where its body begins, and what was wrong."""
    fields: list[tuple[str, list[bytes]]] = []
    defects: list[str] = []
    position = 0
    for _ in range(limits.header_lines):
        end = raw.find(b"\n", position)
        end = len(raw) if end < 0 else end
        line = raw[position : min(end, position + limits.header_value_bytes)].rstrip(b"\r\n")
        if end - position > limits.header_value_bytes:
            defects.append("header: a line was cut")
        if not line:
            position = end + 1
            break
        if line[:1] in b" \t":
            if fields:
                fields[-1][1].append(line.strip())
        elif found := _FIELD.match(line):
            if len(fields) >= limits.header_fields:
                return (
                    _joined(fields, limits),
                    _after_blank_line(raw, position),
                    (*defects, "header: too many fields"),
                )
            fields.append((found[1].decode("ascii").lower(), [line[found.end() :].strip()]))
        elif not _is_mbox_line(line, fields):
            defects.append("header: no blank line before the body")
            break
        position = end + 1
        if position >= len(raw):
            break
    else:
        defects.append("header: too many lines")
        position = _after_blank_line(raw, position)
    return _joined(fields, limits), min(position, len(raw)), tuple(dict.fromkeys(defects))


def _is_mbox_line(line: bytes, fields: list[tuple[str, list[bytes]]]) -> bool:
    return not fields and line.startswith((b"From ", b">From "))


def _after_blank_line(raw: bytes, position: int) -> int:
    found = _BLANK_LINE.search(raw, position)
    return found.end() if found else len(raw)


def _joined(fields: list[tuple[str, list[bytes]]], limits: Limits) -> Headers:
    return Headers(tuple((name, b" ".join(lines)[: limits.header_value_bytes]) for name, lines in fields))


def text(value: bytes, limit: int = 2_000) -> tuple[str, tuple[str, ...]]:
    """A value as one line for people: encoded words decoded, 8-bit text through the charset ladder."""
    raw, defects = charsets.decode(value[: 4 * limit])
    words, more = decode_words(raw)
    return one_line(words)[:limit], (*defects, *more)


def one_line(value: str) -> str:
    return _WHITESPACE.sub(" ", _DIRECTION_TRICKS.sub("", charsets.clean(value))).strip()


def decode_words(value: str) -> tuple[str, tuple[str, ...]]:
    """Replace encoded words. Neighbours of one charset are joined as bytes: some mailers cut a character in two."""
    pieces: list[str] = []
    defects: list[str] = []
    pending, pending_charset, position = b"", "", 0

    def flush() -> None:
        if pending:
            decoded, found = charsets.decode(pending, pending_charset)
            pieces.append(decoded)
            defects.extend(found)

    for word in _ENCODED_WORD.finditer(value):
        between = value[position : word.start()]
        charset = word[1].split("*")[0].lower()  # RFC 2231 allows `utf-8*en`
        if between.strip() or position == 0 or charset != pending_charset:
            flush()
            pending = b""
            if between.strip() or position == 0:
                pieces.append(between)
        pending, pending_charset = pending + _word_bytes(word[2], word[3]), charset
        position = word.end()
    flush()
    return "".join([*pieces, value[position:]]), tuple(defects)


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data.replace(b"_", b" "), header=False)
    return base64_bytes(data)


def base64_bytes(data: bytes) -> bytes:
    """Base64 as found in mail: foreign characters skipped, padding missing or in the middle, the end cut off."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    return base64.b64decode(kept + b"=" * (-len(kept) % 4))


def addresses(value: bytes, limit: int) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    """The mailboxes of an address list, at most `limit`; groups are opened, unusable entries left out."""
    raw, defects = charsets.decode(value)
    found: list[Address] = []
    pending = ""  # `Doe, Jane <jane@example.org>`: a comma that nobody quoted belongs to the name
    for entry in _entries(raw):
        whole = f"{pending}, {entry}" if pending else entry
        if "@" not in entry:
            pending = "" if _is_group_start(entry) else whole[:500]
            continue
        pending = ""
        if (address := _address(whole)) is not None:
            found.append(address)
        if len(found) >= limit:
            return tuple(found), (*defects, f"more than {limit} addresses")
    return tuple(found), defects


def _is_group_start(entry: str) -> bool:
    return entry.rstrip().endswith(":")


def _entries(value: str) -> Iterator[str]:
    """Split at commas and semicolons outside quotes, comments and angle brackets; one pass, no recursion."""
    start, quoted, comments, angled, escaped = 0, False, 0, False, False
    for index, char in enumerate(value):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = quoted or comments > 0
        elif char == '"' and not comments:
            quoted = not quoted
        elif quoted:
            continue
        elif char == "(":
            comments += 1
        elif char == ")":
            comments = max(0, comments - 1)
        elif comments:
            continue
        elif char in "<>":
            angled = char == "<"
        elif (char in ",;" and not angled) or (char == ":" and "@" not in value[start:index] and not angled):
            yield value[start : index + (char == ":")].strip()
            start = index + 1
    yield value[start:].strip()


def _address(entry: str) -> Address | None:
    angle = entry.rfind("<")
    if angle >= 0:
        email, name = entry[angle + 1 :].partition(">")[0], entry[:angle]
    else:
        found = _EMAIL.search(entry) or _QUOTED_LOCAL.search(entry)
        if found is None:
            return None
        email, name = found.group(), entry.replace(found.group(), "", 1)
    email = _WHITESPACE.sub("", email).removeprefix("mailto:")
    if email.startswith("@") and ":" in email:  # an obsolete source route
        email = email.partition(":")[2]
    if not (_EMAIL.fullmatch(email) or _QUOTED_LOCAL.fullmatch(email)):
        return None
    local, _, domain = email.rpartition("@")
    return Address(_display_name(name, email), f"{local}@{domain.lower()}")


def _display_name(raw: str, email: str) -> str:
    """Encoded words are decoded only now, after the structure is known: a name cannot smuggle in an address."""
    name = re.sub(r"\\(.)", r"\1", raw.strip().strip(","))
    name = one_line(decode_words(name)[0]).strip("\"'() ")[:200].strip()
    return "" if name.casefold() == email.casefold() else name


def message_ids(value: bytes, limit: int) -> tuple[str, ...]:
    """The usable ids of a Message-ID, In-Reply-To or References value, oldest first, without angle brackets."""
    raw = charsets.clean(value.decode("utf-8", "replace"))
    found = _MESSAGE_ID.findall(raw) or [word for word in raw.split()[:limit] if "@" in word]
    ids = (_WHITESPACE.sub("", one).strip('<>[]"') for one in found)  # folded ids carry white space inside
    kept = list(dict.fromkeys(one for one in ids if _is_usable_id(one)))
    return tuple(kept[-limit:])


def _is_usable_id(value: str) -> bool:
    """`<[]>` and `<>` exist; an id that short is no one's own."""
    return 6 <= len(value) <= 500 and any(char.isalnum() for char in value)


def parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """The main value (lower case) and the parameters of a Content-Type or Content-Disposition."""
    holder = Message()
    # Latin-1 keeps every byte, so that a raw 8-bit file name can be decoded properly afterwards.
    holder["content-type"] = value[:4_096].decode("latin-1").replace("\r", " ").replace("\n", " ")
    try:
        found = holder.get_params(failobj=[])
    except (TypeError, ValueError, LookupError):  # contradictory RFC 2231 continuations
        found = [(value[:200].decode("latin-1").partition(";")[0], "")]
    result: dict[str, str] = {}
    for name, content in found[1:]:
        result.setdefault(name.lower(), _parameter_text(content))
    return (found[0][0].strip().lower() if found else ""), result


def _parameter_text(content: str | tuple[str | None, str | None, str]) -> str:
    if isinstance(content, tuple):
        charset, _, encoded = content
        return charsets.decode(encoded.encode("latin-1", "replace"), charset or "")[0]
    plain, _ = charsets.decode(content.encode("latin-1", "replace"))
    return decode_words(plain)[0]


def date(value: bytes, received_at: datetime) -> tuple[datetime, tuple[str, ...]]:
    """The sender's date, clamped to the receipt when it is missing, unreadable, later, or absurdly early."""
    try:
        sent = parsedate_to_datetime(value[:100].decode("ascii", "replace"))
        sent = (sent if sent.tzinfo else sent.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return received_at, ("date: missing" if not value.strip() else "date: unreadable",)
    if sent.year < _EARLIEST_YEAR:
        return received_at, ("date: absurdly early",)
    if sent > received_at:
        return received_at, ("date: later than the receipt",)
    return sent, ()
