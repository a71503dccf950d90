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

_MAX_LINE = 1_000_000
_SAMPLE = 65_536
_MAX_TAGS = 50
# Longest value of a field; the body may be long, everything else is a name or a number.
_LENGTHS = {"body": 200_000, "subject": 500}
_USUAL_LENGTH = 250

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


class _Refused(ValueError):
    """One record cannot be read; the text is for the report."""


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
    reader = _Values(default_zone, _guess_day_first(sample) if day_first is None else day_first)
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
        except _Refused as refused:
            yield RefusedRow(number, str(refused))


def _json_record(line: str) -> dict[str, Any]:
    if len(line) >= _MAX_LINE:
        raise _Refused(f"the line is longer than {_MAX_LINE:,} bytes")
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise _Refused(f"not readable as JSON: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise _Refused("not readable as JSON: nested too deep, or a number too long") from error
    if not isinstance(record, dict):
        raise _Refused("a line must hold one JSON object, `{...}`")
    return record


@dataclass(frozen=True, slots=True)
class _Values:
    """Turns the cells of one record into checked values."""

    zone: tzinfo
    day_first: bool | None

    def row(self, line: int, cells: Mapping[str, Any]) -> Row | RefusedRow:
        try:
            return self._row(line, cells)
        except _Refused as refused:
            return RefusedRow(line, str(refused))

    def _row(self, line: int, cells: Mapping[str, Any]) -> Row:
        given = dict(cells)
        tags = _tags(given.pop("tags", ""))
        opened_at = self._time("opened_at", given.pop("opened_at", ""))
        occurred_at = self._time("occurred_at", given.pop("occurred_at", ""))
        texts = {field: _text(field, value) for field, value in given.items()}
        subject, body = texts.pop("subject", ""), texts.pop("body", "")
        if not subject and not body:
            raise _Refused("neither subject nor body: a ticket must say something")
        email = texts.get("customer_email", "")
        if email and not re.fullmatch(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,189}", email):
            raise _Refused(f"customer_email {_shown(email)} is not an e-mail address")
        if opened_at and occurred_at and occurred_at > opened_at:
            raise _Refused("occurred_at is later than opened_at: it cannot be reported before it happened")
        return Row(
            line=line,
            subject=subject or body.split("\n")[0][:200],
            body=body or subject,
            opened_at=opened_at,
            occurred_at=occurred_at,
            tags=tags,
            **texts,
        )

    def _time(self, field: str, value: Any) -> datetime | None:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        text = _text(field, value)
        if not text:
            return None
        try:
            found = _parsed_time(text, day_first=self.day_first)
        except (ValueError, OverflowError, OSError) as error:
            advice = "write 2024-02-28 or 2024-02-28T14:30+01:00"
            raise _Refused(
                f"{field} {_shown(text)} {error.args[0] if isinstance(error, _Refused) else 'is no date'}: {advice}"
            ) from error
        found = found if found.tzinfo else found.replace(tzinfo=self.zone)
        if not 1970 <= found.year <= 2200:
            raise _Refused(f"{field} {_shown(text)} lies outside the years 1970 to 2200")
        return found.astimezone(UTC)


_NUMERIC_DATE = re.compile(
    r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?"
)
_WORDED_FORMATS = (
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d-%b-%Y",
    "%d %b %Y %H:%M",
    "%a, %d %b %Y %H:%M:%S %z",
)


def _parsed_time(text: str, *, day_first: bool | None) -> datetime:
    """ISO 8601, seconds since 1970, day-month-year in figures, or a month by its English name."""
    if re.fullmatch(r"\d{9,10}(?:\.\d{1,9})?|\d{13}", text):
        return datetime.fromtimestamp(float(text) / (1000 if len(text) == 13 else 1), UTC)
    if found := _NUMERIC_DATE.fullmatch(text):
        return _figures(found, day_first=day_first)
    try:
        return datetime.fromisoformat(re.sub(r" (?:UTC|GMT|Z)$", "+00:00", text.replace("/", "-")))
    except ValueError:
        for pattern in _WORDED_FORMATS:
            try:
                return datetime.strptime(text, pattern)  # noqa: DTZ007  the caller knows the zone
            except ValueError:
                continue
        raise


def _figures(found: re.Match[str], *, day_first: bool | None) -> datetime:
    first, separator, second, year, hour, minute, second_of_minute, half = found.groups()
    day, month = int(first), int(second)
    if separator != ".":  # with dots the day always comes first
        if day <= 12 and month <= 12 and day != month and day_first is None:
            raise _Refused("may be day-month or month-day")
        if month > 12 or (day <= 12 and day_first is False):
            day, month = month, day
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(found.group())
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    return datetime(int(year), month, day, hours, int(minute or 0), int(second_of_minute or 0))  # noqa: DTZ001


def _guess_day_first(sample: bytes) -> bool | None:
    """What the file's own dates prove: a first figure above 12 is a day, a second one is."""
    pairs = re.findall(rb"(?<![\d/-])(\d{1,2})[/-](\d{1,2})[/-]\d{4}(?!\d)", sample)
    first, second = any(int(a) > 12 for a, _ in pairs), any(int(b) > 12 for _, b in pairs)
    return first if first != second else None


def _text(field: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        raise _Refused(f"{field} must be one value, not a list or an object")
    text = (
        re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", "", str(value)).replace("\r\n", "\n").strip()
    )
    limit = _LENGTHS.get(field, _USUAL_LENGTH)
    if len(text) > limit:
        raise _Refused(f"{field} has {len(text):,} characters, more than {limit:,}")
    return text if field == "body" else " ".join(text.split())


def _tags(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else re.split(r"[,;|]", str(value or ""))
    tags = tuple(dict.fromkeys(tag for part in parts[: _MAX_TAGS + 1] if (tag := _text("tags", part))))
    if len(tags) > _MAX_TAGS:
        raise _Refused(f"more than {_MAX_TAGS} tags")
    return tags


def _shown(value: str) -> str:
    return f'"{value[:40]}{"…" if len(value) > 40 else ""}"'
