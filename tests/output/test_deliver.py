from datetime import timedelta

import pytest
from django.db import InternalError, transaction

from apps.intake.files import File
from apps.intake.message_id import verify
from apps.output import services
from apps.output.models import Delivery, State
from apps.response import services as response
from helpdesk.models import Event, Message, Participant
from tests.factories import NOW, make_ticket

AFTER = NOW + timedelta(seconds=11)


def deliver(cast, message) -> Delivery:
    return services.deliver(message=message, by=cast.system, at=message.at)


def test_a_reply_is_held_for_its_author_to_take_back(cast, replied, settings):
    delivery = deliver(cast, replied())
    assert delivery.state == State.HELD
    assert delivery.send_after == NOW + timedelta(seconds=settings.UNDO_SECONDS)
    assert (delivery.to, delivery.created_by) == (["zoe@customer.test"], cast.ana)


def test_the_letter_carries_our_signed_id_the_thread_and_the_number(cast, replied, outbox, settings):
    ticket = make_ticket(cast)
    Message.objects.filter(ticket=ticket).update(message_id="first@customer.test")
    message = replied(ticket=ticket)
    deliver(cast, message)
    (letter,) = outbox(AFTER)
    raw = letter.message()
    assert verify(raw["Message-ID"], secret=settings.SECRET_KEY) == ticket.pk
    assert raw["In-Reply-To"] == raw["References"] == "<first@customer.test>"
    assert raw["Subject"] == f"Re: Charged twice [#{ticket.pk}]"
    assert raw["From"] == "Billing <billing@desk.test>"
    assert raw["Auto-Submitted"] is None
    message.refresh_from_db()
    assert f"<{message.message_id}>" == raw["Message-ID"]


def test_the_thread_grows_with_every_letter(cast, replied, outbox):
    ticket = make_ticket(cast)
    first, second = replied(ticket=ticket), replied(ticket=ticket, body="And one more thing.")
    deliver(cast, first)
    deliver(cast, second)
    letters = outbox(AFTER)
    assert letters[1].message()["References"] == letters[0].message()["Message-ID"]


def test_a_long_thread_keeps_its_first_id_and_the_newest(cast, replied, outbox):
    ticket = make_ticket(cast)
    for number in range(30):
        Message.receive(
            ticket=ticket,
            customer=cast.zoe,
            body="x",
            by=cast.system,
            at=NOW,
            message_id=f"m{number:02}@customer.test",
        )
    deliver(cast, replied(ticket=ticket))
    references = outbox(AFTER)[0].message()["References"].split()
    assert len(references) == 20
    assert (references[0], references[-1]) == ("<m00@customer.test>", "<m29@customer.test>")


def test_those_who_take_part_are_copied_but_never_we_ourselves(cast, replied):
    ticket = make_ticket(cast)
    for email in ("partner@customer.test", "Billing@desk.test", "zoe@customer.test"):
        Participant.objects.create(ticket=ticket, email=email, added_at=NOW)
    assert deliver(cast, replied(ticket=ticket)).cc == ["partner@customer.test"]


def test_files_of_the_reply_go_with_it(cast, replied, outbox):
    deliver(cast, replied(attachments=[File("invoice.pdf", "application/pdf", b"%PDF-1.7")]))
    (letter,) = outbox(AFTER)
    assert [(name, content) for name, content, _ in letter.attachments] == [("invoice.pdf", b"%PDF-1.7")]


def test_a_line_break_in_a_subject_makes_no_header(cast, replied, outbox):
    ticket = make_ticket(cast, subject="Hello\r\nBcc: everybody@customer.test")
    deliver(cast, replied(ticket=ticket))
    (letter,) = outbox(AFTER)
    assert letter.message()["Bcc"] is None
    assert letter.recipients() == ["zoe@customer.test"]


def test_html_of_the_letter_is_what_was_written_and_nothing_else(cast, replied):
    delivery = deliver(cast, replied(body="1 < 2 <script>alert(1)</script> https://help.test/a?b=1&c=2"))
    assert "<script>" not in delivery.html
    assert "1 &lt; 2" in delivery.html
    assert "1 < 2 <script>" in delivery.text


def test_delivering_twice_makes_one_letter(cast, replied):
    message = replied()
    assert deliver(cast, message) == deliver(cast, message)
    assert Delivery.objects.count() == 1


def test_a_customer_without_an_address_reads_it_in_the_portal(cast, replied):
    cast.zoe.email = None
    cast.zoe.save()
    assert deliver(cast, replied()) is None
    assert not Delivery.objects.exists()


def test_what_the_customer_wrote_is_not_sent_back(cast):
    assert deliver(cast, make_ticket(cast).messages.get()) is None


def test_an_address_that_bounced_is_not_written_to_again(cast, replied, deliver_news):
    cast.zoe.mark_undeliverable(until=NOW + timedelta(days=1))
    ticket = replied().ticket
    deliver_news()
    delivery = Delivery.objects.get(message__isnull=False)
    assert (delivery.state, delivery.attempts) == (State.FAILED, 0)
    assert "did not leave" in ticket.notes.get().body


def test_the_envelope_is_frozen(cast, replied):
    delivery = deliver(cast, replied())
    delivery.to = ["mallory@desk.test"]
    with pytest.raises(InternalError, match="frozen_envelope|readonly|read"), transaction.atomic():
        delivery.save()


@pytest.mark.parametrize(
    ("before", "after"), [("withdrawn", "held"), ("withdrawn", "sending"), ("held", "sent")]
)
def test_a_letter_can_make_no_forbidden_step(cast, replied, before, after):
    delivery = deliver(cast, replied())
    if before == "withdrawn":
        Delivery.objects.update(state="withdrawn")
    with pytest.raises(InternalError, match="Invalid transition"), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(state=after, sent_at=NOW)


# Taking back


def test_a_held_reply_can_be_taken_back_and_never_leaves(cast, replied, outbox):
    message = replied(then="solve")
    deliver(cast, message)
    ticket = services.undo(message=message, by=cast.ana, at=NOW)
    assert outbox(AFTER) == []
    message.refresh_from_db()
    assert message.withdrawn_at == NOW
    assert (ticket.status, ticket.first_replied_at) == ("open", None)
    assert Event.objects.filter(kind="message.withdrawn", ticket=ticket).count() == 1


def test_waiting_is_undone_with_the_reply_that_began_it(cast, replied):
    message = replied(then="wait")
    deliver(cast, message)
    assert services.undo(message=message, by=cast.ana, at=NOW).status == "open"


def test_what_was_done_since_stays(cast, replied):
    message = replied(then="wait")
    ticket = response.hold(ticket=message.ticket, waiting_on="waiting_owner", by=cast.lena, at=AFTER)
    deliver(cast, message)
    assert services.undo(message=message, by=cast.ana, at=AFTER).status == ticket.status == "waiting_owner"


def test_taking_back_works_before_the_letter_is_made(cast, replied, outbox):
    message = replied()
    services.undo(message=message, by=cast.ana, at=NOW)
    assert deliver(cast, message) is None
    assert outbox(AFTER) == []


def test_taking_back_twice_is_taking_back_once(cast, replied):
    message = replied()
    deliver(cast, message)
    services.undo(message=message, by=cast.ana, at=NOW)
    services.undo(message=message, by=cast.ana, at=NOW)
    assert Event.objects.filter(kind="message.withdrawn").count() == 1


def test_what_has_left_can_not_be_taken_back(cast, replied, outbox):
    message = replied()
    deliver(cast, message)
    outbox(AFTER)
    events = Event.objects.count()
    with pytest.raises(services.TooLate), transaction.atomic():
        services.undo(message=message, by=cast.ana, at=AFTER)
    message.refresh_from_db()
    assert (message.withdrawn_at, Event.objects.count()) == (None, events)


def test_what_the_portal_has_shown_can_not_be_taken_back(cast, replied):
    cast.zoe.email = None
    cast.zoe.save()
    with pytest.raises(services.TooLate):
        services.undo(message=replied(), by=cast.ana, at=AFTER)


def test_the_customers_own_words_can_not_be_taken_back(cast):
    with pytest.raises(services.TooLate):
        services.undo(message=make_ticket(cast).messages.get(), by=cast.ana, at=NOW)


def test_a_stranger_can_take_nothing_back(cast, replied, sign_in):
    message = replied()
    assert sign_in(cast.mallory).post(f"/messages/{message.pk}/undo/").status_code == 404
    assert sign_in(cast.omar).post(f"/messages/{message.pk}/undo/").status_code == 403


def test_undo_puts_the_words_back_into_the_composer(cast, sign_in, settings):
    ticket = make_ticket(cast)
    ana = sign_in(cast.ana)
    ana.post(f"/t/{ticket.pk}/reply/", {"body": "Too quick, this one"})
    message = ticket.messages.get(direction="out")
    page = ana.post(f"/messages/{message.pk}/undo/", follow=True).content.decode()
    assert "Too quick, this one</textarea>" in page
    assert "Taken back, never sent" in page
