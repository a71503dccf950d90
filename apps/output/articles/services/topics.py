"""The shelves of the help centre."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.output.articles.models import Topic
from apps.output.articles.services.rows import PUBLISH
from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import User
from helpdesk.permissions import require

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class TopicInUse(DomainError):
    """Articles stand under this topic. Move them first."""

    code = "topic-in-use"


@transaction.atomic
def save_topic(
    *,
    topic: Topic | None = None,
    slug: str,
    names: Mapping[str, str],
    position: int = 0,
    by: User,
    at: datetime,
) -> Topic:
    """Put up a shelf, or change one. Raises Invalid, NotAllowed."""
    require(by, PUBLISH)
    kept = {code: " ".join(name.split())[:80] for code, name in names.items() if name.strip()}
    if not kept:
        raise Invalid(_("Give it a name in one language at least."), pointer="names")
    if not _SLUG.fullmatch(slug) or len(slug) > 60:
        raise Invalid(_("Small letters, digits and hyphens only."), pointer="slug")
    row = topic or Topic()
    row.slug, row.names, row.position = slug, kept, position
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Invalid(_("There is a topic of this name already."), pointer="slug") from error
    events.record("topic.saved", about=f"topic:{row.pk}", by=by, at=at, data={"slug": slug})
    return row


@transaction.atomic
def remove_topic(*, topic: Topic, by: User, at: datetime) -> None:
    """Take an empty shelf down. Raises TopicInUse, NotAllowed."""
    require(by, PUBLISH)
    if topic.articles.exists():
        raise TopicInUse
    events.record("topic.removed", about=f"topic:{topic.pk}", by=by, at=at, data={"slug": topic.slug})
    topic.delete()
