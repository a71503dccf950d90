"""What a condition may ask: fields, and what may be said of each. Pure.

Fields are keys of the queue's language (`apps.response.query`), which alone knows what a value means; besides them a
condition may ask for words, and for what has just happened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.response.query import STATES, VALUES
from apps.response.query.fields import CHOICES, OWN
from helpdesk.models import Channel, ContactType, Outcome, Severity, Status, Ticket

# States in one person's eyes: a rule has none.
_PERSONAL = ("snoozed", "back", "followed")
RULE_STATES = tuple(state for state in STATES if state not in _PERSONAL)
# What each is called on a rule's form, and in its sentence.
_CALLED: dict[str, Any] = {
    "open": gettext_lazy("open in any way"),
    "new": Status.NEW.label,
    "waiting": gettext_lazy("waiting for somebody"),
    "waiting-customer": Status.WAITING_CUSTOMER.label,
    "waiting-owner": Status.WAITING_OWNER.label,
    "solved": Status.SOLVED.label,
    "closed": Status.CLOSED.label,
    "assigned": gettext_lazy("given to somebody"),
    "unassigned": gettext_lazy("with nobody"),
    "coded": gettext_lazy("coded"),
    "uncoded": gettext_lazy("not coded"),
    "overdue": gettext_lazy("overdue"),
    "paused": gettext_lazy("with its clock at rest"),
    "reopened": gettext_lazy("reopened"),
    "merged": gettext_lazy("merged into another"),
    "replied": gettext_lazy("answered by us"),
    "unreplied": gettext_lazy("not answered by us"),
    "refused": gettext_lazy("written to after it was over for good"),
}
_HELD = {"attachment": gettext_lazy("a file"), "note": gettext_lazy("a note")}
_AGE = gettext_lazy("a length of time such as 30m, 24h, 7d or 2w")
_DAY = gettext_lazy("a day such as 2026-05-01")


@dataclass(frozen=True)
class Operator:
    """As a choice, and as a sentence. `takes`: what it wants for a value, where the field does not say."""

    label: Any
    sentence: Any
    takes: Any = ""
    valued: bool = True


OPERATORS: dict[str, Operator] = {
    "is": Operator(gettext_lazy("is"), gettext_lazy("%(field)s is %(value)s")),
    "is_not": Operator(gettext_lazy("is not"), gettext_lazy("%(field)s is not %(value)s")),
    "set": Operator(gettext_lazy("is known"), gettext_lazy("%(field)s is known"), valued=False),
    "unset": Operator(gettext_lazy("is not known"), gettext_lazy("%(field)s is not known"), valued=False),
    "contain": Operator(gettext_lazy("contain"), gettext_lazy("%(field)s contain %(value)s")),
    "contain_not": Operator(gettext_lazy("do not contain"), gettext_lazy("%(field)s do not contain %(value)s")),
    "less_ago": Operator(
        gettext_lazy("less than … ago"), gettext_lazy("%(field)s less than %(value)s ago"), _AGE
    ),
    "more_ago": Operator(
        gettext_lazy("more than … ago"), gettext_lazy("%(field)s more than %(value)s ago"), _AGE
    ),
    "less_ahead": Operator(
        gettext_lazy("in less than …"), gettext_lazy("%(field)s in less than %(value)s"), _AGE
    ),
    "more_ahead": Operator(
        gettext_lazy("in more than …"), gettext_lazy("%(field)s in more than %(value)s"), _AGE
    ),
    "before": Operator(gettext_lazy("before"), gettext_lazy("%(field)s before %(value)s"), _DAY),
    "after": Operator(gettext_lazy("after"), gettext_lazy("%(field)s after %(value)s"), _DAY),
}  # fmt: skip
EQUAL, KNOWN = ("is", "is_not"), ("is", "is_not", "set", "unset")
AGO = ("less_ago", "more_ago", "before", "after")
SIGNS = {
    "less_ago": "<", "more_ago": ">", "less_ahead": "<", "more_ahead": ">", "before": "<", "after": ">",
}  # fmt: skip


def _label(ticket: Ticket, name: str) -> str:
    return str(getattr(ticket, f"get_{name}_display")())


def _labelled(name: str) -> Callable[[Ticket], str]:
    return lambda one: _label(one, name)


def _moment(ticket: Ticket, name: str) -> str:
    at = getattr(ticket, name, None)
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


@dataclass(frozen=True)
class Field:
    """Something a condition asks about. `saw` tells a ticket's own value, for the trace."""

    label: Any
    operators: tuple[str, ...]
    saw: Callable[[Ticket], str]
    choices: tuple[tuple[str, Any], ...] = ()
    takes: Any = ""
    is_labelled: bool = False  # what it saw may be a label of ours, though no choice is offered

    @property
    def says_labels(self) -> bool:
        return self.is_labelled or bool(self.choices)


def _chosen(key: str, labels: Mapping[str, Any] | None = None) -> tuple[tuple[str, Any], ...]:
    values = (value for value in CHOICES[key] if value not in ("none", *_PERSONAL))
    return tuple((value, (labels or {}).get(value, value.replace("-", " "))) for value in values)


FIELDS: dict[str, Field] = {
    "is": Field(gettext_lazy("The ticket"), EQUAL, lambda one: _label(one, "status"), _chosen("is", _CALLED)),
    "status": Field(
        gettext_lazy("State"),
        EQUAL,
        lambda one: str(one.status_label),
        takes=gettext_lazy("a state, or the key of one of your own"),
        is_labelled=True,
    ),
    "department": Field(gettext_lazy("Department"), EQUAL, lambda one: one.department.slug),
    "assignee": Field(
        gettext_lazy("Who has it"), KNOWN, lambda one: one.assignee.name if one.assignee else ""
    ),
    "severity": Field(
        gettext_lazy("Severity"),
        EQUAL,
        lambda one: _label(one, "severity"),
        _chosen("severity", {label.lower(): label for label in Severity.labels}),
    ),
    "channel": Field(gettext_lazy("Channel"), EQUAL, _labelled("channel"), _chosen("channel", dict(Channel.choices))),
    "type": Field(
        gettext_lazy("Kind of contact"),
        EQUAL,
        _labelled("contact_type"),
        _chosen("type", dict(ContactType.choices)),
    ),
    "issue": Field(
        gettext_lazy("Issue"), KNOWN, lambda one: one.primary_issue.path if one.primary_issue else ""
    ),
    "owner": Field(gettext_lazy("Department that owns the issue"), KNOWN, lambda one: ""),
    "product": Field(gettext_lazy("Product"), KNOWN, lambda one: one.product.code if one.product else ""),
    "tag": Field(gettext_lazy("Tag"), KNOWN, lambda one: ", ".join(one.tags)),
    "customer": Field(gettext_lazy("Customer"), EQUAL, lambda one: one.customer.name),
    "organisation": Field(gettext_lazy("Organisation"), KNOWN, lambda one: one.customer.organisation),
    "segment": Field(gettext_lazy("Segment"), KNOWN, lambda one: one.segment),
    "region": Field(gettext_lazy("Region"), KNOWN, lambda one: one.region),
    "language": Field(gettext_lazy("Language"), KNOWN, lambda one: one.language),
    "outcome": Field(
        gettext_lazy("What the customer says"), KNOWN, _labelled("outcome"), _chosen("outcome", dict(Outcome.choices))
    ),
    "has": Field(gettext_lazy("It has"), EQUAL, lambda one: "", _chosen("has", _HELD)),
    "words": Field(
        gettext_lazy("Subject, messages and notes"),
        ("contain", "contain_not"),
        lambda one: one.subject,
        takes=gettext_lazy("words, or “exact words” in quotes"),
    ),
    "created": Field(gettext_lazy("Opened"), AGO, lambda one: _moment(one, "opened_at")),
    "updated": Field(gettext_lazy("Changed last"), AGO, lambda one: _moment(one, "updated_at")),
    "solved": Field(gettext_lazy("Solved"), AGO, lambda one: _moment(one, "solved_at")),
    "heard": Field(gettext_lazy("Customer’s last word"), AGO, lambda one: _moment(one, "heard_at")),
    "answered": Field(gettext_lazy("Our last reply"), (*AGO, "unset"), lambda one: _moment(one, "answered_at")),
    "due": Field(
        gettext_lazy("Due"),
        ("less_ahead", "more_ahead", "before", "after", "unset"),
        lambda one: _moment(one, "due_at"),
    ),
}  # fmt: skip
# What has just happened: asked of the event, and not of the ticket.
HAPPENED: dict[str, Field] = {
    "changed_to": Field(gettext_lazy("New state"), EQUAL, lambda one: "", tuple(Status.choices)),
    "changed_from": Field(gettext_lazy("State before"), EQUAL, lambda one: "", tuple(Status.choices)),
    "done_by": Field(
        gettext_lazy("Done by"),
        EQUAL,
        lambda one: "",
        (
            ("colleague", gettext_lazy("a colleague")),
            ("customer", gettext_lazy("the customer")),
            ("machine", gettext_lazy("a machine")),
        ),
    ),
}


def field_named(name: str) -> Field | None:
    """A field of the house, or one of the desk's own: `field.order-id`."""
    if name.startswith(OWN) and len(name) > len(OWN):
        key = name.removeprefix(OWN)
        return Field(key, KNOWN, lambda one: _own(one.custom.get(key)), takes=_("the whole value"))
    return FIELDS.get(name) or HAPPENED.get(name)


def _own(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def wants(name: str, operator: str) -> str:
    """What must stand for a value, in words."""
    field = field_named(name)
    if OPERATORS[operator].takes:
        return str(OPERATORS[operator].takes)
    if field is not None and field.choices:
        return _("one of %(values)s") % {"values": ", ".join(str(label) for _value, label in field.choices)}
    if field is not None and field.takes:
        return str(field.takes)
    return str(VALUES.get(name, ""))
