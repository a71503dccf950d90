"""What waits for somebody, by API: the same things as on their page, in pages of their own."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.analysis import services
from apps.analysis.queries.cases import NeedKind, needs_of
from apps.control import services as control
from helpdesk.models import Role
from tests.analysis.stages import investigating, routed
from tests.factories import NOW, make_ticket, make_token, make_user

NEEDS = "/api/v1/needs/"


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def read(client, **asked):
    answer = client.get(NEEDS, asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_owner_of_a_case_reads_what_the_page_lists(world, client, settings, sign_in):
    settings.SITE_URL = "https://desk.test"
    case = routed(world)
    key = make_token(world.cast.omar, "cases:read")
    answer = client.get(NEEDS, headers={"authorization": f"Bearer {key}"})
    (need,) = answer.json()["data"]
    assert need == {
        "kind": "answer_case", "verb": "Answer", "object": case.title, "number": case.number, "case": case.pk,
        "url": f"https://desk.test/cases/{case.pk}/", "due_on": case.due_on.isoformat(), "is_overdue": False,
        "money": None, "money_provenance": None,
    }  # fmt: skip
    assert (answer.json()["has_more"], answer.json()["next_cursor"]) == (False, None)
    assert case.title in sign_in(world.cast.omar).get("/needs-you/").content.decode()
    services.accept_case(case=case, by=world.cast.omar, at=NOW)
    assert [need["kind"] for need in read(sign_in(world.cast.omar))["data"]] == ["find_cause"]


def test_questions_of_colleagues_stand_among_them_by_kind(world, caller):
    investigating(world)
    asked = control.refer(
        ticket=make_ticket(world.cast, department=world.cast.shipping), department=world.cast.billing,
        question="Why?", by=world.cast.mallory, at=NOW,
    )  # fmt: skip
    client = caller(world.cast.omar)
    found = {need["kind"]: need for need in read(client)["data"]}
    assert found.keys() == {"find_cause", "answer_referral"}
    assert found["answer_referral"]["url"].endswith(f"/referrals/{asked.pk}/")
    assert (found["answer_referral"]["case"], found["answer_referral"]["due_on"]) == (None, None)
    only = read(client, kind=["answer_referral", "confirm_risk"])["data"]
    assert [need["kind"] for need in only] == ["answer_referral"]


def test_pages_follow_each_other_and_do_not_shift(world, caller):
    rows = [routed(world) for _ in range(5)]
    client, found, cursor = caller(world.cast.omar), [], ""
    for number in range(3):
        answer = client.get(NEEDS, {"limit": 2} | ({"cursor": cursor} if cursor else {}))
        told = answer.json()
        found += [need["number"] for need in told["data"]]
        assert ("Link" in answer.headers) == told["has_more"] == (number < 2)
        cursor = told["next_cursor"]
        if number == 0:
            # What is done meanwhile, and what comes, moves nothing.
            gone = next(row for row in rows if row.number == found[0])
            services.reject_case(case=gone, reason="by_design", note="So", by=world.cast.omar, at=NOW)
    assert sorted(found) == sorted(row.number for row in rows)
    whole = [need.number for need in needs_of(world.cast.omar, at=NOW)]
    assert found[1:] == whole


def test_the_link_to_the_next_page_leads_there(world, caller):
    for _ in range(3):
        routed(world)
    client = caller(world.cast.omar)
    link = client.get(NEEDS, {"limit": 2}).headers["Link"]
    assert link.endswith('rel="next"')
    assert len(client.get(link[1 : link.index(">")]).json()["data"]) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"cursor": "x"},
        {"cursor": "/w=="},
        {"limit": 0},
        {"limit": 201},
        {"kind": "holiday"},
        {"kind": "\x00"},
    ],
)
def test_what_is_asked_wrongly_is_refused(world, caller, asked):
    assert caller(world.cast.omar).get(NEEDS, asked).status_code in (400, 422)


def test_whoever_may_not_open_the_page_may_not_ask(world, caller, client):
    cast = world.cast
    for person in (cast.ana, cast.mallory, cast.zoe_account):
        assert caller(person).get(NEEDS).status_code == 403
    assert caller(cast.omar, "tickets:read").get(NEEDS).status_code == 403
    assert client.get(NEEDS).status_code in (401, 403)
    # A case of others is nobody's business here.
    routed(world)
    assert read(caller(make_user("olaf", Role.OWNER, cast.shipping)))["data"] == []


def test_it_costs_the_same_for_one_thing_and_for_twenty(world, caller):
    client, costs = caller(world.cast.omar), []
    read(client)  # remembers when the token was used
    for more in (1, 19):
        for _ in range(more):
            routed(world)
        with CaptureQueriesContext(connection) as queries:
            read(client)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_every_kind_stands_in_the_schema(tmp_path):
    call_command("spectacular", file=str(tmp_path / "schema.yaml"))
    told = (tmp_path / "schema.yaml").read_text()
    assert "/api/v1/needs/" in told
    assert all(f"- {kind.value}" in told for kind in NeedKind)
