from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_noop

from apps.analysis.clusters import (
    BY_MEANING,
    BY_WORDS,
    Emerging,
    Rules,
    centre_of,
    centred,
    fits_no_code,
    sentence,
    vectors_of,
)
from apps.analysis.clusters import find_emerging as clusters_among
from apps.analysis.deadlines import yesterday
from apps.analysis.models import Signal, SignalKind
from apps.analysis.places import WORDS
from apps.analysis.queries.uncoded import Said, coded_between, texts_of, uncoded_between, vectors_of_tickets
from apps.analysis.series import Floats
from apps.analysis.services.find_signals import Keeper
from helpdesk.models import User
from helpdesk.permissions import require
from helpdesk.sentences import said

SPAN = BY_WORDS.recent + BY_WORDS.history
MOST_EXAMPLES = 50
ENCODED = 0.9  # with fewer stored vectors than that, words speak for all
ENOUGH = 50
REMEMBERED = timedelta(days=180)  # a group is the same as one that was announced since


@dataclass(frozen=True)
class Space:
    """Texts that can be compared: the uncoded, then the coded, with a vector each. `mean` is theirs in common."""

    uncoded: list[Said]
    coded: list[Said]
    vectors: Floats
    mean: Floats | None
    rules: Rules
    encoder: str = ""


@dataclass(frozen=True)
class Announced:
    """An earlier signal: its name, the tickets that were shown with it, and where they lie in the space."""

    name: str
    tickets: frozenset[int]
    centre: Floats | None


@transaction.atomic
def find_emerging(*, by: User, at: datetime, day: date | None = None) -> list[Signal]:
    """Look among tickets that have no fitting code for a growing group that speaks of one thing.

    By meaning where the tickets have vectors, by words otherwise. A group that was announced before is the same signal.
    Running it twice changes nothing.
    """
    require(by, "analysis.run")
    last = day or yesterday(at)
    keeper = Keeper(day=last, by=by, at=at)
    return [keeper.keep(**row) for row in groups_on(last)]


def groups_on(last: date) -> Iterator[dict[str, Any]]:
    """What the signals of the growing groups on this day say, from the tickets as they are coded now. Reads only."""
    first = last - timedelta(days=SPAN - 1)
    uncoded = uncoded_between(first, last)
    if len(uncoded) < BY_WORDS.least_recent:
        return
    for space in _spaces(uncoded, coded_between(first, last)):
        yield from _found_in(space, last)


def _spaces(uncoded: list[Said], coded: list[Said]) -> Iterator[Space]:
    """One for each encoder that read the tickets, since only its own vectors can be compared; or one of words."""
    stored = vectors_of_tickets([ticket.number for ticket in (*uncoded, *coded)])
    encoded = sum(any(ticket.number in rows for rows in stored.values()) for ticket in uncoded)
    if encoded < ENCODED * len(uncoded):
        vectors = vectors_of(texts_of([*uncoded, *coded]))
        yield Space(uncoded, coded, vectors, None, BY_WORDS)
        return
    for encoder, rows in sorted(stored.items()):
        these, those = ([one for one in tickets if one.number in rows] for tickets in (uncoded, coded))
        vectors = np.array([rows[ticket.number] for ticket in (*these, *those)])
        # Of few texts the mean is what they speak of, and not what all texts have in common.
        mean = vectors[len(these) :].mean(0) if len(those) >= ENOUGH else np.zeros(vectors.shape[1])
        yield Space(these, those, vectors, mean, BY_MEANING, encoder)


def _found_in(space: Space, last: date) -> Iterator[dict[str, Any]]:
    number = len(space.uncoded)
    apart = space.vectors if space.mean is None else centred(space.vectors, space.mean)
    strange = fits_no_code(apart[:number], apart[number:])
    keep = np.flatnonzero(strange | np.array([ticket.fits_none for ticket in space.uncoded], np.bool_))
    tickets = [space.uncoded[i] for i in keep]
    days = [(ticket.day - last).days for ticket in tickets]
    found = clusters_among(
        texts_of(tickets), days, today=0, vectors=space.vectors[keep], background=texts_of(space.coded),
        around=space.mean, rules=space.rules,
    )  # fmt: skip
    if not found:
        return
    earlier = _announced(space, last)
    for cluster in found:
        members = [tickets[i] for i in cluster.members]
        centre = centre_of(space.vectors[keep][list(cluster.members)], space.mean)
        name = _name_before(earlier, members, centre, space.rules) or cluster.name
        yield _row(cluster, name, tickets, days, last)


def _announced(space: Space, last: date) -> list[Announced]:
    before = Signal.objects.filter(kind=SignalKind.EMERGING, last_seen_on__gte=last - REMEMBERED)
    rows = list(before.order_by("-last_seen_on", "-id").values_list("value", "examples"))
    stored: dict[int, Floats] = {}
    if space.encoder:
        shown = [number for _, examples in rows for number in examples]
        stored = vectors_of_tickets(shown).get(space.encoder, {})
    return [
        Announced(
            name, frozenset(examples), _centre_of([stored[one] for one in examples if one in stored], space)
        )
        for name, examples in rows
    ]


def _centre_of(vectors: list[Floats], space: Space) -> Floats | None:
    return centre_of(np.array(vectors), space.mean) if vectors else None


def _name_before(
    earlier: Sequence[Announced], members: Sequence[Said], centre: Floats, rules: Rules
) -> str | None:
    """The name under which this group was announced: with some of the same tickets, or with others like them."""
    numbers = {ticket.number for ticket in members}
    for signal in earlier:
        near = signal.centre is not None and float(signal.centre @ centre) > rules.same_as_known
        if near or signal.tickets & numbers:
            return signal.name
    return None


def _row(
    cluster: Emerging, name: str, tickets: Sequence[Said], days: Sequence[int], last: date
) -> dict[str, Any]:
    members = [tickets[i] for i in cluster.members]
    weeks = np.bincount([-days[i] // 7 for i in cluster.members], minlength=SPAN // 7)[: SPAN // 7]
    shown = [tickets[i].number for i in cluster.examples] + [ticket.number for ticket in members]
    return {
        "kind": SignalKind.EMERGING,
        "issue_id": None,
        "dimension": WORDS,
        "value": name[:120],
        "label": said("No code yet: %(name)s", name=name[:200]),
        "sentence": sentence(cluster),
        "where": "",
        "terms": [term[:80] for term in cluster.terms],
        "is_alarm": True,
        "detector": gettext_noop("clusters of uncoded tickets"),
        "started_on": min(ticket.day for ticket in members),
        "window_start": last - timedelta(days=BY_WORDS.recent - 1),
        "window_end": last,
        "observed": float(cluster.recent),
        "expected": round(cluster.expected, 4),
        "ratio": round(cluster.recent / max(cluster.expected, 1e-9), 4),
        "excess": round(cluster.recent - cluster.expected, 4),
        "p": cluster.p,
        "q": None,
        "ceiling": None,
        "exposure": None,
        "weekly": [float(count) for count in weeks[::-1]],
        "examples": list(dict.fromkeys(shown))[:MOST_EXAMPLES],
        "release_id": None,
    }
