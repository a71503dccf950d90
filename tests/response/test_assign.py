import pytest
from django.db import transaction

from apps.response import services
from helpdesk.errors import DomainError, NotAllowed, NotFound
from helpdesk.models import Event
from tests.factories import NOW, make_ticket


def assign(ticket, assignee, by, **more):
    return services.assign(ticket=ticket, assignee=assignee, by=by, at=NOW, **more)


def test_a_ticket_is_given_to_a_colleague_and_back_to_everybody(cast):
    ticket = make_ticket(cast)
    assert assign(ticket, cast.lena, cast.ana).assignee == cast.lena
    assert assign(ticket, None, cast.ana).assignee is None
    told = Event.objects.filter(kind="ticket.assigned").values_list("data", flat=True)
    assert list(told) == [{"from": None, "to": cast.lena.pk}, {"from": cast.lena.pk, "to": None}]


def test_giving_it_to_whoever_has_it_is_no_event(cast):
    ticket = make_ticket(cast)
    assign(ticket, cast.ana, cast.ana)
    assign(ticket, cast.ana, cast.ana)
    assert Event.objects.filter(kind="ticket.assigned").count() == 1


def refused(error, act) -> None:
    events = Event.objects.count()
    with pytest.raises(error), transaction.atomic():
        act()
    assert Event.objects.count() == events


def test_somebody_who_has_it_meanwhile_keeps_it(cast):
    ticket = make_ticket(cast)
    assign(ticket, cast.lena, cast.lena)
    refused(services.TakenMeanwhile, lambda: assign(ticket, cast.ana, cast.ana, expected=None))
    ticket.refresh_from_db()
    assert ticket.assignee == cast.lena


@pytest.mark.parametrize("who", ["zoe_account", "nils", "robot", "omar"])
def test_only_people_who_answer_get_tickets(cast, who):
    ticket = make_ticket(cast)
    refused(services.NotAssignable, lambda: assign(ticket, getattr(cast, who), cast.ana))


def test_who_left_gets_no_tickets(cast):
    cast.lena.is_active = False
    cast.lena.save()
    ticket = make_ticket(cast)
    refused(services.NotAssignable, lambda: assign(ticket, cast.lena, cast.ana))


def test_a_stranger_assigns_nothing_not_even_to_herself(cast):
    ticket = make_ticket(cast)
    refused(NotFound, lambda: assign(ticket, cast.mallory, cast.mallory))


def test_an_owner_may_not_assign(cast):
    ticket = make_ticket(cast)
    refused(NotAllowed, lambda: assign(ticket, cast.ana, cast.omar))


def test_a_colleague_elsewhere_sees_what_is_given_to_her(cast):
    ticket = make_ticket(cast)
    assign(ticket, cast.mallory, cast.ana)
    assert ticket.is_visible_to(cast.mallory)


def test_another_department_takes_over_and_nobody_there_has_it_yet(cast):
    ticket = make_ticket(cast)
    assign(ticket, cast.ana, cast.ana)
    moved = services.move(ticket=ticket, department=cast.shipping, by=cast.ana, at=NOW)
    assert (moved.department, moved.assignee) == (cast.shipping, None)
    assert not ticket.is_visible_to(cast.ana)


def test_moving_to_where_it_is_changes_nothing(cast):
    ticket = make_ticket(cast)
    services.move(ticket=ticket, department=cast.billing, by=cast.ana, at=NOW)
    assert not Event.objects.filter(kind="ticket.moved").exists()


def test_merged_tickets_are_not_given_to_anybody(cast):
    ticket, other = make_ticket(cast), make_ticket(cast)
    services.merge(ticket=ticket, into=other, by=cast.ana, at=NOW)
    for act in (
        lambda: assign(ticket, cast.ana, cast.ana),
        lambda: services.move(ticket=ticket, department=cast.shipping, by=cast.ana, at=NOW),
    ):
        refused(services.TicketMerged, act)


def test_every_refusal_says_something_to_a_person():
    for error in (services.NotAssignable, services.TakenMeanwhile, services.NotCoded, services.NewerMessage):
        assert issubclass(error, DomainError)
        assert error().detail.endswith(".")
