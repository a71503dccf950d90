"""How far codes can be trusted: what the page counts, and that each number opens what it counts."""

from datetime import date, timedelta

import pytest

from apps.analysis.queries.coding_errors import coding_errors
from apps.evaluation import queries
from apps.intake.models import Suggestion, TextFit
from apps.response.models import SampledWeek, SecondReading
from helpdesk.models import IssueKind, Role, TaxonomyRelease
from tests.factories import NOW, make_issue, make_ticket, make_token, make_user

READ = NOW - timedelta(days=3)


@pytest.fixture
def issues(cast):
    return [make_issue(code, owner=cast.billing) for code in ("charged-twice", "wrong-amount", "no-invoice")]


@pytest.fixture
def other(cast):
    return {kind: make_issue(kind.value, kind=kind) for kind in IssueKind if kind != IssueKind.REASON}


@pytest.fixture
def bea(cast):
    return make_user("bea", Role.AGENT, cast.billing)


@pytest.fixture
def read(cast, bea):
    """Tickets with a code, a second one, and what the third person said."""
    week = SampledWeek.objects.create(monday=date(2026, 4, 27), coded=100, drawn_at=READ)

    def make(n, first, second=None, *, truth=None, suggested=None, chance=1.0, seconds=None):
        for _ in range(n):
            ticket = coded(cast, first)
            reading = SecondReading.objects.create(
                ticket=ticket, week=week, why="any", chance=chance, first_issue=first, first_by=cast.ana,
                first_at=READ, suggested=suggested,
            )  # fmt: skip
            reading.read_as(second or first, seconds=seconds, by=bea, at=READ)
            if truth:
                reading.settle_as(truth, by=cast.lena, at=READ)

    return make


def coded(cast, issue, *, at=READ, by=None, **fields):
    ticket = make_ticket(cast, at=at, **fields)
    ticket.classify(issue, release=TaxonomyRelease.objects.get(), by=by or cast.ana, at=at)
    return ticket


def quality(months=6, at=NOW):
    return queries.coding_quality(queries.window(months=months, at=at))


def test_an_empty_house_has_a_page(cast, sign_in):
    page = sign_in(cast.lena).get("/coding-quality/")
    assert page.status_code == 200
    assert b"Nothing was read twice yet" in page.content


def test_agreement_is_counted_overall_and_by_issue(issues, read):
    read(30, issues[0])
    read(20, issues[1])
    read(6, issues[0], issues[1], truth=issues[1])
    read(4, issues[1], issues[0], truth=issues[1])
    found = quality()
    assert found.readers.overall.n == 60
    assert found.readers.overall.observed == pytest.approx(50 / 60)
    rows = {row.issue: row for row in found.rows}
    assert rows[issues[0]].agreement.n == 40
    assert rows[issues[0]].sensitivity == 1.0
    assert rows[issues[1]].sensitivity == pytest.approx(24 / 30)
    assert rows[issues[0]].false_positive == pytest.approx(6 / 30)


def test_a_preferred_ticket_counts_for_less(issues, read):
    read(10, issues[0], chance=0.1)
    read(10, issues[1], issues[0], chance=1.0)
    assert quality().readers.overall.observed == pytest.approx(100 / 110)


def test_pairs_that_readers_confuse_come_first(issues, read):
    read(5, issues[0], issues[1])
    read(2, issues[1], issues[0])
    read(1, issues[2], issues[0])
    first, second = quality().confused
    assert {first.one, first.other} == set(issues[:2])
    assert (first.differed, first.read, second.differed) == (7, 7, 1)
    assert first.url == "/coding-quality/readings/?issue=charged-twice&other=wrong-amount"


def test_few_readings_are_not_judged(issues, read):
    read(3, issues[0], issues[1])
    found = quality()
    assert found.chart is None
    assert not any(row.is_enough for row in found.rows)


def test_the_worst_issue_is_the_charts_finding(issues, read):
    read(15, issues[0])
    read(9, issues[1])
    read(9, issues[1], issues[2])
    assert "Wrong amount" in quality().chart.title or "No invoice" in quality().chart.title


def test_readings_before_the_window_and_of_retired_codes_are_left_out(issues, read):
    read(4, issues[0])
    assert len(quality(at=NOW + timedelta(days=300)).readers) == 0
    issues[0].valid_to = NOW.date()
    issues[0].save(update_fields=["valid_to"])
    assert len(quality().readers) == 0


def test_the_four_kinds_of_other_are_told_apart(cast, issues, other, read):
    for _ in range(16):
        coded(cast, issues[0])
    coded(cast, other[IssueKind.NO_CODE])
    read(2, other[IssueKind.NO_CODE])
    read(1, other[IssueKind.NO_CODE], issues[1], truth=issues[1])
    make_ticket(cast, at=READ)
    kinds = {kind.kind: kind for kind in quality().kinds}
    assert len(kinds) == 4
    no_code = kinds[IssueKind.NO_CODE]
    assert (no_code.share.tally.good, no_code.share.tally.all) == (4, 20)
    assert no_code.share.low < 0.2 < no_code.share.high
    assert (no_code.misused.good, no_code.misused.all) == (1, 3)
    assert no_code.issues[0][2] == "/queue/?q=issue%3Ano_code+created%3A%3E%3D2025-12-01"
    assert kinds[IssueKind.NO_PROBLEM].share.tally.good == 0
    assert (quality().coded.tally.good, quality().coded.tally.all) == (20, 21)


def suggest(ticket, *guesses):
    for rank, (issue, confidence) in enumerate(guesses, 1):
        Suggestion.objects.create(ticket=ticket, issue=issue, rank=rank, confidence=confidence)


def test_the_suggestion_is_held_against_people(cast, issues, read):
    read(8, issues[0], suggested=issues[0])
    read(8, issues[1], issues[1], suggested=issues[1])
    read(4, issues[0], issues[1], suggested=issues[0])
    for issue in issues:
        suggest(coded(cast, issue), (issue, 0.9))
    hidden = coded(cast, issues[0])
    suggest(hidden, (issues[1], 0.9))
    TextFit.objects.create(ticket=hidden, fits_no_code=False, is_blind=True)
    found = quality().people
    assert found.blind.observed == pytest.approx(16 / 20)
    assert (found.seen.observed, found.seen.value, found.seen.n) == (1.0, pytest.approx(1), 3)
    assert (found.unseen.observed, found.unseen.n) == (0.0, 1)


def test_codes_of_machines_are_no_people(cast, issues):
    ticket = make_ticket(cast, at=READ)
    ticket.classify(issues[0], release=TaxonomyRelease.objects.get(), by=cast.system, at=READ, source="model")
    suggest(ticket, (issues[0], 0.9))
    assert quality().people.seen.n == 0


def test_issues_the_model_mixes_up_are_named(cast, issues):
    for one, other in ((issues[0], issues[1]), (issues[1], issues[0])):
        for number in range(20):
            rivals = [(other, 0.6), (one, 0.4)] if number < 8 else [(one, 0.8), (other, 0.1)]
            suggest(coded(cast, one), *rivals)
    (pair,) = [pair for pair in quality().alike if pair.mixed_up]
    assert {pair.one, pair.other} == set(issues[:2])
    assert pair.mixed_up == pytest.approx(0.4)


def test_a_large_issue_of_many_things_is_named(cast, issues):
    words = {
        issues[0]: ["alpha beta gamma delta", "green table window chair"],
        issues[1]: ["parcel courier door"],
    }
    words[issues[2]] = ["password login code"]
    for issue, bodies in words.items():
        for number in range(24):
            coded(cast, issue, subject="A letter", body=bodies[number % len(bodies)])
    large = {row.issue: row for row in quality().large}
    assert large[issues[0]].is_loose
    assert not large[issues[1]].is_loose


def test_issues_nobody_used_are_named(cast, issues):
    coded(cast, issues[0])
    assert set(quality().unused) == set(issues[1:])


def test_the_middle_time_to_code_is_told(issues, read):
    for seconds in (8, 20, 90):
        read(1, issues[0], seconds=seconds)
    assert quality().seconds == 20


# --- doors --------------------------------------------------------------------------------------------


def test_a_number_opens_its_tickets(cast, issues, read, sign_in, monkeypatch):
    monkeypatch.setattr("apps.evaluation.views.standards.timezone.now", lambda: NOW)
    read(3, issues[0], issues[1])
    read(2, issues[2])
    browser = sign_in(cast.lena)
    page = browser.get("/coding-quality/").context["quality"]
    assert len(browser.get(page.confused[0].url).context["rows"]) == 3
    assert len(browser.get("/coding-quality/readings/?issue=no-invoice").context["rows"]) == 2
    assert len(browser.get("/coding-quality/readings/").context["rows"]) == 5
    assert not browser.get("/coding-quality/readings/?issue=no-such").context["rows"]


def test_an_owner_opens_only_tickets_they_may_see(cast, issues, read, sign_in):
    read(3, make_issue("late-parcel", owner=cast.shipping))
    owner = make_user("sven", Role.OWNER, cast.shipping)
    assert len(sign_in(owner).get("/coding-quality/readings/").context["rows"]) == 3
    assert not sign_in(make_user("olga", Role.OWNER, None)).get("/coding-quality/readings/").context["rows"]


def test_what_waits_to_be_read_blind_is_not_listed(cast, issues, read, sign_in):
    read(1, issues[0])
    SecondReading.objects.create(
        ticket=coded(cast, issues[1]), week=SampledWeek.objects.get(), why="any", chance=1.0,
        first_issue=issues[1], first_by=cast.ana, first_at=READ,
    )  # fmt: skip
    rows = sign_in(cast.lena).get("/coding-quality/readings/").context["rows"]
    assert [row.first_issue for row in rows] == [issues[0]]


@pytest.mark.parametrize("url", ["/coding-quality/", "/coding-quality/readings/"])
def test_an_agent_does_not_see_it(cast, sign_in, url):
    assert sign_in(cast.ana).get(url).status_code == 403


def test_the_page_asks_as_much_for_many_as_for_one(cast, issues, read, sign_in, django_assert_num_queries):
    read(1, issues[0])
    browser = sign_in(cast.lena)
    # Session and person; issues, their tickets; readings; suggestions; letters; what is open; release; last week.
    with django_assert_num_queries(10):
        browser.get("/coding-quality/")
    read(15, issues[1], issues[0])
    with django_assert_num_queries(10):
        browser.get("/coding-quality/")


def test_the_readings_ask_as_much_for_many_as_for_one(cast, issues, read, sign_in, django_assert_num_queries):
    read(20, issues[0], issues[1])
    browser = sign_in(cast.lena)
    with django_assert_num_queries(3):
        browser.get("/coding-quality/readings/")


def test_the_api_tells_the_same(cast, issues, read, client, monkeypatch):
    monkeypatch.setattr("apps.evaluation.api.timezone.now", lambda: NOW)
    read(12, issues[0])
    read(6, issues[1], issues[0])
    key = make_token(cast.robot, "taxonomy:read")
    answer = client.get("/api/v1/coding-quality/?months=3", HTTP_AUTHORIZATION=f"Bearer {key}")
    told = answer.json()
    assert told["agreement"]["n"] == 18
    assert told["taxonomy_release"] == 1
    assert {row["issue"] for row in told["issues"]} == {"charged-twice", "wrong-amount"}
    assert told["confused"] == [
        {"one": "charged-twice", "other": "wrong-amount", "there": 0, "back": 6, "read": 18}
    ]


def test_the_api_wants_the_scope(cast, client):
    key = make_token(cast.robot, "tickets:read")
    assert client.get("/api/v1/coding-quality/", HTTP_AUTHORIZATION=f"Bearer {key}").status_code == 403


def test_the_api_refuses_an_unknown_span(cast, client):
    key = make_token(cast.robot, "taxonomy:read")
    answer = client.get("/api/v1/coding-quality/?months=5", HTTP_AUTHORIZATION=f"Bearer {key}")
    assert answer.status_code == 422


# --- for the proof ------------------------------------------------------------------------------------


def test_the_proof_learns_how_well_an_issue_was_coded(issues, read):
    read(30, issues[0])
    read(10, issues[1], issues[0], truth=issues[0])
    read(20, issues[1])
    read(5, issues[0], issues[1])  # not settled yet: nobody knows who is right
    found = coding_errors([issues[0].pk], READ.date(), READ.date())
    assert (found.true, found.found, found.others, found.mistaken) == (40, 30, 20, 0)
    assert coding_errors([issues[0].pk], READ.date() + timedelta(days=1), NOW.date()).true == 0
