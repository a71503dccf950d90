"""The cells of an import table, one by one: clean text, tags, and times in the spellings that files really use.

`Refused` says what is wrong with a value, and what to write instead.
"""

import re
from datetime import UTC, datetime, tzinfo
from typing import Any

# Longest value of a field; the body may be long, everything else is a name or a number.
_LENGTHS = {"body": 200_000, "subject": 500}
_USUAL_LENGTH = 250
_MAX_TAGS = 50
_EMAIL = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,189}")
_TAG_SEPARATOR = re.compile(r"[,;|]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
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


class Refused(ValueError):
    """A value, or its record, cannot be read; the text is for the report."""


def clean_time(field: str, value: Any, *, zone: tzinfo, day_first: bool | None) -> datetime | None:
    """A moment in UTC; `zone` is that of values without one, `day_first` what 03/04/2024 means."""
    text = clean_text(field, value)
    if not text:
        return None
    try:
        found = _parsed_time(text, day_first=day_first)
    except (ValueError, OverflowError, OSError) as error:
        advice = "write 2024-02-28 or 2024-02-28T14:30+01:00"
        raise Refused(
            f"{field} {_shown(text)} {error.args[0] if isinstance(error, Refused) else 'is no date'}: {advice}"
        ) from error
    found = found if found.tzinfo else found.replace(tzinfo=zone)
    if not 1970 <= found.year <= 2200:
        raise Refused(f"{field} {_shown(text)} lies outside the years 1970 to 2200")
    return found.astimezone(UTC)


def _parsed_time(text: str, *, day_first: bool | None) -> datetime:
    """ISO 8601, seconds since 1970, day-month-year in figures, or a month by its English name."""
    if text[4:5] == "-":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass  # perhaps one of the looser spellings below
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
            raise Refused("may be day-month or month-day")
        if month > 12 or (day <= 12 and day_first is False):
            day, month = month, day
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(found.group())
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    return datetime(int(year), month, day, hours, int(minute or 0), int(second_of_minute or 0))  # noqa: DTZ001


def guess_day_first(sample: bytes) -> bool | None:
    """What the file's own dates prove: a first figure above 12 is a day, a second one is."""
    pairs = re.findall(rb"(?<![\d/-])(\d{1,2})[/-](\d{1,2})[/-]\d{4}(?!\d)", sample)
    first, second = any(int(a) > 12 for a, _ in pairs), any(int(b) > 12 for _, b in pairs)
    return first if first != second else None


def clean_text(field: str, value: Any) -> str:
    """The value as clean text. Most cells are plain, and this runs ten times a record: they leave by the short way."""
    text = value.strip() if type(value) is str else _astext(field, value)
    if not text.isprintable() or "  " in text:
        text = _CONTROLS.sub("", text).replace("\r\n", "\n").strip()
        text = text if field == "body" else " ".join(text.split())
    if len(text) > _USUAL_LENGTH and len(text) > (limit := _LENGTHS.get(field, _USUAL_LENGTH)):
        raise Refused(f"{field} has {len(text):,} characters, more than {limit:,}")
    return text


def _astext(field: str, value: Any) -> str:
    if isinstance(value, dict | list):
        raise Refused(f"{field} must be one value, not a list or an object")
    return "" if value is None else str(value)


def clean_email(field: str, value: Any) -> str:
    email = clean_text(field, value)
    if email and not _EMAIL.fullmatch(email):
        raise Refused(f"{field} {_shown(email)} is not an e-mail address")
    return email


def clean_tags(value: Any) -> tuple[str, ...]:
    if not value:
        return ()
    parts = value if isinstance(value, list) else _TAG_SEPARATOR.split(str(value))
    found = tuple(dict.fromkeys(tag for part in parts[: _MAX_TAGS + 1] if (tag := clean_text("tags", part))))
    if len(found) > _MAX_TAGS:
        raise Refused(f"more than {_MAX_TAGS} tags")
    return found


def _shown(value: str) -> str:
    return f'"{value[:40]}{"…" if len(value) > 40 else ""}"'
