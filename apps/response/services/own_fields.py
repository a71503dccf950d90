"""The desk's own fields of a ticket are filled in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.intake.custom_fields.checking import definitions, taken
from apps.response import transitions
from helpdesk import events
from helpdesk.models import Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held


@transaction.atomic
def fill_in(
    *, ticket: Ticket, values: Mapping[str, Any], only_known: bool = False, by: User, at: datetime
) -> Ticket:
    """Write into the fields that are named; nothing (None) takes a value away. Others stay as they are.

    Keys that no field has are a program's own facts, unless `only_known`. Raises Invalid, TicketMerged.
    """
    require(by, "response.classify", ticket)
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    before, after = ticket.custom, taken(definitions(), ticket.custom, values, only_known=only_known)
    changed = {
        key: {"from": before.get(key), "to": after.get(key)}
        for key in (*before, *(key for key in after if key not in before))
        if before.get(key) != after.get(key)
    }
    if changed:
        ticket.custom, ticket.updated_at = after, at
        ticket.save(update_fields=["custom", "updated_at"])
        events.record("ticket.filled", ticket=ticket, by=by, at=at, data={"fields": changed})
    return ticket
