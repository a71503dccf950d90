"""What awareness does when a verdict is given or undone: one service each."""

from datetime import datetime

from apps.analysis.models import Case
from apps.awareness import services
from helpdesk.models import Event, User


def _case(event: Event) -> Case:
    noun, _, number = event.about.partition(":")
    if noun != "case":
        raise ValueError(f"{event} is about no case, so there is nothing to tell of it.")
    return Case.objects.get(pk=number)


def publish_fix(*, event: Event, by: User, at: datetime) -> None:
    services.publish_fix(case=_case(event), by=by, at=at)


def take_back_fix(*, event: Event, by: User, at: datetime) -> None:
    services.take_back_fix(case=_case(event), by=by, at=at)
