"""What the analysis hears."""

from datetime import datetime

from apps.analysis import services, tasks
from apps.analysis.trackers import services as trackers
from helpdesk.models import Event, User


def begin_run(*, event: Event, by: User, at: datetime) -> None:
    """Somebody asked for the analysis: a worker that serves its queue begins."""
    tasks.begin(run=event.data["run"])


def mind_absence(*, event: Event, by: User, at: datetime) -> None:
    """Somebody goes, or is back: who stands in for them answers for their cases, or does so no longer."""
    for number in services.cases_to_cover(at=at, owner=event.data["user"]):
        services.cover_case(number=number, by=by, at=at)


def tell_tracker(*, event: Event, by: User, at: datetime) -> None:
    """An action moved: where it has a counterpart in a tracker, it is told there."""
    trackers.tell_tracker(event=event, at=at)
