"""The history of a case or a signal in plain words, out of the event log: each line goes on from who did it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.analysis.models import (
    ActionState,
    CaseState,
    CauseCategory,
    CausePath,
    CauseState,
    Finding,
    Rejection,
    SignalState,
    Step,
    VerdictKind,
)
from helpdesk.marked import inside
from helpdesk.models import Event
from helpdesk.sentences import Share, read

NAMES = {
    "statement": _("the statement"), "is_text": _("what it is"), "is_not_text": _("what it is not"),
    "title": _("the title"),
    "severity": _("the severity"), "issue": _("the issue"), "money_likely": _("the money at risk"),
    "workaround": _("the workaround"), "customer_notice": _("what all customers read of it"),
    "rejections": "", "needs_arbitration": "", "is_arbitrated": "", "is_known_error": "", "money_low": "",
    "money_high": "", "money_note": "", "due_on": _("the due date"), "decision_on": _("the decision date"),
    "proposed_department": _("the proposed department"), "duplicate_of": "", "fixed_on": _("the day of the fix"),
    "question": _("the question"), "customers_told_at": _("that customers are told"),
    "telling_waived": _("why customers need not be told"),
    "detection_start": "", "detection_end": "",
    "risk_expires_on": _("until when the risk is accepted"), "risk_approved_by": _("who accepts the risk"),
    "risk_confirmed_at": "", "risk_asked_at": "",
    "outcome_note": "",
}  # fmt: skip


REOPENED = {
    "expired": _("opened it again: the accepted risk has run out"),
    "refused": _("opened it again: they do not accept the risk"),
    "unconfirmed": _("opened it again: nobody confirmed that the risk is accepted"),
}
FOUND = {finding.value: finding.label for finding in Finding}


@dataclass(frozen=True)
class Entry:
    """One line of the history."""

    at: datetime
    by: str
    text: str
    note: str


def history_of(ref: str, most: int = 60) -> list[Entry]:
    """The newest first; one query."""
    events = Event.objects.filter(about=ref).select_related("by").order_by("-at", "-id")[:most]
    return [
        Entry(event.at, event.by.name, words(event.kind, event.data), note(event.data)) for event in events
    ]


def words(kind: str, data: Mapping[str, Any]) -> str:
    match kind:
        case "case.opened":
            return gettext("opened the case")
        case "case.routed":
            to = gettext(" to %(name)s") % {"name": data["name"]} if data.get("name") else ""
            place = (
                gettext(", %(stand_in)s stands in") % {"stand_in": data["stand_in"]}
                if data.get("stand_in")
                else ""
            )
            return gettext("routed it%(to)s%(place)s, answer due %(due)s") % {
                "to": to,
                "place": place,
                "due": _day(data.get("due")),
            }
        case "case.accepted":
            return gettext("accepted it, cause known by %(due)s") % {"due": _day(data.get("due"))}
        case "case.rejected":
            return gettext("sent it back: %(reason)s") % {"reason": _inside(Rejection, data.get("reason"))}
        case "case.regressed":
            return gettext("found it back again and reopened the case")
        case "case.reopened":
            return str(REOPENED[data.get("why") or "expired"])
        case "case.reminded":
            return _reminded(data)
        case "case.stood_in" if data.get("stand_in"):
            return gettext("let %(stand_in)s stand in for %(owner)s, who is away") % {
                "stand_in": data["stand_in"],
                "owner": data.get("owner"),
            }
        case "case.stood_in":
            return gettext("gave it back to %(owner)s") % {"owner": data.get("owner")}
        case "case.moved":
            return gettext("moved it from %(stage)s to %(stage_2)s") % {
                "stage": _stage(data.get("from")),
                "stage_2": _stage(data.get("to")),
            }
        case "case.judged":
            return gettext("gave the verdict: %(verdict)s") % {
                "verdict": _inside(VerdictKind, data.get("verdict"))
            }
        case "case.doubted":
            return gettext("heard customers say otherwise")
        case "case.spread" if data.get("action"):
            return gettext("took it to a sister product: %(product)s") % {"product": data.get("product")}
        case "case.spread":
            return gettext("looked at %(product)s: not concerned") % {"product": data.get("product")}
        case "case.noted" if _confirms(data):
            return gettext("confirmed that they accept the risk")
        case "case.noted":
            changed = [
                str(name)
                for key in data.get("changed", {})
                if (name := NAMES.get(key, key.replace("_", " ")))
            ]
            return (
                gettext("changed %(changed)s") % {"changed": ", ".join(changed)}
                if changed
                else gettext("noted something")
            )
        case "cause.added":
            return gettext("asked whether: %(text)s") % {"text": data.get("text")}
        case "cause.predicted":
            return gettext("predicted for the cause “%(text)s”: %(prediction)s") % {
                "text": data.get("text"),
                "prediction": read(data.get("prediction")),
            }
        case "cause.tested":
            return gettext("asked the tickets about “%(prediction)s”: %(get)s") % {
                "prediction": read(data.get("prediction")),
                "get": str(FOUND.get(str(data.get("finding")), "")).lower(),
            }
        case "cause.placed":
            return _placed(data)
        case "cause.judged":
            return gettext("noted the cause “%(text)s” as %(to)s") % {
                "text": data.get("text"),
                "to": _inside(CauseState, data.get("to")),
            }
        case "action.added":
            return gettext("added the action “%(title)s”") % {"title": data.get("title")}
        case "action.moved" if data.get("due"):
            return gettext("moved the day of “%(title)s” to %(due)s") % {
                "title": data.get("title"),
                "due": _day(data["due"]),
            }
        case "action.moved":
            return gettext("moved the action “%(title)s” to %(to)s") % {
                "title": data.get("title"),
                "to": _label(ActionState, data.get("to")),
            }
        case "action.linked":
            return gettext("linked the action “%(title)s” with %(item)s") % {
                "title": data.get("title"),
                "item": data.get("item"),
            }
        case "action.unlinked":
            return gettext("unlinked the action “%(title)s” from %(item)s") % {
                "title": data.get("title"),
                "item": data.get("item"),
            }
        case "action.reported":
            return _reported(data)
        case "plan.frozen":
            return gettext("froze the proof: %(cut)s fewer, decision on %(decision)s") % {
                "cut": Share(data.get("cut", 0)),
                "decision": _day(data.get("decision")),
            }
        case "delivery.sent":
            return gettext("sent a letter about it")
        case "delivery.failed":
            return gettext("could not deliver a letter about it")
        case "signal.raised":
            return (
                gettext("raised it again: %(again)s") % {"again": read(data["again"])}
                if data.get("again")
                else gettext("raised it")
            )
        case "signal.judged":
            return gettext("judged it: %(to)s") % {"to": _inside(SignalState, data.get("to"))}
        case "workaround.used":
            how = gettext("helped") if data.get("helped") else gettext("did not help")
            return gettext("said that the workaround %(how)s on ticket #%(ticket)s") % {
                "how": how,
                "ticket": data.get("ticket"),
            }
        case "evidence.changed":
            ticket = gettext("ticket #%(number)s") % {"number": data.get("ticket")}
            return (
                gettext("linked %(ticket)s") % {"ticket": ticket}
                if data.get("linked")
                else gettext("said that %(ticket)s is not this issue") % {"ticket": ticket}
            )
    return kind.replace(".", " ")


def _placed(data: Mapping[str, Any]) -> str:
    """Only what is another than before."""
    before, after = data.get("from", {}), data.get("to", {})
    said = []
    if before.get("under") != after.get("under"):
        under = gettext("under “%(cause)s”") % {"cause": after.get("under")}
        said.append(under if after.get("under") else gettext("to the beginning"))
    if before.get("path") != after.get("path"):
        said.append(gettext("to “%(path)s”") % {"path": _label(CausePath, after.get("path"))})
    if before.get("category") != after.get("category"):
        said.append(gettext("to %(category)s") % {"category": _inside(CauseCategory, after.get("category"))})
    return gettext("moved the cause “%(text)s” %(said)s") % {
        "text": data.get("text"),
        "said": ", ".join(said),
    }


def _reported(data: Mapping[str, Any]) -> str:
    """What a tracker told of an action, and why it was not taken over, where it was not."""
    who = f", {data['who']}" if data.get("who") else ""
    said = gettext("heard from %(item)s%(who)s, on “%(title)s”: %(what)s") % {
        "item": data.get("item"),
        "who": who,
        "title": data.get("title"),
        "what": data.get("what"),
    }
    return (
        gettext("%(said)s. Not taken over: %(refused)s") % {"said": said, "refused": data["refused"]}
        if data.get("refused")
        else said
    )


def _reminded(data: Mapping[str, Any]) -> str:
    """A rung of the ladder: what was due, and whom it reached."""
    what = gettext("“%(title)s”") % {"title": data["title"]} if "action" in data else gettext("it")
    told = get_text_list(data.get("told", []), gettext("and")) or gettext("nobody")
    day = _day(data.get("due"))
    match data.get("step"):
        case Step.DUE_SOON:
            return gettext("reminded %(told)s that %(what)s is due %(day)s") % {
                "told": told,
                "what": what,
                "day": day,
            }
        case Step.OVERDUE:
            return gettext("told %(told)s that %(what)s was due %(day)s") % {
                "told": told,
                "what": what,
                "day": day,
            }
        case Step.HEAD:
            if not data.get("told"):
                return gettext(
                    "found %(what)s overdue since %(day)s; the head of the department knows it"
                ) % {"what": what, "day": day}
            return gettext(
                "carried %(what)s up to the head of the department, %(told)s: it was due %(day)s"
            ) % {"what": what, "told": told, "day": day}
        case Step.SPONSOR:
            return gettext("carried %(what)s up to the sponsor, %(told)s: it was due %(day)s") % {
                "what": what,
                "told": told,
                "day": day,
            }
    return gettext("asked %(told)s whether the risk is still accepted after %(day)s") % {
        "told": told,
        "day": day,
    }


def note(data: Mapping[str, Any]) -> str:
    """What was said with it."""
    said = data.get("note") or data.get("evidence") or ""
    if (
        not said and "title" in data
    ):  # the reason of a moved due date; that of a rejection is in the line itself
        said = data.get("reason") or ""
    return str(read(said))


def _confirms(data: Mapping[str, Any]) -> bool:
    changed = data.get("changed", {})
    return set(changed) == {"risk_confirmed_at"}


def _stage(state: Any) -> str:
    """A column of the board, as what goes on in it."""
    return gettext("Assessing") if state == CaseState.ASSESS else _label(CaseState, state)


def _day(text: Any) -> str:
    return date_format(date.fromisoformat(text), "j F") if text else gettext("some day")


def _inside(choices: Any, value: Any) -> str:
    """A label within a sentence; German ones stand between quotation marks."""
    return inside(_label(choices, value))


def _label(choices: Any, value: Any) -> str:
    return str(choices(value).label) if value in choices.values else str(value or "")
