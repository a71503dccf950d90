"""Fetching a row to decide on."""

from helpdesk.models import Ticket


def lock(ticket: Ticket) -> Ticket:
    """The ticket as it is now, held until this transaction ends: who comes second sees what the first did."""
    # No key update: messages and events that refer to the ticket may be inserted meanwhile.
    return Ticket.objects.select_for_update(of=("self",), no_key=True).get(pk=ticket.pk)


def lock_both(one: Ticket, other: Ticket) -> tuple[Ticket, Ticket]:
    """Two tickets, always locked in the order of their numbers, so that two callers can't wait for each other."""
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[one.pk, other.pk])}
    return found[one.pk], found[other.pk]
