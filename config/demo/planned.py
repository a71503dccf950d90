"""What a case of the demo company is made of: its causes, actions, plan and dates."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Rejection:
    """A department that sent the case back."""

    department: str
    by: str
    on: date
    reason: str
    explanation: str
    proposed: str


@dataclass(frozen=True)
class Cause:
    """A verified cause with its evidence; `asks` is occurrence (why it happened) or escape (why nobody caught it)."""

    asks: str
    text: str
    cause_class: str
    evidence: str
    verified_on: date


@dataclass(frozen=True)
class Action:
    """A prevention action; confirmed by somebody other than its assignee."""

    title: str
    kind: str
    strength: str
    route: str
    assignee: str
    due_on: date
    implemented_on: date | None
    confirmed_by: str | None
    confirmed_on: date | None


@dataclass(frozen=True)
class Plan:
    """The frozen effectiveness plan; `baseline_from` may lie before the first ticket: then the rest is used."""

    expected_reduction: float
    baseline_from: date
    baseline_to: date
    lag_days: int
    decision_on: date
    alpha: float
    frozen_on: date
    second_source: str
    weak_actions_override: str = ""


@dataclass(frozen=True)
class Ending:
    """How a case came to rest: `how` is "hold", "risk" or an outcome; `until` the day to look again, or that the
    accepted risk runs out."""

    how: str
    on: date
    words: str
    until: date | None = None


@dataclass(frozen=True)
class Heard:
    """What customers answered who were asked on that day whether it is gone; the others said nothing."""

    on: date
    gone: int
    still: int


@dataclass(frozen=True)
class PlannedCase:
    """A root-cause case as it stands at the end of the world. `state` is where it stands; missing days lie ahead.

    A new one was raised by an agent, and nothing else is known of it.
    """

    title: str
    issue_code: str
    related: tuple[str, ...]
    statement: str
    is_text: str
    is_not_text: str
    state: str
    severity: int
    department: str
    owner: str
    verifier: str
    opened_by: str
    signal_kind: str
    detected_from: date
    detected_to: date
    opened_on: date
    routed_on: date
    due_on: date
    accepted_on: date | None = None
    rejections: tuple[Rejection, ...] = ()
    causes: tuple[Cause, ...] = ()
    actions: tuple[Action, ...] = ()
    plan: Plan | None = None
    action_on: date | None = None
    workaround: str = ""
    # What all customers read of it since the day it was accepted: title, text, what to do until then.
    notice: tuple[str, str, str] | None = None
    notice_in_german: tuple[str, str, str] | None = None
    planning_on: date | None = None
    ending: Ending | None = None
    heard: Heard | None = None
