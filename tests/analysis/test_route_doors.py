"""What an owner may not answer is refused alike on the page, by API and from the letter, and nothing is changed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.analysis import services
from apps.analysis.models import OwnershipRule
from apps.analysis.queries.history import history_of
from apps.analysis.queries.ownership import best_guess, kinds_of, owner_of
from helpdesk.errors import Invalid
from helpdesk.models import TicketIssue
from tests.analysis.doors import DOORS, by_api, by_page
from tests.analysis.stages import SOON, add_cause, assessed, fresh, investigating, nothing_happens, routed
from tests.analysis.world import TODAY, sow
from tests.factories import NOW, make_product, make_user

LONG = TODAY + timedelta(days=400)


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def case(world):
    sow(world, world.charged, {(20, 0): 1.0}, seed=1)
    return routed(world)


@DOORS
@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("accept", {"until": TODAY - timedelta(days=1)}, "is in the past"),
        ("accept", {"until": TODAY + timedelta(days=60)}, "The cause must be known by"),
        ("reject", {"reason": "not_ours"}, "Name the department that owns it instead."),
        ("reject", {"reason": "duplicate"}, "Name the case it is a duplicate of."),
        ("reject", {"reason": "by_design"}, "The reason in your own words is missing."),
        ("reject", {"reason": "lazy"}, "lazy"),
        ("ask", {"question": "  "}, "required"),
        ("fixed", {"fixed_on": SOON, "note": "Patch"}, "been fixed in the future."),
        (
            "fixed",
            {"fixed_on": TODAY - timedelta(days=300), "note": "Patch"},
            "before that day has not helped",
        ),
        ("risk", {"approver": "omar", "expires_on": LONG, "note": "x"}, "within the next year"),
        ("risk", {"approver": "omar", "expires_on": TODAY, "note": "x"}, "within the next year"),
        (
            "risk",
            {"approver": "olga", "expires_on": SOON, "note": "x"},
            "approved by the head of the department",
        ),
    ],
)
def test_a_wrong_answer_is_refused_with_the_reason(case, world, door, name, given, said):
    people = {"omar": world.cast.omar, "olga": make_user("olga", "owner", world.cast.shipping)}
    sent = {key: people[value].pk if value in people else str(value) for key, value in given.items()}
    with nothing_happens(case):
        answer = door(case, world.cast.omar, name, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("&#x27;", "'")


@DOORS
@pytest.mark.parametrize("name", ["accept", "ask"])
def test_an_answer_that_comes_too_late_is_refused(world, door, name):
    sow(world, world.charged, {(20, 0): 1.0}, seed=1)
    case = investigating(world)
    with nothing_happens(case):
        answer = door(case, world.cast.omar, name, {"question": "Which?"} if name == "ask" else {})
    assert answer.status_code in (409, 422)
    assert "is investigating" in answer.content.decode()


@DOORS
def test_what_the_case_manager_decided_is_not_sent_back(case, world, door):
    olga = make_user("olga", "owner", world.cast.shipping)
    send = {"case": case, "reason": "not_ours", "at": NOW}
    services.reject_case(**send, propose=world.cast.shipping, by=world.cast.omar)
    services.route_case(case=case, owner=olga, by=world.cast.nils, at=NOW)
    services.reject_case(**send, propose=world.cast.billing, by=olga)
    services.route_case(case=case, owner=world.cast.omar, by=world.cast.nils, at=NOW)
    with nothing_happens(case):
        answer = door(
            case, world.cast.omar, "reject", {"reason": "not_ours", "propose": world.cast.shipping.pk}
        )
    assert answer.status_code in (409, 422)
    assert "The case manager has decided that this case is yours." in answer.content.decode()


@pytest.mark.parametrize("door", [by_page, by_api])
@pytest.mark.parametrize(("who", "status"), [("nils", 403), ("lena", 403), ("ana", 403), ("olga", 404)])
def test_nobody_answers_for_the_owner(case, world, door, who, status):
    olga = make_user("olga", "owner", world.cast.shipping)
    with nothing_happens(case):
        answer = door(case, olga if who == "olga" else getattr(world.cast, who), "accept", {})
    assert answer.status_code == status


# --- whose it is, and why


def rule(world, department, **about):
    return OwnershipRule.objects.create(department=department, person=world.cast.omar, **about)


def test_a_kind_of_cause_comes_before_a_product_and_that_before_a_branch(case, world):
    lamp = make_product("lamp")
    case.dimension, case.value = "product", "lamp"
    branch = rule(world, world.cast.billing, issue=world.parent)
    leaf = rule(world, world.cast.billing, issue=world.charged)
    product = rule(world, world.cast.billing, product=lamp)
    both = rule(world, world.cast.billing, product=lamp, issue=world.parent)
    rule(world, world.cast.billing, cause_class="process")  # no cause is known
    assert str(owner_of(case).why) == ("by the rule for Lamp, Invoice, the most precise of 4 that fit")
    both.delete()
    assert str(owner_of(case).why).startswith("by the rule for Lamp, the most precise of 3")
    product.delete()
    assert str(owner_of(case).why).startswith("by the rule for Charged twice, the most precise of 2")
    leaf.delete()
    assert str(owner_of(case).why) == "by the rule for Invoice"
    branch.delete()
    assert str(owner_of(case).why) == "no rule fits; head of Billing, which owns the issue “Charged twice”"


def test_a_verified_cause_names_the_kind_and_before_it_most_agents_do(world):
    sow(world, world.charged, {(20, 0): 1.0}, seed=1)
    case = investigating(world)
    assert kinds_of(case).classes == frozenset()
    coded = TicketIssue.objects.filter(ticket__in=case.evidence.values("ticket"))
    half = coded.count() // 3
    coded.update(suspected_cause="process")
    TicketIssue.objects.filter(pk__in=coded.values("pk")[:half]).update(suspected_cause="product")
    rule(world, world.cast.billing, cause_class="process")
    assert kinds_of(case).classes == frozenset({"process"})
    assert str(owner_of(case).why).startswith(
        "by the rule for Process or policy (suspected by agents in 70% of 23"
    )
    cause = add_cause(world, case, cause_class="product")
    services.judge_cause(cause=cause, state="verified", evidence="The log", by=world.cast.omar, at=NOW)
    assert kinds_of(fresh(case)).classes == frozenset({"product"})
    assert str(owner_of(fresh(case)).why).startswith("no rule fits")


def test_why_it_is_theirs_stands_on_the_case_and_in_its_history(world, sign_in):
    sow(world, world.charged, {(20, 0): 1.0}, seed=1)
    rule(world, world.cast.billing, issue=world.parent)
    case = routed(world)
    assert str(case.owner_reason) == "by the rule for Invoice"
    assert [(entry.text.partition(",")[0], entry.note) for entry in history_of(case.ref)][:1] == [
        ("routed it to Omar", "by the rule for Invoice")
    ]
    page = sign_in(world.cast.omar).get(reverse("case", args=[case.pk])).content.decode()
    assert "by the rule for Invoice" in page


def test_who_accepted_such_cases_is_shown_and_routes_nothing(world, sign_in):
    sow(world, world.charged, {(20, 0): 1.0}, seed=1)
    for _ in range(4):
        investigating(world)
    case = assessed(world)
    guess = best_guess(case)
    assert (guess.department, guess.own, guess.cases) == (world.cast.billing, 4, 4)
    page = sign_in(world.cast.nils).get(reverse("case", args=[case.pk])).content.decode()
    assert "Billing accepted 4 of 4 cases in invoice/charged-twice: 9" in page
    type(world.charged).objects.filter(pk=world.charged.pk).update(owner_department=None)
    with nothing_happens(case), pytest.raises(services.NobodyOwnsIt, match="Billing accepted 4 of 4"):
        services.route_case(case=fresh(case), by=world.cast.nils, at=NOW)


def test_whose_its_owner_says_it_is_is_chosen_already(case, world, sign_in):
    services.reject_case(
        case=case, reason="not_ours", propose=world.cast.shipping, by=world.cast.omar, at=NOW
    )
    page = sign_in(world.cast.nils).get(reverse("case", args=[case.pk])).content.decode()
    assert "Omar says that it belongs to Shipping." in page
    assert f'<option value="{world.cast.shipping.pk}" selected>Shipping</option>' in page


def test_the_page_of_rules_says_whose_it_would_be_and_why(world, sign_in):
    rule(world, world.cast.billing, issue=world.parent, cause_class="process")
    nils = sign_in(world.cast.nils)
    asked = nils.get(reverse("ownership"), {"issue": world.charged.pk, "cause_class": "process"})
    assert "by the rule for Process or policy, Invoice (as asked)." in asked.content.decode()
    asked = nils.get(reverse("ownership"), {"issue": world.late.pk})
    assert "Nobody: no rule fits" in asked.content.decode()


def test_a_sponsor_must_be_able_to_look_at_cases(world):
    with pytest.raises(Invalid):
        services.add_ownership_rule(department=world.cast.billing, sponsor=world.cast.ana, by=world.cast.nils)
    assert not OwnershipRule.objects.exists()


def test_a_deputy_must_be_able_to_answer(world):
    sow(world, world.charged, {(20, 0): 1.0}, seed=1)
    case = assessed(world)
    with nothing_happens(case), pytest.raises(Invalid):
        services.route_case(
            case=case, owner=world.cast.omar, deputy=world.cast.ana, by=world.cast.nils, at=NOW
        )
