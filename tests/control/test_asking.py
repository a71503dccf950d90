"""Rules of whom to ask, the draw that follows them, and customers who are not happy."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.control import queries_asking as queries
from apps.control import services
from apps.control.models import AskDraw, AskLimits, AskRule, FollowUp, Survey
from apps.evaluation import queries as evaluation
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Customer, Department
from tests.factories import NOW, make_issue, make_ticket

DAY = timedelta(days=1)


def solve(cast, name, **fields):
    customer = Customer.objects.known_by(email=f"{name}@customer.test", name=name, at=NOW)
    ticket = make_ticket(cast, customer=customer, **fields)
    ticket.resolve(by=cast.ana, at=NOW)
    return services.plan_survey(ticket=ticket, at=NOW)


def send(cast, at=NOW + DAY, seed=1):
    return services.send_due_surveys(by=cast.system, at=at, seed=seed)


def sent():
    return Survey.objects.exclude(sent_at=None).count()


def limit(cast, *, rest_days=30, most_a_day=None, always=()):
    return services.set_ask_limits(
        rest_days=rest_days, most_a_day=most_a_day, always=always, by=cast.ada, at=NOW
    )


def rule(cast, share, *, by=None, **place):
    return services.set_ask_rule(share=share, **place, by=by or cast.ada, at=NOW)


def test_without_a_rule_everybody_is_asked_for_certain(cast):
    solve(cast, "one")
    send(cast)
    assert Survey.objects.get().chance == 1
    assert (AskDraw.objects.get().candidates, AskDraw.objects.get().drawn) == (1, 1)


def test_a_share_is_drawn_and_the_chance_and_seed_are_written_down(cast):
    rule(cast, 0.25)
    for number in range(40):
        solve(cast, f"c{number}")
    send(cast, seed=7)
    assert sent() == 10
    assert set(Survey.objects.values_list("chance", flat=True)) == {0.25}
    assert AskDraw.objects.get().seed == 7
    assert Survey.objects.filter(skipped="not drawn").count() == 30


def test_what_was_decided_is_not_drawn_again(cast):
    rule(cast, 0.25)
    for number in range(8):
        solve(cast, f"c{number}")
    send(cast)
    send(cast, NOW + DAY + timedelta(hours=1), seed=2)
    assert (sent(), AskDraw.objects.count()) == (2, 1)


def test_the_first_rule_that_fits_counts_and_an_issue_means_all_below(cast):
    parent = make_issue("billing-all", owner=cast.billing)
    child = make_issue("twice", owner=cast.billing, parent=parent)
    rule(cast, 0.1, order=200)
    narrow = rule(cast, 0.5, issue=parent, order=10)
    survey = solve(cast, "one")
    survey.ticket.classify(child, release=child.release, by=cast.ana, at=NOW)
    send(cast)
    survey.refresh_from_db()
    assert (survey.rule, survey.chance) == (narrow, 0.5)


def test_an_issue_with_a_like_name_is_not_below(cast):
    parent, other = make_issue("bill"), make_issue("billing")
    rules = [rule(cast, 0.5, issue=parent)]
    ticket = make_ticket(cast)
    ticket.primary_issue = other
    assert queries.rule_for(ticket, rules) is None


@pytest.mark.parametrize("place", ["department", "channel"])
def test_a_rule_of_another_place_does_not_fit(cast, place):
    rule(cast, 0.001, **{"department": cast.shipping} if place == "department" else {"channel": "phone"})
    solve(cast, "one")
    send(cast)
    assert sent() == 1


def test_some_are_always_asked(cast):
    limit(cast, always=["complaint"])
    rule(cast, 0.001)
    solve(cast, "one", contact_type="complaint")
    send(cast)
    assert (sent(), Survey.objects.get().chance) == (1, 1)


def test_a_days_limit_holds_and_scales_the_chances(cast):
    limit(cast, most_a_day=3)
    for number in range(12):
        solve(cast, f"c{number}")
    send(cast)
    assert sent() == 3
    assert set(Survey.objects.values_list("chance", flat=True)) == {0.25}


def test_what_comes_later_the_same_day_is_drawn_from_what_is_left(cast):
    limit(cast, most_a_day=2)
    solve(cast, "one")
    send(cast)
    for number in range(6):
        solve(cast, f"late{number}")
    send(cast, NOW + DAY + timedelta(hours=1))
    assert sent() == 2


def test_a_customer_is_left_in_peace_for_as_long_as_is_set(cast):
    limit(cast, rest_days=3)
    solve(cast, "one")
    send(cast)
    again = make_ticket(cast, customer=Customer.objects.get(email="one@customer.test"))
    again.resolve(by=cast.ana, at=NOW)
    services.plan_survey(ticket=again, at=NOW + DAY)
    send(cast, NOW + 2 * DAY)
    assert Survey.objects.get(ticket=again).skipped == "asked lately"
    services.plan_survey(ticket=again, at=NOW + 4 * DAY)
    send(cast, NOW + 5 * DAY)
    assert sent() == 2


def test_a_ticket_solved_again_is_drawn_anew(cast):
    rule(cast, 0.0001)
    survey = solve(cast, "one")
    send(cast)
    assert sent() == 0
    services.withdraw_ask_rule(rule=AskRule.objects.get(), by=cast.ada)
    services.plan_survey(ticket=survey.ticket, at=NOW + DAY)
    send(cast, NOW + 2 * DAY)
    assert sent() == 1


def test_the_same_place_again_changes_its_share_and_the_history_keeps_what_it_was(cast):
    rule(cast, 0.5, department=cast.billing)
    row = rule(cast, 0.2, department=cast.billing)
    assert AskRule.objects.get().share == 0.2
    assert [event.share for event in row.events.order_by("pgh_id")] == [0.5, 0.2]


@pytest.mark.parametrize("share", [0, -0.1, 1.1])
def test_a_rule_asks_some(cast, share):
    with pytest.raises(Invalid):
        rule(cast, share)
    assert not AskRule.objects.exists()


def test_a_lead_sets_the_rules_of_their_own_department_alone(cast):
    assert rule(cast, 0.5, by=cast.lena, department=cast.billing)
    for department in (None, cast.shipping):
        with pytest.raises(NotAllowed):
            rule(cast, 0.5, by=cast.lena, department=department)
    with pytest.raises(NotAllowed):
        services.withdraw_ask_rule(rule=rule(cast, 0.5), by=cast.lena)
    assert AskRule.objects.count() == 2


@pytest.mark.parametrize("wrong", [{"rest_days": 0}, {"most_a_day": 0}, {"always": ["angry"]}])
def test_limits_that_make_no_sense_are_refused(cast, wrong):
    with pytest.raises(Invalid):
        limit(cast, **wrong)
    assert not AskLimits.objects.exists()


def test_only_an_administrator_sets_limits(cast):
    with pytest.raises(NotAllowed):
        services.set_ask_limits(rest_days=1, most_a_day=None, always=[], by=cast.lena, at=NOW)


# --- what the answers say -----------------------------------------------------------------------------


def answer(cast, name, outcome, chance):
    survey = solve(cast, name)
    Survey.objects.filter(pk=survey.pk).update(sent_at=NOW, chance=chance)
    services.answer_survey(survey=survey, outcome=outcome, by=cast.system, at=NOW)


def test_an_answer_counts_for_as_many_as_its_chance_left_out(cast):
    answer(cast, "one", "dissatisfied", 1.0)
    answer(cast, "two", "satisfied", 0.25)
    company, billing = queries.heard(since=NOW - DAY, until=NOW + DAY, departments=[cast.billing])
    assert company.satisfied.value == billing.satisfied.value == 0.8
    assert (company.asked, company.answered, company.responded) == (2, 2, 1.0)


def test_the_page_of_standards_weighs_as_well(cast):
    answer(cast, "one", "dissatisfied", 1.0)
    answer(cast, "two", "satisfied", 0.25)
    window = evaluation.window(months=3, at=NOW + DAY)
    (company,) = evaluation.reports(window, departments=[], goals=[], judged=[])
    (satisfied,) = [row.tally for row in company.standards if row.measure == "satisfied"]
    assert (satisfied.good, satisfied.all, satisfied.share) == (1, 2, 0.8)


def test_a_problem_found_by_asking_is_shown_with_its_share(cast):
    issue = make_issue()
    for name, problems in (("one", [issue.pk]), ("two", [])):
        survey = solve(cast, name)
        Survey.objects.filter(pk=survey.pk).update(offered=[issue.pk], problems=problems, answered_at=NOW)
    (row,) = queries.unheard(since=NOW - DAY, until=NOW + DAY)
    assert (row.issue, row.shown, row.share) == (issue, 2, 0.5)


def test_a_dry_run_says_how_many_of_the_newest_would_be_asked(cast):
    rule(cast, 0.25)
    for number in range(8):
        solve(cast, f"c{number}")
    solve(cast, "c0")
    dry = queries.dry_run(at=NOW + DAY)
    assert (dry.solved, dry.would_ask, dry.at_rest) == (9, 2, 1)
    assert not AskDraw.objects.exists()


# --- customers who are not happy ----------------------------------------------------------------------


def unhappy(cast):
    survey = solve(cast, "one")
    services.answer_survey(
        survey=survey, outcome="dissatisfied", comment="It is not solved", by=cast.system, at=NOW
    )
    return FollowUp.objects.get()


def test_a_customer_who_is_not_happy_is_followed_up_once(cast, sign_in):
    row = unhappy(cast)
    browser = sign_in(cast.ana)
    assert b"It is not solved" in browser.get("/surveys/follow-ups/").content
    assert browser.post(f"/surveys/follow-ups/{row.pk}/", {"note": ""}).status_code == 422
    assert browser.post(f"/surveys/follow-ups/{row.pk}/", {"note": "Called, refunded"}).status_code == 302
    row.refresh_from_db()
    assert (row.note, row.done_by) == ("Called, refunded", cast.ana)
    with pytest.raises(services.FollowedUp):
        services.finish_follow_up(follow_up=row, note="Again", by=cast.ana, at=NOW)


def test_somebody_who_changed_their_mind_needs_no_call(cast):
    row = unhappy(cast)
    services.answer_survey(survey=row.survey, outcome="satisfied", by=cast.system, at=NOW)
    row.refresh_from_db()
    assert row.done_at == NOW


def test_another_department_does_not_see_it(cast, sign_in):
    row = unhappy(cast)
    browser = sign_in(cast.mallory)
    assert b"It is not solved" not in browser.get("/surveys/follow-ups/").content
    assert browser.post(f"/surveys/follow-ups/{row.pk}/", {"note": "Mine"}).status_code == 404


# --- page and API -------------------------------------------------------------------------------------


def test_rules_and_limits_are_set_on_the_page(cast, sign_in):
    browser = sign_in(cast.ada)
    assert browser.get("/admin/surveys/").status_code == 200
    browser.post("/admin/surveys/", {"order": "10", "channel": "email", "percent": "12.5"})
    browser.post("/admin/surveys/limits/", {"rest_days": "14", "most_a_day": "", "always": ["reopened"]})
    assert (AskRule.objects.get().share, AskLimits.objects.get().rest_days) == (0.125, 14)
    browser.post(f"/admin/surveys/rules/{AskRule.objects.get().pk}/withdraw/")
    assert not AskRule.objects.exists()


def test_wrong_rules_and_limits_are_told_on_the_page(cast, sign_in):
    browser = sign_in(cast.ada)
    assert browser.post("/admin/surveys/", {"order": "1", "percent": "0"}).status_code == 422
    assert browser.post("/admin/surveys/limits/", {"rest_days": "0"}).status_code == 422


def test_a_lead_sets_no_limits(cast, sign_in):
    assert sign_in(cast.lena).post("/admin/surveys/limits/", {"rest_days": "1"}).status_code == 403


def test_the_page_costs_the_same_for_one_department_and_for_twenty(cast, sign_in):
    browser = sign_in(cast.ada)
    answer(cast, "one", "satisfied", 1.0)
    rule(cast, 0.5)
    send(cast)
    with CaptureQueriesContext(connection) as few:
        browser.get("/admin/surveys/")
    for number in range(18):
        department = Department.objects.create(name=f"Department {number}", slug=f"d{number}")
        rule(cast, 0.5, department=department)
        answer(cast, f"c{number}", "satisfied", 0.5)
    with CaptureQueriesContext(connection) as many:
        browser.get("/admin/surveys/")
    assert len(few) == len(many)


def test_the_api_does_what_the_page_does(cast, sign_in):
    api, json = sign_in(cast.ada), "application/json"
    made = api.post("/api/v1/ask-rules/", {"share": 0.2, "department": "billing"}, content_type=json).json()
    assert (made["share"], made["department"]) == (0.2, "billing")
    limits = {"rest_days": 10, "most_a_day": None, "always": ["severe"]}
    assert api.put("/api/v1/ask-limits/", limits, content_type=json).json() == limits
    assert api.get("/api/v1/ask-limits/").json() == limits
    assert api.get("/api/v1/surveys/figures/").json()["dry_run"]["solved"] == 0
    assert api.post("/api/v1/ask-rules/", {"share": 0.2, "who": "x"}, content_type=json).status_code == 422
    assert api.get("/api/v1/surveys/figures/?days=x").status_code == 422
    assert api.delete(f"/api/v1/ask-rules/{made['id']}/").status_code == 204
    row = unhappy(cast)
    (listed,) = api.get("/api/v1/follow-ups/").json()["data"]
    assert (listed["ticket"], listed["done_at"]) == (row.survey.ticket_id, None)
    done = api.post(f"/api/v1/follow-ups/{row.pk}/", {"note": "Called"}, content_type=json).json()
    assert done["done_by"] == cast.ada.email
