from datetime import datetime

from apps.evaluation import services
from apps.evaluation.quality import services as quality
from helpdesk.locales import as_read_by
from helpdesk.models import Event, User


def lay_out_goals(*, event: Event, by: User, at: datetime) -> None:
    services.lay_out_goals(by=by, at=at)


def lay_out_scorecard(*, event: Event, by: User, at: datetime) -> None:
    # From then on the words are theirs.
    with as_read_by(event.by):
        quality.lay_out_scorecard(by=by, at=at)
