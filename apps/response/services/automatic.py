"""Whether a machine of ours may write back. Hard caps are the only defence against two machines that never fails."""

from datetime import datetime, timedelta

from django.db import connection

from apps.intake.queries import own_addresses
from helpdesk.models import Customer, Direction, Message

CAP, CAP_WINDOW = 10, timedelta(minutes=180)


def may_write_back(*, customer: Customer, at: datetime) -> bool:
    """Not to addresses of ours, nor to ones that bounce, and at most ten times in three hours to one customer.

    Whoever else asks for the same address waits until this transaction ends: ten who ask at once must not each find
    nine letters.
    """
    email = customer.email
    if not email or email.casefold() in own_addresses() or customer.bounces(at):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"write back {email}"])
    return Message.objects.filter(ticket__customer=customer, **_by_machine(at)).count() < CAP


def written_back_on(*, ticket: int, at: datetime) -> int:
    """How often a machine of ours wrote on this ticket within the window."""
    return Message.objects.filter(ticket=ticket, **_by_machine(at)).count()


def _by_machine(at: datetime) -> dict[str, object]:
    return {"direction": Direction.OUT, "is_automatic": True, "at__gt": at - CAP_WINDOW}
