"""What a colleague answers from the own mail program reaches the customer whole, and once."""

from importlib import import_module

import pytest

from apps.intake.services import restore_mail
from helpdesk.models import Attachment, Direction, Message, Note, Ticket
from tests.factories import make_ticket
from tests.intake.letters import base64_part, mail, multipart, part
from tests.intake.test_receive_mail import VOUCHED, answered, receiving, signed, trusting

pytestmark = pytest.mark.usefixtures("trusting")
__all__ = ["trusting"]  # a fixture


def with_file(reference):
    return multipart(
        part("text/plain", "Here is the invoice."),
        base64_part("application/pdf", b"%PDF", Content_Disposition='attachment; filename="invoice.pdf"'),
        headers={"From": "Ana <ana@desk.test>", "In-Reply-To": reference, "Authentication-Results": VOUCHED},
    )


def test_the_files_of_a_colleagues_answer_go_with_it(cast):
    ticket = make_ticket(cast)
    receiving(cast, with_file(answered(cast, ticket)))
    message = ticket.messages.last()
    assert message.direction == Direction.OUT
    assert message.attachments.get().name == "invoice.pdf"


def test_the_files_of_an_answer_among_us_hang_on_the_note(cast):
    ticket = make_ticket(cast)
    receiving(cast, with_file(signed(ticket, "notice1")))
    assert Attachment.objects.get().note == ticket.notes.get()


def test_a_colleagues_answer_that_reaches_two_mailboxes_goes_out_once(cast):
    ticket = make_ticket(cast)
    raw = mail(
        "Done.",
        {
            "From": "Ana <ana@desk.test>",
            "In-Reply-To": answered(cast, ticket),
            "Authentication-Results": VOUCHED,
        },
    )
    receiving(cast, raw)
    again = receiving(cast, raw, mailbox="shipping@desk.test")
    assert again.state == "duplicate"
    assert ticket.messages.filter(body="Done.").count() == 1


def test_a_mail_that_another_mailbox_brought_meanwhile_is_not_restored_twice(cast, monkeypatch):
    raw = mail()
    with monkeypatch.context() as patched:
        patched.setattr(import_module("apps.intake.services.receive_mail"), "FLOOD", -1)
        held = receiving(cast, raw)
    assert held.state == "quarantined"
    receiving(cast, raw, mailbox="shipping@desk.test")
    assert Ticket.objects.count() == 1
    restored = restore_mail(mail=held, by=cast.lena, at=held.received_at)
    assert restored.ticket == Ticket.objects.get()
    assert Message.objects.count() == 1


def test_an_answer_among_us_without_a_servers_word_becomes_a_note_once_it_is_restored(cast):
    ticket = make_ticket(cast)
    held = receiving(
        cast, mail("I know him", {"From": "Ana <ana@desk.test>", "In-Reply-To": signed(ticket, "notice1")})
    )
    assert held.state == "quarantined"
    restored = restore_mail(mail=held, by=cast.lena, at=held.received_at)
    note = Note.objects.get()
    assert (note.author, note.body, note.ticket) == (cast.ana, "I know him", ticket)
    assert (restored.state, restored.ticket) == ("done", ticket)
    assert ticket.messages.count() == 1


def test_an_answer_to_the_customer_without_a_servers_word_goes_out_once_it_is_restored(cast):
    ticket = make_ticket(cast)
    held = receiving(cast, mail("Done.", {"From": "ana@desk.test", "In-Reply-To": answered(cast, ticket)}))
    assert f"goes to the customer of ticket #{ticket.pk} as Ana" in held.reason
    restore_mail(mail=held, by=cast.lena, at=held.received_at)
    message = ticket.messages.last()
    assert (message.direction, message.author, message.body) == (Direction.OUT, cast.ana, "Done.")
