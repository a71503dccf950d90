"""States in the company's own words: made, retired, and given to tickets."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.response import transitions
from apps.response.services.state import hold, reopen, solve
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Department, Role, Status, Ticket, TicketStatus, User
from helpdesk.permissions import decides_for_all, require
from helpdesk.rows import held
from helpdesk.signing import signed

GIVEN_BY = (Role.AGENT, Role.LEAD, Role.OWNER, Role.ANALYST, Role.ADMIN, Role.API_CLIENT)
# What one has to be allowed to bring a ticket into a category.
VERBS = {
    Status.OPEN: "response.hold",
    Status.WAITING_CUSTOMER: "response.hold",
    Status.WAITING_OWNER: "response.hold",
    Status.SOLVED: "response.solve",
    Status.CLOSED: "response.solve",
}


@transaction.atomic
def set_status(*, ticket: Ticket, to: str, reason: str = "", by: User, at: datetime) -> Ticket:
    """Bring a ticket into a state: one of the company's own by its key, or a fixed category.

    Raises Invalid for what is no state or can't be reached by hand, NotAllowed and NotNow where the state's own rules
    refuse it, TicketMerged.
    """
    own = TicketStatus.objects.filter(key=to).select_related("department").first()
    if own is None and to not in Status.values:
        raise Invalid(_("There is no state “%(to)s”.") % {"to": to}, pointer="status")
    category = Status(own.category if own else to)
    if category not in VERBS:
        raise Invalid(_("A ticket is new once only."), pointer="status")
    require(by, VERBS[category], ticket)
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    if own is not None and own.pk != ticket.own_status_id:
        transitions.check_own(ticket, own, by)
    if ticket.status == category:
        if ticket.own_status_id != (own.pk if own else None):
            ticket.name_status(own, by=by, at=at)
        return ticket
    return _brought(ticket, category, own, reason, by, at)


def _brought(
    ticket: Ticket, category: Status, own: TicketStatus | None, reason: str, by: User, at: datetime
) -> Ticket:
    match category:
        case Status.OPEN if not ticket.is_open:
            return reopen(ticket=ticket, reason=reason, own=own, by=by, at=at)
        case Status.OPEN:
            transitions.check(ticket, "begin")
            ticket.begin(own=own, by=by, at=at)
        case Status.SOLVED:
            return solve(ticket=ticket, own=own, by=by, at=at)
        case Status.CLOSED:
            transitions.check(ticket, "close")
            ticket.close(own=own, by=by, at=at)
        case _:
            return hold(ticket=ticket, waiting_on=category, reason=reason, own=own, by=by, at=at)
    return ticket


@transaction.atomic
@signed
def save_status(
    *, status: TicketStatus | None, label: str, category: str, key: str = "", customer_label: str = "",
    tone: str = "plain", department: Department | None = None, order: int = 100, is_default: bool = False,
    roles: Sequence[str] = (), comes_from: Sequence[str] = (), by: User,
) -> TicketStatus:  # fmt: skip
    """Make a state, or change one; its key and category stay, since tickets and programs go by them.

    Raises Invalid with the field at fault, NotAllowed for another department's.
    """
    _require_own(by, department)
    if status is not None:
        _require_own(by, status.department)
        if (status.category, status.key) != (category, key or status.key):
            raise Invalid(_("Its category and key stay as they are: make another one."), pointer="category")
    row = TicketStatus() if status is None else TicketStatus.objects.select_for_update(
        of=("self",), no_key=True
    ).get(pk=status.pk)  # fmt: skip
    row.label, row.category = label.strip(), category
    row.key = row.key or slugify(key or label)[:40]
    row.customer_label, row.tone, row.department = customer_label.strip(), tone, department
    row.order, row.is_default = order, is_default
    row.roles, row.comes_from = sorted(set(roles)), sorted(set(comes_from))
    _check(row)
    row.save()
    return row


def _check(row: TicketStatus) -> None:
    if not row.label:
        raise Invalid(_("Give it a name."), pointer="label")
    if row.category not in VERBS:
        known = ", ".join(status.value for status in VERBS)
        raise Invalid(_("Its category is one of: %(known)s.") % {"known": known}, pointer="category")
    others = TicketStatus.objects.exclude(pk=row.pk)
    if not row.key or row.key in Status.values or others.filter(key=row.key).exists():
        raise Invalid(_("This key is taken, or is none: letters, digits and dashes."), pointer="key")
    if row.tone not in TicketStatus.Tone.values:
        raise Invalid(
            _("Choose one of: %(values)s.") % {"values": ", ".join(TicketStatus.Tone.values)}, pointer="tone"
        )
    if unknown := set(row.roles) - set(GIVEN_BY):
        raise Invalid(
            _("Nobody of this role gives states: %(unknown)s.") % {"unknown": ", ".join(sorted(unknown))},
            pointer="roles",
        )
    if unknown := set(row.comes_from) - set(Status.values):
        raise Invalid(
            _("No category: %(unknown)s.") % {"unknown": ", ".join(sorted(unknown))}, pointer="comes_from"
        )
    if not 0 <= row.order <= 32_767:
        raise Invalid(_("A place from 0 to 32767."), pointer="order")
    same = others.filter(category=row.category, department=row.department, retired_at=None)
    if row.is_default and same.filter(is_default=True).exists():
        raise Invalid(_("Another state is the default of this category."), pointer="is_default")


@transaction.atomic
@signed
def retire_status(*, status: TicketStatus, by: User, at: datetime) -> TicketStatus:
    """No ticket is given it any more; those that have it keep it. Raises NotAllowed for another department's."""
    _require_own(by, status.department)
    row = held(status)
    if row.retired_at is None:
        row.retire(at=at)
    return row


@transaction.atomic
@signed
def restore_status(*, status: TicketStatus, by: User) -> TicketStatus:
    """Tickets may be given it again. Raises NotAllowed for another department's."""
    _require_own(by, status.department)
    row = held(status)
    row.retired_at = None
    row.save(update_fields=["retired_at"])
    return row


def _require_own(by: User, department: Department | None) -> None:
    """Leads name the states of their own department, administrators everybody's."""
    require(by, "response.manage")
    if decides_for_all(by):
        return
    if department is None or department.pk != by.department_id:
        raise NotAllowed(
            _("You name the states of your own department. Ask an administrator for the others.")
        )
