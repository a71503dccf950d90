from datetime import timedelta

import pytest

from apps.control import services
from apps.control.models import Clock, Referral
from apps.output.models import Delivery
from apps.response.queries import find
from apps.response.query import read
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event, Role, Status
from tests.factories import NOW, make_ticket, make_user
from tests.response.pages import count_queries


@pytest.fixture
def sven(cast):
    """Owner of Shipping, who is asked."""
    return make_user("sven", Role.OWNER, cast.shipping)


def refer(cast, ticket, **changes):
    given = {
        "department": cast.shipping,
        "question": "Where is the parcel?",
        "by": cast.ana,
        "at": NOW,
    } | changes
    return services.refer(ticket=ticket, **given)


def test_a_referral_stays_ours_waits_and_has_a_clock_of_its_own(cast, policy):
    ticket = make_ticket(cast)
    referral = refer(cast, ticket)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.department) == (Status.WAITING_OWNER, cast.billing)
    assert Clock.objects.get(referral=referral).due_at == NOW + timedelta(days=2)
    assert Delivery.objects.get().to == ["shipping@desk.test"]


def test_the_answer_becomes_a_note_and_the_ticket_goes_on(cast, policy, sven):
    ticket = make_ticket(cast)
    referral = refer(cast, ticket)
    services.answer_referral(referral=referral, answer="It was lost.", by=sven, at=NOW)
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert "It was lost." in ticket.notes.get().body
    assert Clock.objects.get(referral=referral).state == "met"


def test_the_customers_word_closes_it(cast, sven):
    referral = refer(cast, make_ticket(cast))
    services.answer_referral(referral=referral, answer="It was lost.", by=sven, at=NOW)
    closed = services.close_referral(referral=referral, customer_confirmed=True, by=cast.ana, at=NOW)
    assert (closed.state, closed.customer_confirmed) == (Referral.State.CLOSED, True)


@pytest.mark.parametrize(("field", "value"), [("question", "  "), ("department", "own")])
def test_a_referral_that_makes_no_sense_is_refused(cast, field, value):
    with pytest.raises(Invalid) as refusal:
        refer(cast, make_ticket(cast), **{field: cast.billing if value == "own" else value})
    assert refusal.value.pointer == field
    assert not Referral.objects.exists()
    assert not Event.objects.filter(kind="referral.opened").exists()


def test_a_department_is_asked_once_at_a_time(cast):
    ticket = make_ticket(cast)
    refer(cast, ticket)
    with pytest.raises(services.ReferralOpen):
        refer(cast, ticket)


def test_a_referral_is_answered_once(cast, sven):
    referral = refer(cast, make_ticket(cast))
    services.answer_referral(referral=referral, answer="Lost.", by=sven, at=NOW)
    with pytest.raises(services.ReferralAnswered):
        services.answer_referral(referral=referral, answer="Found!", by=sven, at=NOW)


def test_an_unanswered_referral_is_not_closed(cast):
    referral = refer(cast, make_ticket(cast))
    with pytest.raises(services.ReferralClosed):
        services.close_referral(referral=referral, customer_confirmed=True, by=cast.ana, at=NOW)


def test_strangers_to_the_ticket_ask_and_answer_nothing(cast):
    ticket = make_ticket(cast)
    with pytest.raises(NotFound):
        refer(cast, ticket, by=cast.mallory)
    referral = refer(cast, ticket, department=cast.shipping)
    with pytest.raises(NotAllowed):
        services.answer_referral(referral=referral, answer="x", by=cast.mallory, at=NOW)


def test_an_owner_answers_on_the_page(cast, sven, sign_in):
    referral = refer(cast, make_ticket(cast))
    browser = sign_in(sven)
    assert b"Where is the parcel?" in browser.get("/referrals/").content
    assert browser.post(f"/referrals/{referral.pk}/", {"answer": ""}).status_code == 422
    assert browser.post(f"/referrals/{referral.pk}/", {"answer": "Lost."}).status_code == 302
    assert browser.get(f"/referrals/{referral.pk}/").status_code == 200


def test_another_departments_owner_finds_no_such_page(cast, sign_in):
    marketing = type(cast.billing).objects.create(name="Marketing", slug="marketing")
    referral = refer(cast, make_ticket(cast))
    stranger = make_user("max", Role.OWNER, marketing)
    assert sign_in(stranger).get(f"/referrals/{referral.pk}/").status_code == 404


def test_an_answered_referral_no_longer_makes_its_ticket_overdue(cast, policy, sven):
    ticket = make_ticket(cast)
    referral = refer(cast, ticket)
    services.tick(by=cast.system, at=NOW + timedelta(days=3))
    ticket.refresh_from_db()
    assert ticket.clock_state == "breached"
    ticket.hold(Status.WAITING_CUSTOMER, by=cast.ana, at=NOW)
    services.answer_referral(referral=referral, answer="Lost.", by=sven, at=NOW + timedelta(days=4))
    ticket.refresh_from_db()
    assert (ticket.clock_state, ticket.due_at) == ("", None)


# Somebody outside, reminders, and the customer's word by letter


def outside(cast, ticket, **changes):
    given = {
        "outside_name": "Swift Couriers", "outside_email": "claims@swift.test", "reference": "C-77",
        "question": "Where is the parcel?", "by": cast.ana, "at": NOW,
    }  # fmt: skip
    return services.refer(ticket=ticket, **given | changes)


def link_in(letter, path):
    return next(line[line.index(path) :] for line in letter.text.split() if path in line)


def test_somebody_outside_answers_by_a_link_and_the_customer_confirms_by_another(cast, policy, client):
    ticket = make_ticket(cast, subject="Nobody outside reads this")
    referral = outside(cast, ticket)
    (letter,) = Delivery.objects.filter(to=["claims@swift.test"])
    assert "Nobody outside" not in letter.subject + letter.text
    page = link_in(letter, "/answer/")
    assert b"C-77" in client.get(page).content
    assert client.post(page, {"answer": " "}).status_code == 422
    assert client.post(page, {"answer": "Delivered today.", "reference": "C-78"}).status_code == 302
    assert client.post(page, {"answer": "Again."}).status_code == 422
    referral.refresh_from_db()
    assert (referral.state, referral.answered_name, referral.reference) == (
        "answered",
        "Swift Couriers",
        "C-78",
    )
    with pytest.raises(Invalid):
        services.close_referral(referral=referral, customer_confirmed=None, by=cast.ana, at=NOW)
    services.check_with_customer(referral=referral, by=cast.ana, at=NOW)
    letter = Delivery.objects.get(to=[cast.zoe.email], key__contains=":check:")
    done = link_in(letter, "/done/")
    assert client.get(done).status_code == 200
    assert Referral.objects.get().customer_confirmed is None  # to look says nothing
    assert client.post(done, {"done": "no", "words": "Nothing came"}).status_code == 302
    assert Delivery.objects.filter(to=[cast.ana.email], text__contains="Nothing came").exists()
    services.check_with_customer(referral=referral, by=cast.ana, at=NOW + timedelta(days=1))
    assert client.post(done, {"done": "yes"}).status_code == 302
    referral.refresh_from_db()
    assert (referral.state, referral.customer_confirmed) == ("closed", True)


@pytest.mark.parametrize("path", ["answer", "done"])
def test_a_forged_link_to_a_referral_opens_nothing(cast, client, path):
    referral = outside(cast, make_ticket(cast))
    salt = services.CUSTOMER if path == "answer" else services.ASKED  # the key of the other page
    assert client.get(f"/{path}/{services.referral_key(referral=referral, salt=salt)}/").status_code == 404


def test_who_is_late_is_reminded_and_whoever_follows_it_up_is_told(cast, policy, deliver_news):
    ticket = make_ticket(cast)
    referral = outside(cast, ticket)
    late = NOW + timedelta(days=3)
    services.tick(by=cast.system, at=late)
    deliver_news(at=late)
    assert Delivery.objects.filter(to=["claims@swift.test"], subject__startswith="Reminder").count() == 1
    assert not services.chase_referral(referral=referral, by=cast.ana, at=late)
    assert list(find(read("referral:overdue", at=late), user=cast.ana)[0]) == [ticket]
    assert list(find(read("referral:overdue", at=NOW), user=cast.ana)[0]) == []
    assert list(find(read("referral:open", at=NOW), user=cast.ana)[0]) == [ticket]
    services.close_referral(referral=referral, customer_confirmed=None, why="Found it", by=cast.ana, at=late)
    assert not Clock.objects.unmet().filter(referral=referral).exists()
    with pytest.raises(services.ReferralClosed):
        services.close_referral(referral=referral, customer_confirmed=True, by=cast.ana, at=late)


def test_a_customer_who_says_nothing_is_told_of_once(cast, sven):
    referral = refer(cast, make_ticket(cast))
    with pytest.raises(services.ReferralClosed):
        services.check_with_customer(referral=referral, by=cast.ana, at=NOW)
    services.answer_referral(referral=referral, answer="Sent.", by=sven, at=NOW)
    services.check_with_customer(referral=referral, by=cast.ana, at=NOW)
    days = [services.mind_silent_customers(by=cast.system, at=NOW + timedelta(days=day)) for day in (2, 4, 5)]
    assert days == [0, 1, 0]


@pytest.mark.parametrize(
    "wrong", [{"outside_email": ""}, {"outside_name": " "}, {"question": " "}, {"department": "shipping"}]
)
def test_nobody_or_two_at_once_are_not_asked(cast, wrong):
    if wrong.get("department"):
        wrong = {"department": cast.shipping}
    with pytest.raises(Invalid):
        outside(cast, make_ticket(cast), **wrong)


def test_the_box_and_the_lists_of_referrals_cost_the_same_for_one_and_for_many(cast, policy, sven, sign_in):
    ana, owner, ticket = sign_in(cast.ana), sign_in(sven), make_ticket(cast)
    refer(cast, ticket)
    outside(cast, ticket)
    places = ((ana, f"/t/{ticket.pk}/referrals/"), (ana, "/referrals/?given=1"), (owner, "/referrals/"))
    few = [count_queries(*place) for place in places]
    for number in range(6):
        outside(cast, ticket, outside_email=f"x{number}@swift.test")
        refer(cast, make_ticket(cast))
    assert [count_queries(*place) for place in places] == few
    row = Referral.objects.earliest("pk")
    assert ana.post(f"/referrals/{row.pk}/close/", {"act": "close"}).status_code == 422
    assert ana.post(f"/referrals/{row.pk}/close/", {"act": "chase"}).status_code == 302
    assert ana.post(f"/referrals/{row.pk}/close/", {"act": "close", "why": "Not needed"}).status_code == 302


def test_programs_close_check_and_chase(cast, sven):
    from rest_framework.test import APIClient

    from tests.factories import make_token

    api, ticket = APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.ana)}"), make_ticket(cast)
    asked = {"outside_name": "Swift", "outside_email": "a@swift.test", "question": "Where?"}
    made = api.post(f"/api/v1/tickets/{ticket.pk}/referrals/", asked, format="json")
    assert (made.status_code, made.json()["department"]) == (201, None)
    at = f"/api/v1/referrals/{made.json()['id']}"
    assert api.post(f"{at}/chase/", {}, format="json").json() == {"sent": True}
    assert api.post(f"{at}/check/", {}, format="json").status_code == 409
    assert api.post(f"{at}/close/", {}, format="json").status_code == 422
    assert api.post(f"{at}/close/", {"why": "x"}, format="json").json()["state"] == "closed"


def test_the_letter_is_in_the_language_of_who_answers(cast, sven):
    sven.language, cast.shipping.head, cast.shipping.email = "de", sven, ""
    sven.save()
    cast.shipping.save()
    ticket = make_ticket(cast)
    refer(cast, ticket)
    letter = Delivery.objects.get()
    assert letter.subject == f"Ihr Teil von #{ticket.pk}: {ticket.subject}"
    assert "Ana fragt zu #" in letter.text
    assert "Hier antworten: http" in letter.text


def test_whose_language_is_not_known_is_asked_in_that_of_the_question(cast):
    cast.ana.language = "de"
    cast.ana.save()
    ticket = make_ticket(cast)
    refer(cast, ticket, department=None, outside_name="Carrier", outside_email="desk@carrier.test")
    letter = Delivery.objects.get()
    assert letter.subject == f"Ihr Teil von #{ticket.pk}"
    assert "Hier antworten: http" in letter.text
