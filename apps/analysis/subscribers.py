"""What the analysis hears."""

from datetime import datetime

from apps.analysis import tasks
from helpdesk.models import Event, User


def begin_run(*, event: Event, by: User, at: datetime) -> None:
    """Somebody asked for the analysis: a worker that serves its queue begins."""
    tasks.begin(run=event.data["run"])
