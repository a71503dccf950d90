"""Days off out of a calendar file (RFC 5545): whole days, with their names.

Method: unfold the lines, take each VEVENT, read DTSTART, DTEND (the day after the last), DURATION in days or weeks,
SUMMARY and RRULE. What repeats each year on its date is written out for `YEARS` years; every other rule, and every
event with a time of day, is not taken but named with the reason: a day that is off by mistake costs a customer a
day, and one that is missing is seen in the preview.

Limits: 1 MB, 2,000 days, 31 days an event; no RDATE, and VTIMEZONE is not needed for whole days.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext

MOST_CHARACTERS, MOST_DAYS, LONGEST = 1_000_000, 2_000, 31
YEARS = 5  # a rule without an end is written out for so long
NAME = 120


@dataclass(frozen=True)
class DayOff:
    day: date
    name: str


@dataclass(frozen=True)
class NotTaken:
    """An event that was left out, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Reading:
    days: tuple[DayOff, ...]
    not_taken: tuple[NotTaken, ...]


class _Unclear(ValueError):
    """Said of one event, in words for people."""


def read(text: str, *, today: date) -> Reading:
    """The days off in a file, in order, each day once; days that are over by a year are left out without a word."""
    if len(text) > MOST_CHARACTERS:
        return Reading((), (NotTaken(gettext("The file"), gettext("It is larger than 1 MB.")),))
    events = list(_events(text))
    if not events:
        return Reading(
            (),
            (
                NotTaken(
                    gettext("The file"), gettext("It holds no event: a calendar file has lines BEGIN:VEVENT.")
                ),
            ),
        )
    days: dict[date, str] = {}
    left_out = []
    for event in events:
        name = _name(event)
        try:
            found = _days(event, today)
        except _Unclear as reason:
            left_out.append(NotTaken(name, str(reason)))
            continue
        for day in found:
            if day >= today - timedelta(days=366):
                days.setdefault(day, name)
    kept = sorted(days.items())
    if len(kept) > MOST_DAYS:
        left_out.append(
            NotTaken(
                gettext("The file"),
                gettext("Only its first %(most_days)s days were taken.") % {"most_days": MOST_DAYS},
            )
        )
    return Reading(tuple(DayOff(day, name) for day, name in kept[:MOST_DAYS]), tuple(left_out))


def _events(text: str) -> Iterator[dict[str, tuple[str, str]]]:
    """Each event as name -> (parameters, value); what is inside an alarm is not the event's."""
    lines = re.sub(r"\r?\n[ \t]", "", text.replace("\ufeff", "")).splitlines()
    event: dict[str, tuple[str, str]] | None = None
    inside = 0
    for line in lines:
        head, _, value = line.partition(":")
        name, _, parameters = head.partition(";")
        match name.strip().upper(), value.strip().upper():
            case "BEGIN", "VEVENT":
                event, inside = {}, 0
            case "END", "VEVENT":
                if event is not None:
                    yield event
                event = None
            case "BEGIN", _:
                inside += 1
            case "END", _:
                inside -= 1
            case key, _ if event is not None and not inside:
                event.setdefault(key, (parameters.upper(), value.strip()))


def _name(event: dict[str, tuple[str, str]]) -> str:
    text = event.get("SUMMARY", ("", ""))[1]
    text = re.sub(r"\\([\\;,])", r"\1", re.sub(r"\\[nN]", " ", text)).strip()
    return text[:NAME] or gettext("An event without a name")


def _days(event: dict[str, tuple[str, str]], today: date) -> list[date]:
    if event.get("STATUS", ("", ""))[1].upper() == "CANCELLED":
        raise _Unclear(gettext("It was cancelled."))
    first = _date(event, "DTSTART")
    length = _length(event, first)
    if length < 1:
        raise _Unclear(gettext("It ends before it begins."))
    if length > LONGEST:
        raise _Unclear(
            gettext("It lasts %(length)s days; at most %(longest)s are taken.")
            % {"length": length, "longest": LONGEST}
        )
    starts = _yearly(event, first, today) if "RRULE" in event else [first]
    without = _dates(event.get("EXDATE", ("", ""))[1])
    return [start + timedelta(days=n) for start in starts if start not in without for n in range(length)]


def _date(event: dict[str, tuple[str, str]], key: str) -> date:
    if key not in event:
        raise _Unclear(gettext("It has no date."))
    value = event[key][1]
    if "T" in value.upper():
        raise _Unclear(gettext("It has a time of day; only whole days are days off."))
    return _day(value)


def _day(value: str) -> date:
    try:
        return (
            date(int(value[:4]), int(value[4:6]), int(value[6:8]))
            if re.fullmatch(r"\d{8}", value)
            else _no(value)
        )
    except ValueError as error:
        raise _Unclear(gettext("%(value)s is no date.") % {"value": f"{value[:20]!r}"}) from error


def _no(value: str) -> date:
    raise ValueError(value)


def _length(event: dict[str, tuple[str, str]], first: date) -> int:
    if "DTEND" in event:
        return (_date(event, "DTEND") - first).days or 1  # some programs write the same day twice
    if "DURATION" not in event:
        return 1
    found = re.fullmatch(r"P(?:(\d{1,3})W)?(?:(\d{1,3})D)?", event["DURATION"][1].upper())
    if not found or not any(found.groups()):
        raise _Unclear(gettext("Its duration is not in whole days."))
    return int(found[1] or 0) * 7 + int(found[2] or 0)


def _dates(value: str) -> set[date]:
    return {_day(part[:8]) for part in value.split(",") if part.strip()}


def _yearly(event: dict[str, tuple[str, str]], first: date, today: date) -> list[date]:
    """The dates of a rule that repeats each year on its date; any other rule is not understood."""
    rule = dict(part.split("=", 1) for part in event["RRULE"][1].upper().split(";") if "=" in part)
    others = set(rule) - {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY"}
    same = rule.get("BYMONTH", str(first.month)) == str(first.month)
    same = same and rule.get("BYMONTHDAY", str(first.day)) == str(first.day)
    if rule.get("FREQ") != "YEARLY" or rule.get("INTERVAL", "1") != "1" or others or not same:
        raise _Unclear(gettext("It repeats by a rule that is not read; only “each year on its date” is."))
    last = _day(rule["UNTIL"][:8]) if "UNTIL" in rule else date(today.year + YEARS, 12, 31)
    count = int(rule["COUNT"]) if rule.get("COUNT", "").isdecimal() else None
    found: list[date] = []
    for year in range(first.year, min(last.year, today.year + YEARS) + 1):
        try:
            day = first.replace(year=year)
        except ValueError:
            continue  # 29 February
        if day <= last and (count is None or len(found) < count):
            found.append(day)
    return found
