from datetime import timedelta

from apps.output import services
from apps.output.models import Delivery
from helpdesk import events
from helpdesk.models import Note
from tests.factories import NOW, make_ticket


def bounced(cast, ticket, letter_id="", permanence="hard", to="zoe@customer.test") -> None:
    data = {
        "mail": 1, "recipients": [to], "permanence": permanence, "status": "5.1.1", "diagnosis": "550 no such user",
        "message_id": letter_id,
    }  # fmt: skip
    events.record("mail.bounced", ticket=ticket, by=cast.system, at=NOW, data=data)


def test_a_hard_bounce_marks_the_address_notes_it_and_tells_the_author(cast, replied, deliver_news):
    message = replied()
    delivery = services.deliver(message=message, by=cast.system, at=NOW)
    bounced(cast, message.ticket, delivery.letter_id.strip("<>"))
    deliver_news()
    cast.zoe.refresh_from_db()
    assert cast.zoe.undeliverable_until == NOW + timedelta(days=30)
    assert (
        Note.objects.filter(ticket=message.ticket, body__contains="550 no such user").get().author
        == cast.system
    )
    assert Delivery.objects.get(kind="notice", subject__startswith="Not delivered").to == ["ana@desk.test"]


def test_a_soft_bounce_only_notes(cast, replied, deliver_news):
    message = replied()
    bounced(cast, message.ticket, permanence="soft")
    deliver_news()
    cast.zoe.refresh_from_db()
    assert cast.zoe.undeliverable_until is None
    assert Note.objects.filter(ticket=message.ticket).count() == 1
    assert not Delivery.objects.filter(kind="notice").exists()


def test_a_bounce_of_somebody_copied_does_not_silence_the_customer(cast, deliver_news):
    bounced(cast, make_ticket(cast), to="partner@customer.test")
    deliver_news()
    cast.zoe.refresh_from_db()
    assert cast.zoe.undeliverable_until is None


def test_a_bounce_that_names_no_ticket_changes_nothing(cast, deliver_news):
    bounced(cast, None)
    deliver_news()
    assert not Note.objects.exists()
