import pytest

from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Ticket
from helpdesk.permissions import may, require
from tests.factories import NOW, make_issue, make_ticket, make_user


@pytest.mark.parametrize("name", ["ana", "omar", "lena", "nils", "ada", "robot", "zoe_account", "system"])
def test_those_concerned_see_the_ticket(cast, name):
    ticket = make_ticket(cast)
    assert Ticket.objects.visible_to(getattr(cast, name)).get() == ticket


def test_an_agent_of_another_department_sees_nothing(cast):
    ticket = make_ticket(cast)
    assert not Ticket.objects.visible_to(cast.mallory).exists()
    with pytest.raises(NotFound):
        require(cast.mallory, "response.reply", ticket)


def test_a_customer_sees_only_their_own_tickets(cast):
    make_ticket(cast, customer=type(cast.zoe).objects.create(email="other@customer.test", created_at=NOW))
    assert not Ticket.objects.visible_to(cast.zoe_account).exists()


def test_an_owner_sees_the_tickets_whose_cause_the_department_owns(cast):
    ticket = make_ticket(cast, department=cast.shipping)
    assert not Ticket.objects.visible_to(cast.omar).exists()
    ticket.primary_issue = make_issue(owner=cast.billing)
    ticket.save()
    assert Ticket.objects.visible_to(cast.omar).exists()


def test_somebody_who_left_sees_and_may_nothing(cast):
    make_ticket(cast)
    cast.ana.is_active = False
    assert not Ticket.objects.visible_to(cast.ana).exists()
    assert not may(cast.ana, "response.reply")


def test_an_api_client_of_a_department_sees_that_department_alone(cast):
    make_ticket(cast)
    robot = make_user("shipping-robot", "api_client", cast.shipping)
    assert not Ticket.objects.visible_to(robot).exists()


def test_a_missing_verb_is_refused_before_anything_is_looked_up(cast, django_assert_num_queries):
    ticket = make_ticket(cast)
    with django_assert_num_queries(0), pytest.raises(NotAllowed, match="Customer"):
        require(cast.zoe_account, "response.reply", ticket)


def test_an_owner_of_no_department_does_not_see_what_nobody_owns(cast):
    make_ticket(cast)
    assert not Ticket.objects.visible_to(make_user("nomad", "owner", None)).exists()
