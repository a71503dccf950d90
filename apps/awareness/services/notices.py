""" "You said, we did": a machine drafts it when a fix is proven, a person says it."""

from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.analysis.models import Case, CaseState, Verdict
from apps.analysis.services import tell_customers
from apps.awareness.models import Audience, Notice, NoticeState
from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.locales import as_read_by
from helpdesk.models import User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Number

MAX_TITLE, MAX_BODY = 150, 5_000


class NoticePublished(DomainError):
    """This notice is published already."""

    code = "notice-published"


class NoticeWithdrawn(DomainError):
    """This notice is withdrawn already."""

    code = "notice-withdrawn"


class FixNotProven(DomainError):
    """This case is not proven, or it came back. Tell customers when the proof stands."""

    code = "fix-not-proven"


@transaction.atomic
def publish_fix(*, case: Case, by: User, at: datetime) -> Notice | None:
    """Draft what customers could be told of a proven case, once for each case; None while nothing is proven.

    A notice that was taken back because the cause came back is drafted anew by the next proof.
    """
    require(by, "awareness.publish")
    # The case's row is the lock: two deliveries of the same news draft one notice.
    case = held(case, "issue")
    verdict, notice = case.verdicts.last(), Notice.objects.filter(case=case).first()
    if verdict is None or not verdict.is_proven:
        return notice
    if notice is None:
        notice = Notice.objects.create(case=case, drafted_at=at, **_words(case, verdict))
        events.record("notice.drafted", about=f"notice:{notice.pk}", by=by, at=at, data={"case": case.pk})
    elif notice.was_withdrawn_before(verdict.decided_at):
        notice.redraft(**_words(case, verdict), by=by, at=at)
    return notice


@transaction.atomic
def edit_notice(*, notice: Notice, title: str, body: str, audience: str, by: User, at: datetime) -> Notice:
    """Put it in better words. Raises Invalid for an empty or overlong title or text, or an unknown audience."""
    require(by, "awareness.publish", notice)
    notice, title, body = _locked(notice), title.strip(), body.strip()
    if not title or len(title) > MAX_TITLE:
        raise Invalid(
            _("The title has between 1 and %(max_title)s characters.") % {"max_title": MAX_TITLE},
            pointer="title",
        )
    if not body or len(body) > MAX_BODY:
        raise Invalid(
            _("The text has between 1 and %(max_body)s characters.")
            % {"max_body": Number(MAX_BODY, grouped=True)},
            pointer="body",
        )
    if audience not in Audience.values:
        raise Invalid(
            _("Choose one of: %(labels)s.") % {"labels": ", ".join(map(str, Audience.labels))},
            pointer="audience",
        )
    was_internal = notice.audience == Audience.INTERNAL
    notice.write(title=title, body=body, audience=audience, by=by, at=at)
    if notice.is_published and was_internal:
        _tell(notice, by=by, at=at)
    return notice


@transaction.atomic
def publish_notice(*, notice: Notice, by: User, at: datetime) -> Notice:
    """Say it. A public notice is how customers are told of its case, which a proven case waits for to be closed.

    Raises NoticePublished, FixNotProven when the cause has come back meanwhile.
    """
    require(by, "awareness.publish", notice)
    notice = _locked(notice)
    if notice.is_published:
        raise NoticePublished
    _require_proof(notice)
    notice.publish(by=by, at=at)
    _tell(notice, by=by, at=at)
    return notice


@transaction.atomic
def withdraw_notice(*, notice: Notice, reason: str = "", by: User, at: datetime) -> Notice:
    """Nobody reads it any more; the event log keeps what it said. Raises NoticeWithdrawn."""
    require(by, "awareness.publish", notice)
    notice = _locked(notice)
    if notice.state == NoticeState.WITHDRAWN:
        raise NoticeWithdrawn
    notice.withdraw(reason=reason.strip(), by=by, at=at)
    return notice


@transaction.atomic
def take_back_fix(*, case: Case, by: User, at: datetime) -> Notice | None:
    """What was proven gone is back: we do not go on saying that it is gone. None when nothing was said."""
    require(by, "awareness.publish")
    notice = Notice.objects.filter(case=case).exclude(state=NoticeState.WITHDRAWN).first()
    return notice and withdraw_notice(notice=notice, reason=f"{case.number} came back", by=by, at=at)


def _locked(notice: Notice) -> Notice:
    return held(notice, "case")


def _require_proof(notice: Notice) -> None:
    case = notice.case
    if case is None:
        return
    verdict = case.verdicts.last()
    holds = case.state in (CaseState.MONITORING, CaseState.CLOSED)
    if verdict is None or not verdict.is_proven or not holds:
        raise FixNotProven


def _tell(notice: Notice, *, by: User, at: datetime) -> None:
    """The case hears that its customers were told, unless it knows."""
    case = notice.case
    if notice.audience == Audience.PUBLIC and case is not None and case.is_open and not case.is_told:
        tell_customers(case=case, by=by, at=at)


def _words(case: Case, verdict: Verdict) -> dict[str, str]:
    """Good enough to publish after one look; without a word of what was said inside."""
    name = case.issue.label if case.issue else case.title
    told = case.evidence.filter(excluded_at=None).values("ticket__customer").distinct().count()
    facts = {
        "name": name,
        "told": told,
        "cut": verdict.cut,
        "since": verdict.window_start,
        "until": verdict.window_end,
    }
    # Nobody asks for it: it is in the language of whoever answers for the case.
    with as_read_by(case.opened_by):
        body = render_to_string("awareness/mail/fix.txt", facts).strip()
        return {"title": (_("%(name)s: put right") % {"name": name})[:MAX_TITLE], "body": body}
