"""What the system got wrong, as reviews found it, becomes a root-cause case."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.analysis.models import Case
from apps.analysis.services import flag_case, open_case
from apps.evaluation.models import About, RaisedCause
from apps.evaluation.models.scorecard import SYSTEM
from apps.evaluation.quality.queries.causes import tickets_behind
from helpdesk.errors import DomainError, Invalid
from helpdesk.marked import inside
from helpdesk.models import Issue, Ticket, User
from helpdesk.permissions import may, require

MOST_TICKETS = 50


class AlreadyRaised(DomainError):
    """There is an open case about this already."""

    code = "already-raised"


@transaction.atomic
def raise_cause(*, about: str, issue: Issue | None, since: datetime, by: User, at: datetime) -> Case:
    """Open a case about what reviews since then found in the system, with their tickets as evidence; who may not open
    one flags it. Raises AlreadyRaised, Invalid when no review that this person may know of found it."""
    require(by, "analysis.flag")
    require(by, "evaluation.view")
    if about not in SYSTEM:
        raise Invalid(_("Choose a cause in the system."), pointer="about")
    with connection.cursor() as cursor:  # two who press at once open one case
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('raise cause'))")
    if RaisedCause.objects.filter(about=about, issue=issue, case__in=Case.objects.open()).exists():
        raise AlreadyRaised
    numbers = tickets_behind(about=about, issue=issue, since=since, until=at)
    tickets = list(Ticket.objects.visible_to(by).filter(pk__in=numbers).order_by("pk")[:MOST_TICKETS])
    if not tickets:
        raise Invalid(_("No ticket that you may see is behind this."), pointer="about")
    case = _open(str(About(about).label), issue, tickets, by=by, at=at)
    RaisedCause.objects.create(about=about, issue=issue, case=case, raised_by=by, raised_at=at)
    return case


def _open(found: str, issue: Issue | None, tickets: list[Ticket], *, by: User, at: datetime) -> Case:
    title = (
        f"{issue.label}: {inside(found)}" if issue else _("%(found)s, as reviews found it") % {"found": found}
    )
    if may(by, "analysis.case"):
        return open_case(title=title[:200], issue=issue, tickets=tickets, by=by, at=at)
    return flag_case(ticket=tickets[0], title=title[:200], by=by, at=at)
