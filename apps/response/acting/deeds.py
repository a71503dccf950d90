"""What each act does, which facts it may change, and how they are put back.

Whoever does it, does it through the service that a page calls. What is put back was checked to be as the act left it;
it goes by the kernel's mutators, since who moved a ticket out of their own sight may take that back too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.response.acting.act import Done, Facts, thawed
from apps.response.closing.services import keep_open
from apps.response.services.answer import add_note
from apps.response.services.coding import classify, describe, rate, tidy_tag
from apps.response.services.merging import merge, undo_merge
from apps.response.services.notices import notify_customer, tell_colleagues
from apps.response.services.own_fields import fill_in
from apps.response.services.people import assign, move
from apps.response.services.state import hold, reopen, solve
from apps.response.statuses.services import set_status
from helpdesk import events
from helpdesk.models import Department, Event, Note, Product, Role, Ticket, TicketIssue, TicketStatus, User


@dataclass(frozen=True)
class Doing:
    """An act about to be done; `value` is the row it names, or the plain value."""

    ticket: Ticket
    value: Any
    by: User
    at: datetime

    @property
    def who(self) -> dict[str, Any]:
        return {"ticket": self.ticket, "by": self.by, "at": self.at}


@dataclass(frozen=True)
class PuttingBack:
    """An act about to be taken back."""

    ticket: Ticket
    done: Done
    by: User
    at: datetime

    @property
    def before(self) -> Facts:
        return self.done.before


# --- who has it, and where


def give(doing: Doing) -> None:
    assign(**doing.who, assignee=doing.value)


def holder(ticket: Ticket, value: Any) -> Facts:
    return {"assignee": ticket.assignee_id}


def give_back(back: PuttingBack) -> None:
    before = back.before["assignee"]
    back.ticket.assign(User.objects.get(pk=before) if before else None, by=back.by, at=back.at)


def send(doing: Doing) -> None:
    move(**doing.who, department=doing.value)


def place(ticket: Ticket, value: Any) -> Facts:
    return {"department": ticket.department_id, "assignee": ticket.assignee_id}


def stands_where_sent(back: PuttingBack) -> bool:
    """That routing found somebody over there changes nothing; that a person took it does."""
    ticket, after = back.ticket, back.done.after
    if ticket.department_id != after["department"]:
        return False
    if ticket.assignee_id in (None, after["assignee"]):
        return True
    given = Event.objects.filter(ticket=ticket, kind="ticket.assigned").order_by("-at", "-pk")
    last = given.select_related("by").first()
    return last is not None and last.by.role == Role.SYSTEM


def fetch_back(back: PuttingBack) -> None:
    back.ticket.move_to(Department.objects.get(pk=back.before["department"]), by=back.by, at=back.at)
    if back.before["assignee"]:
        give_back(back)


# --- what it is about


def set_severity(doing: Doing) -> None:
    rate(**doing.who, severity=doing.value)


def severity(ticket: Ticket, value: Any) -> Facts:
    return {"severity": ticket.severity}


def put_severity_back(back: PuttingBack) -> None:
    back.ticket.rate(back.before["severity"], by=back.by, at=back.at)


def add_tag(doing: Doing) -> None:
    if doing.value not in doing.ticket.tags:
        _tag(doing, [*doing.ticket.tags, doing.value])


def take_tag(doing: Doing) -> None:
    gone = _meant(doing.ticket, doing.value)
    _tag(doing, [tag for tag in doing.ticket.tags if tag not in gone])


def _meant(ticket: Ticket, value: str) -> list[str]:
    """As somebody wrote it, and as our own hands would have: imports and programs write tags in their own way."""
    return [tag for tag in ticket.tags if tag in (value, tidy_tag(value))]


def _tag(doing: Doing, tags: list[str]) -> None:
    ticket = doing.ticket
    describe(**doing.who, product=ticket.product, product_version=ticket.product_version, tags=tuple(tags))


def has_tag(ticket: Ticket, value: Any) -> Facts:
    return {"has": value in ticket.tags}


def has_meant(ticket: Ticket, value: Any) -> Facts:
    return {"has": _meant(ticket, value) or False}


def put_untagged_back(back: PuttingBack) -> None:
    had, ticket = back.before["has"], back.ticket
    tags = [str(back.done.act.value)] if had is True else list(had or [])
    kept = [tag for tag in ticket.tags if tag not in tags]
    _describe(back, ticket.product_id, ticket.product_version, [*kept, *tags])


def put_tag_back(back: PuttingBack) -> None:
    tag, ticket = str(back.done.act.value), back.ticket
    tags = [one for one in ticket.tags if one != tag]
    _describe(back, ticket.product_id, ticket.product_version, [*tags, tag] if back.before["has"] else tags)


def set_product(doing: Doing) -> None:
    """The version was one of the product before."""
    same = doing.ticket.product_id == (doing.value.pk if doing.value else None)
    version = doing.ticket.product_version if same else ""
    describe(**doing.who, product=doing.value, product_version=version)


def product(ticket: Ticket, value: Any) -> Facts:
    return {"product": ticket.product_id, "version": ticket.product_version}


def put_product_back(back: PuttingBack) -> None:
    _describe(back, back.before["product"], back.before["version"], back.ticket.tags)


def _describe(back: PuttingBack, number: int | None, version: str, tags: list[str]) -> None:
    ticket = back.ticket
    before = {"product": ticket.product_id, "version": ticket.product_version, "tags": ticket.tags}
    ticket.product = Product.objects.get(pk=number) if number else None
    ticket.product_version, ticket.tags, ticket.updated_at = version, tags, back.at
    ticket.save(update_fields=["product", "product_version", "tags", "updated_at"])
    after = {"product": number, "version": version, "tags": tags}
    events.record(
        "ticket.described", ticket=ticket, by=back.by, at=back.at, data={"from": before, "to": after}
    )


# --- the desk's own fields


def fill(doing: Doing) -> None:
    fill_in(**doing.who, values=thawed(doing.value), only_known=True)


def filled(ticket: Ticket, value: Any) -> Facts:
    return {"custom": {key: ticket.custom.get(key) for key, _value in value}}


def empty_again(back: PuttingBack) -> None:
    """As it stood, whatever the fields take today."""
    ticket, before = back.ticket, back.before["custom"]
    changed = {key: {"from": ticket.custom.get(key), "to": value} for key, value in before.items()}
    kept = {key: value for key, value in (ticket.custom | before).items() if value is not None}
    ticket.custom, ticket.updated_at = kept, back.at
    ticket.save(update_fields=["custom", "updated_at"])
    events.record("ticket.filled", ticket=ticket, by=back.by, at=back.at, data={"fields": changed})


# --- its codes

_CODE = ("is_primary", "source", "confidence", "coded_by_id", "suspected_cause", "release_id")


def code(doing: Doing) -> None:
    classify(**doing.who, issue=doing.value, primary=True)


def code_also(doing: Doing) -> None:
    classify(**doing.who, issue=doing.value, primary=False)


def codes(ticket: Ticket, value: Any) -> Facts:
    """Each code as it stands; what was given for it as well, since nobody takes that back with the code."""
    return {"codes": [_code(coded) for coded in ticket.issues.order_by("pk")]}


def _code(coded: TicketIssue) -> dict[str, Any]:
    told = {name: getattr(coded, name) for name in _CODE}
    return told | {
        "issue": coded.issue_id,
        "coded_at": coded.coded_at.isoformat(),
        "remedy": coded.remedy,
        "amount": None if coded.remedy_amount is None else str(coded.remedy_amount),
    }


def put_codes_back(back: PuttingBack) -> None:
    """The codes it had are as they were, and the new one is gone."""
    ticket, before = back.ticket, {one["issue"]: one for one in back.before["codes"]}
    new = next((one["issue"] for one in back.done.after["codes"] if one["issue"] not in before), None)
    ticket.issues.filter(issue=new).delete()
    # One is primary at any time: the one that is now makes room first.
    ticket.issues.filter(is_primary=True).update(is_primary=False)
    for number, told in before.items():
        ticket.issues.filter(issue=number).update(**_fields(told))
    was, ticket.primary_issue_id = ticket.primary_issue_id, _primary(before)
    ticket.updated_at = back.at
    ticket.save(update_fields=["primary_issue", "updated_at"])
    _tell_codes(back, was, new)


def _fields(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in _CODE} | {"coded_at": datetime.fromisoformat(told["coded_at"])}


def _primary(told: Mapping[int, Mapping[str, Any]]) -> int | None:
    return next((number for number, one in told.items() if one["is_primary"]), None)


def _tell_codes(back: PuttingBack, was: int | None, new: int | None) -> None:
    now = back.ticket.primary_issue_id
    who: dict[str, Any] = {"ticket": back.ticket, "by": back.by, "at": back.at}
    if now is not None and now != was:
        source = next(one["source"] for one in back.before["codes"] if one["issue"] == now)
        data = {"issue": now, "primary": True, "before": was, "source": source}
        events.record("ticket.classified", **who, data=data)
    elif new is not None:
        events.record("ticket.uncoded", **who, data={"issue": new})


# --- how it stands


def wait(doing: Doing) -> None:
    hold(**doing.who, waiting_on=doing.value)


def bring(doing: Doing) -> None:
    set_status(**doing.who, to=doing.value)


def keep(doing: Doing) -> None:
    keep_open(**doing.who, on=doing.value == "yes")


def is_kept(ticket: Ticket, value: Any) -> Facts:
    return {"closes_itself": ticket.closes_itself}


def keep_as_before(back: PuttingBack) -> None:
    back.ticket.let_close(back.before["closes_itself"], by=back.by, at=back.at)


def finish(doing: Doing) -> None:
    solve(**doing.who)


def open_again(doing: Doing) -> None:
    reopen(**doing.who, reason=doing.value or "")


def state(ticket: Ticket, value: Any) -> Facts:
    return {
        "status": ticket.status,
        "own_status": ticket.own_status_id,
        "solved_at": _moment(ticket.solved_at),
        "closed_at": _moment(ticket.closed_at),
        "reopened_count": ticket.reopened_count,
    }


def put_state_back(back: PuttingBack) -> None:
    before = back.before
    back.ticket.stand_again(
        status=before["status"],
        solved_at=_read(before["solved_at"]),
        closed_at=_read(before["closed_at"]),
        reopened_count=before["reopened_count"],
        by=back.by,
        at=back.at,
    )
    own = before.get("own_status")
    if own != back.ticket.own_status_id:
        word = TicketStatus.objects.get(pk=own) if own else None
        back.ticket.name_status(word, by=back.by, at=back.at)


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _read(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def join(doing: Doing) -> None:
    merge(**doing.who, into=doing.value)


def merged(ticket: Ticket, value: Any) -> Facts:
    return {"into": ticket.merged_into_id}


def part(back: PuttingBack) -> None:
    undo_merge(ticket=back.ticket, by=back.by, at=back.at)


# --- what is said


def say(doing: Doing) -> Facts:
    return {"note": add_note(**doing.who, body=doing.value).pk}


def nothing_else(ticket: Ticket, value: Any) -> Facts:
    return {}


def note_stands(back: PuttingBack) -> bool:
    return Note.objects.filter(pk=back.done.after["note"], ticket=back.ticket).exists()


def unsay(back: PuttingBack) -> None:
    Note.objects.get(pk=back.done.after["note"]).take_back(by=back.by, at=back.at)


def notify(doing: Doing) -> Facts:
    return {"message": notify_customer(**doing.who, text=doing.value).pk}


def tell(doing: Doing) -> None:
    tell_colleagues(**doing.who, people=[doing.value])


def tell_department(doing: Doing) -> None:
    people = User.objects.filter(department=doing.value, is_active=True).exclude(role=Role.CUSTOMER)
    tell_colleagues(**doing.who, people=list(people.order_by("pk")))


def tell_assignee(doing: Doing) -> None:
    assignee = doing.ticket.assignee
    tell_colleagues(**doing.who, people=[assignee] if assignee else [])
