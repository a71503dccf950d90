"""What agents keep around a ticket: fields of the desk's own, for the browser to look at."""

from django.urls import reverse

from apps.intake.custom_fields.services import save_field
from apps.response.services import fill_in
from helpdesk.models import Ticket
from tests.factories import NOW, Cast


def keep_around(cast: Cast, ticket: Ticket) -> dict[str, str]:
    """Fields of several kinds, some filled in on this ticket, one needed before it is solved."""
    by = {"by": cast.ada, "at": NOW}
    save_field(
        key="order-id", label="Order number", kind="text", hint="On the first line of the invoice.",
        needed="solve", is_public=True, position=1, **by,
    )  # fmt: skip
    save_field(key="card", label="Kind of card", kind="choice", choices=["Debit", "Credit"], **by)
    save_field(key="bank", label="Bank", kind="text", when_key="card", when_values=["Credit"], **by)
    save_field(key="seen", label="Seen on the statement", kind="yes_no", **by)
    fill_in(ticket=ticket, values={"card": "Credit", "seen": True}, by=cast.ana, at=NOW)
    return {"ticket_fields": reverse("own_fields", kwargs={"number": ticket.pk}) + "?then=solve"}
