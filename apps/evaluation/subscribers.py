from datetime import datetime

from apps.evaluation import services
from helpdesk.models import Event, User


def lay_out_goals(*, event: Event, by: User, at: datetime) -> None:
    services.lay_out_goals(by=by, at=at)
