"""An administrator lets colleagues in, and out again; everybody chooses their own password."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils.html import escape
from rest_framework.test import APIClient

from apps.output.models import Delivery
from apps.staff.accounts import services
from apps.staff.models import Availability
from apps.staff.queries.people import STAFF
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Department, Event, Role, User
from helpdesk.permission_words import WORDS
from helpdesk.permissions import VERBS
from tests.factories import NOW, PASSWORD, make_ticket, make_token, make_user

NEW = "two wooden spoons"


def add(cast, **more):
    given = {"name": "Bea", "email": " Bea@Desk.test ", "role": Role.AGENT, "department": cast.billing}
    return services.add_colleague(**given | more, by=cast.ada, at=NOW)


def link_in(letter: Delivery) -> str:
    return re.search(r"https?://[^/]+(/\S+)", letter.text)[1]


def test_a_new_colleague_chooses_a_password_by_the_letter_and_is_dealt_tickets(cast):
    bea = add(cast)
    assert (bea.email, bea.has_usable_password()) == ("bea@desk.test", False)
    assert Availability.objects.get(user=bea).capacity == 20
    assert Event.objects.get(kind="colleague.added").data == {"role": "agent", "department": cast.billing.pk}
    page, client = link_in(Delivery.objects.get()), Client()
    assert b"bea@desk.test" in client.get(page).content
    assert client.post(page, {"password": "bea@desk.test"}).status_code == 422  # easily guessed
    assert client.post(page, {"password": NEW}).headers["location"] == "/"
    assert client.get("/queue/").status_code == 200
    assert Client().get(page).status_code == 404  # once
    assert Client().post("/login/", {"username": "bea@desk.test", "password": NEW}).status_code == 302


def test_a_link_is_dead_after_a_week_and_for_who_has_left(cast):
    page = link_in(Delivery.objects.get()) if add(cast) else ""
    with time_machine.travel(NOW + timedelta(days=400)):
        assert Client().get(page).status_code == 404
    assert Client().get("/login/choose/1-nonsense/").status_code == 404
    services.switch_colleague(user=User.objects.get(name="Bea"), on=False, by=cast.ada, at=NOW)
    assert Client().get(page).status_code == 404


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"name": " "}, "name"),
        ({"email": "no address"}, "email"),
        ({"email": "ANA@desk.test"}, "email"),
        ({"role": Role.CUSTOMER}, "role"),
        ({"department": None}, "department"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said_at_its_field(cast, given, pointer):
    with pytest.raises(Invalid) as refused:
        add(cast, **given)
    assert refused.value.pointer == pointer
    assert not User.objects.filter(name="Bea").exists()


def test_only_administrators_let_people_in(cast, sign_in):
    for person in (cast.ana, cast.lena, cast.omar, cast.nils):
        assert sign_in(person).get("/admin/accounts/").status_code == 403
        with pytest.raises(NotAllowed):
            services.switch_colleague(user=cast.mallory, on=False, by=person, at=NOW)
    with pytest.raises(NotAllowed):  # a program makes no administrators
        services.add_colleague(
            name="X", email="x@desk.test", role="admin", department=None, by=cast.robot, at=NOW
        )


def test_whoever_leaves_signs_in_no_more_and_their_tickets_go_to_others(cast, sign_in):
    Availability.objects.create(user=cast.lena)
    ticket, browser = make_ticket(cast, assignee=None), sign_in(cast.ana)
    ticket.assign(cast.ana, by=cast.lena, at=NOW)
    sign_in(cast.ada).post(f"/admin/accounts/{cast.ana.pk}/switch/")
    assert browser.get("/queue/").status_code == 302
    ticket.refresh_from_db()
    assert ticket.assignee == cast.lena
    services.switch_colleague(user=cast.ana, on=True, by=cast.ada, at=NOW)
    assert sign_in(cast.ana).get("/queue/").status_code == 200


def test_with_another_department_tickets_that_are_seen_no_more_go_to_others(cast):
    ticket = make_ticket(cast)
    ticket.assign(cast.ana, by=cast.lena, at=NOW)
    given = {"name": "Ana", "email": cast.ana.email, "role": Role.AGENT, "department": cast.shipping}
    services.change_colleague(user=cast.ana, **given, by=cast.ada, at=NOW)
    ticket.refresh_from_db()
    assert ticket.assignee is None
    changed = Event.objects.get(kind="colleague.changed").data
    assert changed == {"department": [cast.billing.pk, cast.shipping.pk]}


def test_the_last_administrator_stays(cast):
    given = {"name": "Ada", "email": cast.ada.email, "role": Role.ANALYST, "department": None}
    with pytest.raises(services.LastAdministrator):
        services.change_colleague(user=cast.ada, **given, by=cast.ada, at=NOW)
    with pytest.raises(NotAllowed):
        services.switch_colleague(user=cast.ada, on=False, by=cast.ada, at=NOW)
    other = make_user("eve", Role.ADMIN)
    services.switch_colleague(user=cast.ada, on=False, by=other, at=NOW)
    with pytest.raises(services.LastAdministrator):
        services.change_colleague(user=other, **given | {"email": other.email}, by=other, at=NOW)


def test_a_forgotten_password_is_asked_for_and_nobody_learns_who_works_here(cast):
    def said(email):
        page = Client().post("/login/forgotten/", {"email": email}).content.decode()
        return page[page.index("<main") : page.index("</main>")].replace(email, "")

    assert said("ana@desk.test") == said("x@y.test")
    assert Delivery.objects.get().to == ["ana@desk.test"]
    Client().post("/login/forgotten/", {"email": "zoe@desk.test"})  # a customer's account
    assert Delivery.objects.count() == 1


def test_a_password_is_changed_by_who_knows_the_old_one(cast, sign_in):
    here, elsewhere = sign_in(cast.ana), sign_in(cast.ana)
    assert here.post("/settings/password/", {"old": "wrong", "password": NEW}).status_code == 422
    assert here.post("/settings/password/", {"old": PASSWORD, "password": NEW}).status_code == 302
    assert here.get("/queue/").status_code == 200
    assert elsewhere.get("/queue/").status_code == 302


def test_departments_are_added_and_changed_and_one_is_the_default(cast, sign_in):
    page, ada = "/admin/departments/", sign_in(cast.ada)
    assert ada.post(page, {"name": "billing"}).status_code == 422
    assert ada.post(page, {"name": "Returns", "email": "BILLING@desk.test"}).status_code == 422
    assert (
        ada.post(page, {"name": "Returns", "email": "back@desk.test", "is_default": "on"}).status_code == 302
    )
    made = Department.objects.get(slug="returns")
    assert [one.slug for one in Department.objects.filter(is_default=True)] == ["returns"]
    kept = ada.post(f"{page}returns/", {"name": "Returns", "email": "back@desk.test"})
    assert kept.status_code == 422  # without it tickets would have nowhere to go
    given = {"name": "Way back", "email": "", "head": cast.omar.pk, "is_default": "on"}
    assert ada.post(f"{page}returns/", given).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.slug, made.head) == ("Way back", "returns", cast.omar)


def test_programs_do_the_same_by_api(cast):
    robot = Client(
        headers={"Authorization": f"Bearer {make_token(cast.robot, 'staff:read', 'tickets:read', 'admin')}"}
    )

    def send(method, address, data):
        return getattr(robot, method)(f"/api/v1/{address}", data, content_type="application/json")

    assert send("post", "departments/", {"name": "Returns"}).json()["slug"] == "returns"
    assert {one["slug"] for one in robot.get("/api/v1/departments/").json()["data"]} >= {"billing", "returns"}
    bea = {"name": "Bea", "email": "bea@desk.test", "role": "agent", "department": "returns"}
    made = send("post", "colleagues/", bea)
    assert (made.status_code, made.json()["department"]) == (201, "returns")
    there = f"colleagues/{made.json()['id']}/"
    assert send("post", f"{there}invite/", {}).status_code == 204
    assert send("put", there, bea | {"is_active": False}).json()["is_active"] is False
    assert "bea@desk.test" in {one["email"] for one in robot.get("/api/v1/colleagues/").json()["data"]}
    assert send("post", "colleagues/", bea).json()["errors"][0]["pointer"] == "/email"


def test_each_role_is_said_in_words_and_no_verb_is_left_out(cast, sign_in):
    said = {verb for acts in WORDS.values() for verb in acts}
    assert said == set().union(*(VERBS[role] for role in STAFF))
    page = sign_in(cast.ada).get("/admin/roles/").content.decode()
    for acts in WORDS.values():
        for words in acts.values():
            assert str(escape(words)) in page
    assert sign_in(cast.lena).get("/admin/roles/").status_code == 403


def test_programs_read_what_each_role_may_do(cast):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot, 'staff:read')}")
    rows = {row["role"]: row for row in client.get("/api/v1/roles/").data["data"]}
    assert {role: {act["verb"] for act in row["may"]} for role, row in rows.items()} == {
        role: set(VERBS[role]) for role in STAFF
    }
    assert rows["agent"]["people"] == User.objects.filter(role=Role.AGENT, is_active=True).count()
    assert rows["analyst"]["sees"] == "All tickets"
