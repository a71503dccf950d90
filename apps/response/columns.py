"""What a list of tickets can show in columns, and by what it can be grouped."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.intake.custom_fields.checking import definitions
from apps.response.query.fields import OWN
from helpdesk.custom_fields import texts
from helpdesk.marked import Marked
from helpdesk.models import Ticket


@dataclass(frozen=True)
class Column:
    """`value` reads one cell; `sort` is what the search box's `sort:` calls this order, where there is one."""

    label: Marked
    value: Callable[[Ticket], Any]
    kind: str = "text"  # as the table draws it: text, number, moment, status, due, person, subject
    sort: str = ""


@dataclass(frozen=True)
class Group:
    """Rows that share `column` stand together; `name` says what they share."""

    label: Marked
    column: str
    name: Callable[[Ticket], str]


COLUMNS: dict[str, Column] = {
    "number": Column(pgettext_lazy("of a ticket", "Number"), lambda ticket: ticket.pk, "number"),
    "subject": Column(_("Subject"), lambda ticket: ticket.subject, "subject"),
    "status": Column(_("Status"), lambda ticket: ticket.status_label, "status"),
    "severity": Column(_("Severity"), lambda ticket: ticket.get_severity_display(), sort="severity"),
    "customer": Column(_("Customer"), lambda ticket: str(ticket.customer)),
    "organisation": Column(_("Organisation"), lambda ticket: ticket.customer.organisation),
    "assignee": Column(_("Assignee"), lambda ticket: ticket.assignee and ticket.assignee.name, "person"),
    "department": Column(_("Department"), lambda ticket: ticket.department.name),
    "issue": Column(_("Issue"), lambda ticket: ticket.primary_issue and ticket.primary_issue.label),
    "product": Column(_("Product"), lambda ticket: ticket.product and ticket.product.name),
    "channel": Column(_("Channel"), lambda ticket: ticket.get_channel_display()),
    "type": Column(_("Kind"), lambda ticket: ticket.get_contact_type_display()),
    "segment": Column(_("Segment"), lambda ticket: ticket.segment),
    "region": Column(_("Region"), lambda ticket: ticket.region),
    "language": Column(_("Language"), lambda ticket: ticket.language),
    "tags": Column(_("Tags"), lambda ticket: ", ".join(ticket.tags)),
    "due": Column(_("Due"), lambda ticket: ticket.due_at, "due", sort="due"),
    "created": Column(_("Came in"), lambda ticket: ticket.opened_at, "moment", sort="created"),
    "updated": Column(_("Changed"), lambda ticket: ticket.updated_at, "moment", sort="updated"),
    "reopened": Column(_("Reopened"), lambda ticket: ticket.reopened_count or "", "number"),
}


def columns_named(names: Iterable[str]) -> dict[str, Column]:
    """These columns, as far as there are such; one query where the desk's own fields are among them."""
    wanted = list(names)
    own = all_own_columns() if any(name.startswith(OWN) for name in wanted) else {}
    every = COLUMNS | own
    return {name: every[name] for name in wanted if name in every}


def all_own_columns() -> dict[str, Column]:
    """A column for each of the desk's own fields, retired ones too: what they hold is still worth a look."""
    return {OWN + one.key: Column(one.label, _held(one.key)) for one in definitions()}


def _held(key: str) -> Callable[[Ticket], str]:
    return lambda ticket: ", ".join(texts(ticket.custom.get(key)))


GROUPS: dict[str, Group] = {
    "status": Group(_("Status"), "status", lambda ticket: ticket.get_status_display()),
    "severity": Group(_("Severity"), "severity", lambda ticket: ticket.get_severity_display()),
    "assignee": Group(
        _("Assignee"), "assignee__name", lambda ticket: _named(ticket.assignee, gettext("Nobody yet"))
    ),
    "department": Group(_("Department"), "department__name", lambda ticket: ticket.department.name),
    "issue": Group(
        _("Issue"), "primary_issue__path", lambda ticket: _named(ticket.primary_issue, gettext("Not coded"))
    ),
    "product": Group(
        _("Product"), "product__name", lambda ticket: _named(ticket.product, gettext("No product"))
    ),
    "channel": Group(_("Channel"), "channel", lambda ticket: ticket.get_channel_display()),
    "segment": Group(_("Segment"), "segment", lambda ticket: ticket.segment or gettext("No segment")),
}


def _named(row: object, otherwise: str) -> str:
    return str(getattr(row, "name", row)) if row else otherwise
