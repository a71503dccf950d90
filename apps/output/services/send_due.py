"""Letters leave: claimed one by one, sent outside any transaction, and the answer noted.

A process may die between the claim and the note. Its letter stays `sending`; after `STUCK_AFTER` it is queued again.
If the server had taken it before the death, the customer's server gets it twice with one Message-ID, and most drop the
second. The other choice, never to send again what may have left, would lose letters; losing is worse.
"""

from datetime import datetime, timedelta

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F

from apps.output import transport
from apps.output.models import Delivery, State
from helpdesk.models import User

STUCK_AFTER = timedelta(
    minutes=15
)  # longer than any task may run, so that nobody's letter is taken from their hand
MAX_IN_ONE_RUN = 100
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]


def send_due(*, by: User, at: datetime) -> int:
    """Send what is due and try again what got stuck; returns how many letters left. Any number may run at once."""
    rescue_stuck(by=by, at=at)
    connection, sent = transport.connect(), 0
    try:
        for _ in range(MAX_IN_ONE_RUN):
            delivery = claim(at=at)
            if delivery is None:
                break
            sent += _send(delivery, connection, by=by, at=at)
    finally:
        connection.close()
    return sent


@transaction.atomic
def rescue_stuck(*, by: User, at: datetime) -> int:
    """Queue again what a dead sender held; a letter that was there at every death has killed them, and fails."""
    error = "The sender was stopped before it heard whether the letter was taken."
    stuck = Delivery.objects.stuck(before=at - STUCK_AFTER)
    deadly = stuck.filter(attempts__gt=len(WAITS)).select_related("ticket")
    for delivery in deadly.select_for_update(of=("self",), no_key=True, skip_locked=True):
        delivery.fail(error=error, by=by, at=at)
    return stuck.filter(attempts__lte=len(WAITS)).update(state=State.QUEUED, send_after=at, error=error)


@transaction.atomic
def claim(*, at: datetime) -> Delivery | None:
    """The next letter, ours from now on: others skip the locked row, and find it claimed once it is free."""
    rows = Delivery.objects.due(at).select_for_update(skip_locked=True, of=("self",), no_key=True)
    pk = rows.values_list("pk", flat=True).first()
    if pk is None:
        return None
    claimed = {"state": State.SENDING, "claimed_at": at, "attempts": F("attempts") + 1}
    Delivery.objects.filter(pk=pk).update(**claimed)
    return Delivery.objects.select_related("ticket").get(pk=pk)


def _send(delivery: Delivery, connection: BaseEmailBackend, *, by: User, at: datetime) -> bool:
    refusal = transport.send(delivery, over=connection)
    with transaction.atomic():
        if refusal is None:
            delivery.note_sent(by=by, at=at)
        elif refusal.for_good or delivery.attempts > len(WAITS):
            delivery.fail(error=refusal.reason, by=by, at=at)
        else:
            delivery.try_again(error=refusal.reason, send_after=at + WAITS[delivery.attempts - 1])
    return refusal is None
