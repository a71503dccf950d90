"""Words that stand everywhere. A set of all tickets that say them takes seconds to make among a million, while the
first fifty of a list are found after a few hundred looks."""

from django.db.models import Count, Max, Q

from helpdesk.models import Message
from helpdesk.search import search_query

NONE: frozenset[str] = frozenset()
# A set of so many messages is made at once in any case.
FEW = 20_000
# So many of the newest messages are read, and so many out of all the years; and this share of both is common.
SAMPLE, COMMON = 500, 0.05


def common_among(texts: frozenset[str]) -> frozenset[str]:
    """Those that one message in twenty says, both lately and ever: a word of last week alone would be looked for in
    all the years before it. At most two queries, however many words."""
    newest = Message.objects.aggregate(number=Max("pk"))["number"] if texts else 0
    if not newest or newest < FEW:
        return NONE
    late = Q(pk__gt=newest - SAMPLE)
    spread = Q(pk__in=range(1, newest, newest // SAMPLE))
    rows = Message.objects.filter(late | spread)
    asked = sorted(texts)
    counts = {"late": Count("pk", filter=late), "spread": Count("pk", filter=spread)}
    for nth, text in enumerate(asked):
        says = Q(search=search_query(text), withdrawn_at=None)
        counts |= {
            f"late{nth}": Count("pk", filter=late & says),
            f"spread{nth}": Count("pk", filter=spread & says),
        }
    found = rows.aggregate(**counts)
    return frozenset(
        text for nth, text in enumerate(asked)
        if all(found[f"{part}{nth}"] > COMMON * found[part] for part in ("late", "spread"))
    )  # fmt: skip
