"""Tickets from a table: CSV in any usual dialect, or one JSON object a line, read as a stream.

Each record comes out as a `Row` with checked values, or as a `RefusedRow` with its line and a reason that tells the
person what to write instead. One bad record never stops the rest. Memory stays flat: a line is capped, and so is a
cell (the 131,072 characters of the csv module, which also end a quotation mark that nobody closed).
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, BinaryIO

from apps.intake.cells import Refused, clean_email, clean_tags, clean_text, clean_time, guess_day_first

_MAX_LINE = 1_000_000
_SAMPLE = 65_536
# Field -> header names that mean it, without case, blanks and punctuation; the first that a file has wins.
_KNOWN_HEADERS: dict[str, tuple[str, ...]] = {
    "external_id": ("externalid", "ticketid", "ticketnumber", "caseid", "casenumber", "ticketnr", "key",
                    "issuekey", "id"),
    "subject": ("subject", "title", "summary", "ticketsubject", "headline", "betreff", "objet", "asunto"),
    "body": ("body", "description", "message", "text", "complaint", "narrative", "consumercomplaintnarrative",
             "content", "comment", "details", "nachricht", "verbatim"),
    "customer_email": ("customeremail", "requesteremail", "email", "emailaddress", "from", "contactemail",
                       "reporteremail"),
    "customer_name": ("customername", "requestername", "requester", "customer", "name", "contactname",
                      "reporter", "fullname"),
    "opened_at": ("openedat", "createdat", "created", "createdtime", "datecreated", "opened", "reportedat", "received",
                  "receivedat", "datereceived", "timestamp", "date", "datum"),
    "occurred_at": ("occurredat", "occurred", "happenedat", "incidentdate", "eventdate", "dateofincident"),
    "issue": ("issue", "issuecode", "category", "reason", "topic", "classification", "label", "reasoncode"),
    "product": ("product", "productname", "productcode", "sku", "item"),
    "channel": ("channel", "source", "via", "submittedvia", "origin", "medium"),
    "severity": ("severity", "priority", "urgency", "impact"),
    "department": ("department", "team", "group", "assignedgroup", "queue"),
    "status": ("status", "state", "ticketstatus"),
    "region": ("region", "country", "state/province", "area", "territory", "location"),
    "segment": ("segment", "customersegment", "tier", "customertier", "plan", "accounttype"),
    "contact_type": ("contacttype", "type", "tickettype", "issuetype", "requesttype"),
    "tags": ("tags", "labels", "keywords"),
}  # fmt: skip
FIELDS = tuple(_KNOWN_HEADERS)


@dataclass(frozen=True, slots=True)
class Row:
    """One record that can become a ticket. Empty means not given; codes and names are resolved by the caller."""

    line: int
    subject: str
    body: str
    opened_at: datetime | None = None
    occurred_at: datetime | None = None
    customer_email: str = ""
    customer_name: str = ""
    issue: str = ""
    product: str = ""
    channel: str = ""
    severity: str = ""
    department: str = ""
    status: str = ""
    external_id: str = ""
    region: str = ""
    segment: str = ""
    contact_type: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    line: int
    reason: str


class UnreadableTable(ValueError):
    """The file as a whole cannot be read; the text says why."""


def guess_map(headers: Iterable[str]) -> dict[str, str]:
    """Header -> ticket field, for the headers whose meaning is known. Each field is taken once."""
    by_meaning: dict[str, str] = {}
    for header in headers:
        by_meaning.setdefault(_meaning(header), header)
    found: dict[str, str] = {}
    for field, names in _KNOWN_HEADERS.items():
        free = [by_meaning[name] for name in names if name in by_meaning and by_meaning[name] not in found]
        if free:
            found[free[0]] = field
    return found


def _meaning(header: str) -> str:
    return re.sub(r"[\W_]+", "", header.casefold())


def read_rows(
    stream: BinaryIO,
    column_map: Mapping[str, str] | None = None,
    *,
    default_zone: tzinfo = UTC,
    day_first: bool | None = None,
) -> Iterator[Row | RefusedRow]:
    """Each record of a CSV or JSON-lines file, in order. Raises UnreadableTable before the first one.

    `column_map` is header -> field of `FIELDS`; without it the headers are guessed. `default_zone` is that of times
    without one. `day_first` settles what 03/04/2024 means; None looks for a day above 12 in the file's first lines.
    """
    unknown = sorted(set((column_map or {}).values()) - set(FIELDS))
    if unknown:
        raise UnreadableTable(f"The column map names unknown fields: {', '.join(unknown)}.")
    buffered = io.BufferedReader(stream) if isinstance(stream, io.RawIOBase) else stream
    sample = _read_up_to(buffered, _SAMPLE)
    if not sample.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise UnreadableTable("The file is empty.")
    lines = _lines(_Rejoined(sample, buffered), sample)
    reader = _Values(default_zone, guess_day_first(sample) if day_first is None else day_first)
    if sample.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_rows(lines, column_map, reader)
    if sample.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        raise UnreadableTable(
            "This is a JSON list. Write one JSON object a line, without the brackets around them."
        )
    return _csv_rows(lines, sample, column_map, reader)


def _read_up_to(stream: BinaryIO, size: int) -> bytes:
    """A pipe gives what it has: ask until the sample is full or the stream ends."""
    chunks: list[bytes] = []
    while size > 0 and (chunk := stream.read(size)):
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)


class _Rejoined(io.RawIOBase):
    """The sample and the rest of a stream that may not be rewound."""

    def __init__(self, sample: bytes, rest: BinaryIO) -> None:
        self._sample = io.BytesIO(sample)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._sample.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _lines(stream: io.RawIOBase, sample: bytes) -> Iterator[str]:
    """Lines as text: UTF-16 by its mark, else UTF-8, else (line by line, a file may be mixed) Windows-1252."""
    source = io.BufferedReader(stream, 1 << 18)
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield from (
            line.replace("\x00", "")
            for line in io.TextIOWrapper(source, "utf-16", errors="replace", newline="")
        )
        return
    first = True
    while raw := source.readline(_MAX_LINE):
        if len(raw) == _MAX_LINE and not raw.endswith(b"\n"):
            while (more := source.readline(_MAX_LINE)) and not more.endswith(b"\n"):
                pass  # the cap on a cell refuses what was kept of this line
        raw = raw.replace(b"\x00", b"")
        try:
            line = raw.decode("utf-8-sig" if first else "utf-8")
        except UnicodeDecodeError:
            line = raw.decode("cp1252", "replace")
        first = False
        yield line


def _csv_rows(
    lines: Iterator[str], sample: bytes, column_map: Mapping[str, str] | None, values: "_Values"
) -> Iterator[Row | RefusedRow]:
    reader = csv.reader(lines, delimiter=_delimiter(sample))
    try:
        headers = [header.strip() for header in next(reader)]
    except (csv.Error, StopIteration) as error:
        raise UnreadableTable("The first line cannot be read as column names.") from error
    fields = _checked_map(column_map, headers)
    return _csv_records(reader, headers, fields, values)


def _checked_map(column_map: Mapping[str, str] | None, headers: list[str]) -> dict[str, str]:
    fields = dict(column_map) if column_map is not None else guess_map(headers)
    missing = sorted(set(fields) - set(headers))
    if missing:
        raise UnreadableTable(f"The file has no column named {', '.join(missing)}.")
    if not {"subject", "body"} & set(fields.values()):
        raise UnreadableTable(
            f"No column says what the ticket is about: map one of {', '.join(headers[:20])} to subject or body."
        )
    return fields


def _csv_records(
    reader: Any, headers: list[str], fields: dict[str, str], values: "_Values"
) -> Iterator[Row | RefusedRow]:
    """`reader` is a csv reader: after an error it goes on with the next line."""
    columns = [
        (headers.index(header), field) for header, field in fields.items()
    ]  # of equal headers the first
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = "a cell is longer than 131,072 characters, or its quotation mark is never closed"
            yield RefusedRow(
                line, reason if "field larger" in str(error) else f"not readable as CSV: {error}"
            )
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(headers):
            yield RefusedRow(
                line,
                f"{len(cells)} cells, but {len(headers)} columns: a cell with the separator needs quotes",
            )
            continue
        yield values.row(line, {field: cells[index] for index, field in columns if index < len(cells)})


def _delimiter(sample: bytes) -> str:
    """The separator that the header line has most of, outside quotes; a comma when it has none."""
    codec = "utf-16" if sample.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    first = sample.decode(codec, "replace").lstrip("\ufeff\r\n").partition("\n")[0]
    unquoted = re.sub(r'"[^"]*"', "", first)
    return max(",;\t|", key=unquoted.count)


def _json_rows(
    lines: Iterator[str], column_map: Mapping[str, str] | None, values: "_Values"
) -> Iterator[Row | RefusedRow]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = _json_record(line)
            fields = dict(column_map) if column_map is not None else guess_map(record)
            yield values.row(number, {fields[key]: value for key, value in record.items() if key in fields})
        except Refused as refused:
            yield RefusedRow(number, str(refused))


def _json_record(line: str) -> dict[str, Any]:
    if len(line) >= _MAX_LINE:
        raise Refused(f"the line is longer than {_MAX_LINE:,} bytes")
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise Refused(f"not readable as JSON: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise Refused("not readable as JSON: nested too deep, or a number too long") from error
    if not isinstance(record, dict):
        raise Refused("a line must hold one JSON object, `{...}`")
    return record


@dataclass(frozen=True, slots=True)
class _Values:
    """Turns the cells of one record into checked values."""

    zone: tzinfo
    day_first: bool | None

    def row(self, line: int, cells: Mapping[str, Any]) -> Row | RefusedRow:
        try:
            return self._row(line, cells)
        except Refused as refused:
            return RefusedRow(line, str(refused))

    def _row(self, line: int, cells: Mapping[str, Any]) -> Row:
        given = dict(cells)
        tags = clean_tags(given.pop("tags", ""))
        opened_at, occurred_at = (
            clean_time(field, given.pop(field, ""), zone=self.zone, day_first=self.day_first)
            for field in ("opened_at", "occurred_at")
        )
        email = clean_email("customer_email", given.pop("customer_email", ""))
        texts = {field: clean_text(field, value) for field, value in given.items()}
        subject, body = texts.pop("subject", ""), texts.pop("body", "")
        if not subject and not body:
            raise Refused("neither subject nor body: a ticket must say something")
        if opened_at and occurred_at and occurred_at > opened_at:
            raise Refused("occurred_at is later than opened_at: it cannot be reported before it happened")
        return Row(
            line=line,
            subject=subject or body.split("\n")[0][:200],
            body=body or subject,
            opened_at=opened_at,
            occurred_at=occurred_at,
            customer_email=email,
            tags=tags,
            **texts,
        )
