"""What agents keep around their tickets: fields of the company's own, a checklist, tasks, time, and what is put off."""

from datetime import timedelta
from typing import Any

from apps.intake.custom_fields.services import save_field
from apps.response.checklists.services import apply_checklist, save_checklist
from apps.response.following.services import follow
from apps.response.sending_later.services import send_later
from apps.response.services import add_note, fill_in
from apps.response.sides.services import open_side
from apps.response.snoozing.services import snooze, wake_due
from apps.response.timekeeping.services import book_time
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import SideLetter, Ticket

AGENT, LEAD = "ana@warmfold.example", "lena@warmfold.example"
FILLED_IN = (
    {"order-id": "WF-20811", "seen-on": "Bank statement"},
    {"order-id": "WF-20934"},
    {"serial-number": "H2-7781-K"},
)


def keep_around(world: World, house: House) -> None:
    """Fields that billing, delivery and devices ask for, and a few open tickets of one agent with something on them."""
    act: dict[str, Any] = {"by": house.admin, "at": house.opened_at}
    save_field(
        key="order-id", label="Order number", kind="text", hint="On the first line of the invoice: WF-20811.",
        issues=["billing", "delivery"], is_public=True, position=10, **act,
    )  # fmt: skip
    save_field(
        key="seen-on", label="Seen on", kind="choice", choices=["Bank statement", "Invoice", "App"],
        issues=["charged-twice"], position=20, **act,
    )  # fmt: skip
    save_field(
        key="serial-number", label="Serial number", kind="text", hint="Below the hub, after S/N.",
        issues=["device"], is_public=True, position=30, **act,
    )  # fmt: skip
    save_field(
        key="power-cut", label="Went off by itself", kind="yes_no", issues=["hub-no-power"], needed="solve",
        position=40, **act,
    )  # fmt: skip
    checklist = save_checklist(
        name="Charged twice", lines=["! Compare both charges in the payment system", "Tell accounting"],
        issue=house.issues["charged-twice"], **act,
    )  # fmt: skip
    ana = house.people[AGENT]
    mine = Ticket.objects.open().filter(assignee=ana).order_by("-opened_at", "-pk")[:5]
    for ticket, values in zip(mine, FILLED_IN, strict=False):
        fill_in(ticket=ticket, values=values, by=ana, at=world.now)
    for place, ticket in enumerate(mine[:2]):
        book_time(ticket=ticket, minutes=6 + place, what="Called back", by=ana, at=world.now)
    for ticket in mine[:1]:
        apply_checklist(ticket=ticket, checklist=checklist, by=ana, at=world.now)
    for place, ticket in enumerate(mine[3:]):
        until = world.now + timedelta(days=place, minutes=-1 if place == 0 else 0)
        snooze(ticket=ticket, until=until, by=ana, at=world.now - timedelta(hours=2))
    wake_due(by=house.system, at=world.now)
    for ticket in mine[2:3]:
        side = open_side(
            ticket=ticket, to=["tracing@carrier.example"], subject="Where is this parcel?", by=ana, at=world.now,
            body="Hello,\n\nit should have been there on Monday. Can you see where it is?",
        )  # fmt: skip
        SideLetter.receive(
            side=side, sender_name="Carrier", sender_email="tracing@carrier.example", by=house.system, at=world.now,
            body="It lies in our depot since Tuesday: the label is torn.",
        )  # fmt: skip
        send_later(
            ticket=ticket, body="Your parcel is on its way again.", due_at=world.now + timedelta(hours=20), by=ana,
            at=world.now,
        )  # fmt: skip
    lena = house.people[LEAD]
    if not all(ticket.is_visible_to(lena) for ticket in mine[:2]):
        lena = house.admin  # a lead sees her own department's alone
    for ticket in mine[:1]:
        follow(ticket=ticket, by=lena, at=world.now)
    for ticket in mine[1:2]:
        asks = f"@{ana.name} the customer called me as well. Can you look at it before noon?"
        add_note(ticket=ticket, body=asks, by=lena, at=world.now)
