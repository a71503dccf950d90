from datetime import timedelta

import pytest
from django.test import Client

from apps.control import services
from apps.control.models import Survey
from apps.output.models import Delivery
from helpdesk.errors import Invalid
from helpdesk.models import Event
from tests.factories import NOW, make_issue, make_ticket

DAY = timedelta(days=1)


def solve(cast, **fields):
    ticket = make_ticket(cast, **fields)
    ticket.resolve(by=cast.ana, at=NOW)
    return services.plan_survey(ticket=ticket, at=NOW)


def send(cast, at=NOW + DAY):
    return services.send_due_surveys(by=cast.system, at=at)


def test_a_solved_ticket_is_asked_about_a_day_later(cast):
    survey = solve(cast)
    assert send(cast, NOW + DAY / 2) == 0
    assert send(cast) == 1
    assert Delivery.objects.get().to == ["zoe@customer.test"]
    assert send(cast) == 0
    survey.refresh_from_db()
    assert survey.sent_at == NOW + DAY


def test_the_answer_reaches_the_ticket(cast):
    survey = solve(cast)
    services.answer_survey(
        survey=survey, outcome="mollified", would_buy_again=False, told_others=3, by=cast.system, at=NOW
    )
    ticket = survey.ticket
    ticket.refresh_from_db()
    assert (ticket.outcome, ticket.would_buy_again, ticket.told_others) == ("mollified", False, 3)
    assert Event.objects.get(kind="outcome.told").data == {"outcome": "mollified"}


def test_a_customer_may_change_their_mind_for_two_weeks(cast):
    survey = solve(cast)
    services.answer_survey(survey=survey, outcome="satisfied", by=cast.system, at=NOW)
    services.answer_survey(survey=survey, outcome="dissatisfied", by=cast.system, at=NOW + 13 * DAY)
    with pytest.raises(services.SurveyClosed):
        services.answer_survey(survey=survey, outcome="satisfied", by=cast.system, at=NOW + 15 * DAY)
    survey.refresh_from_db()
    assert survey.outcome == "dissatisfied"


def test_an_unknown_answer_is_refused(cast):
    survey = solve(cast)
    with pytest.raises(Invalid):
        services.answer_survey(survey=survey, outcome="delighted", by=cast.system, at=NOW)
    assert not Event.objects.filter(kind="outcome.told").exists()


def test_nobody_is_asked_twice_a_month(cast):
    solve(cast)
    send(cast)
    second = solve(cast)
    send(cast, NOW + 2 * DAY)
    second.refresh_from_db()
    assert second.skipped == "asked lately"


def test_a_reopened_ticket_is_not_asked_about(cast):
    survey = solve(cast)
    survey.ticket.reopen(reason="not solved", by=cast.ana, at=NOW)
    send(cast)
    survey.refresh_from_db()
    assert survey.skipped == "open again"


def test_opening_the_link_counts_nothing_and_the_button_does(cast):
    survey = solve(cast)
    send(cast)
    page = f"/s/{survey.key}/"
    shown = Client().get(page, {"outcome": "satisfied"})
    assert shown.status_code == 200
    survey.refresh_from_db()
    assert survey.answered_at is None
    assert Client().post(page, {}).status_code == 422
    assert Client().post(page, {"outcome": "satisfied", "told_others": "2"}).status_code == 200
    assert Survey.objects.get().told_others == 2


def test_a_guessed_key_leads_nowhere(cast):
    assert Client().get("/s/guess/").status_code == 404


# --- what nobody told us


@pytest.fixture
def problems(cast):
    """Two issues customers have told us of, and one that is no reason."""
    found = make_issue("charged-twice"), make_issue("late"), make_issue("nothing", kind="no_problem")
    for issue, times in zip(found, (1, 2, 3), strict=True):
        for _ in range(times):
            make_ticket(cast).classify(issue, release=issue.release, by=cast.ana, at=NOW)
    return found


def test_a_survey_shows_the_usual_problems_but_the_one_they_came_with(cast, problems):
    charged, late, _ = problems
    survey = solve(cast)
    survey.ticket.classify(late, release=late.release, by=cast.ana, at=NOW)
    send(cast)
    survey.refresh_from_db()
    assert survey.offered == [charged.pk]


def test_problems_that_nobody_told_us_of_are_kept(cast, problems):
    charged, late, _ = problems
    survey = solve(cast)
    send(cast)
    page = f"/s/{survey.key}/"
    assert b"Did anything else go wrong" in Client().get(page).content
    answer = {"outcome": "satisfied", "problems": [late.pk], "settled_at_first": "no", "would_recommend": "7"}
    assert Client().post(page, answer).status_code == 200
    survey.refresh_from_db()
    assert (survey.offered, survey.problems) == ([late.pk, charged.pk], [late.pk])
    assert (survey.settled_at_first, survey.would_recommend) == (False, 7)


def test_a_problem_that_was_not_shown_is_refused(cast, problems):
    survey = solve(cast)
    with pytest.raises(Invalid):
        services.answer_survey(
            survey=survey, outcome="satisfied", problems=[problems[0].pk], by=cast.system, at=NOW
        )
    survey.refresh_from_db()
    assert survey.answered_at is None


def test_a_recommendation_goes_to_ten(cast):
    with pytest.raises(Invalid):
        services.answer_survey(
            survey=solve(cast), outcome="satisfied", would_recommend=11, by=cast.system, at=NOW
        )


def test_a_survey_sent_before_problems_were_asked_about_is_answered_as_ever(cast):
    survey = solve(cast)
    Survey.objects.filter(pk=survey.pk).update(sent_at=NOW)
    page = f"/s/{survey.key}/"
    assert b"Did anything else go wrong" not in Client().get(page).content
    assert Client().post(page, {"outcome": "satisfied"}).status_code == 200
    survey.refresh_from_db()
    assert (survey.would_recommend, survey.settled_at_first, survey.problems) == (None, None, [])
