"""What colleagues tell each other never leaves, on any surface."""

from datetime import timedelta
from pathlib import Path

from apps.intake.queries import request_key
from apps.output import services
from apps.output.models import Delivery
from apps.response import services as response
from apps.response.following.services import follow
from apps.response.sending_later.services import send_due_replies, send_later
from apps.response.sides.services import open_side, write_side
from tests.factories import NOW, make_token

SECRET = "xyzzy-only-for-colleagues"
AFTER = NOW + timedelta(seconds=11)


def test_a_note_is_on_nothing_that_leaves_the_house(cast, replied, outbox, deliver_news, client, sign_in):
    message = replied()
    ticket = message.ticket
    response.add_note(ticket=ticket, body=SECRET, by=cast.ana, at=NOW)
    response.add_note(ticket=ticket, body=f"again {SECRET}", by=cast.lena, at=NOW)
    replied(ticket=ticket, body="And the rest.")
    everything_else_that_leaves(cast, ticket)
    deliver_news()
    services.note_bounce(
        ticket=ticket,
        addresses=["zoe@customer.test"],
        is_hard=True,
        reason="550",
        letter_id="",
        by=cast.system,
        at=NOW,
    )
    deliver_news()
    for letter in outbox(AFTER):
        assert SECRET not in letter.message().as_string()
    for delivery in Delivery.objects.all():
        assert SECRET not in f"{delivery.subject}{delivery.text}{delivery.html}{delivery.headers}"
    assert SECRET not in client.get(f"/help/r/{request_key(ticket)}/").content.decode()
    assert SECRET not in sign_in(cast.zoe_account).get("/search/", {"q": "xyzzy"}).content.decode()
    key = make_token(cast.robot)
    for path in (f"/api/v1/tickets/{ticket.pk}/?expand=messages,customer,issues", "/api/v1/tickets/"):
        assert SECRET not in client.get(path, headers={"Authorization": f"Bearer {key}"}).content.decode()


def everything_else_that_leaves(cast, ticket) -> None:
    """Copies, answers for later, mentions, followers, and what is forwarded or written to others."""
    act = {"by": cast.ana, "at": NOW}
    follow(ticket=ticket, by=cast.omar, at=NOW)
    response.add_note(ticket=ticket, body=f"@Lena {SECRET}", **act)
    response.reply(ticket=ticket, body="Copied.", cc=["max@partner.test"], **act)
    send_later(ticket=ticket, body="Later.", due_at=NOW + timedelta(seconds=1), **act)
    send_due_replies(by=cast.system, at=NOW + timedelta(seconds=2))
    side = open_side(ticket=ticket, to=["eve@supplier.test"], subject="Fwd", body="See", forward=[], **act)
    write_side(side=side, body="And?", **act)


def test_no_code_that_makes_a_letter_knows_the_notes():
    for name in (
        "mailing",
        "transport",
        "sink",
        "services/send_due",
        "services/deliver",
        "services/acknowledge",
        "services/send_side",
    ):
        code = Path(f"apps/output/{name}.py").read_text()
        assert "Note" not in code.replace("note_", "").replace("Notice", "").replace("NOTICE", "").replace(
            "Notes", ""
        )
