"""What nobody can ask for any more."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from helpdesk.models import IdempotencyKey
from helpdesk.models.api import REPLAY_FOR


@transaction.atomic
def forget_expired(*, at: datetime) -> None:
    """Drop answers that are replayed no more, and sessions that have ended: their tables would grow for ever."""
    IdempotencyKey.objects.filter(created_at__lt=at - REPLAY_FOR).delete()
    Session.objects.filter(expire_date__lt=at).delete()
