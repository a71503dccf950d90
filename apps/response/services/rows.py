"""Several tickets to decide on; one alone is `held`."""

from collections.abc import Collection

from django.db import connection

from helpdesk.models import Ticket


def lock_both(one: Ticket, other: Ticket) -> tuple[Ticket, Ticket]:
    """Two tickets, always locked in the order of their numbers, so that two callers can't wait for each other."""
    found = lock_all([one.pk, other.pk])
    return found[one.pk], found[other.pk]


def lock_all(numbers: Collection[int]) -> dict[int, Ticket]:
    """Several tickets, locked in the order of their numbers."""
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    return {row.pk: row for row in rows.filter(pk__in=numbers)}


def take_turns() -> None:
    """Whoever links or merges waits for whoever does: links made at once could close a circle that none of them sees.

    After the tickets are locked, and never before: one order of locks, no deadlock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ties of tickets'))")
