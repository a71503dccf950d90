"""The parts of a mail: split by a loop, not by recursion, so that depth costs time only, and time is capped.

Leaves come in the order of the mail. A leaf inside `multipart/alternative` carries the number of the outermost such
group: its members say the same thing twice.
"""

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from apps.intake.mail import headers as fields
from apps.intake.mail.headers import Headers
from apps.intake.mail.letter import Limits

_GUESSED_BOUNDARY = re.compile(
    rb"^--([^\s-][^\r\n]{0,199}?)[ \t]*\r?\nContent-", re.MULTILINE | re.IGNORECASE
)
_UU_LINE = re.compile(
    r"^(?:begin(?:-base64)? [0-7]{3,4} (?P<name>\S.{0,199})|end)[ \t]*(?:\n|\Z)", re.MULTILINE
)
_BASE64_NOISE = 0.1  # share of foreign characters above which a body declared base64 is not


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part without children."""

    headers: Headers
    content_type: str
    charset: str
    flowed: bool
    disposition: str
    filename: str
    content_id: str
    content: bytes
    group: int | None


@dataclass(slots=True)
class Walk:
    """The state of one walk: what it found, what it had to give up, and how much it may still scan."""

    limits: Limits
    out_of_time: Callable[[], bool]
    leaves: list[Leaf] = field(default_factory=list)
    containers: set[str] = field(default_factory=set)
    defects: list[str] = field(default_factory=list)
    scanned: int = 0
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class _Pending:
    raw: bytes
    depth: int
    group: int | None
    default_type: str


def walk(raw: bytes, limits: Limits, out_of_time: Callable[[], bool]) -> tuple[Headers, Walk]:
    """All leaves of a mail. `Walk.stopped` says that time ran out."""
    state = Walk(limits, out_of_time)
    pending = [_Pending(raw, 0, None, "text/plain")]
    top: Headers | None = None
    groups = 0
    while pending:
        if len(state.leaves) + len(pending) > limits.parts:
            state.defects.append(f"more than {limits.parts} parts")
            break
        if out_of_time():
            state.stopped = True
            break
        part = pending.pop()
        headers, start, defects = fields.split(part.raw, limits)
        state.defects.extend(defects)
        top = headers if top is None else top
        content_type, params = _content_type(headers, part.default_type)
        body = part.raw[start:]
        if content_type.startswith("multipart/"):
            groups += 1
            children = _children(body, params.get("boundary", ""), headers, state)
            if children and part.depth < limits.depth:
                state.containers.add(content_type)
                group = part.group
                if group is None and content_type == "multipart/alternative":
                    group = groups
                default = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
                inner = [_Pending(child, part.depth + 1, group, default) for child in children]
                pending.extend(reversed(inner))
                continue
            if children:
                state.defects.append(f"nested deeper than {limits.depth}")
            content_type = "application/octet-stream" if children else "text/plain"
        state.leaves.append(_leaf(headers, content_type, params, body, part.group, state))
    return top or Headers(), state


def _content_type(headers: Headers, default: str) -> tuple[str, dict[str, str]]:
    value, params = fields.parameters(headers.first("content-type"))
    if re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}", value):
        return value, params
    return ("text/plain" if value else default), params


def _children(body: bytes, boundary: str, headers: Headers, state: Walk) -> list[bytes]:
    """The bodies between the delimiter lines; the text around them is for programs that know no MIME."""
    if headers.first("content-transfer-encoding").strip().lower() == b"base64":  # forbidden, and it happens
        body = fields.base64_bytes(body) if b"--" not in body[:2_000] else body
    mark = boundary.encode("utf-8", "replace")[:500]
    if not mark or b"--" + mark not in body:
        guessed = _GUESSED_BOUNDARY.search(body, 0, 100_000)
        state.defects.append("boundary: missing" if guessed else "boundary: missing, read as one text")
        if guessed is None:
            return []
        mark = guessed[1]
    return _between(body, mark, state)


def _between(body: bytes, mark: bytes, state: Walk) -> list[bytes]:
    state.scanned += len(body)
    if state.scanned > state.limits.scanned_bytes:
        state.defects.append("too much nesting for its size")
        return []
    delimiter = re.compile(rb"^--" + re.escape(mark) + rb"(--)?[ \t]*(?:\r?\n|\r?\Z)", re.MULTILINE)
    children: list[bytes] = []
    start: int | None = None
    for found in delimiter.finditer(body):
        if start is not None:
            children.append(body[start : found.start()].removesuffix(b"\n").removesuffix(b"\r"))
        start = None if found[1] else found.end()
        if found[1] or len(children) > state.limits.parts:
            break
    if start is not None and len(children) <= state.limits.parts:
        state.defects.append("boundary: never closed")
        children.append(body[start:])
    return children


def _leaf(
    headers: Headers, content_type: str, params: dict[str, str], body: bytes, group: int | None, state: Walk
) -> Leaf:
    disposition, more = fields.parameters(headers.first("content-disposition"))
    content, defects = _transferred(body, headers.first("content-transfer-encoding"))
    state.defects.extend(defects)
    ids = fields.message_ids(b"<" + headers.first("content-id").strip(b"<> ")[:500] + b">", 1)
    return Leaf(
        headers=headers,
        content_type=content_type,
        charset=params.get("charset", ""),
        flowed=params.get("format", "").lower() == "flowed",
        disposition=disposition,
        filename=more.get("filename") or params.get("name", ""),
        content_id=ids[0]
        if ids
        else fields.one_line(headers.first("content-id").decode("latin-1"))[:200].strip("<>"),
        content=content,
        group=group,
    )


def _transferred(body: bytes, encoding: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Undo the transfer encoding; a body that plainly is not in it stays as it is."""
    name = encoding.split(b";")[0].strip().lower()
    if name == b"base64":
        foreign = len(re.sub(rb"[A-Za-z0-9+/=\s]", b"", body[:20_000]))
        words = body[:20_000].strip().count(b" ")  # prose is all letters: its spaces betray it
        if foreign + words > _BASE64_NOISE * min(len(body), 20_000):
            return body, ("transfer encoding: declared base64, is not",)
        return fields.base64_bytes(body), ()
    if name == b"quoted-printable":
        return binascii.a2b_qp(body), ()
    if name in (b"x-uuencode", b"uuencode", b"x-uue"):
        return uudecode(body.decode("latin-1")), ()
    if name in (b"", b"7bit", b"8bit", b"binary"):
        return body, ()
    return body, ("transfer encoding: unknown",)


def take_uuencoded(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Files that were uuencoded into a text, and the text without them."""
    kept: list[str] = []
    files: list[tuple[str, bytes]] = []
    position = 0
    begin: re.Match[str] | None = None
    for line in _UU_LINE.finditer(text):
        if line["name"]:
            begin = line
        elif begin is not None:
            content = uudecode(text[begin.end() : line.start()])
            if content:
                files.append((begin["name"].strip(), content))
                kept.append(text[position : begin.start()])
                position = line.end()
            begin = None
    return "".join([*kept, text[position:]]), files


def uudecode(text: str) -> bytes:
    out: list[bytes] = []
    for line in text.splitlines():
        if not line.strip(" `"):
            continue
        try:
            out.append(binascii.a2b_uu(line.encode("latin-1", "replace")))
        except binascii.Error:  # mailers strip or add spaces at the end of a line: believe its length byte
            needed = ((ord(line[0]) - 32) & 63) * 4 // 3 + 2
            try:
                out.append(binascii.a2b_uu(line[: needed + 1].encode("latin-1", "replace")))
            except binascii.Error:
                continue
    return b"".join(out)
