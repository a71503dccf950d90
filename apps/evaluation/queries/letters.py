"""What customers wrote about each issue: a few of the newest, to see whether it is one issue."""

from collections import Counter, defaultdict
from collections.abc import Collection

from django.db import connection

from apps.evaluation.queries.window import Window

OF_EACH = 40

# One look into the index for each issue, however many tickets it has.
LETTERS = """
    SELECT issue.id, ticket.language, left(ticket.subject || ' ' || coalesce(said.body, ''), 1000)
    FROM unnest(%s::bigint[]) issue (id)
    CROSS JOIN LATERAL (
        SELECT coded.ticket_id FROM helpdesk_ticketissue coded
        WHERE coded.issue_id = issue.id AND coded.is_primary AND coded.at >= %s AND coded.at < %s
        ORDER BY coded.at DESC LIMIT %s
    ) newest
    JOIN helpdesk_ticket ticket ON ticket.id = newest.ticket_id
    LEFT JOIN LATERAL (
        SELECT body FROM helpdesk_message
        WHERE ticket_id = ticket.id AND direction = 'in' ORDER BY at, id LIMIT 1
    ) said ON true
"""


def read_letters(window: Window, issues: Collection[int]) -> dict[int, list[str]]:
    """The newest of each issue in its usual language: two languages in one issue would look like two issues."""
    given = (sorted(issues), window.since, window.until, OF_EACH)
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(LETTERS, given)
        for issue, language, text in cursor.fetchall():
            found[issue].append((language, text))
    return {issue: _in_usual_language(letters) for issue, letters in found.items()}


def _in_usual_language(letters: list[tuple[str, str]]) -> list[str]:
    usual = Counter(language for language, _ in letters).most_common(1)[0][0]
    return [text for language, text in letters if language == usual]
