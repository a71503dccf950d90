"""The kinds of news there are for colleagues, and how each reaches them unless they chose otherwise. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from helpdesk.marked import Marked

MORNING = 8


class Way(StrEnum):
    """When a letter leaves."""

    NEVER = "never"
    NOW = "now"
    HOURLY = "hourly"
    DAILY = "daily"


WAYS: Mapping[Way, Marked] = {
    Way.NEVER: _("No mail"),
    Way.NOW: _("At once"),
    Way.HOURLY: _("Once an hour"),
    Way.DAILY: _("Once a day"),
}


@dataclass(frozen=True)
class Choice:
    """How somebody hears of one kind."""

    in_app: bool
    mail: Way


@dataclass(frozen=True)
class Kind:
    """A kind of news."""

    label: Marked
    usual: Choice


_BOTH, _PAGES = Choice(in_app=True, mail=Way.NOW), Choice(in_app=True, mail=Way.NEVER)

KINDS: Mapping[str, Kind] = {
    "assigned": Kind(_("A ticket is given to me"), _PAGES),
    "answered": Kind(_("A customer writes on my ticket"), _PAGES),
    "mentioned": Kind(_("A note mentions me"), _BOTH),
    "followed": Kind(_("Something happens on a ticket I follow"), _BOTH),
    "look": Kind(_("A rule wants me to look"), _BOTH),
    "clock": Kind(_("A promise of time runs out, or is broken"), _BOTH),
    "promise": Kind(_("What a customer was promised is due, or late"), _BOTH),
    "approval": Kind(_("An approval is asked of me, or answered"), _BOTH),
    "referral": Kind(_("A question to a department comes, or is answered"), _BOTH),
    "side": Kind(_("Somebody outside answers in a side conversation"), _BOTH),
    "task": Kind(_("A task is given to me, or is due"), _BOTH),
    "snooze": Kind(_("A ticket I put off is back"), _BOTH),
    "undelivered": Kind(_("My answer did not leave or arrive"), _BOTH),
    "case": Kind(_("A root-cause case waits for me"), _BOTH),
    "suggestion": Kind(_("What becomes of my suggestion"), _BOTH),
    "training": Kind(_("A course is given to me"), _PAGES),
    "article": Kind(_("An article of mine is sent back or published"), _BOTH),
    "rule": Kind(_("A rule of mine was switched off"), _BOTH),
}
LABELS = {name: kind.label for name, kind in KINDS.items()}


def chosen(ways: Mapping[str, Mapping[str, object]]) -> dict[str, Choice]:
    """All kinds, with what was chosen for some; what is no way any more is as usual."""
    found = {name: kind.usual for name, kind in KINDS.items()}
    for name in found.keys() & ways.keys():
        mail = ways[name].get("mail")
        way = Way(str(mail)) if mail in set(Way) else found[name].mail
        found[name] = replace(found[name], in_app=bool(ways[name].get("in_app", True)), mail=way)
    return found


def leaves_at(way: Way, *, at: datetime, zone: ZoneInfo, morning: int, hold: timedelta) -> datetime | None:
    """When a letter of this way leaves: after the hold, at the next full hour, at the next morning of the reader.

    A morning that the clocks skip (spring) is read as the hour after it.
    """
    if way == Way.NOW:
        return at + hold
    if way == Way.HOURLY:
        return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if way == Way.DAILY:
        today = at.astimezone(zone).date()
        mornings = (datetime.combine(day, time(morning), zone) for day in (today, today + timedelta(days=1)))
        return next((when for when in mornings if when > at), at + timedelta(days=1))
    return None
