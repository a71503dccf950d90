"""Saying to customers that we know of it, and taking their word that they have it too."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.deadlines import today
from apps.analysis.models import Case, CaseNotice, CaseTicket, LinkedBy
from apps.analysis.services.access import WrongState, locked, must_be_said, must_lie_ahead
from apps.intake.files import File
from apps.intake.services import Contact, open_ticket
from apps.response.services import hold
from helpdesk.errors import DomainError
from helpdesk.models import Channel, Customer, Issue, Status, Ticket, User
from helpdesk.permissions import require


class NoticeEnded(DomainError):
    """This is no longer being worked on. If you still have it, send us your message."""

    code = "notice-ended"
    status = 409


class NothingSaid(DomainError):
    """Customers read nothing of this case."""

    code = "nothing-said"


@transaction.atomic
def publish_case_notice(
    *,
    case: Case,
    title: str,
    text: str,
    meanwhile: str = "",
    news_on: date | None = None,
    by: User,
    at: datetime,
) -> CaseNotice:
    """Tell customers, where they ask for help, that we know of it. Said again, these words stand in place of those.

    Raises WrongState for a closed case, Invalid for empty words and a day that is past.
    """
    require(by, "analysis.case", case)
    case = locked(case)
    if not case.is_open:
        raise WrongState(_("%(number)s is closed.") % {"number": case.number})
    title, text = must_be_said(title, "title", _("The title")), must_be_said(text, "text", _("The text"))
    if news_on is not None:
        must_lie_ahead(news_on, today(at), "news_on")
    return CaseNotice.say(
        case=case, title=title, text=text, meanwhile=meanwhile.strip(), news_on=news_on, by=by, at=at
    )


@transaction.atomic
def withdraw_case_notice(*, case: Case, by: User, at: datetime) -> None:
    """Customers read nothing of it any more. Raises NothingSaid."""
    require(by, "analysis.case", case)
    notice = CaseNotice.objects.filter(case=locked(case), withdrawn_at=None).select_related("case").first()
    if notice is None:
        raise NothingSaid
    notice.withdraw(by=by, at=at)


@transaction.atomic
def follow_known_issue(
    *, notice: CaseNotice, customer: Contact | Customer, body: str = "", issue: Issue | None = None,
    attachments: Sequence[File] = (), by: User, at: datetime,
) -> Ticket:  # fmt: skip
    """Somebody has it too and wants to hear when it is solved: an ordinary ticket that speaks for the case, and waits
    for it. They need not write more; of the desk's own fields none is asked.

    Raises NoticeEnded, and what `open_ticket` does.
    """
    require(by, "intake.open")
    standing = CaseNotice.objects.standing().select_related("case__issue").filter(pk=notice.pk).first()
    if standing is None:
        raise NoticeEnded
    case, system = standing.case, User.objects.system()
    ticket = open_ticket(
        subject=standing.title,
        body=body.strip() or _("I have this too: %(title)s") % {"title": standing.title},
        customer=customer,
        issue=_issue_of(case, issue, at),
        attachments=attachments,
        channel=Channel.FORM,
        by=by,
        at=at,
    )
    CaseTicket.link(case=case, ticket=ticket, how=LinkedBy.HAND, by=system, at=at)
    # Customers may not hold tickets: that it waits for whoever removes the cause follows from what they chose.
    return hold(ticket=ticket, waiting_on=Status.WAITING_OWNER, reason=case.number, by=system, at=at)


def _issue_of(case: Case, chosen: Issue | None, at: datetime) -> Issue | None:
    """What the customer chose, where it is of this case; else the issue of the case, while it is in use."""
    own = case.issue
    if chosen is not None and (own is None or f"{chosen.path}/".startswith(f"{own.path}/")):
        return chosen
    in_use = own is not None and Issue.objects.valid(at.date()).filter(pk=own.pk).exists()
    return own if in_use else chosen
