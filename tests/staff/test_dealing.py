"""How tickets find their people: by turns, by load, by skill, or not at all; and those that waited."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Count

from apps.staff import services
from apps.staff.matching import Candidate, Mode, best
from apps.staff.models import Dealing
from apps.staff.queries.dealing import explain
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Role, Ticket
from tests.factories import NOW, make_cast, make_ticket, make_token, make_user


@pytest.fixture
def team(cast):
    """Ana carries two, Bo six."""
    bo = make_user("bo", Role.AGENT, cast.billing)
    for user, capacity in ((cast.ana, 2), (bo, 6)):
        services.set_availability(user=user, capacity=capacity, by=cast.lena)
    return {"ana": cast.ana, "bo": bo}


@pytest.fixture
def deal(cast, team):
    def by(mode):
        services.set_dealing(department=cast.billing, mode=mode, by=cast.lena, at=NOW)

    return by


def given(cast, number):
    return [
        (
            services.assign(ticket=make_ticket(cast), by=cast.system, at=NOW.replace(minute=minute))
            or cast.system
        ).name
        for minute in range(number)
    ]


# user, skill, open, capacity, got one last at
PEOPLE = [Candidate(1, 3, 4, 5, 30.0), Candidate(2, 0, 1, 5, 20.0), Candidate(3, 1, 2, 20, 40.0)]


@pytest.mark.parametrize(("mode", "chosen"), [(Mode.TURN, 2), (Mode.LOAD, 3), (Mode.SKILL, 1)])
def test_each_mode_names_another(mode, chosen):
    assert best(PEOPLE, mode).user == chosen


@pytest.mark.parametrize(
    ("mode", "names"),
    [
        ("turn", ["Ana", "Bo", "Ana", "Bo", "Bo", "Bo"]),
        ("load", ["Ana", "Bo", "Bo", "Bo", "Ana", "Bo"]),
        ("off", ["Helpdesk"] * 6),
    ],
)
def test_a_department_deals_as_it_says(cast, deal, mode, names):
    deal(mode)
    assert given(cast, 6) == names


def test_who_wants_none_for_now_gets_none(cast, team, deal):
    deal("turn")
    services.pause_dealing(user=cast.ana, on=True, by=cast.ana, at=NOW)
    assert given(cast, 2) == ["Bo", "Bo"]
    services.pause_dealing(user=cast.ana, on=False, by=cast.lena, at=NOW)
    assert given(cast, 1) == ["Ana"]
    with pytest.raises(NotAllowed):
        services.pause_dealing(user=team["bo"], on=True, by=cast.ana, at=NOW)


def test_what_found_everybody_full_waits_and_is_given_once_somebody_is_free(cast, team, deal):
    deal("load")
    assert given(cast, 10)[8:] == ["Helpdesk"] * 2
    told = explain(cast.billing, at=NOW)
    assert (told.chosen, told.waiting, told.why_waiting) == (None, 2, "everybody is full or away")
    assert [one.why_not for one in told.order] == ["full: 2 of 2", "full: 6 of 6"]
    assert services.deal_waiting(by=cast.system, at=NOW) == 0
    urgent = Ticket.objects.filter(assignee=None).order_by("-pk")[0]
    urgent.rate(1, by=cast.lena, at=NOW)
    Ticket.objects.filter(assignee=cast.ana)[0].resolve(by=cast.ana, at=NOW)
    assert services.deal_waiting(by=cast.system, at=NOW) == 1
    urgent.refresh_from_db()
    assert urgent.assignee == cast.ana


def test_departments_that_said_nothing_are_not_tried_again(cast, team):
    make_ticket(cast)
    assert services.deal_waiting(by=cast.system, at=NOW) == 0
    assert explain(cast.billing, at=NOW).mode == Mode.SKILL


def test_a_lead_sets_and_reads_their_own_department(cast, team, sign_in):
    lena = sign_in(cast.lena)
    assert lena.post("/people/dealing/billing/", {"mode": "turn"}).status_code == 302
    assert lena.post("/people/dealing/shipping/", {"mode": "off"}).status_code == 404
    with pytest.raises(NotFound):
        services.set_dealing(department=cast.shipping, mode="off", by=cast.lena, at=NOW)
    ticket = make_ticket(cast)
    page = lena.get(f"/people/dealing/?ticket={ticket.pk}").content.decode()
    assert "<strong>Ana</strong>" in page
    assert Dealing.objects.get().mode == "turn"
    assert sign_in(cast.ana).get("/people/dealing/").status_code == 403
    ana = sign_in(cast.ana)
    assert "No new tickets for me" in ana.get("/people/away/").content.decode()
    ana.post("/people/dealing/pause/", {"on": "1"})
    assert "Give me tickets again" in ana.get("/people/away/").content.decode()
    assert "wants none for now" in lena.get("/people/dealing/").content.decode()


def test_programs_set_and_ask_it(cast, team, client):
    auth = {"Authorization": f"Bearer {make_token(cast.robot, 'staff:read', 'staff:write')}"}
    url = "/api/v1/dealing/billing/"
    said = client.put(url, {"mode": "load"}, content_type="application/json", headers=auth).json()
    assert (said["mode"], said["next"]) == ("load", "ana@desk.test")
    assert client.put(url, {"mode": "x"}, content_type="application/json", headers=auth).status_code == 422
    assert client.get(f"{url}?ticket=987654", headers=auth).status_code == 404
    assert [one["department"] for one in client.get("/api/v1/dealing/", headers=auth).json()["data"]] == [
        "billing",
        "shipping",
    ]


@pytest.mark.django_db(transaction=True)
def test_by_turns_many_at_once_never_exceed_what_anybody_can_carry():
    cast = make_cast()
    bo = make_user("bo", Role.AGENT, cast.billing)
    for user, capacity in ((cast.ana, 3), (bo, 2)):
        services.set_availability(user=user, capacity=capacity, by=cast.lena)
    services.set_dealing(department=cast.billing, mode="turn", by=cast.lena, at=NOW)
    tickets = [make_ticket(cast) for _ in range(10)]

    def give(ticket):
        try:
            return services.assign(ticket=ticket, by=cast.system, at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(give, tickets))
    had = Ticket.objects.filter(assignee__isnull=False).values_list("assignee__name").annotate(n=Count("pk"))
    assert sorted(had.order_by()) == [("Ana", 3), ("Bo", 2)]
