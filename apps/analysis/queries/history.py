"""The history of a case or a signal in plain words, out of the event log: each line goes on from who did it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from apps.analysis.models import (
    ActionState,
    CaseState,
    CauseCategory,
    CausePath,
    Finding,
    Rejection,
    SignalState,
    Step,
)
from helpdesk.models import Event

NAMES = {
    "statement": "the statement", "is_text": "what it is", "is_not_text": "what it is not", "title": "the title",
    "severity": "the severity", "issue": "the issue", "money_likely": "the money at risk",
    "workaround": "the workaround",
    "rejections": "", "needs_arbitration": "", "is_arbitrated": "", "is_known_error": "", "money_low": "",
    "money_high": "", "money_note": "", "due_on": "the due date", "decision_on": "the decision date",
    "proposed_department": "the proposed department", "duplicate_of": "", "fixed_on": "the day of the fix",
    "question": "the question", "customers_told_at": "that customers are told",
    "telling_waived": "why customers need not be told",
    "detection_start": "", "detection_end": "",
    "risk_expires_on": "until when the risk is accepted", "risk_approved_by": "who accepts the risk",
    "risk_confirmed_at": "", "risk_asked_at": "",
    "outcome_note": "",
}  # fmt: skip


REOPENED = {
    "expired": "opened it again: the accepted risk has run out",
    "refused": "opened it again: they do not accept the risk",
    "unconfirmed": "opened it again: nobody confirmed that the risk is accepted",
}
FOUND = {finding.value: str(finding.label).lower() for finding in Finding}


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
            return "opened the case"
        case "case.routed":
            to = f" to {data['name']}" if data.get("name") else ""
            place = f", {data['stand_in']} stands in" if data.get("stand_in") else ""
            return f"routed it{to}{place}, answer due {_day(data.get('due'))}"
        case "case.accepted":
            return f"accepted it, cause known by {_day(data.get('due'))}"
        case "case.rejected":
            return f"sent it back: {_label(Rejection, data.get('reason')).lower()}"
        case "case.regressed":
            return "found it back again and reopened the case"
        case "case.reopened":
            return REOPENED[data.get("why") or "expired"]
        case "case.reminded":
            return _reminded(data)
        case "case.stood_in" if data.get("stand_in"):
            return f"let {data['stand_in']} stand in for {data.get('owner')}, who is away"
        case "case.stood_in":
            return f"gave it back to {data.get('owner')}"
        case "case.moved":
            return f"moved it from {_stage(data.get('from'))} to {_stage(data.get('to'))}"
        case "case.judged":
            return f"gave the verdict: {data.get('verdict')}"
        case "case.doubted":
            return "heard customers say otherwise"
        case "case.spread" if data.get("action"):
            return f"took it to a sister product: {data.get('product')}"
        case "case.spread":
            return f"looked at {data.get('product')}: not concerned"
        case "case.noted" if _confirms(data):
            return "confirmed that they accept the risk"
        case "case.noted":
            changed = [
                name for key in data.get("changed", {}) if (name := NAMES.get(key, key.replace("_", " ")))
            ]
            return f"changed {', '.join(changed)}" if changed else "noted something"
        case "cause.added":
            return f"asked whether: {data.get('text')}"
        case "cause.predicted":
            return f"predicted for the cause “{data.get('text')}”: {data.get('prediction')}"
        case "cause.tested":
            return f"asked the tickets about “{data.get('prediction')}”: {FOUND.get(str(data.get('finding')), '')}"
        case "cause.placed":
            return _placed(data)
        case "cause.judged":
            return f"noted the cause “{data.get('text')}” as {data.get('to')}"
        case "action.added":
            return f"added the action “{data.get('title')}”"
        case "action.moved" if data.get("due"):
            return f"moved the day of “{data.get('title')}” to {_day(data['due'])}"
        case "action.moved":
            return f"moved the action “{data.get('title')}” to {_label(ActionState, data.get('to'))}"
        case "action.linked":
            return f"linked the action “{data.get('title')}” with {data.get('item')}"
        case "action.unlinked":
            return f"unlinked the action “{data.get('title')}” from {data.get('item')}"
        case "action.reported":
            return _reported(data)
        case "plan.frozen":
            return (
                f"froze the proof: {data.get('cut', 0):.0%} fewer, decision on {_day(data.get('decision'))}"
            )
        case "delivery.sent":
            return "sent a letter about it"
        case "delivery.failed":
            return "could not deliver a letter about it"
        case "signal.raised":
            return f"raised it again: {data['again']}" if data.get("again") else "raised it"
        case "signal.judged":
            return f"judged it: {_label(SignalState, data.get('to')).lower()}"
        case "workaround.used":
            how = "helped" if data.get("helped") else "did not help"
            return f"said that the workaround {how} on ticket #{data.get('ticket')}"
        case "evidence.changed":
            ticket = f"ticket #{data.get('ticket')}"
            return f"linked {ticket}" if data.get("linked") else f"said that {ticket} is not this issue"
    return kind.replace(".", " ")


def _placed(data: Mapping[str, Any]) -> str:
    """Only what is another than before."""
    before, after = data.get("from", {}), data.get("to", {})
    said = []
    if before.get("under") != after.get("under"):
        said.append(f"under “{after['under']}”" if after.get("under") else "to the beginning")
    if before.get("path") != after.get("path"):
        said.append(f"to “{_label(CausePath, after.get('path'))}”")
    if before.get("category") != after.get("category"):
        said.append(f"to {_label(CauseCategory, after.get('category')).lower()}")
    return f"moved the cause “{data.get('text')}” {', '.join(said)}"


def _reported(data: Mapping[str, Any]) -> str:
    """What a tracker told of an action, and why it was not taken over, where it was not."""
    who = f", {data['who']}" if data.get("who") else ""
    said = f"heard from {data.get('item')}{who}, on “{data.get('title')}”: {data.get('what')}"
    return f"{said}. Not taken over: {data['refused']}" if data.get("refused") else said


def _reminded(data: Mapping[str, Any]) -> str:
    """A rung of the ladder: what was due, and whom it reached."""
    what = f"“{data['title']}”" if "action" in data else "it"
    told, day = " and ".join(data.get("told", ())) or "nobody", _day(data.get("due"))
    match data.get("step"):
        case Step.DUE_SOON:
            return f"reminded {told} that {what} is due {day}"
        case Step.OVERDUE:
            return f"told {told} that {what} was due {day}"
        case Step.HEAD:
            if not data.get("told"):
                return f"found {what} overdue since {day}; the head of the department knows it"
            return f"carried {what} up to the head of the department, {told}: it was due {day}"
        case Step.SPONSOR:
            return f"carried {what} up to the sponsor, {told}: it was due {day}"
    return f"asked {told} whether the risk is still accepted after {day}"


def note(data: Mapping[str, Any]) -> str:
    """What was said with it."""
    said = data.get("note") or data.get("evidence") or ""
    if (
        not said and "title" in data
    ):  # the reason of a moved due date; that of a rejection is in the line itself
        said = data.get("reason") or ""
    return str(said)


def _confirms(data: Mapping[str, Any]) -> bool:
    changed = data.get("changed", {})
    return set(changed) == {"risk_confirmed_at"}


def _stage(state: Any) -> str:
    """A column of the board, as what goes on in it."""
    return "Assessing" if state == CaseState.ASSESS else _label(CaseState, state)


def _day(text: Any) -> str:
    return f"{date.fromisoformat(text):%-d %B}" if text else "some day"


def _label(choices: Any, value: Any) -> str:
    return str(choices(value).label) if value in choices.values else str(value or "")
