"""From raw bytes to a `Letter`: the one function that any mail may be given."""

# ruff: noqa: SIM905  a paragraph of words is easier to read and to extend than a list of strings

import mimetypes
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import TypeVar

from apps.intake.mail import charsets, html, parts
from apps.intake.mail import headers as fields
from apps.intake.mail.headers import Headers
from apps.intake.mail.letter import Address, Attachment, Letter, Limits
from apps.intake.mail.parts import Leaf, Walk
from helpdesk.sentences import Words, said

_T = TypeVar("_T")
_KNOWN_FIELDS = frozenset(
    """from to cc subject date message-id received return-path reply-to sender in-reply-to references
    mime-version content-type delivered-to""".split()
)
_MARKS = {
    "application/ms-tnef": "tnef",
    "application/vnd.ms-tnef": "tnef",
    "text/calendar": "calendar",
    "application/ics": "calendar",
    "application/pkcs7-mime": "smime",
    "application/x-pkcs7-mime": "smime",
    "application/pkcs7-signature": "smime",
    "application/x-pkcs7-signature": "smime",
    "application/pgp-encrypted": "pgp",
    "application/pgp-signature": "pgp",
}
_USUAL_NAMES = {
    "application/ms-tnef": "winmail.dat",
    "text/calendar": "invite.ics",
    "message/rfc822": "message.eml",
    "message/delivery-status": "delivery-status.txt",
    "text/rfc822-headers": "headers.txt",
    "application/pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/pgp-signature": "signature.asc",
}
_EXTENSIONS = mimetypes.MimeTypes()  # its own table: the same names on every machine
_NOT_IN_NAMES = re.compile(r"[/\\:*?\"<>|\x00-\x1f\x7f]")
_MAX_NAME = 120
_SHOWN_HEADERS = 200
_SHOWN_HEADER_CHARS = 2_000


def read(
    raw: bytes,
    *,
    received_at: datetime,
    limits: Limits | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Letter:
    """Read one mail. Never raises, whatever the bytes are: what cannot be read comes back with `unreadable` set.

    `received_at` (aware) bounds the sender's date. `clock` measures the time limit only; it is no wall clock.
    """
    limits = limits or Limits()
    deadline = clock() + limits.seconds
    oversized = len(raw) > limits.total_bytes
    prepared = _line_ends(raw[: limits.header_value_bytes * 4] if oversized else raw)
    headers, walk = parts.walk(prepared, limits, lambda: clock() > deadline)
    body = _Body(walk, limits)
    if not oversized:
        body.collect(lambda: clock() > deadline)
    return _letter(raw, headers, body, received_at, limits, oversized)


def _line_ends(raw: bytes) -> bytes:
    """Old Macs and broken scripts end lines with a lone carriage return."""
    raw = raw.lstrip(b"\r\n")
    return raw.replace(b"\r", b"\n") if b"\n" not in raw and b"\r" in raw else raw


def _letter(
    raw: bytes, headers: Headers, body: "_Body", received_at: datetime, limits: Limits, oversized: bool
) -> Letter:
    defects = list(body.walk.defects)

    def noted(result: tuple[_T, tuple[str, ...]]) -> _T:
        defects.extend(result[1])
        return result[0]

    own_ids = fields.message_ids(b" ".join(headers.every("message-id")), limits.references)
    if len(own_ids) > 1:
        defects.append("message id: several")
    elif not own_ids:
        defects.append("message id: none usable")
    listed = {name: noted(_listed(headers, name, limits)) for name in ("from", "reply-to", "to", "cc")}
    subject = noted(fields.text(headers.first("subject"), limits.subject_chars))
    if len(headers.first("subject")) > 4 * limits.subject_chars:
        defects.append("subject: cut")
    sent_at = noted(fields.date(headers.first("date"), received_at))
    text, page, attachments = body.settled()
    unreadable = _why_unreadable(raw, headers, body, limits, oversized)
    return Letter(
        message_id=own_ids[0] if len(own_ids) == 1 else "",
        message_ids=own_ids,
        in_reply_to=_ids(headers, "in-reply-to", limits),
        references=_ids(headers, "references", limits),
        subject=subject,
        sender=_sender(listed["from"], headers),
        reply_to=listed["reply-to"],
        to=listed["to"],
        cc=listed["cc"],
        date=sent_at,
        text=text,
        html=page,
        attachments=attachments,
        headers=tuple(_shown(headers)),
        marks=tuple(sorted(body.marks)),
        defects=tuple(dict.fromkeys([*defects, *body.defects])),
        unreadable=unreadable,
    )


def _ids(headers: Headers, name: str, limits: Limits) -> tuple[str, ...]:
    return fields.message_ids(b" ".join(headers.every(name)), limits.references)


def _listed(headers: Headers, name: str, limits: Limits) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    return fields.addresses(b", ".join(value for value in headers.every(name) if value), limits.addresses)


def _sender(authors: tuple[Address, ...], headers: Headers) -> Address | None:
    """From; where a broken relay left none, Sender."""
    return next(iter(authors or fields.addresses(headers.first("sender"), 1)[0]), None)


def _shown(headers: Headers) -> Iterable[tuple[str, str]]:
    for name, value in headers.fields[:_SHOWN_HEADERS]:
        yield name, fields.text(value[: 4 * _SHOWN_HEADER_CHARS], _SHOWN_HEADER_CHARS)[0]


def _why_unreadable(raw: bytes, headers: Headers, body: "_Body", limits: Limits, oversized: bool) -> Words:
    if not raw.strip(b"\r\n\t \x00"):
        return said("The message is empty.")
    if oversized:
        return said("The message is larger than %(megabytes)s MB.", megabytes=limits.total_bytes // 1_000_000)
    if body.walk.stopped:
        return said("Reading the message took more than %(seconds)s seconds.", seconds=f"{limits.seconds:g}")
    if not any(name in _KNOWN_FIELDS for name, _ in headers.fields):
        return said("This is not a mail: it has no mail header.")
    return ""


@dataclass(slots=True)
class _Said:
    """One stretch of the body; in an alternative the same words twice, as text and as HTML."""

    text: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)


class _Body:
    """Sorts the leaves into what is said and what is attached."""

    def __init__(self, walk: Walk, limits: Limits) -> None:
        self.walk = walk
        self.limits = limits
        self.said: dict[object, _Said] = {}
        self.files: list[Attachment] = []
        self.marks: set[str] = set()
        self.defects: list[str] = []
        self._names: set[str] = set()
        self._room = limits.text_chars

    def collect(self, out_of_time: Callable[[], bool]) -> None:
        if "multipart/encrypted" in self.walk.containers:
            self.marks.add("pgp")
        for number, leaf in enumerate(self.walk.leaves):
            if out_of_time():
                self.walk.stopped = True
                return
            if mark := _MARKS.get(leaf.content_type):
                self.marks.add(mark)
            if _is_said(leaf):
                self._say(leaf, number)
            elif leaf.content or leaf.filename:
                self._attach(leaf.filename, leaf.content_type, leaf.content, leaf.content_id)

    def _say(self, leaf: Leaf, number: int) -> None:
        if self._room <= 0:
            self.defects.append("body: cut")
            return
        content, defects = charsets.decode(leaf.content[: 4 * self._room], _charset(leaf))
        self.defects.extend(defects)
        if len(content) > self._room:
            self.defects.append("body: cut")
            content = content[: self._room]
        self._room -= len(content)
        said = self.said.setdefault(leaf.group if leaf.group is not None else (number,), _Said())
        if leaf.content_type == "text/html":
            self._say_html(said, content)
        else:
            self._say_text(said, _unflowed(content) if leaf.flowed else content)

    def _say_text(self, said: _Said, content: str) -> None:
        kept, files = parts.take_uuencoded(content)
        for name, data in files:
            self.marks.add("uuencode")
            self._attach(name, "application/octet-stream", data, "")
        if "-----BEGIN PGP " in kept:
            self.marks.add("pgp")
        said.text.append(kept.strip("\n"))

    def _say_html(self, said: _Said, content: str) -> None:
        if len(content) > self.limits.html_chars or html.is_too_tangled(content):
            self.defects.append("html: too large or too tangled, kept as text")
            said.text.append(html.strip_tags(content))
        else:
            said.html.append(html.sanitise(content))

    def _attach(self, name: str, content_type: str, content: bytes, content_id: str) -> None:
        if len(self.files) >= self.limits.attachments:
            self.defects.append(f"more than {self.limits.attachments} attachments")
            return
        safe = _unique(_file_name(name, content_type, len(self.files) + 1), self._names)
        self.files.append(Attachment(safe, content_type, content, content_id))

    def settled(self) -> tuple[str, str, tuple[Attachment, ...]]:
        """The whole text, the whole HTML (empty when nothing was HTML), and the files, inline ones marked."""
        stretches = [(_first_words(said), said) for said in self.said.values()]
        text = "\n\n".join(words for words, _ in stretches if words.strip())
        page = ""
        if any(said.html for _, said in stretches):
            page = "\n".join("\n".join(said.html) or _as_html(words) for words, said in stretches)
        shown = html.content_ids(page)
        files = [
            Attachment(one.name, one.content_type, one.content, one.content_id, inline=True)
            if one.content_id and one.content_id in shown and one.content_type.startswith("image/")
            else one
            for one in self.files
        ]
        return text, page, tuple(files)


def _is_said(leaf: Leaf) -> bool:
    return (
        leaf.content_type in ("text/plain", "text/html", "text/enriched", "text/markdown")
        and leaf.disposition != "attachment"
        and not leaf.filename
    )


def _charset(leaf: Leaf) -> str:
    """The declared charset; an HTML page may declare its own when the part does not."""
    if leaf.charset or leaf.content_type != "text/html":
        return leaf.charset
    found = re.search(
        rb"<meta[^>]{0,200}?charset=[\"']?([A-Za-z0-9._-]{2,40})", leaf.content[:4_000], re.IGNORECASE
    )
    return found[1].decode("ascii") if found else ""


def _unflowed(text: str) -> str:
    """RFC 3676: a line that ends in a space goes on in the next, at the same depth of quoting."""
    paragraphs: list[tuple[int, list[str]]] = []
    soft = False
    for raw_line in text.split("\n"):
        content = raw_line.lstrip(">")
        depth = len(raw_line) - len(content)
        line = content.removeprefix(" ")
        if soft and paragraphs[-1][0] == depth and line != "-- ":
            paragraphs[-1][1].append(line)
        else:
            paragraphs.append((depth, [line]))
        soft = line.endswith(" ") and line != "-- "
    return "\n".join(">" * depth + (" " if depth else "") + "".join(lines) for depth, lines in paragraphs)


def _first_words(said: _Said) -> str:
    """The text version; where it is blank, the words of the HTML."""
    text = "\n".join(said.text)
    return text if text.strip() else "\n".join(html.to_text(page) for page in said.html)


def _as_html(words: str) -> str:
    return "<p>" + escape(words).replace("\n", "<br>") + "</p>" if words.strip() else ""


def _file_name(name: str, content_type: str, number: int) -> str:
    """A name that is a name only: no path, no control or direction character, no dot in front, not too long."""
    clean = _NOT_IN_NAMES.sub("_", fields.one_line(name).replace("\\", "/").rpartition("/")[2]).strip(". ")
    if not clean:
        return (
            _USUAL_NAMES.get(content_type)
            or f"attachment-{number}{_EXTENSIONS.guess_extension(content_type) or '.bin'}"
        )
    stem, dot, extension = clean.rpartition(".")
    if len(clean) <= _MAX_NAME:
        return clean
    return f"{stem[: _MAX_NAME - 21]}.{extension[:20]}" if dot and stem else clean[:_MAX_NAME]


def _unique(name: str, taken: set[str]) -> str:
    stem, dot, extension = name.rpartition(".")
    stem, extension = (stem, dot + extension) if dot and stem else (name, "")
    candidate, number = name, 2
    while candidate.casefold() in taken:
        candidate, number = f"{stem} ({number}){extension}", number + 1
    taken.add(candidate.casefold())
    return candidate
