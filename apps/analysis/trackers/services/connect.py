"""A tracker is connected, tried out, switched off and on."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from apps.analysis.services.access import must_be_said
from apps.analysis.trackers import github, jira
from apps.analysis.trackers.clients import client_of
from apps.analysis.trackers.models import Tracker, TrackerKind
from apps.analysis.trackers.shapes import Trouble
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import User
from helpdesk.outside import must_be_reachable
from helpdesk.permissions import require
from helpdesk.sealed import seal

VERB = "helpdesk.configure"


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
        raise Invalid(f"Choose one of: {', '.join(TrackerKind.labels)}.", pointer="kind")
    base_url = base_url.strip() or (github.HOME if kind == TrackerKind.GITHUB else "")
    shape, like = (github.PROJECT, "acme/shop") if kind == TrackerKind.GITHUB else (jira.PROJECT, "SHOP")
    if not shape.fullmatch(project.strip()):
        raise Invalid(f"The project is named like {like}.", pointer="project")
    if Tracker.objects.filter(name=name.strip()).exists():
        raise Invalid("There is a tracker of this name already.", pointer="name")
    secret = secrets.token_urlsafe(32)
    tracker = Tracker.objects.create(
        kind=kind, name=must_be_said(name, "name", "The name"), project=project.strip(),
        base_url=must_be_reachable(base_url, "base_url").rstrip("/"), account=account.strip(),
        item_type=item_type.strip(), labels=[label.strip() for label in labels if label.strip()],
        token=seal(must_be_said(token, "token", "The token")), hook_secret=seal(secret), added_by=by, added_at=at,
    )  # fmt: skip
    return TrackerShown(tracker, secret)


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
    note_trouble(tracker=tracker, trouble=trouble)
    if trouble:
        raise TrackerAway(trouble)


@transaction.atomic
def note_trouble(*, tracker: Tracker, trouble: str) -> None:
    """What the last call came to, for the administrators' page."""
    Tracker.objects.filter(pk=tracker.pk).exclude(error=trouble[:300]).update(error=trouble[:300])
