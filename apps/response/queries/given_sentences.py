"""What was given, found out, promised and approved on a ticket, in words for its history."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.response.queries.history_words import moment, named
from helpdesk.marked import Marked
from helpdesk.models import Remedy
from helpdesk.templatetags.helpdesk import money


def _worth(data: dict[str, Any]) -> str:
    """What it is about, with its amount where it is money."""
    amount = data.get("amount")
    worth = f" {money(Decimal(amount), 2)}" if amount else ""
    return (named(Remedy, data.get("remedy")) or gettext("a remedy")) + worth


def _approval(name: Marked) -> Callable[[dict[str, Any], Any], str]:
    def told(data: dict[str, Any], names: Any) -> str:
        answer = data.get("answer")
        return f"{name}: {_worth(data)}" + (f", “{answer}”" if answer else "")

    return told


def _approval_answered(data: dict[str, Any], names: Any) -> str:
    return _approval(gettext("Approved") if data.get("state") == "approved" else gettext("Not approved"))(
        data, names
    )


SENTENCES: dict[str, Callable[[dict[str, Any], Any], str]] = {
    "remedy.given": lambda data, names: gettext("Gave %(worth)s") % {"worth": _worth(data)},
    "remedy.struck": lambda data, names: (
        gettext("Struck out %(worth)s: %(why)s") % {"worth": _worth(data), "why": data.get("why")}
    ),
    "fact.noted": lambda data, names: (
        f"{data.get('question')} {data.get('answer') or gettext('(taken back)')}"
    ),
    "promise.made": lambda data, names: (
        gettext("Promised until %(when)s: %(text)s")
        % {"when": moment(data.get("due_at")), "text": data.get("text")}
    ),
    "promise.kept": lambda data, names: (
        (
            gettext("Promise kept late: %(text)s")
            if data.get("state") == "late"
            else gettext("Promise kept: %(text)s")
        )
        % {"text": data.get("text")}
    ),
    "promise.broken": lambda data, names: gettext("Promise broken: %(text)s") % {"text": data.get("text")},
    "promise.withdrawn": lambda data, names: (
        gettext("Promise withdrawn (%(why)s): %(text)s") % {"why": data.get("why"), "text": data.get("text")}
    ),
    "promise.warned": lambda data, names: gettext("Promised soon: %(text)s") % {"text": data.get("text")},
    "approval.asked": lambda data, names: (
        gettext("Asked for approval of %(worth)s: %(why)s") % {"worth": _worth(data), "why": data.get("why")}
    ),
    "approval.explained": _approval(_("Answered the approver's question")),
    "approval.reminded": _approval(_("Reminded of the approval")),
    "approval.escalated": _approval(_("Administrators were asked for the approval too")),
    "approval.asked_back": _approval(_("The approver asks")),
    "approval.answered": _approval_answered,
    "approval.expired": _approval(_("Nobody answered in time")),
    "approval.withdrawn": _approval(_("Approval not needed any more")),
}
