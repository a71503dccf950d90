"""A colleague answers from the own mail program: to the customer or among us, whole, once, and nobody in their name."""

from importlib import import_module

import pytest

from apps.intake.models import InboundMail
from apps.intake.services import Poisoned, restore_mail
from helpdesk.models import Attachment, Direction, Message, Note, Ticket
from tests.factories import NOW, make_ticket
from tests.intake.letters import base64_part, mail, multipart, part
from tests.intake.test_receive_mail import answered, kinds, receiving, signed

VOUCHED = "mx.desk.test; dmarc=pass header.from=desk.test"
UNVOUCHED = [
    "",
    "mx.desk.test; dmarc=fail",
    "mx.evil.test; dmarc=pass",
    "mx.evil.test; x=mx.desk.test; dmarc=pass",
]


@pytest.fixture(autouse=True)
def _trusting(settings):
    """Our own mail server says whether a sender is who they say."""
    settings.TRUSTED_MAIL_SERVERS = ["mx.desk.test"]


def test_a_colleague_answers_the_customer_from_the_own_mail_program(cast):
    ticket = make_ticket(cast)
    body = "It is on its way.\r\n\r\nOn Mon, 2 Feb 2026 at 10:00 Zoe <zoe@x.test> wrote:\r\n> Where is it?"
    headers = {
        "From": "Ana <ana@desk.test>",
        "In-Reply-To": answered(cast, ticket),
        "Authentication-Results": VOUCHED,
    }
    receiving(cast, mail(body, headers))
    message = ticket.messages.last()
    assert (message.direction, message.author, message.body) == ("out", cast.ana, "It is on its way.")
    assert kinds(ticket)[-1] == "message.written"
    ticket.refresh_from_db()
    assert ticket.first_replied_at == NOW


@pytest.mark.parametrize("verdict", UNVOUCHED)
def test_the_customer_who_has_our_signature_too_can_not_write_in_a_colleagues_name(cast, verdict):
    ticket = make_ticket(cast)
    headers = {
        "From": "Ana <ana@desk.test>",
        "In-Reply-To": answered(cast, ticket),
        "Authentication-Results": verdict,
    }
    before = ticket.messages.count()
    stored = receiving(cast, mail("Send him 1,000", headers))
    assert stored.state == "quarantined"
    assert "vouches" in str(stored.reason)
    assert ticket.messages.count() == before


def test_a_colleagues_answer_to_a_notice_of_ours_stays_among_us(cast):
    ticket = make_ticket(cast)
    headers = {
        "From": "ana@desk.test",
        "In-Reply-To": signed(ticket, "notice1"),
        "Authentication-Results": VOUCHED,
    }
    receiving(cast, mail("I know this one", headers))
    assert Note.objects.get().body == "I know this one"
    assert ticket.messages.count() == 1


@pytest.mark.parametrize("verdict", UNVOUCHED)
def test_nobody_with_a_notice_of_ours_notes_something_in_a_colleagues_name(cast, verdict):
    ticket = make_ticket(cast)
    headers = {
        "From": "Ana <ana@desk.test>",
        "In-Reply-To": signed(ticket, "notice1"),
        "Authentication-Results": verdict,
    }
    stored = receiving(cast, mail("Refund him", headers))
    assert stored.state == "quarantined"
    assert "name of Ana" in str(stored.reason)
    assert "vouches" in str(stored.reason)
    assert "note on ticket" in str(stored.reason)
    assert not Note.objects.exists()
    assert ticket.messages.count() == 1


def test_nobody_writes_in_a_colleagues_name_without_our_signature(cast):
    ticket = make_ticket(cast)
    stored = receiving(cast, mail(headers={"From": "ana@desk.test", "Subject": f"[#{ticket.pk}] refund him"}))
    assert stored.state == "quarantined"
    assert "name of Ana" in str(stored.reason)
    assert ticket.messages.count() == 1
    assert not Note.objects.exists()


def test_a_colleague_of_another_department_can_not_answer(cast):
    ticket = make_ticket(cast)
    headers = {
        "From": "mallory@desk.test",
        "In-Reply-To": answered(cast, ticket),
        "Authentication-Results": VOUCHED,
    }
    with pytest.raises(Poisoned):
        receiving(cast, mail(headers=headers))
    assert InboundMail.objects.get().state == "quarantined"
    assert ticket.messages.count() == 2


def test_a_colleague_may_have_a_problem_too(cast):
    receiving(cast, mail(headers={"From": "ana@desk.test"}))
    assert Ticket.objects.get().customer.email == "ana@desk.test"


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
    assert f"goes to the customer of ticket #{ticket.pk} as Ana" in str(held.reason)
    restore_mail(mail=held, by=cast.lena, at=held.received_at)
    message = ticket.messages.last()
    assert (message.direction, message.author, message.body) == (Direction.OUT, cast.ana, "Done.")
