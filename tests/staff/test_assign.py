from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from apps.staff import services
from apps.staff.matching import Candidate, best
from helpdesk.errors import NotAllowed
from helpdesk.models import Event, Role, TaxonomyRelease, Ticket
from tests.factories import NOW, make_cast, make_issue, make_ticket, make_user


@pytest.fixture
def team(cast):
    """Ana and Bo answer for Billing, each two tickets at most."""
    bo = make_user("bo", Role.AGENT, cast.billing)
    for user in (cast.ana, bo):
        services.set_availability(user=user, capacity=2, by=cast.lena)
    return {"ana": cast.ana, "bo": bo}


def assign(cast, ticket):
    return services.assign(ticket=ticket, by=cast.system, at=NOW)


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        ([(1, 0, 0, 5), (2, 0, 0, 5)], 1),
        ([(1, 0, 3, 5), (2, 0, 1, 5)], 2),
        ([(1, 0, 0, 5), (2, 2, 4, 5)], 2),
        ([(1, 3, 5, 5), (2, 0, 4, 5)], 2),
        ([(1, 0, 1, 2), (2, 0, 3, 10)], 2),
        ([(1, 3, 5, 5)], None),
        ([], None),
    ],
)
def test_skill_comes_before_load_and_the_full_are_out(candidates, chosen):
    found = best(Candidate(*row) for row in candidates)
    assert (found.user if found else None) == chosen


def test_tickets_go_to_whoever_has_least(cast, team):
    got = [assign(cast, make_ticket(cast)) for _ in range(4)]
    assert sorted(user.name for user in got) == ["Ana", "Ana", "Bo", "Bo"]


def test_when_everybody_is_full_nobody_gets_it_and_nothing_is_written(cast, team):
    for _ in range(4):
        assign(cast, make_ticket(cast))
    ticket = make_ticket(cast)
    assert assign(cast, ticket) is None
    assert not Event.objects.filter(ticket=ticket, kind="ticket.assigned").exists()


def test_a_skill_for_a_node_counts_for_everything_below_it(cast, team):
    billing = make_issue("billing")
    twice = make_issue("charged-twice", parent=billing)
    services.grant_skill(user=team["bo"], issue=billing, level=3, by=cast.lena)
    ticket = make_ticket(cast)
    ticket.classify(twice, release=TaxonomyRelease.objects.get(), by=cast.ana, at=NOW)
    assert assign(cast, ticket) == team["bo"]


def test_somebody_away_gets_nothing_and_the_stand_in_is_asked_for_their_skill(cast, team):
    billing = make_issue("billing")
    services.grant_skill(user=cast.ana, issue=billing, level=3, by=cast.lena)
    week = NOW.date() + timedelta(days=7)
    services.enter_absence(
        user=cast.ana, first=NOW.date(), last=week, stand_in=team["bo"], by=cast.lena, at=NOW
    )
    ticket = make_ticket(cast)
    ticket.classify(billing, release=TaxonomyRelease.objects.get(), by=cast.ana, at=NOW)
    assert assign(cast, ticket) == team["bo"]


def test_a_ticket_somebody_has_stays_with_them(cast, team):
    ticket = make_ticket(cast)
    ticket.assign(cast.lena, by=cast.lena, at=NOW)
    assert assign(cast, ticket) == cast.lena


def test_tickets_of_another_department_are_not_ours(cast, team):
    assert assign(cast, make_ticket(cast, department=cast.shipping)) is None


def test_agents_do_not_set_capacities(cast, team):
    with pytest.raises(NotAllowed):
        services.set_availability(user=cast.ana, capacity=500, by=cast.ana)


@pytest.mark.django_db(transaction=True)
def test_many_tickets_at_once_never_exceed_anybodys_capacity():
    cast = make_cast()
    services.set_availability(user=cast.ana, capacity=3, by=cast.lena)
    tickets = [make_ticket(cast) for _ in range(8)]

    def give(ticket):
        try:
            return assign(cast, ticket)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(give, tickets))
    assert Ticket.objects.filter(assignee=cast.ana).count() == 3


def test_the_people_page_costs_the_same_for_one_and_for_many(
    cast, team, sign_in, django_assert_max_num_queries
):
    for number in range(20):
        make_user(f"agent{number}", Role.AGENT, cast.billing)
    browser = sign_in(cast.lena)
    # Session, user, department; people, capacity, skills, loads, absences; certificates, what is to do, volume, lapsed,
    # news, follow-ups.
    with django_assert_max_num_queries(14):
        page = browser.get("/people/")
    assert page.status_code == 200


def test_a_lead_cares_for_their_own_department_alone(cast, team, sign_in):
    browser = sign_in(cast.lena)
    assert browser.get(f"/people/{cast.ana.pk}/").status_code == 200
    assert browser.get(f"/people/{cast.mallory.pk}/").status_code == 404


def test_a_skill_of_nothing_is_told_on_the_page(cast, team, sign_in):
    answer = sign_in(cast.lena).post(f"/people/{cast.ana.pk}/skills/", {"level": "2"})
    assert answer.status_code == 422
    assert b"about an issue, a product, or both" in answer.content
