"""Where tickets are many, standards and prevention are counted beforehand: the same numbers, and as of when."""

import io
import json
import re
from datetime import timedelta
from html import unescape
from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.control import services as control
from apps.control.models import Clock, Survey
from apps.evaluation import queries, services
from apps.evaluation.models import CountedMonths, Goal, Statement
from apps.evaluation.queries.figures import standards_figures
from apps.evaluation.queries.quarters import Quarter, quarters_up_to
from apps.evaluation.queries.scoreboard import scoreboard
from helpdesk.errors import NotAllowed
from helpdesk.models import Department, Issue, IssueKind, Outcome, Ticket
from tests.evaluation.verdicts import open_judged
from tests.factories import NOW, make_cast, make_issue, make_ticket, make_token

SOON = NOW + timedelta(minutes=20)
counting = import_module("apps.evaluation.services.count_months")
ZONES = ["UTC", "Pacific/Auckland"]


@pytest.fixture(autouse=True)
def many(monkeypatch):
    """Any number of tickets is many."""
    monkeypatch.setattr(counting, "MANY", 0)
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The world, made once and taken back at the end."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(timezone, "now", lambda: NOW)
        cast = make_cast()
        yield cast, make_world(cast)
        transaction.set_rollback(True)


@pytest.fixture
def cast(made, db):
    return made[0]


@pytest.fixture
def world(made, db):
    """Its tickets, each as it is in the database."""
    return [Ticket.objects.get(pk=ticket.pk) for ticket in made[1]]


def make_world(cast):
    """Two years in which everything happens: tickets of all kinds, and what became of them since."""
    control.lay_out_defaults()
    issues = [
        make_issue("charged-twice", owner=cast.billing), make_issue("late-parcel", owner=cast.shipping),
        make_issue("weather"), make_issue("no-code", kind=IssueKind.NO_CODE),
    ]  # fmt: skip
    tickets = []
    for number in range(90):
        at = NOW - timedelta(days=(number * 37) % 700, hours=number % 24)
        # The last few of them are of the day that is not over.
        at = NOW - timedelta(minutes=number) if number >= 84 else at
        tickets.append(happen(cast, issues, number, at))
    for number in (3, 40, 84):
        tickets[number].merge_into(tickets[number + 1], by=cast.ana, at=NOW)
    tickets[7].reopen(reason="Again", by=cast.ana, at=NOW - timedelta(minutes=3))
    move(cast, issues, tickets[8])
    open_judged(department=cast.billing, by=cast.nils)
    open_judged("ineffective", department=cast.shipping, by=cast.nils)
    # An edition that gives an issue to another department.
    Issue.objects.filter(pk=issues[2].pk).update(owner_department=cast.shipping)
    return tickets


def happen(cast, issues, number, at):
    ticket = make_ticket(
        cast, at=at, department=(cast.billing, cast.shipping)[number % 3 == 0], severity=1 + number % 4,
        channel=("form", "phone", "email")[number % 3], campaign="ask" if number % 11 == 0 else "",
    )  # fmt: skip
    control.start_clocks(ticket=ticket, at=at)
    state = (Clock.State.MET, Clock.State.MET_LATE, Clock.State.BREACHED)[number % 3]
    Clock.objects.filter(ticket=ticket, kind="resolve").update(state=state)
    if number % 5:
        move(cast, issues, ticket, number)
    if number % 7:
        ticket.resolve(by=cast.ana, at=min(at + timedelta(days=number % 20, hours=2), NOW))
        answer(cast, ticket, number)
    return ticket


def move(cast, issues, ticket, number=1):
    """Coded, and some of them coded again as another department's."""
    for issue in (issues[number % 4], issues[(number + 1) % 4])[: 1 + number % 2]:
        ticket.classify(issue, release=issue.release, by=cast.ana, at=ticket.opened_at)


def answer(cast, ticket, number):
    if number % 2:
        survey = Survey.objects.create(
            ticket=ticket, key=f"k{number}", send_at=ticket.solved_at, sent_at=ticket.solved_at,
            chance=(0.3, 1.0, 0.7)[number % 3],
        )  # fmt: skip
        if number % 4 == 1:
            outcome = Outcome.values[number % 3]
            at = min(ticket.solved_at + timedelta(days=1), NOW)
            ticket.answer_survey(
                outcome=outcome, would_buy_again=None, told_others=None, by=cast.system, at=at
            )
            survey.answered_at, survey.outcome = at, outcome
            survey.offered = survey.problems = list(Issue.objects.values_list("pk", flat=True)[:2])
            survey.save()


def count(cast, at=NOW):
    return services.count_months(by=cast.system, at=at)


def measured(counted=None, months=12, at=NOW):
    window = queries.window(months=months, at=at)
    departments, judged = list(Department.objects.all()), queries.judged_cases(window)
    told = queries.reports(window, departments=departments, goals=[], judged=judged, counted=counted)
    charged = queries.accounts(window, departments=departments, judged=judged, counted=counted)
    return standards_figures(told, charged)


def read(at=NOW, months=12):
    return queries.read_counted(at, since=queries.window(months=months, at=at).months[0])


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("months", queries.MONTHS)
def test_standards_are_those_counted_from_the_tickets(cast, world, settings, zone, months):
    settings.TIME_ZONE = zone
    count(cast)
    counted = read(months=months)
    assert counted is not None
    assert measured(counted, months) == measured(None, months)
    satisfied = measured(counted, months)["measured"][""]["satisfied"]
    assert months == 3 or any(month.weight for month in satisfied)


@pytest.mark.parametrize("zone", ZONES)
def test_prevention_is_that_counted_from_the_tickets_in_every_quarter(cast, world, settings, zone):
    settings.TIME_ZONE = zone
    count(cast)
    departments = list(Department.objects.all())
    for quarter in quarters_up_to(Quarter.of(NOW.date())):
        counted = queries.read_counted(NOW, since=min(quarters_up_to(quarter)).first)
        assert counted is not None
        given = {"departments": departments, "at": NOW}
        assert scoreboard(quarter, **given, counted=counted) == scoreboard(quarter, **given)


def test_what_happens_since_shows_with_the_next_count(cast, world, sign_in):
    count(cast)
    before = measured(read())
    late = make_ticket(cast, at=NOW - timedelta(minutes=1))
    late.resolve(by=cast.ana, at=NOW)
    world[9].merge_into(world[10], by=cast.ana, at=NOW)
    assert measured(read(SOON)) == before
    count(cast, SOON)
    after = measured(read(SOON), at=SOON)
    assert after == measured(None, at=SOON) != before


@pytest.mark.parametrize("page", ["/standards/", "/standards/prevention/"])
def test_a_page_says_when_it_was_counted(cast, world, sign_in, page):
    assert b"Counted at" not in sign_in(cast.ada).get(page).content
    count(cast, NOW - timedelta(minutes=7))
    assert b"Counted at 09:53" in sign_in(cast.ada).get(page).content


def test_the_page_the_file_and_the_api_are_as_of_the_count(cast, world, sign_in, client):
    count(cast, NOW - timedelta(minutes=7))
    key = make_token(cast.robot, "cases:read")
    told = client.get("/api/v1/prevention/?quarter=2026-Q1", HTTP_AUTHORIZATION=f"Bearer {key}").json()
    assert told["as_of"].startswith("2026-05-06T09:53")
    file = sign_in(cast.ada).get("/standards/prevention/scores.csv?quarter=2026-Q1").content.decode()
    assert "2026-05-06T09:53" in file


def test_the_figures_of_the_page_come_out_again_from_the_tickets(cast, world, sign_in):
    count(cast, NOW)
    page = sign_in(cast.ada).get("/standards/?months=12").content.decode()
    [address] = set(re.findall(r"recompute (?:'|&#x27;)(.+?)(?:'|&#x27;)</code>", page))
    out = io.StringIO()
    call_command("recompute", unescape(address), stdout=out)
    assert json.loads(out.getvalue())["figures"]["charged"]


@pytest.mark.parametrize("page", ["/standards/", "/standards/prevention/?quarter=2026-Q1"])
def test_no_ticket_is_counted_at_a_view(cast, world, sign_in, page):
    browser = sign_in(cast.ada)
    browser.get(page)
    count(cast)
    with CaptureQueriesContext(connection) as asked:
        browser.get(page)
    assert not [query["sql"] for query in asked if 'FROM "helpdesk_ticket"' in query["sql"]]


def test_an_old_count_or_one_of_another_time_zone_is_not_shown(cast, world, settings):
    count(cast)
    assert read(NOW + timedelta(minutes=59)) is not None
    assert read(NOW + timedelta(minutes=61)) is None
    settings.TIME_ZONE = "Pacific/Auckland"
    assert read() is None


def test_what_was_before_the_count_begins_is_counted_from_the_tickets(cast, world):
    count(cast)
    assert queries.read_counted(NOW, since=Quarter.of(NOW.date()).before(9).first) is None


def test_an_older_count_does_not_take_the_place_of_a_newer(cast, world):
    count(cast, SOON)
    count(cast, NOW)
    assert CountedMonths.objects.get().counted_at == SOON


def test_where_tickets_are_few_nothing_is_kept(cast, world, monkeypatch):
    count(cast)
    monkeypatch.setattr(counting, "MANY", 1_000)
    assert count(cast) is None
    assert not CountedMonths.objects.exists()


def test_a_statement_is_reckoned_from_the_tickets(cast, world):
    count(cast)
    CountedMonths.objects.update(charges=[], facts=[])
    services.draft_statement(
        department=cast.billing, quarter=Quarter.of(NOW.date()).before(), by=cast.ada, at=NOW
    )
    assert Statement.objects.get().inputs["contacts"]


def test_an_agent_counts_nothing(cast):
    with pytest.raises(NotAllowed):
        services.count_months(by=cast.ana, at=NOW)
    assert not CountedMonths.objects.exists()


def test_goals_are_those_of_now(cast, world, sign_in):
    count(cast, NOW - timedelta(minutes=7))
    services.set_goal(measure="coded", target=0.9, by=cast.ada, at=NOW)
    assert Goal.objects.count() == 1
    assert "90\u00a0%" in sign_in(cast.ada).get("/standards/").content.decode()
