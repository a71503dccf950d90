from datetime import datetime

from apps.evaluation import services
from apps.evaluation.quality import services as quality
from helpdesk.models import Event, User


def lay_out_goals(*, event: Event, by: User, at: datetime) -> None:
    services.lay_out_goals(by=by, at=at)


def lay_out_scorecard(*, event: Event, by: User, at: datetime) -> None:
    quality.lay_out_scorecard(by=by, at=at)
