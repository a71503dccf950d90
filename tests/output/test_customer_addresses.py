"""Several addresses of one customer: any finds them, and none speaks for them that was merely claimed."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client
from rest_framework.test import APIClient

from apps.intake.services import Contact, follow_up, open_ticket, receive_mail
from apps.output.customers import proof, services
from apps.output.mailing import letter_of
from apps.output.models import Delivery
from apps.response import services as response
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Customer, CustomerAddress, Message, Ticket
from tests.factories import NOW, make_ticket, make_token

WORK = "zoe@work.test"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def claimed(cast) -> CustomerAddress:
    make_ticket(cast)
    return services.add_address(customer=cast.zoe, email=" Zoe@Work.test ", by=cast.ana, at=NOW)


@pytest.fixture
def proven(claimed) -> CustomerAddress:
    for question in (proof.REACHED, proof.AGREED):
        services.confirm_address(key=proof.key_of(claimed, question), at=NOW)
    claimed.refresh_from_db()
    return claimed


def mail(cast, sender, subject="Charged twice", extra="") -> Message:
    raw = f"From: {sender}\nTo: billing@desk.test\nSubject: {subject}\nMessage-ID: <{subject}{sender}>\n{extra}\nWords."
    row = receive_mail(raw=raw.encode(), mailbox="billing@desk.test", by=cast.system, at=LATER)
    return Ticket.objects.get(pk=row.ticket_id).messages.latest("pk")


# --- one table ----------------------------------------------------------------------------------------


def test_every_customer_has_the_primary_address_in_the_table_whoever_made_them(cast):
    Customer.objects.bulk_create([Customer(email=f"c{n}@x.test", created_at=NOW) for n in range(3)])
    Customer.objects.create(name="No address", created_at=NOW)
    Customer.objects.filter(pk=cast.zoe.pk).update(email="zoe@new.test")
    kept = CustomerAddress.objects.values_list("email", "customer__email")
    assert ("zoe@customer.test", "zoe@new.test") in kept
    assert len([pair for pair in kept if pair[0] == pair[1]]) == 4


def test_an_address_of_one_can_not_become_anothers(cast, claimed):
    for act in (
        lambda: Customer.objects.create(email=WORK, created_at=NOW),
        lambda: Customer.objects.filter(pk=Customer.objects.create(name="x", created_at=NOW).pk).update(
            email=WORK
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_any_address_finds_the_customer_at_every_door(cast, claimed):
    assert Customer.objects.known_by(email=WORK, at=NOW) == cast.zoe
    assert mail(cast, WORK).ticket.customer == cast.zoe
    by_form = open_ticket(
        subject="x", body="x", customer=Contact(email="ZOE@work.test"), channel="form", by=cast.system, at=NOW
    )
    assert by_form.customer == cast.zoe
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot)}")
    assert len(api.get(f"/api/v1/tickets/?customer={WORK}").json()["data"]) == 3


def test_further_numbers_find_the_customer(cast):
    make_ticket(cast)
    Customer.objects.filter(pk=cast.zoe.pk).update(phone="111222")
    phone = services.add_phone(customer=cast.zoe, number="0660 / 12 34", by=cast.ana, at=NOW)
    asked = {"subject": "x", "body": "x", "channel": "phone", "by": cast.ana, "at": NOW}
    assert open_ticket(customer=Contact(phone="06601234"), **asked).customer == cast.zoe
    with pytest.raises(services.AddressTaken):
        services.add_phone(customer=cast.zoe, number="06601234", by=cast.ana, at=NOW)
    services.remove_phone(phone=phone, by=cast.ana, at=NOW)
    assert open_ticket(customer=Contact(phone="06601234"), **asked).customer != cast.zoe


# --- what a claim proves ------------------------------------------------------------------------------


def test_a_claimed_address_never_speaks_for_the_customer_nor_gets_an_answer(cast, claimed):
    ticket = make_ticket(cast)
    assert mail(cast, WORK, f"Re: [#{ticket.pk}]").ticket != ticket
    said = follow_up(ticket=ticket, body="It's me", sender=Contact(email=WORK), by=cast.system, at=NOW)
    assert said.customer is None
    own = mail(cast, WORK).ticket
    assert letter_of(response.reply(ticket=own, body="Hello", by=cast.ana, at=LATER)).to == (
        "zoe@customer.test",
    )
    with pytest.raises(services.NotProven):
        services.make_primary(address=claimed, by=cast.ana, at=NOW)


@pytest.mark.parametrize("question", [proof.REACHED, proof.AGREED])
def test_one_letter_alone_proves_nothing(cast, claimed, question):
    services.confirm_address(key=proof.key_of(claimed, question), at=NOW)
    with pytest.raises(services.NotProven):
        services.make_primary(address=claimed, by=cast.ana, at=NOW)
    assert not cast.zoe.speaks_from(WORK)


def test_two_letters_go_out_and_their_pages_prove_it(cast, claimed):
    letters = Delivery.objects.filter(kind="notice", about=f"customer:{cast.zoe.pk}")
    assert sorted(letter.to[0] for letter in letters) == ["zoe@customer.test", WORK]
    for letter in letters:
        address = re.search(r"/address/\S+", letter.text)[0]
        assert WORK in Client().get(address).content.decode()
        assert not CustomerAddress.objects.get(email=WORK).is_proven  # a scanner opened it
        Client().post(address)
        Client().post(address)
    assert CustomerAddress.objects.get(email=WORK).is_proven
    assert cast.zoe.speaks_from(WORK)


def test_a_proven_one_speaks_and_is_answered_where_it_wrote_last(cast, proven):
    ticket = make_ticket(cast)
    assert mail(cast, WORK, f"Re: [#{ticket.pk}]").customer == cast.zoe
    assert letter_of(response.reply(ticket=ticket, body="Hello", by=cast.ana, at=LATER)).to == (WORK,)
    cast.zoe.mark_undeliverable(until=LATER + timedelta(days=9), email=WORK)
    assert letter_of(response.reply(ticket=ticket, body="Again", by=cast.ana, at=LATER)).to == (
        "zoe@customer.test",
    )
    cast.zoe.refresh_from_db()
    assert not cast.zoe.bounces(LATER)
    mail(cast, WORK)
    assert not CustomerAddress.objects.get(email=WORK).bounces(LATER)


def test_the_primary_one_is_changed_to_a_proven_one_and_back_is_not_for_free(cast, proven):
    services.make_primary(address=proven, by=cast.ana, at=NOW)
    cast.zoe.refresh_from_db()
    assert cast.zoe.email == WORK
    with pytest.raises(services.IsPrimary):
        services.remove_address(address=proven, by=cast.ana, at=NOW)
    old = CustomerAddress.objects.get(email="zoe@customer.test")
    assert not cast.zoe.speaks_from(old.email)


@pytest.mark.parametrize("key", ["x", "", None])
def test_a_forged_or_stale_link_opens_nothing(cast, claimed, key):
    stale = proof.key_of(claimed, proof.AGREED)
    if key is None:
        Customer.objects.filter(pk=cast.zoe.pk).update(email="zoe@new.test")
        key = stale
    elif key:
        key = signing.dumps([claimed.pk, WORK, proof.AGREED, cast.zoe.email], salt="another")
    else:
        key = stale[:-3]
    with pytest.raises(NotFound):
        services.confirm_address(key=key, at=NOW)
    assert Client().get(f"/address/{key}/").status_code == 404


def test_a_lead_answers_for_it_with_a_reason_and_an_agent_does_not(cast, claimed):
    with pytest.raises(NotAllowed):
        services.answer_for_address(address=claimed, reason="Showed a passport", by=cast.ana, at=NOW)
    with pytest.raises(Invalid):
        services.answer_for_address(address=claimed, reason="ok", by=cast.lena, at=NOW)
    services.answer_for_address(address=claimed, reason="Showed a passport", by=cast.lena, at=NOW)
    assert not cast.zoe.speaks_from(WORK)
    services.confirm_address(key=proof.key_of(claimed, proof.REACHED), at=NOW)
    assert cast.zoe.speaks_from(WORK)


# --- pages and API ------------------------------------------------------------------------------------


def test_an_address_of_another_is_refused_and_named_to_those_who_may_know(cast, sign_in):
    make_ticket(cast)
    noor = Customer.objects.create(email="noor@customer.test", name="Noor Ali", created_at=NOW)
    browser, address = sign_in(cast.ana), f"/customers/{cast.zoe.pk}/addresses/"
    assert "Noor Ali" not in browser.post(address, {"email": "noor@customer.test"}).content.decode()
    make_ticket(cast, customer=noor)
    answer = browser.post(address, {"email": "noor@customer.test"})
    assert answer.status_code == 422
    assert "Noor Ali" in answer.content.decode()
    for wrong in ("billing@desk.test", "zoe@customer.test", "x"):
        assert browser.post(address, {"email": wrong}).status_code == 422
    assert not Delivery.objects.exists()


def test_everything_is_done_on_the_page(cast, proven, sign_in):
    browser, at = sign_in(cast.lena), f"/customers/{cast.zoe.pk}/"
    assert "Proven" in browser.get(at).content.decode()
    browser.post(f"{at}addresses/{proven.pk}/primary/")
    cast.zoe.refresh_from_db()
    assert cast.zoe.email == WORK
    old = cast.zoe.addresses.exclude(email=WORK).get()
    browser.post(f"{at}addresses/{old.pk}/ask/")
    assert (
        browser.post(f"{at}addresses/{old.pk}/answer-for/", {"reason": "The address before"}).status_code
        == 302
    )
    browser.post(f"{at}addresses/{old.pk}/remove/")
    assert browser.post(f"{at}phones/", {"number": "x"}).status_code == 422
    browser.post(f"{at}phones/", {"number": "0660 1"})
    browser.post(f"{at}phones/{cast.zoe.phones.get().pk}/remove/")
    assert not cast.zoe.phones.exists()
    assert cast.zoe.addresses.get().email == WORK
    assert sign_in(cast.mallory).post(f"{at}addresses/", {"email": "m@x.test"}).status_code == 404


def test_programs_do_the_same(cast, sign_in):
    api = APIClient()
    api.credentials(
        HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot, 'customers:read', 'customers:write')}"
    )
    at = f"/api/v1/customers/{cast.zoe.pk}/"
    made = api.post(f"{at}addresses/", {"email": WORK}, format="json")
    assert (made.status_code, made.json()["is_proven"]) == (201, False)
    one = f"{at}addresses/{made.json()['id']}/"
    assert api.patch(one, {"is_primary": True}, format="json").status_code == 409
    assert api.patch(one, {"is_primary": False}, format="json").status_code == 422
    assert len(api.get(f"{at}addresses/").json()["data"]) == 2
    assert api.delete(one).status_code == 204
    phone = api.post(f"{at}phones/", {"number": "0660 1"}, format="json").json()
    assert api.get(f"{at}phones/").json()["data"][0]["number"] == "06601"
    assert api.delete(f"{at}phones/{phone['id']}/").status_code == 204
