"""Customers sign in by a letter, see what they asked, and say how they are called. Nobody has to."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from apps.output.account import services
from apps.output.account.middleware import COOKIE
from apps.output.account.models import CustomerSession, SignInLink, hash_of
from apps.output.customers import proof
from apps.output.customers import services as customers
from apps.output.models import Delivery
from apps.output.organisations import services as organisations
from apps.output.privacy.services import erasing
from apps.response import services as response
from apps.response.links.services import open_child
from helpdesk.errors import NotAllowed
from helpdesk.models import Customer, CustomerAddress, Event, Organisation, Ticket
from tests.factories import NOW, make_ticket, make_token

ZOE = "zoe@customer.test"


@pytest.fixture(autouse=True)
def nobody_knocked_before():
    cache.clear()


def ask(email=ZOE, client=None):
    return (client or Client()).post("/help/sign-in/", {"email": email})


def link_in(letter) -> str:
    return re.search(r"(/help/sign-in/\S+)", letter.text)[1]


def signed_in(email=ZOE) -> Client:
    client = Client()
    ask(email, client)
    answer = client.post(link_in(Delivery.objects.filter(to=[email]).latest("pk")))
    assert (answer.status_code, answer["Location"]) == (302, "/help/mine/")
    return client


def is_in(client) -> bool:
    return client.get("/help/mine/").status_code == 200


# --- in and out ---------------------------------------------------------------------------------------


def test_a_link_by_mail_signs_in_once_by_a_button(cast):
    client, scanner = Client(), Client()
    page = ask(client=client)
    letter = Delivery.objects.get(to=[ZOE])
    path = link_in(letter)
    assert SignInLink.objects.get().secret == hash_of(path.split("/")[-2]), (
        "the link itself is in no table of ours"
    )
    for _ in range(3):
        assert scanner.get(path).status_code == 200, "to open the link uses nothing up"
    assert not is_in(scanner)
    answer = client.post(path)
    cookie = answer.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/help/", True, "Lax")
    assert is_in(client)
    assert "sessionid" not in client.cookies
    assert client.get("/queue/").status_code == 302, "a customer is nobody at the desk"
    again = Client().post(path)
    assert (again.status_code, "Ask for a new one" in again.content.decode()) == (404, True)
    assert "zoe@customer.test" in page.content.decode()


def test_the_answer_is_the_same_whoever_asks(cast):
    customers.add_address(customer=cast.zoe, email="claimed@zoe.test", by=cast.ada, at=NOW)
    Delivery.objects.all().delete()
    pages = {
        re.sub(r"csrfmiddlewaretoken\S+ value=\S+", "", ask(email).content.decode()).replace(email, "?")
        for email in (ZOE, "nobody@else.test", "claimed@zoe.test", cast.ana.email)
    }
    assert len(pages) == 1
    assert [letter.to for letter in Delivery.objects.all()] == [[ZOE]]


def test_too_many_letters_are_refused_known_or_not(cast):
    for email in (ZOE, "nobody@else.test"):
        answers = [ask(email).status_code for _ in range(6)]
        assert answers == [200] * 5 + [422], email
    assert Delivery.objects.count() == 5


def test_a_link_ends_after_twenty_minutes_and_with_what_it_stood_for(cast):
    ask()
    path = link_in(Delivery.objects.get())
    for spoil in (
        lambda: SignInLink.objects.update(made_at=timezone.now() - timedelta(minutes=21)),
        lambda: Customer.objects.filter(pk=cast.zoe.pk).update(anonymised_at=NOW),
        lambda: Customer.objects.filter(pk=cast.zoe.pk).update(email="other@zoe.test"),
    ):
        before = SignInLink.objects.values().get(), Customer.objects.values().get(pk=cast.zoe.pk)
        spoil()
        assert Client().get(path).status_code == 404
        assert Client().post(path).status_code == 404
        SignInLink.objects.update(made_at=before[0]["made_at"])
        Customer.objects.filter(pk=cast.zoe.pk).update(anonymised_at=None, email=ZOE)
    assert not CustomerSession.objects.exists()
    assert Client().post(path).status_code == 302


def test_signing_out_ends_this_session_or_all_of_them(cast):
    one, two, three = signed_in(), signed_in(), signed_in()
    assert "Sign out everywhere" in one.get("/help/mine/details/").content.decode()
    stolen = one.cookies[COOKIE].value
    one.post("/help/sign-out/")
    thief = Client()
    thief.cookies[COOKIE] = stolen
    assert [is_in(client) for client in (one, thief, two)] == [False, False, True]
    ask()
    waiting = link_in(Delivery.objects.latest("pk"))
    two.post("/help/sign-out/everywhere/")
    assert not is_in(three)
    assert Client().post(waiting).status_code == 404
    assert Event.objects.filter(kind="account.left", about=f"customer:{cast.zoe.pk}").count() == 2


def test_a_session_lasts_thirty_days_after_the_last_visit(cast):
    client, rows = signed_in(), CustomerSession.objects.all()
    rows.update(seen_at=timezone.now() - timedelta(days=29))
    answer = client.get("/help/mine/")
    assert (answer.status_code, COOKIE in answer.cookies) == (200, True)
    assert COOKIE not in client.get("/help/mine/").cookies, "a visit soon after costs no write"
    rows.update(seen_at=timezone.now() - timedelta(days=31))
    assert not is_in(client)
    assert services.forget_old(at=timezone.now()) >= 1
    assert not rows.exists()


def test_who_is_merged_split_or_erased_is_signed_out(cast, deliver_news):
    kept = Customer.objects.create(email="kim@kept.test", created_at=NOW)
    make_ticket(cast)
    make_ticket(cast, customer=kept)
    client = signed_in()
    merge = customers.merge_customers(kept=kept, gone=cast.zoe, by=cast.lena, at=NOW)
    assert not is_in(client)
    deliver_news()
    customers.undo_merge(merge=merge, by=cast.lena, at=NOW)
    assert not is_in(client)
    client = signed_in()
    cast.zoe.refresh_from_db()
    erasing.erase_customer(customer=cast.zoe, typed=ZOE, reason="By letter of 3 May", by=cast.ada, at=NOW)
    assert not is_in(client)
    erasing.erase_on(at=NOW)
    assert not CustomerSession.objects.exists()


def test_an_address_that_is_taken_off_takes_its_sessions_along(cast):
    make_ticket(cast)
    row = customers.add_address(customer=cast.zoe, email="work@zoe.test", by=cast.ana, at=NOW)
    for question in (proof.REACHED, proof.AGREED):
        customers.confirm_address(key=proof.key_of(row, question), at=NOW)
    work, home = signed_in("work@zoe.test"), signed_in()
    customers.remove_address(address=row, by=cast.ana, at=NOW)
    assert (is_in(work), is_in(home)) == (False, True)


def test_no_colleague_signs_a_customer_in(cast):
    with pytest.raises(NotAllowed):
        services.ask_for_link(email=ZOE, by=cast.ana, at=NOW)
    assert not Delivery.objects.exists()


def test_forms_of_other_sites_sign_nobody_in_or_out(cast):
    guarded = Client(enforce_csrf_checks=True)
    assert guarded.post("/help/sign-in/", {"email": ZOE}).status_code == 403
    client = signed_in()
    guarded.cookies = client.cookies
    for path in ("sign-out/", "sign-out/everywhere/", "mine/details/", "mine/addresses/"):
        assert guarded.post(f"/help/{path}").status_code == 403
    assert is_in(client)


# --- my requests --------------------------------------------------------------------------------------


def test_my_requests_are_mine_alone_in_my_words(cast, django_assert_num_queries):
    jo = Customer.objects.create(email="jo@other.test", created_at=NOW)
    one = make_ticket(cast, subject="My lamp is broken")
    make_ticket(cast, subject="Secret of Jo", customer=jo)
    response.add_note(ticket=one, body="An awkward customer", by=cast.ana, at=NOW)
    open_child(
        ticket=one, department=cast.shipping, subject="Ask whether she lies", task="Look", by=cast.ana, at=NOW,
        messages=list(one.messages.all()),
    )  # fmt: skip
    client = signed_in()
    page = client.get("/help/mine/").content.decode()
    assert page.count("/help/r/") == 1
    assert "My lamp is broken" in page
    assert "We have received it" in page
    for hidden in ("Secret of Jo", "awkward", "Ask whether she lies"):
        assert hidden not in page
    assert client.get(re.search(r"/help/r/[^\"]+", page)[0]).status_code == 200
    with django_assert_num_queries(3):  # the session, the count, the rows
        client.get("/help/mine/")
    for number in range(30):
        make_ticket(cast, subject=f"Lamp {number}")
    with django_assert_num_queries(3):
        assert client.get("/help/mine/").content.decode().count("/help/r/") == 20
    assert client.get("/help/mine/?page=2").content.decode().count("/help/r/") == 11
    assert client.get("/help/mine/?page=-1%20x").status_code == 200


def test_requests_are_searched_and_filtered(cast):
    lamp = make_ticket(cast, subject="Lamp", body="The shade is cracked.")
    invoice = make_ticket(cast, subject="Invoice")
    response.add_note(ticket=invoice, body="cracked, says Bo", by=cast.ana, at=NOW)
    response.solve(ticket=invoice, by=cast.ana, at=NOW)
    client = signed_in()

    def found(query):
        page = client.get(f"/help/mine/?{query}").content.decode()
        return {row for row in (lamp, invoice) if f">{row.subject}</a>" in page}

    assert found("q=cracked") == {lamp}
    assert found(f"q=%23{invoice.pk}") == {invoice}
    assert found("q=nowhere") == set()
    assert found("q=100%25") == set()
    assert found("only=open") == {lamp}
    assert found("only=solved") == {invoice}
    assert found("only=x&page=9") == {lamp, invoice}


def test_who_is_signed_in_is_not_asked_who_they_are(cast):
    client = signed_in()
    page = client.get("/help/new/").content.decode()
    assert 'name="email"' not in page
    assert ZOE in page
    client.post("/help/new/", {"body": "It is back", "website": ""})
    made = Ticket.objects.get(customer=cast.zoe)
    assert (made.channel, made.subject) == ("form", "It is back")
    stranger = Client().get("/help/new/").content.decode()
    assert 'name="email"' in stranger
    assert "Sign in" in stranger


def test_a_manager_finds_the_organisation_in_the_same_place(cast):
    acme = organisations.add_organisation(
        values={"name": "Acme", "managers_may": "read"}, by=cast.lena, at=NOW
    )
    bo = Customer.objects.create(email="bo@acme.test", created_at=NOW)
    make_ticket(cast)
    other = make_ticket(cast, subject="Bo's lamp", customer=bo)
    for row in (cast.zoe, bo):
        organisations.join(customer=row, organisation=acme, by=cast.ada, at=NOW)
    client = signed_in()
    assert client.get("/help/mine/organisation/").status_code == 404
    organisations.appoint(customer=cast.zoe, is_manager=True, by=cast.lena, at=NOW)
    assert "My organisation" in client.get("/help/mine/").content.decode()
    page = client.get("/help/mine/organisation/", follow=True).content.decode()
    assert f"#{other.pk} " in page
    assert "My requests" in page
    Organisation.objects.filter(pk=acme.pk).update(managers_may="nothing")
    assert "My organisation" not in client.get("/help/mine/").content.decode()


# --- signed out by colleagues and programs --------------------------------------------------------------


def test_a_colleague_signs_a_customer_out_everywhere(cast, sign_in):
    make_ticket(cast)
    one, other = signed_in(), signed_in()
    ask()  # a link that waits goes too
    desk, path = sign_in(cast.ana), f"/customers/{cast.zoe.pk}/"
    assert "Signed in on the help pages in 2 browsers" in desk.get(path).content.decode()
    answer = desk.post(f"{path}sign-out/", follow=True).content.decode()
    assert "Zoe is signed in nowhere any more." in answer
    assert "Signed in on the help pages" not in answer
    assert not is_in(one)
    assert not is_in(other)
    assert not SignInLink.objects.exists()
    told = Event.objects.get(kind="account.left")
    assert (told.by, told.data["sessions"]) == (cast.ana, 2)


def test_a_program_sees_where_a_customer_is_signed_in_and_ends_it(cast):
    make_ticket(cast)
    client, program = signed_in(), Client()
    path = f"/api/v1/customers/{cast.zoe.pk}/sessions/"
    auth = {"Authorization": f"Bearer {make_token(cast.ana, 'customers:read', 'customers:write')}"}
    [row] = program.get(path, headers=auth).json()["data"]
    assert set(row) == {"begun_at", "seen_at"}
    for _ in range(2):
        assert program.delete(path, headers=auth).status_code == 204
    assert not is_in(client)
    assert program.get(path, headers=auth).json()["data"] == []
    assert Event.objects.filter(kind="account.left").count() == 1


def test_who_may_not_edit_customers_or_does_not_know_this_one_signs_nobody_out(cast):
    make_ticket(cast)
    client = signed_in()
    path = f"/api/v1/customers/{cast.zoe.pk}/sessions/"
    for user, scopes, status in (
        (cast.omar, ("customers:write",), 403),
        (cast.mallory, ("customers:write",), 404),
        (cast.ana, ("customers:read",), 403),
    ):
        auth = {"Authorization": f"Bearer {make_token(user, *scopes)}"}
        assert Client().delete(path, headers=auth).status_code == status, user
    with pytest.raises(NotAllowed):
        services.sign_out_customer(customer=cast.zoe, by=cast.omar, at=NOW)
    assert is_in(client)


# --- my details ---------------------------------------------------------------------------------------


def test_customers_say_how_they_are_called_and_which_clock_they_read(cast):
    client = signed_in()
    said = {"name": " Zoe  Zimmer ", "language": "de", "time_zone": "Asia/Tokyo"}
    answer = client.post("/help/mine/details/", said)
    assert answer.status_code == 302
    row = Customer.objects.get(pk=cast.zoe.pk)
    assert (row.name, row.language, row.time_zone) == ("Zoe Zimmer", "de", "Asia/Tokyo")
    assert "Meine Angaben" in client.get("/help/mine/details/").content.decode()
    assert client.post("/help/mine/details/", said | {"time_zone": "Mars/Olympus"}).status_code == 422


def test_an_address_of_ones_own_is_proven_by_two_letters_one_after_the_other(cast):
    client = signed_in()
    client.post("/help/mine/addresses/", {"email": "Work@Zoe.test"})
    row = CustomerAddress.objects.get(email="work@zoe.test")
    assert "work@zoe.test" not in client.get("/help/mine/details/").content.decode()
    letters = Delivery.objects.filter(key__startswith="address:")
    assert [letter.to for letter in letters] == [["work@zoe.test"]]
    press = re.search(r"(/address/\S+)", letters.get().text)[1]
    for _ in range(2):
        assert Client().post(press).status_code == 200
    assert {letter.to[0] for letter in letters.all()} == {"work@zoe.test", ZOE}
    assert letters.all().count() == 2
    agree = re.search(r"(/address/\S+)", letters.all().get(to=[ZOE]).text)[1]
    Client().post(agree)
    row.refresh_from_db()
    assert row.is_proven
    client.post(f"/help/mine/addresses/{row.pk}/primary/")
    assert Customer.objects.get(pk=cast.zoe.pk).email == "work@zoe.test"
    assert is_in(client), "the link proved that somebody reads at the old one"


def test_whose_address_another_one_is_is_told_to_its_owner_alone(cast):
    jo = Customer.objects.create(email="jo@other.test", created_at=NOW)
    client, said = signed_in(), []
    for email in ("jo@other.test", "free@other.test"):
        page = client.post("/help/mine/addresses/", {"email": email}, follow=True).content.decode()
        said.append(re.sub(r"csrfmiddlewaretoken\S+ value=\S+", "", page))
    assert said[0] == said[1]
    letters = Delivery.objects.filter(key__startswith="address:")
    assert {letter.to[0] for letter in letters} == {"jo@other.test", "free@other.test"}
    assert "/address/" not in letters.get(to=["jo@other.test"]).text
    assert jo.addresses.count() == 1
    strange = jo.addresses.get()
    assert client.post(f"/help/mine/addresses/{strange.pk}/primary/").status_code == 404
