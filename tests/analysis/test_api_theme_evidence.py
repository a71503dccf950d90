"""Theme evidence by API: whole at every stage, true to its schema, and only for who sees the case."""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from apps.analysis import services
from apps.analysis.api_evidence import SCHEMA
from apps.analysis.models import Assumption, Case, Parameter
from apps.analysis.provenance import Address
from apps.analysis.queries import answers
from helpdesk.models import Customer, Ticket
from tests.analysis.stages import add_cause, assessed, fixing, investigating
from tests.analysis.test_pages import make_signal
from tests.analysis.test_the_walk import FIXED, SURGE, ago, walk_to_monitoring
from tests.analysis.world import TODAY, sow, sow_quiet
from tests.factories import NOW, make_ticket

ADDRESS = "/api/v1/schemas/theme-evidence.json"


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def strict(schema):
    """The same where nothing may stand that the schema does not name: then nothing is sent that it forgot."""
    if isinstance(schema, dict):
        closed = {name: strict(inner) for name, inner in schema.items()}
        return {"additionalProperties": False} | closed if "properties" in schema else closed
    return [strict(inner) for inner in schema] if isinstance(schema, list) else schema


STRICT = Draft202012Validator(strict(deepcopy(SCHEMA)), format_checker=Draft202012Validator.FORMAT_CHECKER)


def evidence(client, case):
    answer = client.get(f"/api/v1/cases/{case.pk}/evidence/")
    assert answer.status_code == 200, answer.content
    found = answer.json()
    wrong = [f"{error.json_path}: {error.message}" for error in STRICT.iter_errors(found)]
    assert not wrong
    return found


def assume(world, *parameters, on=500, at=None):
    for parameter, number in parameters or (
        (Parameter.CUSTOMER_VALUE, 100), (Parameter.MULTIPLIER, 4), (Parameter.LOSS_SILENT, "0.3"),
    ):  # fmt: skip
        services.set_assumption(
            parameter=parameter, low=Decimal(number), likely=Decimal(number), high=Decimal(number),
            source="Survey", dated_on=TODAY - timedelta(days=on), by=world.cast.nils, at=at or ago(450),
        )  # fmt: skip


def test_a_proven_case_tells_all_of_its_story(world, caller):
    sow_quiet(world, days=420, but=(world.charged,))
    rates = {(420, SURGE["begins"]): 2.0, (SURGE["begins"], FIXED): 6.0, (FIXED, 0): 0.6}
    sow(world, world.charged, rates, seed=1, body="Charged twice again.\nCall me on +49 170 1234567. Zoe")
    assume(world)
    case = walk_to_monitoring(world)
    services.judge_case(case=case, by=world.cast.system, at=NOW)
    found = evidence(caller(world.cast.robot), case)
    theme, counts, money = found["theme"], found["counts"], found["money"]
    assert (found["version"], found["case"]["name"], theme["issue"]) == (
        1,
        case.number,
        "invoice/charged-twice",
    )
    assert (theme["is_text"], theme["is_not_text"]) == ("Card payments, since the release", "Bank transfers")
    assert (counts["customers"], counts["tickets"] > 20) == (1, True)
    assert max(week["tickets"] for week in counts["weekly"]) > counts["weekly"][0]["upper"]
    assert Decimal(money["low"]) <= Decimal(money["likely"]) <= Decimal(money["high"])
    assert {row["parameter"] for row in money["assumptions"]} == {
        "customer_value",
        "multiplier",
        "loss_silent",
    }
    assert [cause["state"] for cause in found["causes"]] == ["verified", "hypothesis"]
    [action] = found["actions"]
    assert (action["strength"], action["promised_cut"], action["cause"]) == (
        "strong",
        0.5,
        found["causes"][0]["id"],
    )
    assert [len(plan["digest"]) for plan in found["plans"]] == [64]
    assert found["verdicts"][0]["verdict"] == "effective"
    assert [signal["kind"] for signal in found["signals"]] == ["surge"]


def test_a_case_of_which_little_is_known_keeps_to_the_schema_too(world, caller):
    case = services.open_case(
        tickets=[make_ticket(world.cast, subject="Strange")], by=world.cast.nils, at=NOW
    )
    found = evidence(caller(world.cast.robot), case)
    assert (found["theme"]["issue"], found["counts"]["weekly"], found["plans"]) == (None, [], [])
    assert (found["money"]["likely"], found["money"]["assumptions"], found["money"]["provenance"]) == (
        None,
        [],
        None,
    )
    assert "Not known until set" in found["money"]["note"]


def test_every_stage_and_a_tried_cause_keep_to_the_schema(world, caller):
    robot = caller(world.cast.robot)
    sow_quiet(world, days=230)
    evidence(robot, assessed(world))
    case = investigating(world)
    services.predict_place(
        cause=add_cause(world, case), dimension="region", value="north", by=world.cast.omar, at=NOW
    )
    found = evidence(robot, case)
    assert found["causes"][0]["predictions"][0]["trials"][0]["sentence"]
    assert found["counts"]["provable"]
    evidence(robot, fixing(world)[0])


def test_customers_are_quoted_without_what_names_them(world, caller):
    ticket = make_ticket(
        world.cast, subject="Zoe here", body="I am Zoe, call +49 170 1234567 or zoe@customer.test"
    )
    case = services.open_case(tickets=[ticket], title="Odd", by=world.cast.nils, at=NOW)
    [quote] = evidence(caller(world.cast.robot), case)["verbatims"]
    assert quote["ticket"] == ticket.pk
    assert "[phone]" in quote["text"]
    for name in ("Zoe", "zoe@", "1234567"):
        assert name not in str(quote)
    assert Customer.objects.get(pk=ticket.customer_id).name == "Zoe"


def test_where_it_is_concentrated_is_what_the_signals_found(world, caller):
    case = services.open_case(
        signals=[make_signal(issue=world.charged, where="Nine in ten come from the north.", terms=["visa"])],
        by=world.cast.nils,
        at=NOW,
    )
    found = evidence(caller(world.cast.robot), case)
    [place] = found["theme"]["concentrated"]
    assert (place["dimension"], place["sentence"], place["terms"]) == (
        "region", "Nine in ten come from the north.", ["visa"],
    )  # fmt: skip


def test_the_money_stands_with_the_numbers_it_was_weighed_with_and_not_later_ones(world, caller):
    sow(world, world.charged, {(60, 0): 1.0}, seed=1)
    assume(world)
    case = assessed(world)
    later = NOW + timedelta(hours=1)
    assume(world, (Parameter.MULTIPLIER, 9), at=later)
    assume(world, (Parameter.CONTACT_COST, 5), at=ago(450))
    rows = evidence(caller(world.cast.robot), case)["money"]["assumptions"]
    assert {row["parameter"]: row["likely"] for row in rows} == {
        "customer_value": "100.0000", "multiplier": "4.0000", "loss_silent": "0.3000",
    }  # fmt: skip
    assert Assumption.objects.count() == 5


def test_how_customers_judged_our_answers_is_told_where_the_money_rests_on_it(world, caller):
    sow(world, world.charged, {(60, 0): 1.0}, seed=1)
    Ticket.objects.update(outcome="satisfied")
    assume(world)
    losses = (Parameter.LOSS_SATISFIED, Parameter.LOSS_MOLLIFIED, Parameter.LOSS_DISSATISFIED)
    assume(world, *((name, "0.1") for name in losses), at=ago(450))
    money = evidence(caller(world.cast.robot), assessed(world))["money"]
    assert money["answers"] == {"satisfied": 1.0, "mollified": 0.0, "dissatisfied": 0.0}
    assert {row["parameter"] for row in money["assumptions"]} > set(losses)


def test_the_counts_are_found_again_at_their_address(world, caller):
    sow(world, world.charged, {(60, 0): 1.0}, seed=1)
    case = assessed(world)
    where = evidence(caller(world.cast.robot), case)["counts"]["provenance"]
    read = Address.read(where["address"])
    assert answers.case(read, read.as_of).provenance.digest == where["digest"]


def test_it_costs_the_same_however_much_hangs_on_the_case(world, caller):
    sow(world, world.charged, {(60, 0): 1.0}, seed=1)
    robot, case = caller(world.cast.robot), investigating(world)
    add_cause(world, case)
    make_signal(case=case, state="promoted")

    def queries():
        with CaptureQueriesContext(connection) as found:
            evidence(robot, case)
        return len(found)

    queries()
    one = queries()
    for number in range(1, 10):
        add_cause(world, case, text=f"Because {number}")
        make_signal(number, case=case, state="promoted")
    assert queries() == one


def test_the_schema_is_for_everybody_and_is_one(db):
    answer = APIClient().get(ADDRESS)
    assert answer.status_code == 200
    Draft202012Validator.check_schema(answer.json())
    assert answer.json()["$id"] == "urn:helpdesk:schema:theme-evidence:1"
    assert APIClient().get(ADDRESS, HTTP_AUTHORIZATION="Bearer hd_wrong").status_code == 200
    assert APIClient().post(ADDRESS, {}).status_code == 405


def test_its_links_lead_somewhere(world, caller, sign_in):
    links = evidence(caller(world.cast.robot), assessed(world))["links"]
    assert APIClient().get(links["schema"]).status_code == 200
    assert caller(world.cast.robot).get(links["api"]).status_code == 200
    for name in ("page", "tickets"):
        assert sign_in(world.cast.nils).get(links[name]).status_code == 200


def test_it_is_for_who_sees_the_case_and_carries_the_scope(world, caller):
    case = assessed(world)
    address = f"/api/v1/cases/{case.pk}/evidence/"
    assert Case.objects.visible_to(world.cast.omar).count() == 0
    refused = caller(world.cast.omar).get(address)  # not routed to him yet
    assert (refused.status_code, refused["Content-Type"]) == (404, "application/problem+json")
    assert caller(world.cast.mallory).get(address).status_code == 403
    assert caller(world.cast.zoe_account).get(address).status_code == 403
    assert caller(world.cast.robot, "tickets:read").get(address).status_code == 403
    assert caller(world.cast.robot).get("/api/v1/cases/987654/evidence/").status_code == 404
    wrong = APIClient().get(address, HTTP_AUTHORIZATION="Bearer hd_wrong")
    assert (wrong.status_code, wrong["Content-Type"]) == (401, "application/problem+json")
