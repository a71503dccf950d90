"""What customers read of open cases: where they ask for help, and on the page of their request."""

from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.analysis.models import CaseNotice
from helpdesk.asked import KnownIssue
from helpdesk.models import Ticket

MOST = 10


def known_to_customers(at: datetime) -> list[KnownIssue]:
    """What is said now, the newest first; one query."""
    return [
        KnownIssue(
            notice.title, notice.text, notice.meanwhile, notice.news_on,
            code=notice.case.issue.code if notice.case.issue else "",
            path=notice.case.issue.path if notice.case.issue else "",
            follow_url=reverse("follow_known_issue", kwargs={"pk": notice.pk}),
        )
        for notice in CaseNotice.objects.standing().filter(said_at__lte=at).select_related("case__issue")[:MOST]
    ]  # fmt: skip


def said_of_request(ticket: Ticket) -> list[tuple[str, str]]:
    """For the page of a request that speaks for a case: what customers are told of it; one query."""
    rows = CaseNotice.objects.standing().filter(
        case__evidence__ticket=ticket, case__evidence__excluded_at=None
    )
    return [(_("We know about this and work on it"), _words(notice)) for notice in rows]


def _words(notice: CaseNotice) -> str:
    day = notice.news_on
    news = _("We say more by %(day)s.") % {"day": date_format(day, "j F Y")} if day else ""
    return " ".join(filter(None, (notice.text, notice.meanwhile, news)))
