"""An article from a ticket: our own answer becomes the draft of one for everybody.

The customer's words stay on the ticket. Our answer may name them all the same, so the draft is marked, and nobody
publishes it without saying that they read it (`publish_text`).
"""

import re
from datetime import datetime

from django.db import transaction

from apps.output.articles.languages import LANGUAGES, main_part
from apps.output.articles.models import MAX_BODY, MAX_TITLE, Article
from apps.output.articles.services.articles import add_article
from apps.output.articles.services.rows import WRITE
from helpdesk.models import Direction, Ticket, User
from helpdesk.permissions import require

# What leads to a person at once; names are left to whoever reads it.
_ADDRESS = re.compile(r"\S+@\S+")
_NUMBER = re.compile(r"\d(?:[\s./-]?\d){5,}")


@transaction.atomic
def draft_from_ticket(*, ticket: Ticket, by: User, at: datetime) -> Article:
    """Begin an article on the ticket's issue with the last answer to its customer. Raises NotAllowed, NotFound."""
    require(by, WRITE, ticket)
    issue = ticket.primary_issue
    if issue is not None and issue.valid_to is not None:
        issue = issue.replaced_by or issue
    answers = ticket.messages.filter(direction=Direction.OUT, is_automatic=False, withdrawn_at=None)
    answer = answers.order_by("-at").values_list("body", flat=True).first() or ""
    return add_article(
        language=_language(ticket.language),
        words={
            "title": (issue.label if issue else without_traces(ticket.subject))[:MAX_TITLE],
            "body": without_traces(answer)[:MAX_BODY],
        },
        values={"department": ticket.department},
        issues=[issue] if issue else [],
        from_ticket=True,
        by=by,
        at=at,
    )


def without_traces(text: str) -> str:
    """Addresses and long numbers as three dots."""
    return _NUMBER.sub("...", _ADDRESS.sub("...", text)).strip()


def _language(code: str) -> str:
    code = main_part(code)
    return code if code in dict(LANGUAGES) else "en"
