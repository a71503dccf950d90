"""What is written around a ticket: by macro, to a supplier, and for tomorrow."""

from datetime import timedelta

from django.urls import reverse

from apps.response.calls.services import Spoken, log_call
from apps.response.models import Macro
from apps.response.sending_later.services import send_later
from apps.response.sides.services import open_side
from helpdesk.models import SideLetter, Ticket, User
from tests.browser.informed import inform_of
from tests.factories import NOW


def written_around(ticket: Ticket) -> dict[str, str]:
    """A supplier was asked, and answered; an answer to the customer goes out tomorrow."""
    inform_of(ticket, User.objects.get(email="ana@desk.test"))
    act = {"by": User.objects.get(email="ana@desk.test"), "at": NOW}
    side = open_side(
        ticket=ticket, to=["eve@supplier.test"], subject="Lost parcel", body="Where is it?", **act
    )
    SideLetter.receive(side=side, sender_name="Eve", sender_email="eve@supplier.test", body="Here.", **act)
    later = send_later(ticket=ticket, body="It left today.", due_at=NOW + timedelta(days=1), **act)
    log_call(ticket=ticket, call=Spoken(direction="out", outcome="no_answer"), **act)
    here = {"number": ticket.pk}
    return {
        "macro": reverse("edit_macro", kwargs={"pk": Macro.objects.earliest("pk").pk}),
        "ticket_macros": reverse("ticket_macros", kwargs=here),
        "log_call": reverse("log_call", kwargs=here),
        "new_side": reverse("new_side", kwargs=here) + "?all=1",
        "side": reverse("side", kwargs=here | {"pk": side.pk}),
        "change_later": reverse("change_later", kwargs=here | {"pk": later.pk}),
    }
