"""Mail comes in: nothing is lost, nothing is taken twice, and nobody speaks in another's name."""

import errno
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.db import OperationalError

from apps.intake import message_id
from apps.intake.models import InboundMail
from apps.intake.services import Poisoned, read_waiting_mail, receive_mail
from helpdesk.errors import NotAllowed
from helpdesk.models import Attachment, Customer, Event, Message, Ticket
from tests.factories import NOW, make_ticket
from tests.intake.letters import base64_part, delivery_report, evil, mail, multipart, part

MAILBOX = "billing@desk.test"
ZOE = "Zoe <zoe@customer.test>"


def receiving(cast, raw, *, mailbox=MAILBOX, at=NOW):
    return receive_mail(raw=raw, mailbox=mailbox, by=cast.system, at=at)


def signed(ticket, nonce="m1"):
    return message_id.sign(ticket.pk, nonce, domain="desk.test", secret=settings.SECRET_KEY)


def answered(cast, ticket):
    """A ticket that Ana has answered, and the id under which her answer left."""
    message = Message.write(ticket=ticket, body="We look.", by=cast.ana, at=NOW, channel="email")
    message.stamp(signed(ticket, f"m{message.pk}").strip("<>"))
    return f"<{message.message_id}>"


def kinds(ticket):
    return list(ticket.events.values_list("kind", flat=True))


# --- a new ticket -------------------------------------------------------------------------------------


def test_a_mail_becomes_a_ticket_in_the_department_of_its_mailbox(cast):
    stored = receiving(
        cast, mail("Where is it?", {"From": ZOE, "Subject": "Card"}), mailbox="Shipping@desk.test"
    )
    ticket = Ticket.objects.get()
    assert (stored.state, stored.ticket, stored.sender) == ("done", ticket, "zoe@customer.test")
    assert (ticket.subject, ticket.customer, ticket.department, ticket.channel) == (
        "Card", cast.zoe, cast.shipping, "email",
    )  # fmt: skip
    message = ticket.messages.get()
    assert (message.body, message.message_id) == ("Where is it?", "first.1@example.org")
    assert kinds(ticket) == ["ticket.opened"]


def test_the_department_is_found_by_the_address_when_one_mailbox_serves_many(cast):
    receiving(cast, mail(headers={"To": "shipping@desk.test"}), mailbox="all@desk.test")
    assert Ticket.objects.get().department == cast.shipping


def test_the_raw_bytes_are_stored_whole(cast):
    raw = mail(b"a\0b\xff\xfe")
    assert bytes(InboundMail.objects.get(pk=receiving(cast, raw).pk).raw) == raw


def test_files_come_along_and_inline_pictures_with_them(cast):
    picture = base64_part("image/png", b"png", Content_Disposition='attachment; filename="bill.png"')
    receiving(cast, multipart(part("text/plain", "See the picture"), picture))
    file = Message.objects.get().attachments.get()
    assert (file.name, file.file.read()) == ("bill.png", b"png")


def test_copied_people_take_part_but_none_of_us(cast):
    receiving(cast, mail(headers={
        "From": ZOE, "To": "billing@desk.test, al@x.test", "Cc": "Jo <Jo@x.test>, ana@desk.test, zoe@customer.test",
    }))  # fmt: skip
    assert sorted(Ticket.objects.get().participants.values_list("email", flat=True)) == [
        "al@x.test",
        "jo@x.test",
    ]


def test_mail_from_a_list_opens_a_ticket_that_no_machine_answers(cast):
    receiving(cast, mail(headers={"List-Id": "<l.x.test>"}))
    assert Message.objects.get().is_automatic


# --- again --------------------------------------------------------------------------------------------


def test_the_same_bytes_again_change_nothing(cast):
    first, again = receiving(cast, mail()), receiving(cast, mail())
    assert first.pk == again.pk
    assert Ticket.objects.count() == Message.objects.count() == 1


def test_the_same_mail_on_another_way_is_a_duplicate(cast):
    receiving(cast, mail())
    again = receiving(cast, b"Received: from relay2\r\n" + mail())
    assert (again.state, again.ticket) == ("duplicate", Ticket.objects.get())
    assert InboundMail.objects.count() == 2


def test_the_same_mail_to_two_mailboxes_is_one_ticket(cast):
    receiving(cast, mail())
    again = receiving(cast, mail(), mailbox="shipping@desk.test")
    assert again.state == "duplicate"
    assert Ticket.objects.count() == 1


def test_a_mail_without_an_id_is_known_again_by_what_it_says(cast):
    raw = mail(headers={"Message-ID": None})
    receiving(cast, raw)
    assert receiving(cast, b"X-Spam-Score: 1\r\n" + raw).state == "duplicate"
    assert receiving(cast, mail("Other words", {"Message-ID": None})).state == "done"


# --- threads ------------------------------------------------------------------------------------------


def test_an_answer_with_our_signed_id_joins_its_ticket(cast):
    ticket = make_ticket(cast)
    receiving(cast, mail("Thanks", {"From": ZOE, "In-Reply-To": answered(cast, ticket)}))
    assert ticket.messages.last().body == "Thanks"
    assert kinds(ticket)[-1] == "message.received"
    assert Ticket.objects.count() == 1


def test_an_answer_to_mail_from_before_a_change_of_keys_joins_its_ticket(cast, settings):
    ticket = make_ticket(cast)
    reference = signed(ticket, "notice1")  # of a mail that was never stored as a message
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the new key, as long as the one before it, and of no other use"
    receiving(cast, mail("Thanks", {"From": ZOE, "In-Reply-To": reference}))
    assert ticket.messages.last().body == "Thanks"


def test_a_key_that_was_given_up_signs_nothing(cast, settings):
    ticket = make_ticket(cast)
    reference = signed(ticket, "notice1")
    settings.SECRET_KEY = "the new key, as long as the one before it, and of no other use"
    receiving(cast, mail("Thanks", {"From": ZOE, "In-Reply-To": reference}))
    assert ticket.messages.count() == 1
    assert Ticket.objects.count() == 2


def test_a_reference_to_the_customers_own_mail_joins_too(cast):
    first = receiving(cast, mail(headers={"From": ZOE}))
    receiving(
        cast,
        mail(
            "And this",
            {"From": ZOE, "Message-ID": "<second.2@x.test>", "References": "<first.1@example.org>"},
        ),
    )
    assert first.ticket.messages.count() == 2


def test_a_number_in_the_subject_counts_for_the_customer(cast):
    ticket = make_ticket(cast)
    receiving(cast, mail(headers={"From": ZOE, "Subject": f"Re: Card [#{ticket.pk}]"}))
    assert ticket.messages.count() == 2


def test_a_number_in_the_subject_counts_for_nobody_else(cast):
    ticket = make_ticket(cast)
    receiving(cast, mail(headers={"From": "eve@evil.test", "Subject": f"Re: Card [#{ticket.pk}]"}))
    assert ticket.messages.count() == 1
    assert Ticket.objects.count() == 2


def test_a_forged_id_joins_nothing(cast):
    ticket = make_ticket(cast)
    forged = signed(ticket).replace(str(ticket.pk), str(ticket.pk + 1), 1)
    other = make_ticket(cast)
    receiving(cast, mail(headers={"From": "eve@evil.test", "In-Reply-To": forged}))
    assert other.messages.count() == ticket.messages.count() == 1


def test_somebody_copied_who_answers_takes_part_and_the_customer_stays(cast):
    ticket = make_ticket(cast)
    receiving(
        cast,
        mail(
            "Me too",
            {
                "From": "Jo <jo@x.test>",
                "To": MAILBOX,
                "In-Reply-To": answered(cast, ticket),
            },
        ),
    )
    message = ticket.messages.last()
    assert (message.customer, message.sender_email) == (None, "jo@x.test")
    ticket.refresh_from_db()
    assert ticket.customer == cast.zoe
    assert ticket.participants.get().email == "jo@x.test"


def test_an_answer_to_a_merged_ticket_follows_it(cast):
    one, two, three = make_ticket(cast), make_ticket(cast), make_ticket(cast)
    reference = answered(cast, one)
    one.merge_into(two, by=cast.ana, at=NOW)
    two.merge_into(three, by=cast.ana, at=NOW)
    receiving(cast, mail("Still broken", {"From": ZOE, "In-Reply-To": reference}))
    assert three.messages.last().body == "Still broken"


def test_a_circle_of_merges_ends(cast):
    one, two = make_ticket(cast), make_ticket(cast)
    reference = answered(cast, one)
    one.merge_into(two, by=cast.ana, at=NOW)
    two.merge_into(one, by=cast.ana, at=NOW)
    assert receiving(cast, mail(headers={"From": ZOE, "In-Reply-To": reference})).state == "done"


def test_an_answer_to_a_ticket_that_is_gone_opens_a_new_one(cast):
    ticket = make_ticket(cast)
    reference = signed(ticket).replace(str(ticket.pk), "987654", 1)
    receiving(cast, mail(headers={"From": ZOE, "In-Reply-To": reference}))
    assert Ticket.objects.count() == 2


def test_an_answer_to_a_closed_ticket_is_told_so_that_it_opens_again(cast):
    ticket = make_ticket(cast)
    reference = answered(cast, ticket)
    ticket.resolve(by=cast.ana, at=NOW)
    ticket.close(by=cast.ana, at=NOW)
    receiving(cast, mail(headers={"From": ZOE, "In-Reply-To": reference}))
    assert Event.objects.get(kind="message.received", data__message=ticket.messages.last().pk).owes


# --- machines -----------------------------------------------------------------------------------------


def test_out_of_office_is_kept_and_is_no_answer(cast):
    ticket = make_ticket(cast)
    before = kinds(ticket)
    receiving(cast, mail("I am away", {
        "From": ZOE, "Subject": "Out of office: Card", "Auto-Submitted": "auto-replied",
        "In-Reply-To": answered(cast, ticket),
    }))  # fmt: skip
    assert ticket.messages.last().is_automatic
    assert kinds(ticket) == [*before, "message.written"]


def test_an_automatic_reply_to_nothing_is_screened_out_with_its_reason(cast):
    stored = receiving(cast, mail(headers={"Auto-Submitted": "auto-replied"}))
    assert (stored.state, str(stored.reason)) == ("screened", "Auto-Submitted says that a machine replied.")
    assert not Ticket.objects.exists()
    assert Event.objects.get().kind == "mail.screened"


@pytest.mark.parametrize("sender", ["billing@desk.test", settings.DEFAULT_FROM_EMAIL, MAILBOX.upper()])
def test_our_own_mail_coming_back_is_recognised(cast, sender):
    assert receiving(cast, mail(headers={"From": sender})).state == "screened"
    assert not Ticket.objects.exists()


def test_a_bounce_is_told_on_the_ticket_whose_mail_came_back(cast):
    ticket = make_ticket(cast)
    reference = answered(cast, ticket)
    stored = receiving(cast, delivery_report(original_id=reference))
    event = Event.objects.get(kind="mail.bounced")
    assert (event.ticket, stored.state, stored.ticket) == (ticket, "done", ticket)
    assert (event.data["permanence"], event.data["status"]) == ("hard", "5.1.1")
    assert event.data["recipients"] == ["gone@example.org"]
    assert Ticket.objects.count() == 1


def test_a_flood_of_one_sender_is_stopped(cast, monkeypatch):
    monkeypatch.setattr(import_module("apps.intake.services.receive_mail"), "FLOOD", 3)
    states = [receiving(cast, mail(headers={"Message-ID": f"<number.{n}@x.test>"})).state for n in range(5)]
    assert states == ["done"] * 4 + ["quarantined"]
    later = receiving(cast, mail(headers={"Message-ID": "<number.9@x.test>"}), at=NOW + timedelta(hours=2))
    assert later.state == "done"


# --- poison -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", evil())
def test_whatever_comes_is_taken_or_waits_with_a_reason(cast, name):
    stored = receiving(cast, evil()[name])
    assert stored.state in {"done", "quarantined", "screened"}
    assert stored.ticket_id or stored.reason
    assert bytes(InboundMail.objects.get().raw) == evil()[name]


def test_a_mail_that_breaks_something_waits_in_quarantine_with_the_reason(cast, monkeypatch):
    monkeypatch.setattr(Ticket, "open", lambda **_: 1 / 0)
    with pytest.raises(Poisoned, match="ZeroDivisionError"):
        receiving(cast, mail())
    stored = InboundMail.objects.get()
    assert (stored.state, stored.sender, stored.subject) == (
        "quarantined", "zoe@example.org", "My card did not arrive",
    )  # fmt: skip
    assert not Customer.objects.filter(email="zoe@example.org").exists()
    assert Event.objects.get().kind == "mail.quarantined"


def test_a_database_that_is_away_leaves_the_mail_for_later(cast, monkeypatch):
    def away(**_):
        raise OperationalError("the connection was lost")

    with monkeypatch.context() as patched:
        patched.setattr(Ticket, "open", away)
        with pytest.raises(OperationalError):
            receiving(cast, mail())
    assert InboundMail.objects.get().state == "received"
    assert read_waiting_mail(by=cast.system, at=NOW + timedelta(minutes=2)) == 1
    assert InboundMail.objects.get().state == "done"


def test_a_full_disk_leaves_the_mail_for_later_however_often(cast, monkeypatch):
    raw = multipart(part("text/plain", "x"), base64_part("image/png", b"png"))

    def full(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Attachment, "keep", full)
        for _ in range(5):
            with pytest.raises(OSError, match="No space"):
                receiving(cast, raw)
    stored = InboundMail.objects.get()
    assert (stored.state, stored.attempts) == ("received", 0)
    assert not Ticket.objects.exists()
    read_waiting_mail(by=cast.system, at=NOW + timedelta(minutes=2))
    assert Message.objects.get().attachments.count() == 1


def test_a_file_that_no_disk_takes_is_the_mails_own_fault(cast, monkeypatch):
    def refused(**_):
        raise OSError(errno.ENAMETOOLONG, "File name too long")

    monkeypatch.setattr(Attachment, "keep", refused)
    with pytest.raises(Poisoned, match="too long"):
        receiving(cast, multipart(part("text/plain", "x"), base64_part("image/png", b"png")))


def test_a_mail_that_kills_its_reader_is_set_aside_in_the_end(cast):
    stored = InboundMail.objects.create(
        mailbox=MAILBOX, raw=mail(), size=1, sha256="x", attempts=3, received_at=NOW - timedelta(hours=1)
    )
    assert read_waiting_mail(by=cast.system, at=NOW) == 1
    stored.refresh_from_db()
    assert (stored.state, str(stored.reason)) == ("quarantined", "Reading it stopped the program 3 times.")


def test_mail_without_a_sender_waits_for_a_person(cast):
    stored = receiving(cast, mail(headers={"From": None}))
    assert stored.state == "quarantined"


def test_no_person_may_bring_mail_in_by_hand(cast):
    with pytest.raises(NotAllowed):
        receive_mail(raw=mail(), mailbox=MAILBOX, by=cast.ada, at=NOW)
    assert not InboundMail.objects.exists()
