"""One letter a week to everybody who owns a cause or an action; none to who has nothing new to know."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext

from apps.analysis.models import Case
from apps.analysis.provenance import Provenance
from apps.analysis.services import make_link
from apps.awareness import queries
from apps.awareness.digest import AT_MOST, Line, by_money, is_news, shares
from apps.awareness.figures import of_digest
from apps.awareness.models import Digest
from apps.awareness.queries import Matter
from apps.output.services import send_notice
from helpdesk import events
from helpdesk.each import each
from helpdesk.links import absolute
from helpdesk.locales import as_read_by
from helpdesk.models import User
from helpdesk.permissions import may, require

NOTHING_NEW = "nothing new since the last one"


@dataclass(frozen=True)
class Entry:
    """A line, how long its bar is (per cent; None: no bar), and the address behind its button."""

    line: Line
    share: int | None
    url: str


@dataclass(frozen=True)
class Letter:
    """All that one digest says: its text and its HTML are two ways to write this down."""

    subject: str
    name: str
    entries: list[Entry]
    more: int
    all: str
    as_of: datetime
    provenance: Provenance


def send_digests(*, by: User, at: datetime) -> int:
    """Write this week's digest to everybody who has something new to know; returns how many letters went out.

    May be called again in the same week: each person's row is made once, in a transaction of its own. Raises the
    faults once everybody had their turn; what can't be said of one row keeps the letters of its readers only.
    """
    require(by, "awareness.publish")
    known = {owner: digest.keys for owner, digest in queries.last_digests().items()}
    matters = queries.matters_by_person(at=at)
    written = each(
        matters,
        lambda person: _write(person, matters[person], known.get(person.pk, ()), by=by, at=at),
    )
    return sum(written)


@transaction.atomic
def _write(
    person: User, matters: Sequence[Matter], known: Collection[str], *, by: User, at: datetime
) -> bool:
    """Make the row of this week, and its letter if there is news; False when there is no letter."""
    year, week = queries.week_of(at)
    with as_read_by(person):
        lines = by_money([queries.line_of(matter, person) for matter in matters])
    news = is_news(lines, known)
    fields: dict[str, Any] = {
        "made_at": at,
        "keys": [line.key for line in lines],
        "lines": [_snapshot(line) for line in lines[:AT_MOST]],
        "skipped": "" if news else NOTHING_NEW,
    }
    digest, made = Digest.objects.get_or_create(owner=person, year=year, week=week, defaults=fields)
    if not made or not news:
        return False
    with as_read_by(person):
        letter = _letter(digest, lines, person, at=at)
        text = render_to_string("awareness/mail/digest.txt", {"letter": letter}).strip() + "\n"
        html = render_to_string("awareness/mail/digest.html", {"letter": letter})
    digest.delivery = send_notice(
        to=person.email,
        subject=letter.subject,
        text=text,
        html=html,
        about=f"digest:{digest.pk}",
        key=f"digest:{person.pk}:{year}-W{week:02}",
        by=by,
        at=at,
    )
    digest.save(update_fields=["delivery"])
    data = {"owner": person.pk, "lines": len(letter.entries), "more": letter.more}
    events.record("digest.sent", about=f"digest:{digest.pk}", by=by, at=at, data=data)
    return True


def _letter(digest: Digest, lines: Sequence[Line], person: User, *, at: datetime) -> Letter:
    shown = lines[:AT_MOST]
    return Letter(
        subject=_subject(lines),
        name=person.name,
        entries=_entries(shown, person, at=at),
        more=len(lines) - len(shown),
        all=absolute("needs_you" if may(person, "analysis.own") else "board"),
        as_of=at.astimezone(ZoneInfo(person.time_zone)),
        provenance=of_digest(digest),
    )


def _entries(lines: Sequence[Line], person: User, *, at: datetime) -> list[Entry]:
    """Who answers for a case gets in by a signed link, without an account; others by signing in."""
    cases = Case.objects.select_related("owner_department").in_bulk({line.case for line in lines})
    links = {
        pk: absolute("owner_page", key=make_link(case=case, user=person, at=at))
        if case.is_owned_by(person)
        else absolute("case", number=pk)
        for pk, case in cases.items()
    }
    return [Entry(line, share, links[line.case]) for line, share in zip(lines, shares(lines), strict=True)]


def _subject(lines: Sequence[Line]) -> str:
    late = sum(line.is_late for line in lines)
    things = gettext("one thing") if len(lines) == 1 else gettext("%(lines)s things") % {"lines": len(lines)}
    return gettext("Your week: %(things)s to know") % {"things": things} + (
        gettext(", %(late)s overdue") % {"late": late} if late else ""
    )


def _snapshot(line: Line) -> dict[str, Any]:
    return asdict(line) | {"money": None if line.money is None else str(line.money)}
