"""Statements of departments: drafted once a quarter, issued, withdrawn, and paid only while no guard is broken."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from apps.evaluation import incentive, services
from apps.evaluation.incentive import Guard, Reading, Score, State
from apps.evaluation.models import BonusRule, Statement
from apps.evaluation.queries import scoreboard as board
from apps.evaluation.queries.quarters import Quarter
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Department, Event
from tests.factories import NOW, make_issue, make_ticket

QUARTER = Quarter.of(date(2026, 2, 1))  # the last whole one before NOW, a day in May
LATER = NOW + timedelta(days=1)
BROKEN = Reading(
    Guard.RECODED, "Given to another department's issue", 0.2, 0.02, 9.0, 5.0, 16.0, 400, State.BROKEN, "So it is."
)  # fmt: skip


@pytest.fixture
def rule(cast) -> BonusRule:
    return services.set_bonus_rule(
        words="For removing causes", least=50, full=Decimal(1000), by=cast.ada, at=NOW
    )


@pytest.fixture
def reckoned(cast, monkeypatch):
    """Every department has these points and guards, whatever it did."""

    def with_these(points=80.0, guards=()):
        real = board.scoreboard

        def scoreboard(quarter, *, departments, at):
            rows = real(quarter, departments=departments, at=at)
            return [replace(row, score=Score(points, row.score.parts), guards=guards) for row in rows]

        monkeypatch.setattr("apps.evaluation.services.incentive.scoreboard", scoreboard)

    return with_these


def draft(cast, at=NOW) -> Statement:
    made = services.draft_statement(department=cast.billing, quarter=QUARTER, by=cast.ada, at=at)
    return Statement.objects.with_acts().get(pk=made.pk)


def settle(cast, statement, *, guard="recoded", reason="A release moved them", by=None):
    return services.settle_guard(statement=statement, guard=guard, reason=reason, by=by or cast.ada, at=LATER)


def test_a_department_with_contacts_gets_a_statement_of_the_last_whole_quarter_once(cast):
    at = datetime(2026, 2, 3, 12, tzinfo=UTC)
    ticket = make_ticket(cast, at=at)
    ticket.primary_issue = make_issue(owner=cast.billing)
    ticket.save(update_fields=["primary_issue"])
    (made,) = services.draft_due_statements(by=cast.system, at=NOW)
    assert (made.department, made.quarter, made.score) == (cast.billing, date(2026, 1, 1), None)
    assert made.inputs["contacts"] == 1
    assert services.draft_due_statements(by=cast.system, at=LATER) == []
    assert Event.objects.filter(kind="statement.drafted").count() == 1


def test_what_it_would_pay_follows_from_the_rule_as_it_stood(cast, rule, reckoned):
    reckoned(80.0)
    statement = draft(cast)
    services.set_bonus_rule(words="Changed", least=0, full=Decimal(9), by=cast.ada, at=LATER)
    statement = Statement.objects.with_acts().get(pk=statement.pk)
    assert (statement.would_pay, statement.pays, statement.words) == (800, 800, "For removing causes")


def test_a_departments_own_rule_comes_before_that_of_all(cast, rule, reckoned):
    reckoned(80.0)
    services.set_bonus_rule(
        words="More", least=0, full=Decimal(2000), department=cast.billing, by=cast.ada, at=NOW
    )
    assert draft(cast).would_pay == 1600


def test_without_a_rule_it_says_the_score_and_pays_nothing(cast, reckoned):
    reckoned(80.0)
    assert (draft(cast).score, draft_pays(cast)) == (80.0, None)


def draft_pays(cast):
    return Statement.objects.with_acts().get(department=cast.billing).pays


def test_a_broken_guard_pays_nothing_until_it_is_settled(cast, rule, reckoned):
    reckoned(80.0, (BROKEN,))
    statement = draft(cast)
    assert (statement.would_pay, statement.pays) == (800, 0)
    assert settle(cast, statement).pays == 800


def test_nobody_settles_the_guards_of_their_own_department(cast, rule, reckoned):
    reckoned(80.0, (BROKEN,))
    statement = draft(cast)
    cast.ada.department = cast.billing
    cast.ada.save(update_fields=["department"])
    with pytest.raises(NotAllowed):
        settle(cast, statement)
    assert draft_pays(cast) == 0


@pytest.mark.parametrize(
    ("guard", "reason"), [("recoded", " "), ("intake", "It is fine"), ("x", "It is fine")]
)
def test_a_guard_is_settled_by_name_and_with_a_reason(cast, rule, reckoned, guard, reason):
    reckoned(80.0, (BROKEN,))
    statement = draft(cast)
    with pytest.raises(Invalid):
        settle(cast, statement, guard=guard, reason=reason)
    assert draft_pays(cast) == 0


def test_a_guard_is_settled_once(cast, rule, reckoned):
    reckoned(80.0, (BROKEN,))
    statement = settle(cast, draft(cast))
    with pytest.raises(Invalid):
        settle(cast, statement)


def test_it_is_issued_once(cast, reckoned):
    reckoned()
    statement = services.issue_statement(statement=draft(cast), by=cast.ada, at=LATER)
    assert statement.state == "issued"
    with pytest.raises(services.StatementIssued):
        services.issue_statement(statement=statement, by=cast.ada, at=LATER)


def test_a_withdrawn_one_pays_nothing_and_makes_room_for_another(cast, rule, reckoned):
    reckoned(80.0)
    statement = draft(cast)
    with pytest.raises(services.StatementStands):
        draft(cast)
    withdrawn = services.withdraw_statement(statement=statement, reason="Wrong month", by=cast.ada, at=LATER)
    assert withdrawn.pays == 0
    with pytest.raises(services.StatementWithdrawn):
        services.issue_statement(statement=statement, by=cast.ada, at=LATER)
    assert draft(cast, LATER).edition == 2


def test_it_is_withdrawn_with_a_reason(cast, reckoned):
    reckoned()
    statement = draft(cast)
    with pytest.raises(Invalid):
        services.withdraw_statement(statement=statement, reason="", by=cast.ada, at=LATER)
    assert not Event.objects.filter(kind="statement.acted").exists()


def test_a_quarter_that_runs_has_no_statement(cast):
    with pytest.raises(services.QuarterRuns):
        services.draft_statement(department=cast.billing, quarter=Quarter.of(NOW.date()), by=cast.ada, at=NOW)
    assert not Statement.objects.exists()


def test_the_database_keeps_a_statement_as_it_was(cast, reckoned):
    reckoned()
    statement = draft(cast)
    with pytest.raises(InternalError), transaction.atomic():
        Statement.objects.filter(pk=statement.pk).update(score=100)
    with pytest.raises(InternalError), transaction.atomic():
        statement.delete()


@pytest.mark.parametrize("name", ["ana", "lena", "omar", "nils", "robot"])
def test_only_administrators_draft_issue_and_set_rules(cast, name):
    by = getattr(cast, name)
    with pytest.raises(NotAllowed):
        services.draft_statement(department=cast.billing, quarter=QUARTER, by=by, at=NOW)
    with pytest.raises(NotAllowed):
        services.set_bonus_rule(words="Mine", least=0, full=Decimal(9), by=by, at=NOW)
    assert not BonusRule.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"words": " "}, {"least": 101.0}, {"full": Decimal(-1)}, {"full": Decimal(10) ** 11}]
)
def test_a_rule_that_makes_no_sense_is_refused(cast, wrong):
    given = {"words": "For removing causes", "least": 50.0, "full": Decimal(100)} | wrong
    with pytest.raises(Invalid):
        services.set_bonus_rule(**given, by=cast.ada, at=NOW)


# --- what is counted ----------------------------------------------------------------------------------


def test_a_ticket_given_to_another_departments_issue_is_seen(cast):
    from apps.evaluation.queries.facts import read_facts

    at = datetime(2026, 2, 3, 12, tzinfo=UTC)
    own, other = make_issue(owner=cast.billing), make_issue("late", owner=cast.shipping)
    for _ in range(3):
        ticket = make_ticket(cast, at=at)
        ticket.classify(own, release=own.release, by=cast.ana, at=at)
        ticket.resolve(by=cast.ana, at=at)
    ticket.classify(other, release=own.release, by=cast.omar, at=at)
    facts = read_facts([QUARTER], departments=[cast.billing.pk], at=NOW)[cast.billing.pk, QUARTER.first]
    assert (facts.own, facts.moved_away, facts.solved) == (2, 1, 3)


def test_a_survey_that_finds_a_problem_counts_for_the_owner_of_the_issue(cast):
    from apps.control.models import Survey
    from apps.evaluation.queries.facts import read_facts

    at = datetime(2026, 2, 3, 12, tzinfo=UTC)
    mine, other = make_issue(owner=cast.billing), make_issue("late", owner=cast.shipping)
    Survey.objects.create(
        ticket=make_ticket(cast, at=at), key="k", send_at=at, sent_at=at, answered_at=at, outcome="satisfied",
        offered=[mine.pk, other.pk], problems=[mine.pk],
    )  # fmt: skip
    facts = read_facts([QUARTER], departments=[cast.billing.pk, cast.shipping.pk], at=NOW)
    counted = {key[0]: (row.offered, row.found) for key, row in facts.items()}
    assert counted == {cast.billing.pk: (1, 1), cast.shipping.pk: (1, 0)}


def test_a_proven_fix_is_money_and_a_share_of_its_promise(cast, judged_case):
    judged_case()
    quarter = Quarter.of(NOW.date())
    (row,) = board.scoreboard(quarter, departments=[cast.billing], at=NOW)
    assert (row.deeds.tried, row.deeds.promised, round(row.deeds.proven, 2)) == (1, 0.5, 0.43)
    # The verdict names the likely money alone, without the ends that make it a holding.
    assert row.deeds.saved is None
    assert row.deeds.fixes.all == 1


# --- pages and API ------------------------------------------------------------------------------------


def test_departments_stand_side_by_side_for_an_administrator(cast, sign_in):
    page = sign_in(cast.ada).get("/standards/prevention/")
    assert page.status_code == 200
    assert {row.department for row in page.context["rows"]} == {cast.billing, cast.shipping}


@pytest.mark.parametrize("name", ["omar", "lena"])
def test_owners_and_leads_see_their_own(cast, sign_in, name):
    page = sign_in(getattr(cast, name)).get("/standards/prevention/")
    assert [row.department for row in page.context["rows"]] == [cast.billing]
    assert b"Set a rule" not in page.content


@pytest.mark.parametrize("quarter", ["2026", "2099-Q1", "0000-Q1", "2026-Q5", "x"])
def test_a_quarter_that_is_none_is_not_found(cast, sign_in, quarter):
    assert sign_in(cast.ada).get("/standards/prevention/", {"quarter": quarter}).status_code == 404


def test_it_costs_the_same_for_two_departments_and_for_twenty(cast, sign_in, judged_case):
    browser = sign_in(cast.ada)
    judged_case()
    services.draft_statement(department=cast.billing, quarter=QUARTER, by=cast.ada, at=NOW)
    with CaptureQueriesContext(connection) as few:
        browser.get("/standards/prevention/?quarter=2026-Q1")
    for number in range(18):
        department = Department.objects.create(name=f"Department {number}", slug=f"d{number}")
        make_ticket(cast, department=department, at=NOW - timedelta(days=50))
        judged_case(department=department)
        services.draft_statement(department=department, quarter=QUARTER, by=cast.ada, at=NOW)
    with CaptureQueriesContext(connection) as many:
        browser.get("/standards/prevention/?quarter=2026-Q1")
    assert len(few) == len(many)


def test_a_rule_is_set_on_the_page_and_withdrawn(cast, sign_in):
    browser = sign_in(cast.ada)
    browser.post("/standards/prevention/", {"words": "For causes", "least": "50", "full": "900"})
    rule = BonusRule.objects.get()
    assert (rule.least, rule.full, rule.department) == (50, 900, None)
    browser.post(f"/standards/prevention/rules/{rule.pk}/withdraw/")
    assert not BonusRule.objects.exists()


def test_a_rule_that_makes_no_sense_is_told_on_the_page(cast, sign_in):
    answer = sign_in(cast.ada).post("/standards/prevention/", {"words": "", "least": "500", "full": "x"})
    assert answer.status_code == 422


def test_a_lead_sets_no_rule(cast, sign_in):
    answer = sign_in(cast.lena).post("/standards/prevention/", {"words": "Mine", "least": "0", "full": "9"})
    assert answer.status_code == 403
    assert not BonusRule.objects.exists()


def test_a_statement_is_drafted_settled_and_issued_on_its_page(cast, sign_in, rule, reckoned):
    reckoned(80.0, (BROKEN,))
    browser = sign_in(cast.ada)
    place = browser.post("/standards/prevention/billing/draft/", {"quarter": "2026-Q1"})["Location"]
    assert b"It pays nothing" in browser.get(place).content
    told = browser.post(place, {"act": "settled", "guard": "recoded", "reason": ""})
    assert told.status_code == 422
    browser.post(place, {"act": "settled", "guard": "recoded", "reason": "A release moved them"})
    browser.post(place, {"act": "issued"})
    page = browser.get(place).content.decode()
    assert "It pays nothing" not in page
    assert "800.00" in page


def test_the_department_sees_a_statement_once_it_is_issued(cast, sign_in, reckoned):
    reckoned()
    statement = draft(cast)
    owner, place = sign_in(cast.omar), f"/standards/statements/{statement.pk}/"
    assert owner.get(place).status_code == 404
    services.issue_statement(statement=statement, by=cast.ada, at=LATER)
    page = owner.get(place)
    assert page.status_code == 200
    assert b"Withdraw it" not in page.content
    assert owner.post(place, {"act": "withdrawn", "reason": "No"}).status_code == 403
    assert sign_in(cast.mallory).get(place).status_code == 403


def test_scores_are_a_file(cast, sign_in):
    answer = sign_in(cast.ada).get("/standards/prevention/scores.csv?quarter=2026-Q1")
    assert answer["Content-Disposition"] == 'attachment; filename="prevention-2026-Q1.csv"'
    assert answer.content.decode().splitlines()[1].startswith("Billing,2026-Q1,")


def test_the_api_says_what_the_page_says(cast, sign_in, rule, reckoned):
    reckoned(80.0, (BROKEN,))
    api = sign_in(cast.ada)
    found = api.get("/api/v1/prevention/?quarter=2026-Q1").json()
    assert {row["department"] for row in found["data"]} == {"billing", "shipping"}
    wanted = {"department": "billing", "quarter": "2026-Q1"}
    made = api.post("/api/v1/incentive-statements/", wanted, content_type="application/json")
    assert (made.status_code, made.json()["pays"]) == (201, "0.00")
    acts = f"/api/v1/incentive-statements/{made.json()['id']}/acts/"
    given = {"act": "settled", "guard": "recoded", "reason": "A release moved them"}
    assert api.post(acts, given, content_type="application/json").json()["pays"] == "800.00"
    assert api.post(acts, {"act": "issued"}, content_type="application/json").json()["state"] == "issued"
    (listed,) = api.get("/api/v1/incentive-statements/").json()["data"]
    assert [act["act"] for act in listed["acts"]] == ["settled", "issued"]


def test_how_it_was_reckoned_is_read_in_the_language_of_whoever_reads_it(cast, sign_in, reckoned):
    solved = incentive.Facts(solved=5, uncoded=5)
    reckoned(80.0, incentive.guards(solved, [solved] * 4))
    with override("de"):
        statement = draft(cast)
    page, api = f"/standards/statements/{statement.pk}/", "/api/v1/incentive-statements/"
    for language, label, says in (
        ("en", "Solved without a code", "Too few to tell: 5 of 5 now"),
        ("de", "Ohne Code gelöst", "5 von 5 jetzt"),
    ):
        cast.ada.language = language
        cast.ada.save(update_fields=["language"])
        client = sign_in(cast.ada)
        html = client.get(page).content.decode()
        assert label in html
        assert says in html
        (listed,) = client.get(api).json()["data"]
        assert listed["guards"][0]["label"] == label


def test_a_statement_of_before_says_what_it_said(cast, reckoned):
    reckoned(80.0, (BROKEN,))
    statement = draft(cast)
    assert statement.guards[0]["says"] == BROKEN.says
    with override("de"):
        assert statement.broken[0]["says"] == statement.guard_rows[0]["says"] == BROKEN.says


def test_the_api_refuses_unknown_fields_quarters_and_people(cast, sign_in):
    api = sign_in(cast.ada)
    assert api.get("/api/v1/prevention/?quarter=soon").status_code == 422
    given = {"department": "billing", "quarter": "2026-Q1", "score": 100}
    assert (
        api.post("/api/v1/incentive-statements/", given, content_type="application/json").status_code == 422
    )
    wanted = {"department": "billing", "quarter": "2026-Q1"}
    refused = sign_in(cast.lena).post(
        "/api/v1/incentive-statements/", wanted, content_type="application/json"
    )
    assert refused.status_code == 403
    assert not Statement.objects.exists()
