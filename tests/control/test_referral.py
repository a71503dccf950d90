from datetime import timedelta

import pytest

from apps.control import services
from apps.control.models import Clock, Referral
from apps.output.models import Delivery
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event, Role, Status
from tests.factories import NOW, make_ticket, make_user


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
