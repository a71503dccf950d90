import numpy as np
import pytest
from django.urls import reverse

from apps.analysis import services
from apps.analysis.models import CaseTicket
from apps.analysis.queries.evidence import alike
from apps.intake.encoders import DIMENSIONS
from apps.intake.models import TextVector
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event, Ticket
from tests.analysis.stages import fresh, nothing_happens, routed
from tests.analysis.test_pages import queries_of
from tests.analysis.world import sow
from tests.factories import NOW, make_ticket

ENCODER = next(iter(DIMENSIONS))


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def case(world):
    sow(world, world.charged, {(20, 0): 1.0}, seed=1, body="My card was charged two times for one lamp")
    return routed(world)


def meaning(angle):
    """A direction so far from that of the case."""
    vector = np.zeros(DIMENSIONS[ENCODER])
    vector[:2] = np.cos(angle), np.sin(angle)
    return vector


def read(tickets, angle, spread=0.05):
    dice = np.random.default_rng(1)
    TextVector.objects.bulk_create(
        TextVector(
            ticket=ticket,
            encoder=ENCODER,
            encoded_at=NOW,
            vector=meaning(angle + spread * dice.uniform(-1, 1)),
        )
        for ticket in tickets
    )


@pytest.fixture
def uncoded(world, case):
    """Of some tickets without a code, the first three read like the case."""
    read([row.ticket for row in case.evidence.select_related("ticket")], 0)
    sow(world, None, {(6, 0): 2.0}, seed=3, body="charged twice for my lamp")
    tickets = list(Ticket.objects.filter(primary_issue=None).order_by("pk"))
    read(tickets[:3], 0, spread=0.01)
    read(tickets[3:], 1.3)
    return tickets


def hows(case):
    return sorted(case.evidence.filter(excluded_at=None).values_list("how", flat=True).distinct())


# --- by rule


def test_tickets_that_are_coded_after_the_case_was_opened_join_it(world, case):
    before = case.evidence.count()
    sow(world, world.charged, {(2, 0): 4.0}, seed=5)
    sow(world, world.login, {(2, 0): 4.0}, seed=6)
    new = services.join_evidence(case=case.pk, by=world.cast.system, at=NOW)
    assert new > 0
    assert case.evidence.count() == before + new
    assert hows(case) == ["rule"]
    assert services.join_evidence(case=case.pk, by=world.cast.system, at=NOW) == 0
    assert services.cases_to_join() == [case.pk]


def test_a_ticket_that_is_not_this_issue_does_not_join_again(world, case):
    row = case.evidence.first()
    services.exclude_ticket(evidence=row, by=world.cast.omar, at=NOW)
    services.join_evidence(case=case.pk, by=world.cast.system, at=NOW)
    assert fresh(row).excluded_at is not None


def test_nothing_joins_a_closed_case(world, case):
    services.close_case(case=case, outcome="cancelled", note="x", by=world.cast.nils, at=NOW)
    sow(world, world.charged, {(2, 0): 4.0}, seed=5)
    assert services.cases_to_join() == []
    assert services.join_evidence(case=case.pk, by=world.cast.system, at=NOW) == 0


# --- by model


def test_uncoded_tickets_that_read_alike_are_proposed_the_likest_first(case, uncoded):
    found = alike(case)
    assert set(found) == {ticket.pk for ticket in uncoded[:3]}
    assert set(found.values()) == {None}  # nothing else is coded: no chance is known


def test_with_other_coded_tickets_beside_them_the_chance_is_told(world, case, uncoded, sign_in):
    sow(world, world.login, {(18, 0): 4.0}, seed=8, body="I can not sign in")
    others = list(Ticket.objects.filter(primary_issue=world.login))
    assert len(others) >= 40
    read(others, 0.9, spread=0.4)
    found = alike(case)
    assert set(found) == {ticket.pk for ticket in uncoded[:3]}
    chances = list(found.values())
    assert chances == sorted(chances, reverse=True)
    assert all(1 / 3 <= chance < 1 for chance in chances)
    page = sign_in(world.cast.omar).get(reverse("evidence", kwargs={"number": case.pk})).content.decode()
    assert "of ten coded tickets so like" in page


def test_where_the_others_read_the_same_nothing_is_proposed(world, case, uncoded):
    sow(world, world.login, {(18, 0): 8.0}, seed=8, body="I can not sign in")
    read(Ticket.objects.filter(primary_issue=world.login), 0, spread=0.05)
    assert alike(case) == {}


def test_a_person_links_what_is_proposed_and_it_is_not_proposed_again(world, case, uncoded):
    row = services.link_alike(case=case, ticket=uncoded[0], by=world.cast.omar, at=NOW)
    assert (row.how, row.linked_by) == ("model", world.cast.omar)
    assert uncoded[0].pk not in alike(case)
    services.exclude_ticket(evidence=row, by=world.cast.omar, at=NOW)
    assert uncoded[0].pk not in alike(case)


def test_only_what_is_proposed_is_linked_so(world, case, uncoded):
    with nothing_happens(case), pytest.raises(Invalid):
        services.link_alike(case=case, ticket=uncoded[-1], by=world.cast.omar, at=NOW)
    with nothing_happens(case), pytest.raises(NotAllowed):
        services.link_alike(case=case, ticket=uncoded[0], by=world.cast.ana, at=NOW)


def test_without_vectors_nothing_is_proposed(case):
    assert alike(case) == {}


# --- by hand, and not this issue


def test_a_ticket_is_added_by_hand_of_those_one_may_see(world, case):
    own, theirs = make_ticket(world.cast), make_ticket(world.cast)
    Ticket.objects.filter(pk=theirs.pk).update(department=world.cast.shipping)
    assert services.link_by_hand(case=case, ticket=own, by=world.cast.nils, at=NOW).how == "hand"
    theirs.refresh_from_db()
    with nothing_happens(case), pytest.raises(NotFound):
        services.link_by_hand(case=case, ticket=theirs, by=world.cast.lena, at=NOW)
    services.close_case(case=case, outcome="cancelled", note="x", by=world.cast.nils, at=NOW)
    with nothing_happens(case), pytest.raises(services.WrongState):
        services.link_by_hand(case=case, ticket=theirs, by=world.cast.nils, at=NOW)


def test_not_this_issue_and_back_again_are_both_in_the_history(world, case):
    row = case.evidence.first()
    services.exclude_ticket(evidence=row, by=world.cast.omar, at=NOW)
    services.include_ticket(evidence=row, by=world.cast.nils, at=NOW)
    services.include_ticket(evidence=row, by=world.cast.nils, at=NOW)
    assert fresh(row).excluded_at is None
    said = Event.objects.filter(about=case.ref, kind="evidence.changed").order_by("pk")
    assert [event.data["linked"] for event in said] == [False, True]


# --- the page


def test_the_page_lists_how_each_ticket_came_and_takes_one_click(world, case, uncoded, sign_in):
    client, url = sign_in(world.cast.omar), reverse("evidence", kwargs={"number": case.pk})
    page = client.get(url).content.decode()
    assert "They read alike and have no code" in page
    assert "By its issue" in page
    row = case.evidence.first()
    answer = client.post(f"{url}exclude/?way=rule", {"evidence": row.pk})
    assert answer["Location"] == f"{url}?way=rule"
    assert "It is, after all" in client.get(f"{url}?way=excluded").content.decode()
    client.post(f"{url}include/", {"evidence": row.pk})
    client.post(f"{url}link-alike/", {"ticket": uncoded[0].pk})
    assert hows(case) == ["model", "rule"]


def test_a_ticket_one_may_not_see_is_no_choice(world, case, sign_in):
    theirs = make_ticket(world.cast)
    Ticket.objects.filter(pk=theirs.pk).update(department=world.cast.shipping)
    url = reverse("evidence", kwargs={"number": case.pk})
    answer = sign_in(world.cast.lena).post(f"{url}link-by-hand/", {"ticket": theirs.pk})
    assert answer.status_code in (404, 422)
    assert not CaseTicket.objects.filter(ticket=theirs).exists()


def test_the_evidence_is_for_those_who_see_the_case(world, case, sign_in):
    url = reverse("evidence", kwargs={"number": case.pk})
    assert sign_in(world.cast.mallory).get(url).status_code in (403, 404)


def test_the_page_costs_the_same_for_few_tickets_and_for_many(world, case, uncoded, sign_in):
    client, url = sign_in(world.cast.nils), reverse("evidence", kwargs={"number": case.pk})
    few = queries_of(client, url)
    sow(world, world.charged, {(2, 0): 15.0}, seed=5)
    services.join_evidence(case=case.pk, by=world.cast.system, at=NOW)
    assert queries_of(client, url) == few <= 18
