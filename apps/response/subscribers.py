"""Doors for news."""

from datetime import datetime

from apps.response import services
from helpdesk.models import Event, Message, User


def hear(*, event: Event, by: User, at: datetime) -> None:
    message = Message.objects.select_related("ticket").get(pk=event.data["message"])
    services.hear(message=message, by=by, at=at)
