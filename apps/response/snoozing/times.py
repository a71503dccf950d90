"""Times to put something off until, as people say them. Pure; days are those of the moment's own zone."""

from datetime import UTC, date, datetime, time, timedelta

MORNING = time(8)


def times(at: datetime) -> dict[str, datetime]:
    """By name, the soonest first; none twice."""
    today = at.date()
    named = {
        "2h": (at.astimezone(UTC) + timedelta(hours=2))
        .astimezone(at.tzinfo)
        .replace(second=0, microsecond=0),
        "tomorrow": _morning(today + timedelta(days=1), at),
        "monday": _morning(today + timedelta(days=7 - today.weekday()), at),
        "week": _morning(today + timedelta(days=7), at),
    }
    first = {when: name for name, when in reversed(named.items())}
    return {name: when for name, when in named.items() if first[when] == name}


def _morning(day: date, at: datetime) -> datetime:
    return datetime.combine(day, MORNING, at.tzinfo)
