"""Saved views as their page lists them."""

from dataclasses import dataclass

from apps.analysis.models import SavedView, ViewSubscription
from helpdesk.models import User
from helpdesk.permissions import may


@dataclass(frozen=True)
class ViewRow:
    """One view, how often this person has it by mail ("" for never), and whether they may change it."""

    view: SavedView
    every: str
    is_theirs: bool


def views_of(user: User) -> list[ViewRow]:
    """Their own and the shared ones by name; two queries."""
    wishes = dict(ViewSubscription.objects.filter(user=user).values_list("view", "every"))
    admin = may(user, "helpdesk.configure")
    return [
        ViewRow(view, wishes.get(view.pk, ""), admin or view.owner_id == user.pk)
        for view in SavedView.objects.visible_to(user).select_related("owner")
    ]
