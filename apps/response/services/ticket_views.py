"""Views of the queue: saved, shared, forgotten, and counted."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from apps.response.columns import COLUMNS, GROUPS, columns_named
from apps.response.models import Sharing, TicketView
from apps.response.queries.counting import MOST, Counts, keep_counts
from apps.response.queries.finding import find
from apps.response.queries.ticket_views import UNCOUNTED, views_of
from apps.response.query import read
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Department, Role, User
from helpdesk.permissions import may, require

MOST_VIEWS, MOST_COLUMNS = 50, 12


@transaction.atomic
def save_view(
    *,
    name: str,
    query: str,
    columns: Sequence[str] = (),
    group_by: str = "",
    sharing: str = Sharing.NOBODY,
    department: Department | None = None,
    role: str = "",
    position: int = 100,
    view: TicketView | None = None,
    by: User,
    at: datetime,
) -> TicketView:
    """Keep a question to the queue under a name, or change one's own.

    Raises Invalid for a question with a mistake in it, columns there are none of, a name that is taken; NotAllowed for
    somebody else's view, and for sharing beyond what one leads.
    """
    require(by, "response.view", view)
    view = view or _new(by)
    _must_be_theirs(view, by)
    view.name, view.query = _named(name), _understood(query, by, at)
    view.columns, view.group_by = _known_columns(columns), _known_group(group_by)
    view.sharing, view.department, view.role = _shared(sharing, department, role, by)
    view.position, view.saved_at = position, at
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise Invalid(
            gettext("You have a view named “%(name)s” already.") % {"name": view.name}, pointer="name"
        ) from error
    return view


@transaction.atomic
def forget_view(*, view: TicketView, by: User) -> None:
    """It is gone, for those it was shared with too. Raises NotAllowed for somebody else's."""
    require(by, "response.view", view)
    _must_be_theirs(view, by)
    view.delete()


def count_views(*, user: User, at: datetime) -> Counts:
    """Count for one person what each of their views holds, up to a thousand, and keep it: a query for each view."""
    require(user, "response.view")
    by_view: dict[str, int] = {}
    for view in views_of(user):
        if view.slug not in UNCOUNTED:
            tickets, _ = find(read(view.query, at=at), user=user, top=True)
            by_view[view.slug] = tickets.order_by().values("pk")[: MOST + 1].count()
    counts = Counts(by_view, at)
    keep_counts(user, counts)
    return counts


def _new(by: User) -> TicketView:
    if TicketView.objects.filter(owner=by).count() >= MOST_VIEWS:
        raise Invalid(
            gettext("You have %(most_views)s views. Forget one first.") % {"most_views": MOST_VIEWS},
            pointer="name",
        )
    return TicketView(owner=by)


def _must_be_theirs(view: TicketView, by: User) -> None:
    if view.owner_id != by.pk and not may(by, "helpdesk.configure"):
        raise NotAllowed(
            gettext("This view is %(name)s's. Save it under a name of your own.") % {"name": view.owner.name}
        )


def _named(name: str) -> str:
    if not name.strip():
        raise Invalid(gettext("Give the view a name."), pointer="name")
    return name.strip()[:60]


def _understood(query: str, by: User, at: datetime) -> str:
    """As typed; what would be left out day after day is refused now."""
    asked = read(query, at=at)
    _, unknown = find(asked, user=by)
    if wrong := [*asked.wrong, *unknown]:
        raise Invalid(f"{wrong[0].token}: {wrong[0].reason}", pointer="query")
    return asked.text


def _known_columns(columns: Sequence[str]) -> list[str]:
    chosen = list(dict.fromkeys(columns))
    known = columns_named(chosen)
    if unknown := [name for name in chosen if name not in known]:
        told = f"{', '.join(COLUMNS)}, and field. with the key of a field"
        raise Invalid(
            gettext("No such column: %(unknown)s. Known: %(told)s.") % {"unknown": unknown[0], "told": told},
            pointer="columns",
        )
    if len(chosen) > MOST_COLUMNS:
        raise Invalid(
            gettext("At most %(most_columns)s columns.") % {"most_columns": MOST_COLUMNS}, pointer="columns"
        )
    # Without its subject nobody could open a ticket.
    return ["subject", *chosen] if chosen and "subject" not in chosen else chosen


def _known_group(group_by: str) -> str:
    if group_by and group_by not in GROUPS:
        raise Invalid(
            gettext("No such group: %(group_by)s. Known: %(groups)s.")
            % {"group_by": group_by, "groups": ", ".join(GROUPS)},
            pointer="group_by",
        )
    return group_by


def _shared(
    sharing: str, department: Department | None, role: str, by: User
) -> tuple[Sharing, Department | None, str]:
    """With whom, as the row keeps it. Leads share with their department; everybody and roles are for administrators."""
    if sharing not in Sharing.values:
        raise Invalid(
            gettext("Share with one of: %(map)s.") % {"map": ", ".join(map(str, Sharing.labels))},
            pointer="sharing",
        )
    if sharing == Sharing.DEPARTMENT:
        if department is None:
            raise Invalid(gettext("Say which department."), pointer="department")
        leads = may(by, "response.manage") and department.pk == by.department_id
        if not (leads or may(by, "helpdesk.configure")):
            raise NotAllowed(gettext("Leads share views with their own department."))
        return Sharing.DEPARTMENT, department, ""
    if sharing in (Sharing.ROLE, Sharing.EVERYBODY) and not may(by, "helpdesk.configure"):
        raise NotAllowed(gettext("Administrators share views with a role or with everybody."))
    if sharing == Sharing.ROLE:
        if role not in Role.values:
            raise Invalid(gettext("Say which role."), pointer="role")
        return Sharing.ROLE, None, role
    return Sharing(sharing), None, ""
