"""Doors for news."""

from collections.abc import Collection
from datetime import datetime

from apps.response import services
from apps.response.reopening import services as reopening
from apps.response.rules.queries import kinds_looked_at
from apps.response.rules.services import mind_rules, obey
from apps.response.sending_later.services import hold_back
from apps.response.snoozing.services import wake_for_customer
from helpdesk.models import Event, Message, TaxonomyRelease, User


def hear(*, event: Event, by: User, at: datetime) -> None:
    message = Message.objects.select_related("ticket").get(pk=event.data["message"])
    reopening.hear(message=message, by=by, at=at)


def wake(*, event: Event, by: User, at: datetime) -> None:
    if event.ticket is not None:
        wake_for_customer(ticket=event.ticket, by=by, at=at)


def hold_later(*, event: Event, by: User, at: datetime) -> None:
    """Answers that were to go out later wait for their authors: the customer has written."""
    if event.ticket is not None:
        hold_back(ticket=event.ticket, by=by, at=at)


def carry_guidance(*, event: Event, by: User, at: datetime) -> None:
    """What was known about a merged issue is known about the one it is read as."""
    release = TaxonomyRelease.objects.get(pk=event.about.removeprefix("release:"))
    services.carry_guidance(release=release, by=by)


def mind_names(*, event: Event, by: User, at: datetime) -> None:
    """Issues moved, or somebody is called otherwise: rules that name them follow, or are switched off."""
    mind_rules(by=by, at=at)


def obey_rules(*, event: Event, by: User, at: datetime) -> None:
    """Something happened to a ticket: rules look at it."""
    obey(event=event, by=by, at=at)


def rules_look_at(kinds: Collection[str]) -> set[str]:
    """Of these kinds of event those that any rule in use looks at."""
    return kinds_looked_at(kinds)
