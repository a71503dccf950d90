"""Every change of a ticket, in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.response.links.models import RELATIONS
from helpdesk.custom_fields import texts
from helpdesk.models import Department, Event, Issue, Product, Severity, Status, Ticket, User

MAX_MOMENTS = 500


@dataclass(frozen=True)
class Moment:
    """One event: who, when, what, in a sentence."""

    at: datetime
    who: str
    kind: str
    text: str
    is_loop: bool


@dataclass(frozen=True)
class Names:
    """The words behind the numbers that events carry."""

    people: dict[int, str]
    departments: dict[int, str]
    issues: dict[int, str]
    products: dict[int, str]


def history(ticket: Ticket) -> list[Moment]:
    """The newest 500 changes, newest first. Five queries: events, and each kind of name."""
    events = Event.objects.filter(ticket=ticket, at__gte=ticket.opened_at).select_related("by")
    rows = list(events.order_by("-at", "-pk")[:MAX_MOMENTS])
    names = _names([event.data for event in rows])
    return [
        Moment(event.at, event.by.name, event.kind, _sentence(event, names), _is_loop(event.kind))
        for event in rows
    ]


def _is_loop(kind: str) -> bool:
    return kind.split(".")[0] in ("case", "signal", "cause", "action", "plan")


def _names(data: Iterable[dict[str, Any]]) -> Names:
    numbers: dict[str, set[int]] = {"people": set(), "departments": set(), "issues": set(), "products": set()}
    for one in data:
        for key, value in one.items():
            kinds = {"from": ("people", "departments"), "to": ("people", "departments", "products")}.get(
                key, ()
            )
            if key in ("issue", "before") and isinstance(value, int):
                numbers["issues"].add(value)
            for kind in kinds:
                if isinstance(value, int):
                    numbers[kind].add(value)
                elif isinstance(value, dict) and isinstance(value.get("product"), int):
                    numbers["products"].add(value["product"])
    return Names(
        people=dict(User.objects.filter(pk__in=numbers["people"]).values_list("pk", "name")),
        departments=dict(Department.objects.filter(pk__in=numbers["departments"]).values_list("pk", "name")),
        issues=dict(Issue.objects.filter(pk__in=numbers["issues"]).values_list("pk", "label")),
        products=dict(Product.objects.filter(pk__in=numbers["products"]).values_list("pk", "name")),
    )


def _sentence(event: Event, names: Names) -> str:
    told = _SENTENCES.get(event.kind)
    return told(event.data, names) if told else event.kind.replace(".", " ").capitalize()


def _reason(data: dict[str, Any]) -> str:
    return f": {data['reason']}" if data.get("reason") else ""


def _classified(data: dict[str, Any], names: Names) -> str:
    said = f"Coded as {names.issues.get(data.get('issue', 0), 'an issue')}"
    before = names.issues.get(data.get("before") or 0, "")
    how = {"model": " by the suggestion", "client": " by the API", "import": " by the import"}
    many = f", with others: {data['reason']}" if data.get("recoding") else ""
    return f"{said}{f' (before: {before})' if before else ''}{how.get(data.get('source', ''), '')}{many}"


def _assigned(data: dict[str, Any], names: Names) -> str:
    to = data.get("to")
    return f"Given to {names.people.get(to, 'somebody')}" if to else "Given back to everybody"


def _described(data: dict[str, Any], names: Names) -> str:
    to = data.get("to", {})
    product = names.products.get(to.get("product") or 0, "no product")
    tags = ", ".join(to.get("tags", [])) or "no tags"
    return f"Described: {product} {to.get('version', '')}".strip() + f"; {tags}"


def _filled(fields: dict[str, Any]) -> str:
    said = {key: ", ".join(texts(change.get("to"))) or "nothing" for key, change in fields.items()}
    return "; ".join(f"{key} {value}" for key, value in said.items())


def _held(data: dict[str, Any], names: Names) -> str:
    return f"{Status(data['to']).label}{_reason(data)}"


def _related(data: dict[str, Any]) -> str:
    known = RELATIONS.get(data.get("as", ""))
    return str(known.label) if known else "Linked to"


_SENTENCES: dict[str, Callable[[dict[str, Any], Names], str]] = {
    "ticket.opened": lambda data, names: f"Opened by {data.get('channel', 'somebody')}",
    "ticket.classified": _classified,
    "ticket.recoded": lambda data, names: (
        f"Recoded to {names.issues.get(data.get('issue', 0), 'an issue')}"
        f" (before: {names.issues.get(data.get('before', 0), 'an issue')}) by a release of the taxonomy"
    ),
    "ticket.uncoded": lambda data, names: (
        f"Not about {names.issues.get(data.get('issue', 0), 'one issue')} after all"
    ),
    "ticket.assigned": _assigned,
    "ticket.moved": lambda data, names: (
        f"Moved to {names.departments.get(data.get('to', 0), 'a department')}"
    ),
    "ticket.rated": lambda data, names: (
        f"Severity {Severity(data['from']).label} to {Severity(data['to']).label}"
    ),
    "ticket.described": _described,
    "ticket.filled": lambda data, names: f"Filled in: {_filled(data.get('fields', {}))}",
    "ticket.unmarked": lambda data, names: f"There is no campaign {data.get('campaign')}: it came of itself",
    "ticket.begun": lambda data, names: "Work goes on",
    "ticket.held": _held,
    "ticket.resolved": lambda data, names: "Solved",
    "ticket.reopened": lambda data, names: f"Reopened{_reason(data)}",
    "ticket.closed": lambda data, names: "Closed",
    "ticket.merged": lambda data, names: f"Merged into #{data.get('into')}",
    "ticket.unmerged": lambda data, names: f"The merge into #{data.get('out_of')} was undone",
    "link.added": lambda data, names: f"{_related(data)} #{data.get('linked')}",
    "link.removed": lambda data, names: f"No longer {_related(data).lower()} #{data.get('linked')}",
    "outcome.told": lambda data, names: f"The customer is {data.get('outcome', 'heard')}",
    "remedy.given": lambda data, names: f"Gave {data.get('remedy')} {data.get('amount') or ''}".strip(),
    "message.received": lambda data, names: "The customer wrote",
    "message.written": lambda data, names: "Replied",
    "message.withdrawn": lambda data, names: "Took a reply back before it left",
    "note.added": lambda data, names: "Added a note",
    "note.withdrawn": lambda data, names: "Took a note back",
    "delivery.sent": lambda data, names: "Mail left",
    "delivery.failed": lambda data, names: "Mail could not be delivered",
    "mail.bounced": lambda data, names: "Mail came back",
    "clock.warned": lambda data, names: f"Clock {data.get('kind', '')} is about to run out".replace(
        "  ", " "
    ),
    "clock.breached": lambda data, names: f"Clock {data.get('kind', '')} ran out".replace("  ", " "),
    "referral.opened": lambda data, names: "Referred to a department",
    "referral.answered": lambda data, names: "The department answered the referral",
    "referral.closed": lambda data, names: "Referral closed",
}
