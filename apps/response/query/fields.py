"""The conditions one can ask for: their keys, what may follow each, and what a value means."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.response.query.tree import Term
from helpdesk.marked import Marked
from helpdesk.models import Channel, ContactType, Outcome, Severity, Status

STATES = (
    "open", "new", "waiting", "waiting-customer", "waiting-owner", "solved", "closed", "assigned", "unassigned",
    "coded", "uncoded", "overdue", "paused", "reopened", "merged", "replied", "unreplied", "snoozed", "back",
    "followed", "refused",
)  # fmt: skip
# What points further right know of a ticket, as it is at the moment.
PROMISES = ("due", "broken", "open")
REFERRALS = ("overdue", "open", "answered")
SORTS = ("due", "updated", "created", "oldest", "severity")
TIMES = ("created", "updated", "solved", "heard", "answered", "due")
_OR_NEVER = ("due", "answered")
_PAST = _("a time such as <2h, >7d, today, last-week, 2026-05-01 or 2026-05-01..2026-05-31")


def _one_of(values: Iterable[str]) -> Marked:
    return format_lazy(_("one of {values}"), values=", ".join(values))


# key -> what may follow it, as it is told to somebody who typed something else
VALUES: dict[str, Marked] = {
    "is": _one_of(STATES),
    "status": format_lazy(
        _("a category ({values}) or the key of an own state"), values=", ".join(Status.values)
    ),
    "assignee": _("a name or an address"),
    "department": _("the short name of a department"),
    "issue": _("a path such as billing/refund"),
    "owner": _("the short name of the department that owns the issue"),
    "product": _("the code of a product"),
    "customer": _("a name or an address"),
    "organisation": _("the name of an organisation"),
    "segment": _("a customer segment"),
    "region": _("a region"),
    "language": _("a code such as en or de"),
    "severity": _one_of(one.name.lower() for one in Severity),
    "channel": _one_of(Channel.values),
    "type": _one_of(ContactType.values),
    "outcome": _one_of(Outcome.values),
    "tag": _("a tag"),
    "has": _one_of(("attachment", "note")),
    "mentions": _("@me: notes that mention you"),
    "promise": _one_of(PROMISES),
    "referral": _one_of(REFERRALS),
    "created": _PAST,
    "updated": _PAST,
    "solved": _PAST,
    "heard": format_lazy(_("when the customer wrote last: {when}"), when=_PAST),
    "answered": format_lazy(_("when we replied last: {when}"), when=_PAST),
    "due": _("a time such as <1h, today, 2026-05-01 or none"),
    # The key of one of the desk's own fields belongs to the key: field.order-id:4711.
    "field": _(
        "(as in field.order-id:4711, field.order-id:47*, field.weight:>2.5 or field.bought:last-month) what stands in "
        "one of your own fields"
    ),
    "sort": _one_of(SORTS),
}
_OR_NONE = (
    "issue", "owner", "product", "organisation", "segment", "region", "language", "outcome", "tag", "answered", "field",
)  # fmt: skip
KEYS: dict[str, Marked] = {
    **{
        key: format_lazy(_("{value}, or none"), value=said) if key in _OR_NONE else said
        for key, said in VALUES.items()
    },
    "assignee": _("@me, none, a name or an address"),
}
OWN, ANY = "field.", "*"
SHORT = {"org": "organisation"}
CHOICES = {
    "is": STATES,
    "severity": tuple(one.name.lower() for one in Severity),
    "channel": tuple(Channel.values),
    "type": tuple(ContactType.values),
    "outcome": (*Outcome.values, "none"),
    "has": ("attachment", "note"),
    "mentions": ("@me",),
    "promise": PROMISES,
    "referral": REFERRALS,
    "sort": SORTS,
}
_AS_TYPED = ("customer", "organisation", "segment", "region", "tag")
MAX_VALUE = 200


def condition(token: str, key: str, value: str, *, at: datetime) -> Term | str:
    """The condition of one value, or why there is none."""
    key = SHORT.get(key, key)
    if key.startswith(OWN):
        value = value.strip()
        return _of_own(token, key, value, at) if 0 < len(value) <= MAX_VALUE else _wanting(key, "field")
    if key == "field":
        return gettext("name the field, %(known)s.") % {"known": KEYS["field"]}
    if key not in KEYS:
        known = ", ".join(KEYS)
        told = gettext("“%(key)s:” is not known. Known are %(known)s.") % {"key": key, "known": known}
        return _perhaps(key, KEYS, "{}:") + told
    value = value.strip() if key in _AS_TYPED else value.strip().lower()
    if not value or len(value) > MAX_VALUE or (key in CHOICES and value not in CHOICES[key]):
        return _perhaps(value, CHOICES.get(key, ()), key + ":{}") + _wanting(key, key)
    if key in TIMES and not (key in _OR_NEVER and value == "none"):
        return _timed(token, key, value, at)
    return Term(key, value, token, until=at) if key in ("promise", "referral") else Term(key, value, token)


def _of_own(token: str, key: str, value: str, at: datetime) -> Term:
    """What a value means is known where its field is; one that can be read as a time has its days as well."""
    try:
        since, until = _span(value.lower(), key, at)
    except ValueError:
        return Term(key, value, token)
    return Term(key, value, token, since, until)


def _perhaps(typed: str, known: Iterable[str], token: str) -> str:
    """What was meant, perhaps; empty where nothing is like it."""
    near = get_close_matches(typed, list(known), 1)
    return gettext("Did you mean “%(near)s”?") % {"near": token.format(near[0])} + " " if near else ""


def _wanting(key: str, of: str) -> str:
    return gettext("after “%(key)s:” comes %(known)s.") % {"key": key, "known": KEYS[of]}


# --- times ----------------------------------------------------------------------------------------------

Span = tuple[datetime | None, datetime | None]

_SIGNED = re.compile(r"(<=|>=|<|>)?(.+)", re.DOTALL)
_AGE = re.compile(r"(\d{1,4})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def _timed(token: str, key: str, value: str, at: datetime) -> Term | str:
    try:
        since, until = _span(value, key, at)
    except ValueError as error:
        return str(error) or _wanting(key, key)
    if since and until and since >= until:
        return gettext("the second time is not after the first.")
    return Term(key, value, token, since, until)


def _span(value: str, key: str, at: datetime) -> Span:
    """From when, and until before when. Raises ValueError, with the reason where there is a good one."""
    if ".." in value:
        first, _, last = value.partition("..")
        since = None if first in ("", ANY) else _moments(first, key, at)[0]
        until = None if last in ("", ANY) else _moments(last, key, at)[1]
        if since is None and until is None:
            raise ValueError
        return since, until
    match = _SIGNED.fullmatch(value)
    sign, named = (match[1] or "", match[2]) if match else ("", value)
    if age := _AGE.fullmatch(named):
        return _aged(sign, _length(age), key, at)
    since, until = _moments(named, key, at)
    return {
        "": (since, until),
        "<": (None, since),
        "<=": (None, until),
        ">": (until, None),
        ">=": (since, None),
    }[sign]


def _aged(sign: str, length: timedelta, key: str, at: datetime) -> Span:
    """Ages count back from now, due times forward: created:<2h is younger than two hours, due:<1h within the hour,
    what is overdue included."""
    if key == "due":
        return (at + length, None) if sign.startswith(">") else (None, at + length)
    return (None, at - length) if sign.startswith(">") else (at - length, None)


def _moments(named: str, key: str, at: datetime) -> tuple[datetime, datetime]:
    """The beginning and the end of a day, of days that have a name, or twice the moment of an age."""
    if age := _AGE.fullmatch(named):
        moment = at + _length(age) if key == "due" else at - _length(age)
        return moment, moment
    if named in _NAMED_DAYS:
        first, after = _NAMED_DAYS[named](at.date())
    else:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", named):
            raise ValueError
        try:
            first = date.fromisoformat(named)
            after = first + timedelta(days=1)
        except (ValueError, OverflowError) as error:
            raise ValueError(gettext("%(day)s is no day of any calendar.") % {"day": named}) from error
    # Days are those of the moment's own zone: whoever asks for "today" means theirs.
    return datetime.combine(first, time(), at.tzinfo), datetime.combine(after, time(), at.tzinfo)


def _length(age: re.Match[str]) -> timedelta:
    return timedelta(**{_UNITS[age[2]]: int(age[1])})


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date, ahead: int = 0) -> date:
    months = day.year * 12 + day.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)


_ONE, _SEVEN = timedelta(days=1), timedelta(days=7)
_NAMED_DAYS: dict[str, Callable[[date], tuple[date, date]]] = {
    "today": lambda day: (day, day + _ONE),
    "yesterday": lambda day: (day - _ONE, day),
    "tomorrow": lambda day: (day + _ONE, day + 2 * _ONE),
    "this-week": lambda day: (_week(day), _week(day) + _SEVEN),
    "last-week": lambda day: (_week(day) - _SEVEN, _week(day)),
    "this-month": lambda day: (_month(day), _month(day, 1)),
    "last-month": lambda day: (_month(day, -1), _month(day)),
}
