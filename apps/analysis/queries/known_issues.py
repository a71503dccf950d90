"""What customers read of open cases: where they ask for help, and on the page of their request.

Method of the guess: PostgreSQL's full text. The words of a message, stemmed in the reader's language, are compared with
those of what is known: its title, and the words of the issue it is about (label, definition, examples). Two in common
with title or label are enough, or one of these and three in all. Limits: words, not meanings; a notice that is written
in another language than the message is hardly ever found.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Left
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.analysis.models import CaseNotice
from apps.output.articles.languages import config_of
from helpdesk.asked import KnownIssue
from helpdesk.models import Ticket
from helpdesk.search import InCommon, words_in

MOST, GUESSED = 10, 2
LONGEST_MESSAGE, LONGEST_WORDS = 2_000, 20_000
IN_TITLE, IN_ALL = 2, 3  # words in common with the message


def known_to_customers(at: datetime) -> list[KnownIssue]:
    """What is said now, the newest first; one query."""
    return [_known(notice, _language()) for notice in _said(at)[:MOST]]


def known_like(message: str, *, language: str, at: datetime) -> list[KnownIssue]:
    """What is said now that a message may be about, the likeliest first; one query."""
    config = config_of(language)
    said = words_in(Value(message.replace("\0", "")[:LONGEST_MESSAGE]), config)
    title, text = (_in_language(name, language) for name in ("title", "text"))
    heads = _joined(title, F("case__issue__label"))
    examples = Func(
        F("case__issue__examples"), Value(" "), function="array_to_string", output_field=TextField()
    )
    every = _joined(heads, text, F("case__issue__definition"), F("case__issue__includes"), examples)
    rows = (
        _said(at)
        .annotate(
            in_title=InCommon(words_in(heads, config), said), in_all=InCommon(words_in(every, config), said)
        )
        .filter(Q(in_title__gte=IN_TITLE) | Q(in_title__gte=1, in_all__gte=IN_ALL))
        .order_by("-in_title", "-in_all", "-said_at", "-id")
    )
    return [_known(notice, language) for notice in rows[:GUESSED]]


def _in_language(name: str, language: str) -> Func:
    return Coalesce(KT(f"translations__{language}__{name}"), F(name), output_field=TextField())


def _joined(*texts: Any) -> Func:
    """Those there are, one after the other."""
    whole = Func(Value(" "), *texts, function="concat_ws", output_field=TextField())
    return Left(whole, LONGEST_WORDS)


def said_of_request(ticket: Ticket) -> list[tuple[str, str]]:
    """For the page of a request that speaks for a case: what customers are told of it; one query."""
    rows = CaseNotice.objects.standing().filter(
        case__evidence__ticket=ticket, case__evidence__excluded_at=None
    )
    return [(_("We know about this and work on it"), _words(notice)) for notice in rows]


def _said(at: datetime) -> Any:
    return CaseNotice.objects.standing().filter(said_at__lte=at).select_related("case__issue")


def _known(notice: CaseNotice, language: str) -> KnownIssue:
    issue = notice.case.issue
    return KnownIssue(
        **notice.said_in(language),
        news_on=notice.news_on,
        code=issue.code if issue else "",
        path=issue.path if issue else "",
        follow_url=reverse("follow_known_issue", kwargs={"pk": notice.pk}),
    )


def _words(notice: CaseNotice) -> str:
    day, said = notice.news_on, notice.said_in(_language())
    news = _("We say more by %(day)s.") % {"day": date_format(day, "j F Y")} if day else ""
    return " ".join(filter(None, (said["text"], said["meanwhile"], news)))


def _language() -> str:
    """Of the page it is read on."""
    return get_language() or settings.LANGUAGE_CODE
