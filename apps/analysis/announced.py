"""What programs of others hear of the loop (config/announced.py): compact documents with the way to all evidence.

Each is asked with the event and the user with whose eyes the program sees, and answers None for what that user may
not know of. Quoted customers, notes and what people typed are in the evidence, for whoever fetches it.
"""

from typing import Any

from apps.analysis.models import Action, Assumption, Case, Signal, Verdict
from helpdesk.links import absolute
from helpdesk.models import Event, User
from helpdesk.permissions import may
from helpdesk.sentences import in_english

Document = dict[str, Any]


def case(*, event: Event, user: User) -> Document | None:
    """A case as it stands; with the action, or the verdict, that the event is about."""
    row = _case(_number(event), user)
    if row is None:
        return None
    document: Document = {"case": _of_case(row)}
    if event.kind.startswith("action."):
        document["action"] = _of_action(row, event.data.get("action"))
    if event.kind == "case.judged":
        document["verdict"] = _of_verdict(Verdict.objects.filter(pk=event.data.get("id"), case=row).first())
    return document


def verdict(*, event: Event, user: User) -> Document | None:
    """An entry of the prevention ledger: the case and the verdict that proved it."""
    row = Verdict.objects.filter(pk=_number(event)).first()
    of = _case(row.case_id, user) if row else None
    return None if of is None else {"case": _of_case(of), "verdict": _of_verdict(row)}


def signal(*, event: Event, user: User) -> Document | None:
    """A signal as it stands; with its case, once it has one."""
    if not may(user, "analysis.judge"):
        return None
    row = Signal.objects.select_related("issue", "case").filter(pk=_number(event)).first()
    if row is None:
        return None
    document = {
        "signal": {
            "id": row.pk, "kind": row.kind, "state": row.state, "label": in_english(row.label),
            "sentence": in_english(row.sentence), "issue": row.issue.path if row.issue else None,
            "dimension": row.dimension, "value": row.value, "observed": row.observed, "expected": row.expected,
            "ratio": row.ratio, "started_on": row.started_on, "last_seen_on": row.last_seen_on,
            "url": _api(f"signals/{row.pk}/"), "page": absolute("signal", number=row.pk),
        }
    }  # fmt: skip
    of = _case(row.case_id, user) if row.case_id else None
    return document if of is None else document | {"case": _of_case(of)}


def assumption(*, event: Event, user: User) -> Document | None:
    """A number of the money model that was set."""
    if not may(user, "analysis.view"):
        return None
    row = Assumption.objects.select_related("issue").filter(pk=_number(event)).first()
    if row is None:
        return None
    return {
        "assumption": {
            "id": row.pk, "parameter": row.parameter, "issue": row.issue.path if row.issue else None,
            "channel": row.channel, "segment": row.segment, "low": row.low, "likely": row.likely,
            "high": row.high, "unit": row.unit, "source": row.source, "dated_on": row.dated_on,
            "valid_from": row.valid_from, "url": _api(f"analysis/assumptions/?parameter={row.parameter}"),
        }
    }  # fmt: skip


def _number(event: Event) -> int:
    """What an event is about: 31 of "case:31"."""
    return int(event.about.partition(":")[2])


def _case(number: int, user: User) -> Case | None:
    if not may(user, "analysis.view"):
        return None
    rows = Case.objects.visible_to(user).select_related("issue", "owner_department")
    return rows.filter(pk=number).first()


def _of_case(row: Case) -> Document:
    return {
        "id": row.pk, "number": row.number, "title": row.title, "state": row.state, "severity": row.severity,
        "issue": row.issue.path if row.issue else None,
        "owner_department": row.owner_department.slug if row.owner_department else None, "owner": row.owner_id,
        "due_on": row.due_on, "outcome": row.outcome or None,
        "money_at_risk": {"low": row.money_low, "likely": row.money_likely, "high": row.money_high},
        "url": _api(f"cases/{row.pk}/"), "evidence": _api(f"cases/{row.pk}/evidence/"),
        "page": absolute("case", number=row.pk),
    }  # fmt: skip


def _of_action(case: Case, number: object) -> Document | None:
    row = Action.objects.filter(case=case, pk=number).first() if isinstance(number, int) else None
    if row is None:
        return None
    return {
        "id": row.pk, "title": row.title, "state": row.state, "kind": row.kind, "strength": row.strength,
        "assignee": row.assignee_id, "due_on": row.due_on, "promised_cut": row.promised_cut,
        "implemented_on": row.implemented_on,
    }  # fmt: skip


def _of_verdict(row: Verdict | None) -> Document | None:
    if row is None:
        return None
    return {
        "id": row.pk, "verdict": row.verdict, "proven": row.is_proven, "cut": row.cut, "ratio": row.ratio,
        "low": row.low, "high": row.high, "window_start": row.window_start, "window_end": row.window_end,
        "saved": {"low": row.saved_low, "likely": row.saved_likely, "high": row.saved_high},
    }  # fmt: skip


def _api(path: str) -> str:
    """The full address of something in the API."""
    return absolute("home") + f"api/v1/{path}"
