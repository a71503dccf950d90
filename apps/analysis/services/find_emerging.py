from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from apps.analysis.clusters import Emerging, Rules, fits_no_code, sentence, vectors_of
from apps.analysis.clusters import find_emerging as clusters_among
from apps.analysis.deadlines import midnight, today, yesterday
from apps.analysis.models import Signal, SignalKind
from apps.analysis.places import WORDS
from apps.analysis.services.find_signals import Keeper
from helpdesk.models import Direction, IssueKind, Message, Ticket, User
from helpdesk.permissions import require

RULES = Rules()
SPAN = RULES.recent + RULES.history
MOST_UNCODED = 2_500
MOST_CODED = 1_500  # texts to compare with: enough to know what coded tickets sound like
WORDS_READ = 600  # characters of the first message: the complaint stands at the beginning
MOST_EXAMPLES = 50


@transaction.atomic
def find_emerging(*, by: User, at: datetime, day: date | None = None) -> list[Signal]:
    """Look among tickets that have no fitting code for a growing group that speaks of one thing.

    A group that was announced before is the same signal. Running it twice changes nothing.
    """
    require(by, "analysis.run")
    last = day or yesterday(at)
    tickets = list(_uncoded(last)[:MOST_UNCODED])
    if len(tickets) < RULES.least_recent:
        return []
    coded = _texts(_coded(last)[:MOST_CODED])
    texts = _texts(tickets)
    space = vectors_of([*texts, *coded])
    keep = np.flatnonzero(fits_no_code(space[: len(texts)], space[len(texts) :]))
    chosen = [tickets[i] for i in keep]
    words = [texts[i] for i in keep]
    days = [(today(ticket.opened_at) - last).days for ticket in chosen]
    found = clusters_among(words, days, today=0, vectors=space[keep], background=coded)
    keeper = Keeper(day=last, by=by, at=at)
    return [keeper.keep(**_row(cluster, chosen, days, last)) for cluster in found]


def _uncoded(last: date) -> QuerySet[Any]:
    """No issue yet, or expressly none that fits, in the last five weeks."""
    none_fits = Q(primary_issue=None) | Q(primary_issue__kind=IssueKind.NO_CODE)
    return _with_words(Ticket.objects.filter(none_fits), last)


def _coded(last: date) -> QuerySet[Any]:
    return _with_words(Ticket.objects.filter(primary_issue__kind=IssueKind.REASON), last)


def _with_words(rows: QuerySet[Any], last: date) -> QuerySet[Any]:
    first = Message.objects.filter(ticket=OuterRef("pk"), direction=Direction.IN).order_by("at", "id")
    begin, end = midnight(last - timedelta(days=SPAN - 1)), midnight(last + timedelta(days=1))
    found: QuerySet[Any] = (
        rows.filter(opened_at__gte=begin, opened_at__lt=end, merged_into=None)
        .annotate(words=Subquery(first.values_list(Left("body", WORDS_READ))[:1]))
        .order_by("-opened_at", "-id")
        .only("subject", "opened_at")
    )
    return found


def _texts(tickets: Iterable[Any]) -> list[str]:
    return [f"{ticket.subject}. {ticket.words or ''}" for ticket in tickets]


def _row(cluster: Emerging, tickets: Sequence[Any], days: Sequence[int], last: date) -> dict[str, object]:
    members = [tickets[i] for i in cluster.members]
    start = last - timedelta(days=RULES.recent - 1)
    weeks = np.bincount([-days[i] // 7 for i in cluster.members], minlength=SPAN // 7)[: SPAN // 7]
    shown = list(dict.fromkeys([tickets[i].pk for i in cluster.examples] + [ticket.pk for ticket in members]))
    known = _announced(members)
    return {
        "kind": SignalKind.EMERGING,
        "issue_id": None,
        "dimension": WORDS,
        "value": known or cluster.name[:120],
        "label": f"No code yet: {known or cluster.name}"[:250],
        "sentence": sentence(cluster),
        "where": "",
        "terms": [term[:80] for term in cluster.terms],
        "is_alarm": True,
        "detector": "clusters of uncoded tickets",
        "started_on": today(min(ticket.opened_at for ticket in members)),
        "window_start": start,
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
        "examples": shown[:MOST_EXAMPLES],
        "release_id": None,
    }


def _announced(members: Sequence[Any]) -> str:
    """The name under which this group was announced before: a signal that shows some of the same tickets."""
    numbers = [ticket.pk for ticket in members]
    before = Signal.objects.filter(kind=SignalKind.EMERGING, examples__overlap=numbers).order_by(
        "-last_seen_on", "-id"
    )
    return str(before.values_list("value", flat=True).first() or "")
