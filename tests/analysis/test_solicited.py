"""A campaign asks customers to complain: what comes is no worse quality, and what is really worse is still found."""

from datetime import date, timedelta

import pytest

from apps.analysis import services
from apps.analysis.models import DayCount, Signal, VerdictKind
from apps.analysis.queries.costs import read_costs
from apps.analysis.queries.solicited import read_solicited
from apps.analysis.solicited import Asked
from helpdesk.models import Ticket
from tests.analysis.test_the_walk import FIXED, SURGE, walk_to_monitoring
from tests.analysis.world import TODAY, day_before, sow, sow_quiet
from tests.factories import NOW

ASKED = (14, 0)  # days ago


def ask(world, first=14, last=1, **fields):
    services.add_entry(
        kind="asked",
        day=day_before(first),
        until=day_before(last),
        words="Tell us",
        by=world.cast.nils,
        at=NOW,
        **fields,
    )


def run(world):
    return services.find_signals(by=world.cast.system, at=NOW)


@pytest.fixture
def solicited(world):
    """As ever, and while the campaign runs twice as much again through its link."""
    sow_quiet(world)
    for number, issue in enumerate(world.issues):
        sow(world, issue, {ASKED: 4.0}, seed=40 + number, campaign="tellus")
    ask(world)
    return world


@pytest.fixture
def spilled(world):
    """Twice as much again of every issue, by people who saw it and wrote by themselves."""
    sow_quiet(world)
    for number, issue in enumerate(world.issues):
        sow(world, issue, {ASKED: 4.0}, seed=60 + number)
    return world


def test_three_times_as_many_tickets_are_no_surge_when_a_campaign_brought_them(solicited):
    run(solicited)
    assert not Signal.objects.exists()


def test_the_same_tickets_without_the_mark_would_be_one(world):
    sow_quiet(world)
    for number, issue in enumerate(world.issues):
        sow(world, issue, {ASKED: 4.0}, seed=40 + number)
    run(world)
    assert Signal.objects.filter(kind="surge").exists()


def test_what_a_campaign_brought_is_counted_apart_and_not_in_the_costs(solicited):
    run(solicited)
    found = read_solicited(day_before(30), day_before(1))
    assert found.tickets > 80
    assert len(found.asked) == 1
    own = sum(DayCount.objects.filter(day__gte=day_before(30)).values_list("tickets", flat=True))
    assert own == read_costs(day_before(30), day_before(1)).tickets


def test_people_who_saw_it_and_wrote_by_themselves_are_no_surge_of_everything(spilled):
    run(spilled)
    without = Signal.objects.filter(kind="surge").count()
    Signal.objects.all().delete()
    ask(spilled)
    run(spilled)
    assert without > 0
    assert not Signal.objects.filter(kind="surge").exists()


def test_a_real_surge_while_a_campaign_runs_is_found_and_its_signal_names_the_campaign(spilled):
    sow(spilled, spilled.charged, {(7, 0): 14.0}, seed=5)
    ask(spilled)
    run(spilled)
    signal = Signal.objects.get(kind="surge", dimension="")
    assert signal.issue == spilled.charged
    assert "A campaign asked for complaints from " in str(signal.sentence)
    assert "All other contacts rose by" in str(signal.sentence)


def test_a_campaign_in_another_region_explains_nothing_here(spilled):
    ask(spilled, region="nowhere")
    run(spilled)
    regions = Signal.objects.filter(kind="surge", dimension="region")
    assert not regions.filter(sentence__contains="campaign").exists()


def test_a_campaign_does_not_turn_a_fix_that_worked_into_a_failure(world):
    sow_quiet(world, days=420, but=(world.charged,))
    rates = {(420, SURGE["begins"]): 2.0, (SURGE["begins"], FIXED): 6.0, (FIXED, 0): 0.6}
    sow(world, world.charged, rates, seed=1)
    for number, issue in enumerate(world.issues):
        sow(world, issue, {(FIXED - 7, 0): 2.0}, seed=40 + number, campaign="tellus")
    ask(world, FIXED - 7)
    verdict = services.judge_case(case=walk_to_monitoring(world), by=world.cast.system, at=NOW)
    assert verdict.verdict == VerdictKind.EFFECTIVE


def test_a_ticket_that_turns_out_to_be_solicited_is_counted_anew(world):
    sow_quiet(world, days=60)
    run(world)
    before = DayCount.objects.get(day=day_before(5))
    ticket = Ticket.objects.filter(opened_at__date=day_before(5)).first()
    ticket.campaign = "tellus"
    ticket.save(update_fields=["campaign"])
    run(world)
    after = DayCount.objects.get(day=day_before(5))
    assert (after.tickets, after.solicited) == (before.tickets - 1, before.solicited + 1)


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (TODAY, "on 6 May"),
        (TODAY + timedelta(days=3), "from 6 to 9 May"),
        (date(2026, 6, 1), "from 6 May to 1 June"),
    ],
)
def test_days_read_as_people_write_them(last, words):
    assert str(Asked(TODAY, last).sentence) == f"A campaign asked for complaints {words}."
