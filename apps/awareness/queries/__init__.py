"""What awareness reads: what each person has to know this week, and what executives have to know of a month."""

from apps.awareness.queries.digests import (
    Matter,
    last_digests,
    line_of,
    matters_by_person,
    week_of,
)
from apps.awareness.queries.report import first_working_day, last_month, page_of

__all__ = [
    "Matter",
    "first_working_day",
    "last_digests",
    "last_month",
    "line_of",
    "matters_by_person",
    "page_of",
    "week_of",
]
