"""Phone notes, and mail that was held back."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.intake.models import InboundMail
from apps.intake.services import NotHeldBack, receive_mail, restore_mail
from helpdesk.errors import NotAllowed
from helpdesk.models import Customer, Event, Ticket
from tests.factories import NOW, make_issue, make_product, make_ticket
from tests.intake.letters import evil, mail

PHONE, QUARANTINE = "/intake/phone/", "/admin/quarantine/"
NOTE = {
    "body": "The lamp flickers.", "channel": "phone", "contact_type": "problem", "direction": "in", "outcome": "talked",
}  # fmt: skip


def held_back(cast, number=0, **headers):
    raw = mail(headers={"X-Spam-Flag": "YES", "Message-ID": f"<held.{number}@x.test>"} | headers)
    return receive_mail(raw=raw, mailbox="billing@desk.test", by=cast.system, at=NOW)


# --- phone notes --------------------------------------------------------------------------------------


def test_a_call_of_somebody_new_becomes_a_ticket(cast, sign_in):
    issue = make_issue()
    make_product()
    said = NOTE | {
        "name": "Jo",
        "phone": "030 123",
        "issue": issue.code,
        "severity": "2",
        "attempts_before": "3",
    }
    answer = sign_in(cast.ana).post(PHONE, said)
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/t/{ticket.pk}/"
    assert (ticket.channel, ticket.department, ticket.severity, ticket.attempts_before) == (
        "phone", cast.billing, 2, 3,
    )  # fmt: skip
    assert (ticket.customer.name, ticket.customer.phone, ticket.customer.email) == ("Jo", "030123", None)
    assert ticket.issues.get().source == "person"


def test_a_call_of_somebody_known_stays_with_that_customer(cast, sign_in):
    sign_in(cast.ana).post(PHONE, NOTE | {"customer": cast.zoe.pk})
    assert Ticket.objects.get().customer == cast.zoe
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("who", ["zoe@cust", "ZOE", "4420794"])
def test_the_caller_is_found_by_address_name_or_number(cast, sign_in, who):
    Customer.objects.filter(pk=cast.zoe.pk).update(phone="+442079460958")
    page = sign_in(cast.ana).get(PHONE, {"who": who}).content.decode()
    assert f"?customer={cast.zoe.pk}" in page


def test_the_page_of_a_caller_shows_what_this_colleague_may_see(cast, sign_in):
    ticket = make_ticket(cast, subject="Last week's call")
    address = f"{PHONE}?customer={cast.zoe.pk}"
    assert f"/t/{ticket.pk}/".encode() in sign_in(cast.ana).get(address).content
    assert b"Last week" not in sign_in(cast.mallory).get(address).content


@pytest.mark.parametrize("customer", ["x", "9" * 30, "987654"])
def test_a_customer_that_does_not_exist_is_nobody(cast, sign_in, customer):
    assert sign_in(cast.ana).get(PHONE, {"customer": customer}).status_code == 200
    assert sign_in(cast.ana).post(PHONE, NOTE | {"customer": customer}).status_code == 422
    assert not Ticket.objects.exists()


def test_a_note_without_words_or_person_is_refused(cast, sign_in):
    answer = sign_in(cast.ana).post(PHONE, NOTE | {"body": ""})
    assert answer.status_code == 422
    assert b"Say who it is" in answer.content
    assert not Ticket.objects.exists()


def test_an_owner_takes_no_phone_notes(cast, sign_in):
    assert sign_in(cast.omar).get(PHONE).status_code == 403
    assert sign_in(cast.omar).post(PHONE, NOTE | {"name": "Jo"}).status_code == 403
    assert not Ticket.objects.exists()


# --- held back ----------------------------------------------------------------------------------------


def test_what_is_held_back_is_listed_with_its_reason(cast, sign_in):
    held_back(cast, Subject="You have won")
    page = sign_in(cast.lena).get(QUARANTINE).content.decode()
    assert "You have won" in page
    assert "X-Spam-Flag marks it as spam." in page


def test_the_list_costs_the_same_for_one_mail_and_twenty(cast, sign_in):
    lena = sign_in(cast.lena)

    def costs():
        with CaptureQueriesContext(connection) as queries:
            lena.get(QUARANTINE)
        # session, user, mails
        return len(queries)

    held_back(cast)
    one = costs()
    for number in range(1, 20):
        held_back(cast, number)
    assert costs() == one <= 4


def test_a_button_restores_a_mail(cast, sign_in):
    held = held_back(cast)
    answer = sign_in(cast.lena).post(f"{QUARANTINE}{held.pk}/restore/", follow=True)
    ticket = Ticket.objects.get()
    assert f"it is on ticket #{ticket.pk}" in answer.content.decode()
    held.refresh_from_db()
    assert (held.state, held.ticket) == ("done", ticket)
    assert Event.objects.get(kind="mail.restored").by == cast.lena


def test_a_command_restores_mail_too(cast, capsys):
    held = held_back(cast)
    call_command("restore_mail", "--list")
    call_command("restore_mail", held.pk)
    out = capsys.readouterr().out
    assert "X-Spam-Flag marks it as spam." in out
    assert f"{held.pk} is on ticket #{Ticket.objects.get().pk}." in out
    with pytest.raises(CommandError, match="Not restored"):
        call_command("restore_mail", held.pk)


@pytest.mark.parametrize("name", ["nothing", "nul bytes only", "body only", "no from"])
def test_what_could_not_be_read_is_restored_with_its_original(cast, name):
    held = receive_mail(raw=evil()[name], mailbox="billing@desk.test", by=cast.system, at=NOW)
    if held.is_held_back:
        restore_mail(mail=held, by=cast.lena, at=NOW)
    assert Ticket.objects.get().messages.get().body


def test_a_mail_is_restored_once(cast):
    held = held_back(cast)
    restore_mail(mail=held, by=cast.lena, at=NOW)
    with pytest.raises(NotHeldBack):
        restore_mail(mail=held, by=cast.lena, at=NOW)
    assert Ticket.objects.count() == 1


def test_the_original_is_a_download(cast, sign_in):
    held = held_back(cast)
    answer = sign_in(cast.lena).get(f"{QUARANTINE}{held.pk}/original/")
    assert answer.content == bytes(InboundMail.objects.get().raw)
    assert answer["Content-Disposition"].startswith("attachment")


def test_an_agent_may_not_look_nor_restore(cast, sign_in):
    held = held_back(cast)
    ana = sign_in(cast.ana)
    assert ana.get(QUARANTINE).status_code == 403
    assert ana.get(f"{QUARANTINE}{held.pk}/original/").status_code == 403
    assert ana.post(f"{QUARANTINE}{held.pk}/restore/").status_code == 403
    with pytest.raises(NotAllowed):
        restore_mail(mail=held, by=cast.ana, at=NOW)
    assert not Ticket.objects.exists()
    assert not Event.objects.filter(kind="mail.restored").exists()
