"""A tracker is connected, changed, tried out, switched off and on, and given a new secret."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.analysis.services.access import must_be_said
from apps.analysis.trackers import github, jira
from apps.analysis.trackers.clients import client_of
from apps.analysis.trackers.models import Tracker, TrackerKind
from apps.analysis.trackers.shapes import Trouble
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import User
from helpdesk.outside import must_be_reachable
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sealed import CantBeOpened, seal

VERB = "analysis.trackers"
UNOPENED = "Its token was sealed under another SECRET_KEY. Give the token again."


class TrackerAway(DomainError):
    """The tracker did not answer as it should."""

    code = "tracker-away"


@dataclass(frozen=True)
class TrackerShown:
    """A tracker and the secret its webhooks are to be signed with, which is shown this once."""

    tracker: Tracker
    secret: str


@transaction.atomic
def add_tracker(
    *, kind: str, name: str, project: str, token: str, base_url: str = "", account: str = "", item_type: str = "",
    labels: Sequence[str] = (), by: User, at: datetime,
) -> TrackerShown:  # fmt: skip
    """Connect one project of GitHub or Jira. Raises Invalid for an address or a project that can't be."""
    require(by, VERB)
    if kind not in TrackerKind.values:
        raise Invalid(
            _("Choose one of: %(labels)s.") % {"labels": ", ".join(map(str, TrackerKind.labels))},
            pointer="kind",
        )
    shape, like = (github.PROJECT, "acme/shop") if kind == TrackerKind.GITHUB else (jira.PROJECT, "SHOP")
    if not shape.fullmatch(project.strip()):
        raise Invalid(_("The project is named like %(like)s.") % {"like": like}, pointer="project")
    secret = secrets.token_urlsafe(32)
    tracker = Tracker.objects.create(
        kind=kind, name=_free(name), project=project.strip(), base_url=_reachable(base_url, kind),
        account=account.strip(), item_type=item_type.strip(), labels=_said(labels),
        token=seal(must_be_said(token, "token", _("The token"))), hook_secret=seal(secret), added_by=by, added_at=at,
    )  # fmt: skip
    return TrackerShown(tracker, secret)


@transaction.atomic
def change_tracker(
    *, tracker: Tracker, name: str | None = None, base_url: str | None = None, account: str | None = None,
    item_type: str | None = None, labels: Sequence[str] | None = None, token: str = "", is_on: bool | None = None,
    by: User, at: datetime,
) -> Tracker:  # fmt: skip
    """Another name, address, account, labels or token, off or on, all of it or nothing; what is None, and an empty
    token, stays as it is. Kind and project stay: items are numbered within them.

    Raises Invalid, also for another address without its token.
    """
    require(by, VERB)
    tracker = held(tracker)
    if base_url is not None:
        address = _reachable(base_url, tracker.kind)
        # Whoever may not read the token must not have it sent to an address of their own.
        if address != tracker.base_url and not token.strip():
            raise Invalid(_("Give the token again for another address."), pointer="token")
        tracker.base_url = address
    if name is not None:
        tracker.name = _free(name, apart_from=tracker.pk)
    if account is not None:
        tracker.account = account.strip()
    if item_type is not None:
        tracker.item_type = item_type.strip()
    if labels is not None:
        tracker.labels = _said(labels)
    if token.strip():
        tracker.token, tracker.error = seal(token.strip()), ""
    tracker.save(
        update_fields=["name", "base_url", "account", "item_type", "labels", "token", "error"],
    )
    if is_on is not None:
        switch_tracker(tracker=tracker, on=is_on, by=by, at=at)
    return tracker


@transaction.atomic
def new_hook_secret(*, tracker: Tracker, by: User, at: datetime) -> TrackerShown:
    """What it signs its webhooks with from now on; the old one counts no more, and we look every ten minutes anyway."""
    require(by, VERB)
    secret = secrets.token_urlsafe(32)
    tracker.hook_secret = seal(secret)
    tracker.save(update_fields=["hook_secret"])
    return TrackerShown(tracker, secret)


def _free(name: str, *, apart_from: int = 0) -> str:
    name = must_be_said(name, "name", _("The name"))
    if Tracker.objects.filter(name=name).exclude(pk=apart_from).exists():
        raise Invalid(_("There is a tracker of this name already."), pointer="name")
    return name


def _reachable(base_url: str, kind: str) -> str:
    base_url = base_url.strip() or (github.HOME if kind == TrackerKind.GITHUB else "")
    return must_be_reachable(base_url, "base_url").rstrip("/")


def _said(labels: Sequence[str]) -> list[str]:
    return [label.strip() for label in labels if label.strip()]


@transaction.atomic
def switch_tracker(*, tracker: Tracker, on: bool, by: User, at: datetime) -> Tracker:
    """Off: it is neither called nor heard; what waits goes on waiting."""
    require(by, VERB)
    tracker.is_on = on
    tracker.save(update_fields=["is_on"])
    return tracker


def try_tracker(*, tracker: Tracker, by: User) -> None:
    """Ask the tracker for the project, with our token. Raises TrackerAway with what it said."""
    require(by, VERB)
    trouble = ""
    try:
        client_of(tracker).check()
    except Trouble as said:
        trouble = str(said)
    except CantBeOpened:
        trouble = UNOPENED
    note_trouble(tracker=tracker, trouble=trouble)
    if trouble:
        raise TrackerAway(trouble)


@transaction.atomic
def note_trouble(*, tracker: Tracker, trouble: str) -> None:
    """What the last call came to, for the administrators' page."""
    Tracker.objects.filter(pk=tracker.pk).exclude(error=trouble[:300]).update(error=trouble[:300])
