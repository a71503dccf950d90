from datetime import datetime
from urllib.parse import parse_qsl

from django.db import transaction
from django.utils.translation import gettext

from apps.analysis.figures import Asked
from apps.analysis.models import Every, SavedView, ViewSubscription
from apps.analysis.page_state import PageState
from apps.analysis.services.access import must_be_said
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import User
from helpdesk.permissions import may, require

MOST_VIEWS = 50


@transaction.atomic
def save_view(*, name: str, query: str, is_shared: bool = False, by: User, at: datetime) -> SavedView:
    """Keep a way to ask the analysis under a name; the same name again is changed. What can't be asked is left away,
    and so is the moment looked back to.

    Raises Invalid without a name, and for too many.
    """
    require(by, "analysis.view")
    name = must_be_said(name, "name", gettext("A name"))[:80]
    own = SavedView.objects.filter(owner=by)
    if not own.filter(name=name).exists() and own.count() >= MOST_VIEWS:
        raise Invalid(
            gettext("You have %(most_views)s saved views. Forget one first.") % {"most_views": MOST_VIEWS},
            pointer="name",
        )
    state = PageState.read(Asked, dict(parse_qsl(query)))
    kept = PageState(state.asked).query
    view, _ = SavedView.objects.update_or_create(
        owner=by, name=name, defaults={"query": kept, "is_shared": is_shared, "saved_at": at}
    )
    if not is_shared:
        _end_others(view)
    return view


@transaction.atomic
def forget_view(*, view: SavedView, by: User) -> None:
    """It is gone, and so are the letters of it. Raises NotAllowed for somebody else's."""
    _must_be_theirs(view, by)
    view.delete()


@transaction.atomic
def share_view(*, view: SavedView, is_shared: bool, by: User) -> None:
    """Show it to everybody who sees the analysis, or to nobody else any more. Raises NotAllowed for somebody else's."""
    _must_be_theirs(view, by)
    view.is_shared = is_shared
    view.save(update_fields=["is_shared"])
    if not is_shared:
        _end_others(view)


@transaction.atomic
def mail_view(*, view: SavedView, every: str, by: User, at: datetime) -> None:
    """Have it by mail each week or month, or no more where `every` is empty. Raises NotFound for one they don't see,
    Invalid for another rhythm."""
    require(by, "analysis.view", view)
    if not every:
        ViewSubscription.objects.filter(view=view, user=by).delete()
        return
    if every not in Every.values:
        raise Invalid(
            gettext("Choose one of: %(map)s.") % {"map": ", ".join(map(str, Every.labels))}, pointer="every"
        )
    ViewSubscription.objects.update_or_create(
        view=view, user=by, defaults={"every": every}, create_defaults={"every": every, "since": at}
    )


def _end_others(view: SavedView) -> None:
    view.subscriptions.exclude(user=view.owner_id).delete()


def _must_be_theirs(view: SavedView, by: User) -> None:
    require(by, "analysis.view", view)
    if view.owner_id != by.pk and not may(by, "helpdesk.configure"):
        raise NotAllowed(
            gettext("This view is %(name)s's. Save it under a name of your own.") % {"name": view.owner.name}
        )
