"""News about approvals: to those who are asked, each with a link of their own, and to whoever asked."""

from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.output.notifications.item import NewsItem, OwnLetter
from apps.output.services.notify import inform
from apps.response.models import Approval, ApprovalState, AskedApprover
from apps.response.services import approval_key
from helpdesk.links import absolute
from helpdesk.locales import as_read_by
from helpdesk.models import User
from helpdesk.templatetags.helpdesk import money


def ask_approvers(*, approval: Approval, key: str, by: User, at: datetime) -> int:
    """Write to everybody who is asked, once for a `key`; nobody once it is answered. Returns how many letters."""
    if approval.state != ApprovalState.ASKED:
        return 0
    sent = 0
    for asked in approval.asked.select_related("user", "instead_of"):
        asked.approval = approval
        if not asked.user.is_active or not approval.is_visible_to(asked.user):
            continue
        with as_read_by(asked.user):
            _write_to(asked, key=key, by=by, at=at)
        sent += 1
    return sent


def _write_to(asked: AskedApprover, *, key: str, by: User, at: datetime) -> None:
    approval = asked.approval
    link = absolute("approval_by_link", key=approval_key(asked=asked))
    lines = [*_facts(approval), _("Say yes or no here, without signing in:") + f"\n{link}"]
    if asked.instead_of:
        lines.insert(0, _("You stand in for %(who)s.") % {"who": asked.instead_of.name})
    subject = _("Your approval: %(what)s for #%(number)s") % {
        "what": worth(approval), "number": approval.ticket_id,
    }  # fmt: skip
    title = _("Your approval: %(what)s") % {"what": worth(approval)}
    item = NewsItem(
        kind="approval", key=f"{key}:{asked.user_id}", title=title, ticket=approval.ticket, url=reverse("approvals"),
        letter=OwnLetter(subject=subject, text="\n\n".join(lines) + "\n"),
    )  # fmt: skip
    inform(item=item, to=asked.user, by=by, at=at)


def tell_of_approval(*, approval: Approval, key: str, by: User, at: datetime) -> None:
    """Tell whoever asked what became of it; programs and those who left hear of it on the ticket alone."""
    person = approval.asked_by
    if person.is_machine or not person.is_active:
        return
    with as_read_by(person):
        _tell(approval, key=key, by=by, at=at)


def _tell(approval: Approval, *, key: str, by: User, at: datetime) -> None:
    person = approval.asked_by
    said = {
        ApprovalState.APPROVED: _("Approved. Tell the customer, then record it as given on the ticket."),
        ApprovalState.REFUSED: _("Not approved."),
        ApprovalState.ASKED_BACK: _("There is a question. Answer it on the ticket."),
        ApprovalState.EXPIRED: _("Nobody answered in time. Ask again, or offer something else."),
    }.get(ApprovalState(approval.state))
    if said is None:
        return
    who = (
        f"{approval.answered_by.name}: {approval.answer}" if approval.answered_by and approval.answer else ""
    )
    lines = [said, *([who] if who else []), *_facts(approval), absolute("ticket", number=approval.ticket_id)]
    words = {"how": approval.get_state_display(), "what": worth(approval), "number": approval.ticket_id}
    subject = _("%(how)s: %(what)s for #%(number)s") % words
    item = NewsItem(
        kind="approval", key=key, title=f"{words['how']}: {words['what']}", ticket=approval.ticket,
        letter=OwnLetter(subject=subject, text="\n\n".join(lines) + "\n"),
    )  # fmt: skip
    inform(item=item, to=person, by=by, at=at)


def worth(approval: Approval) -> str:
    """What it is about, with its amount where it is money."""
    amount = "" if approval.amount is None else f" {money(approval.amount, 2)}"
    return f"{approval.get_remedy_display()}{amount}"


def _facts(approval: Approval) -> list[str]:
    until = date_format(localtime(approval.until), "j M, H:i")
    return [
        f"{worth(approval)} · {approval.issue} · #{approval.ticket_id} {approval.ticket.subject}",
        _("%(who)s asks: %(why)s") % {"who": approval.asked_by.name, "why": approval.why},
        *([approval.above] if approval.above else []),
        _("Until %(when)s.") % {"when": until},
    ]
