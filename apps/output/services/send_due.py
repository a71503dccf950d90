"""Letters leave: claimed one by one, sent outside any transaction, and the answer noted.

A process may die between the claim and the note. Its letter stays `sending`; after `STUCK_AFTER` it is queued again.
If the server had taken it before the death, the customer's server gets it twice with one Message-ID, and most drop the
second. The other choice, never to send again what may have left, would lose letters; losing is worse.
"""

from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, QuerySet

from apps.output import transport
from apps.output.models import Delivery, State
from helpdesk.each import each
from helpdesk.models import User

STUCK_AFTER = timedelta(
    minutes=15
)  # longer than any task may run, so that nobody's letter is taken from their hand
MAX_IN_ONE_RUN = 100
STOPPED = "The sender was stopped before it heard whether the letter was taken."
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]


def send_due(*, by: User, at: datetime) -> int:
    """Send what is due and try again what got stuck; returns how many letters left. Any number may run at once.

    Raises the faults once every letter had its turn; a faulty one stays claimed, and counts as stuck in a while.
    """
    _, sent = each((rescue_stuck, send_waiting), lambda step: step(by=by, at=at))
    return sent


def rescue_stuck(*, by: User, at: datetime) -> int:
    """Queue again what a dead sender held; a letter that was there at every death has killed them, and fails."""
    stuck = Delivery.objects.stuck(before=at - STUCK_AFTER)
    again = stuck.filter(attempts__lte=len(WAITS)).update(state=State.QUEUED, send_after=at, error=STOPPED)
    deadly = stuck.filter(attempts__gt=len(WAITS))
    failed = each(deadly.values_list("pk", flat=True), lambda number: _give_up(number, deadly, by=by, at=at))
    return again + sum(failed)


@transaction.atomic
def _give_up(number: int, deadly: QuerySet[Delivery], *, by: User, at: datetime) -> bool:
    free = deadly.select_for_update(of=("self",), no_key=True, skip_locked=True)
    delivery = free.select_related("ticket").filter(pk=number).first()
    if delivery is None:
        return False
    delivery.fail(error=STOPPED, by=by, at=at)
    return True


def send_waiting(*, by: User, at: datetime) -> int:
    """Claim and send one letter after the other, over one connection; returns how many left."""
    connection = transport.connect()
    claimed = islice(iter(partial(claim, at=at), None), MAX_IN_ONE_RUN)
    try:
        return sum(each(claimed, lambda delivery: _send(delivery, connection, by=by, at=at)))
    finally:
        connection.close()


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
