"""One letter a week to everybody who owns a cause or an action; none to who has nothing new to know."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from apps.analysis.models import Case
from apps.analysis.services import make_link
from apps.awareness import queries
from apps.awareness.digest import AT_MOST, Line, by_money, is_news
from apps.awareness.models import Digest
from apps.output.services import send_notice
from helpdesk import events
from helpdesk.each import each
from helpdesk.links import absolute
from helpdesk.models import User
from helpdesk.permissions import require

NOTHING_NEW = "nothing new since the last one"


@dataclass(frozen=True)
class Entry:
    """A line and the address behind its button."""

    line: Line
    url: str


def send_digests(*, by: User, at: datetime) -> int:
    """Write this week's digest to everybody who has something new to know; returns how many letters went out.

    May be called again in the same week: each person's row is made once, in a transaction of its own. Raises the
    faults once everybody had their turn.
    """
    require(by, "awareness.publish")
    known = {owner: digest.keys for owner, digest in queries.last_digests().items()}
    lines = queries.lines_by_person(at=at)
    written = each(
        lines,
        lambda person: _write(person, by_money(lines[person]), known.get(person.pk, ()), by=by, at=at),
    )
    return sum(written)


@transaction.atomic
def _write(person: User, lines: Sequence[Line], known: Collection[str], *, by: User, at: datetime) -> bool:
    """Make the row of this week, and its letter if there is news; False when there is no letter."""
    year, week = queries.week_of(at)
    shown = lines[:AT_MOST]
    news = is_news(lines, known)
    fields: dict[str, Any] = {
        "made_at": at,
        "keys": [line.key for line in lines],
        "lines": [_snapshot(line) for line in shown],
        "skipped": "" if news else NOTHING_NEW,
    }
    digest, made = Digest.objects.get_or_create(owner=person, year=year, week=week, defaults=fields)
    if not made or not news:
        return False
    more = len(lines) - len(shown)
    facts = {
        "person": person,
        "entries": _entries(shown, person, at=at),
        "more": more,
        "all": absolute("needs_you"),
    }
    digest.delivery = send_notice(
        to=person.email,
        subject=_subject(lines),
        text=render_to_string("awareness/mail/digest.txt", facts).strip() + "\n",
        html=render_to_string("awareness/mail/digest.html", facts),
        about=f"digest:{digest.pk}",
        key=f"digest:{person.pk}:{year}-W{week:02}",
        by=by,
        at=at,
    )
    digest.save(update_fields=["delivery"])
    data = {"owner": person.pk, "lines": len(shown), "more": more}
    events.record("digest.sent", about=f"digest:{digest.pk}", by=by, at=at, data=data)
    return True


def _entries(lines: Sequence[Line], person: User, *, at: datetime) -> list[Entry]:
    """Who answers for a case gets in by a signed link, without an account; others by signing in."""
    cases = Case.objects.select_related("owner_department").in_bulk({line.case for line in lines})
    links = {
        pk: absolute("owner_page", key=make_link(case=case, user=person, at=at))
        if case.is_owned_by(person)
        else absolute("case", number=pk)
        for pk, case in cases.items()
    }
    return [Entry(line, links[line.case]) for line in lines]


def _subject(lines: Sequence[Line]) -> str:
    late = sum(line.is_late for line in lines)
    things = "one thing" if len(lines) == 1 else f"{len(lines)} things"
    return f"Your week: {things} to know" + (f", {late} overdue" if late else "")


def _snapshot(line: Line) -> dict[str, Any]:
    return asdict(line) | {"money": None if line.money is None else str(line.money)}
