"""Saying to customers that we know of it, and taking their word that they have it too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.analysis.deadlines import today
from apps.analysis.models import Case, CaseNotice, CaseTicket, LinkedBy
from apps.analysis.models.case_notice import WORDS
from apps.analysis.services.access import WrongState, locked, must_be_said, must_lie_ahead
from apps.intake.files import File
from apps.intake.services import Contact, customer_of, open_ticket
from apps.response.services import hold
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Channel, Customer, Issue, Status, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held


class NoticeEnded(DomainError):
    """This is no longer being worked on. If you still have it, send us your message."""

    code = "notice-ended"
    status = 409


class FollowedAlready(DomainError):
    """You follow this already: we tell you when it is solved. To tell us more, press Send."""

    code = "followed-already"
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
    translations: Mapping[str, Mapping[str, str]] | None = None,
    news_on: date | None = None,
    by: User,
    at: datetime,
) -> CaseNotice:
    """Tell customers, where they ask for help, that we know of it: in the desk's language, and in others by
    `translations`. Said again, these words stand in place of those.

    Raises WrongState for a closed case, Invalid for empty words, a language we do not speak and a day that is past.
    """
    require(by, "analysis.case", case)
    case = locked(case)
    if not case.is_open:
        raise WrongState(_("%(number)s is closed.") % {"number": case.number})
    title, text = must_be_said(title, "title", _("The title")), must_be_said(text, "text", _("The text"))
    if news_on is not None:
        must_lie_ahead(news_on, today(at), "news_on")
    return CaseNotice.say(
        case=case, title=title, text=text, meanwhile=meanwhile.strip(),
        translations=_translated(translations or {}), news_on=news_on, by=by, at=at,
    )  # fmt: skip


def _translated(said: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Whole, or not at all: who reads a translation reads nothing in another language."""
    kept = {}
    for language, words in said.items():
        if language not in other_languages():
            raise Invalid(_("There is no language “%(name)s”.") % {"name": language}, pointer="translations")
        found = {name: words.get(name, "").strip() for name in WORDS}
        if any(found.values()):
            for name, label in (("title", _("The title")), ("text", _("The text"))):
                must_be_said(found[name], f"{name}_{language}", label)
            kept[language] = found
    return kept


def other_languages() -> dict[str, str]:
    """Those customers may choose on our pages, but the desk's own."""
    return {code: str(name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}


@transaction.atomic
def withdraw_case_notice(*, case: Case, by: User, at: datetime) -> None:
    """Customers read nothing of it any more. Raises NothingSaid."""
    require(by, "analysis.case", case)
    notice = CaseNotice.objects.filter(case=locked(case), withdrawn_at=None).select_related("case").first()
    if notice is None:
        raise NothingSaid
    notice.withdraw(by=by, at=at)


@dataclass(frozen=True)
class Followed:
    """The ticket that waits with the case, and whether it did so before."""

    ticket: Ticket
    again: bool


@transaction.atomic
def follow_known_issue(
    *, notice: CaseNotice, customer: Contact | Customer, body: str = "", issue: Issue | None = None,
    attachments: Sequence[File] = (), language: str = "", by: User, at: datetime,
) -> Followed:  # fmt: skip
    """Somebody has it too and wants to hear when it is solved: an ordinary ticket that speaks for the case, and waits
    for it. They need not write more; of the desk's own fields none is asked. Who follows already has one ticket, and
    keeps it.

    Raises NoticeEnded, FollowedAlready for further words, and what `open_ticket` does.
    """
    require(by, "intake.open")
    standing = CaseNotice.objects.standing().select_related("case__issue").filter(pk=notice.pk).first()
    if standing is None:
        raise NoticeEnded
    case, system = standing.case, User.objects.system()
    title = standing.said_in(language)["title"]
    said = body.strip() or _("I have this too: %(title)s") % {"title": title}
    known = _follows(customer_of(contact=customer, at=at), case)
    if known is not None:
        if attachments or (body.strip() and not known.messages.filter(body=said).exists()):
            raise FollowedAlready(pointer="body")
        return Followed(known, again=True)
    ticket = open_ticket(
        subject=title,
        body=said,
        customer=customer,
        issue=_issue_of(case, issue, at),
        attachments=attachments,
        channel=Channel.FORM,
        by=by,
        at=at,
    )
    CaseTicket.link(case=case, ticket=ticket, how=LinkedBy.ASKED, by=system, at=at)
    # Customers may not hold tickets: that it waits for whoever removes the cause follows from what they chose.
    ticket = hold(ticket=ticket, waiting_on=Status.WAITING_OWNER, reason=case.number, by=system, at=at)
    return Followed(ticket, again=False)


def _follows(customer: Customer, case: Case) -> Ticket | None:
    """Their ticket that waits for this case. Whoever presses twice at once is told one after the other: the row of the
    customer is held until the first ticket stands."""
    held(customer)
    asked = CaseTicket.objects.filter(
        case=case, how=LinkedBy.ASKED, excluded_at=None, ticket__customer=customer
    )
    waiting = asked.filter(Q(ticket__in=Ticket.objects.open()) | Q(ticket__merged_into__isnull=False))
    row = waiting.select_related("ticket").order_by("pk").first()
    return row.ticket if row else None


def _issue_of(case: Case, chosen: Issue | None, at: datetime) -> Issue | None:
    """What the customer chose, where it is of this case; else the issue of the case, while it is in use."""
    own = case.issue
    if chosen is not None and (own is None or f"{chosen.path}/".startswith(f"{own.path}/")):
        return chosen
    in_use = own is not None and Issue.objects.valid(at.date()).filter(pk=own.pk).exists()
    return own if in_use else chosen
