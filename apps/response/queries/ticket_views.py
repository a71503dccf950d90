"""The views of the queue: those every desk has, and those people saved."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.response.models import TicketView
from apps.response.queries.counting import known_counts
from helpdesk.marked import Marked
from helpdesk.models import User
from helpdesk.permissions import may

MOST_SHOWN = 40


NOTHING_FITS = _("Nothing fits at the moment.")


@dataclass(frozen=True)
class View:
    """A question somebody asks every day, under a name, and how its answer is shown."""

    slug: str
    label: Marked
    query: str
    empty: Marked = NOTHING_FITS
    columns: tuple[str, ...] = ()
    group: str = ""


STANDARD = (
    View(
        "my-open",
        _("My open"),
        "is:open assignee:@me -is:snoozed sort:due",
        _("Nothing waits for you. Press P to take the next."),
    ),
    View(
        "snoozed",
        _("Snoozed"),
        "is:open is:snoozed sort:due",
        _("You have put nothing off. B on a ticket does it."),
    ),
    View(
        "unassigned",
        _("Unassigned"),
        "is:open is:unassigned sort:due",
        _("Everything has somebody who works on it."),
    ),
    View(
        "mentions",
        _("Mentions of you"),
        "mentions:@me sort:updated",
        _("Nobody has mentioned you in a note."),
    ),
    View(
        "all-open",
        _("All open"),
        "is:open sort:due",
        _("No open tickets. New ones appear here by themselves."),
    ),
    View(
        "breaching",
        _("Due within 1 h"),
        "is:open due:<1h sort:due",
        _("No clock runs out within the hour."),
    ),
    View("waiting", _("Waiting"), "is:waiting sort:due", _("We wait for nobody.")),
    View(
        "uncoded",
        _("Uncoded"),
        "is:open is:uncoded sort:due",
        _("Every open ticket says what it is about."),
    ),
    View("solved", _("Solved"), "is:solved sort:updated", _("Nothing was solved in the last two weeks.")),
)
# Nobody works a list of what is done.
UNCOUNTED = ("solved",)


@dataclass(frozen=True)
class ViewLink:
    """`count` is None where nobody has counted yet; `more` where there are more than were counted."""

    slug: str
    label: str
    url: str
    count: int | None
    more: bool
    current: bool


@dataclass(frozen=True)
class ViewLinks:
    links: list[ViewLink]
    counted_at: datetime | None
    current: str


def views_of(user: User) -> list[View]:
    """One query: the standing views this person has a use for, then the saved ones."""
    standing = [
        view for view in STANDARD if view.slug not in ("my-open", "snoozed") or may(user, "response.reply")
    ]
    saved = TicketView.objects.visible_to(user)[:MOST_SHOWN]
    return standing + [_shown(view) for view in saved]


def view_named(slug: str, *, user: User) -> View | None:
    """At most one query."""
    if standing := next((view for view in STANDARD if view.slug == slug), None):
        return standing
    number = slug.removeprefix("v")
    if not slug.startswith("v") or not number.isdecimal() or len(number) > 18:
        return None
    saved = TicketView.objects.visible_to(user).filter(pk=int(number)).first()
    return _shown(saved) if saved else None


def view_links(views: list[View], *, user: User, current: str) -> ViewLinks:
    """The views with how many tickets each held when they were counted last. No query."""
    counts = known_counts(user)
    links = [
        ViewLink(
            view.slug,
            str(view.label),
            f"{reverse('queue')}?{urlencode({'view': view.slug})}",
            *(counts.of(view.slug) if counts else (None, False)),
            view.slug == current,
        )
        for view in views
    ]
    return ViewLinks(links, counts.at if counts else None, current)


def slug_of(view: TicketView) -> str:
    return f"v{view.pk}"


def _shown(view: TicketView) -> View:
    return View(slug_of(view), view.name, view.query, columns=tuple(view.columns), group=view.group_by)
