"""Every number leads to the tickets that make it: the queue's own query language, as a URL."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from apps.analysis.models import Case, Signal


def queue_url(*terms: str, since: date | None = None, until: date | None = None) -> str:
    """The queue with these terms, for tickets opened from `since` on and before `until`."""
    asked = [term for term in terms if term]
    if since is not None:
        asked.append(f"created:>={since.isoformat()}")
    if until is not None:
        asked.append(f"created:<{until.isoformat()}")
    return f"{reverse('queue')}?{urlencode({'q': ' '.join(asked)})}"


def tickets_of(about: Case | Signal, *, since: date | None = None, until: date | None = None) -> str:
    issue = f"issue:{about.issue.path}" if about.issue else "is:uncoded"
    return queue_url(issue, place_term(about.dimension, about.value), since=since, until=until)


def place_term(dimension: str, value: str) -> str:
    """Where a signal or case is concentrated, in the queue's language, as far as that has a word for it."""
    return f'{dimension}:"{value}"' if dimension in ("product", "department", "region", "segment") else ""
