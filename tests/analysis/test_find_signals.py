from datetime import timedelta

import pytest

from apps.analysis.models import AnalysisRun, DayCount, Signal, SignalState
from apps.analysis.services import AlreadyJudged, dismiss_signal, find_signals, promote_signal, snooze_signal
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event, Ticket, TicketIssue
from tests.analysis.world import TODAY, day_before, sow, sow_quiet
from tests.factories import NOW, make_product


@pytest.fixture
def surging(world):
    """Charged twice at three times its usual rate for nine days, in the north."""
    sow_quiet(world, but=(world.charged,))
    sow(world, world.charged, {(330, 9): 2.0, (9, 0): 1.5}, seed=1)
    sow(world, world.charged, {(9, 0): 5.0}, seed=2, regions=("north",))
    return world


def run(world, **when):
    return find_signals(by=world.cast.system, at=NOW, **when)


def test_a_surge_becomes_one_signal_that_says_how_much_and_where(surging):
    run(surging)
    signal = Signal.objects.get()
    assert (signal.kind, signal.issue, signal.state) == ("surge", surging.charged, SignalState.NEW)
    assert signal.ratio > 2
    assert day_before(21) <= signal.started_on <= day_before(7)
    assert "Charged twice" in str(signal.sentence)
    assert "region north" in str(signal.where)
    assert len(signal.weekly) == 26
    assert set(signal.examples) <= set(
        TicketIssue.objects.filter(issue=surging.charged).values_list("ticket", flat=True)
    )
    event = Event.objects.get(kind="signal.raised")
    assert event.about == f"signal:{signal.pk}"


def test_the_same_night_twice_changes_nothing(surging):
    run(surging)
    before = _everything()
    again = run(surging)
    assert _everything() == before
    assert (again.raised, again.updated) == (0, 0)
    assert AnalysisRun.objects.count() == 1


def _everything():
    days = [(row.day, row.tickets, len(row.cells)) for row in DayCount.objects.order_by("day")]
    return list(Signal.objects.values()), Event.objects.count(), days


def test_nothing_is_raised_when_nothing_is_the_matter(world):
    sow_quiet(world)
    assert run(world).raised == 0
    assert not Signal.objects.exists()


def test_a_backlog_imported_at_once_is_no_surge(world):
    sow_quiet(world)
    sow(world, world.charged, {(2, 0): 40.0}, seed=3, channel="import")
    run(world)
    assert not Signal.objects.exists()


def test_with_too_few_days_the_run_says_from_when_on_it_can_tell(world):
    sow_quiet(world, days=20)
    assert "84 days" in str(run(world).sentence)


def test_a_growing_issue_stays_one_signal(surging):
    yesterday = NOW - timedelta(days=1)
    find_signals(by=surging.cast.system, at=yesterday)
    signal = Signal.objects.get()
    run(surging)
    again = Signal.objects.get()
    assert again.pk == signal.pk
    assert again.last_seen_on == TODAY - timedelta(days=1)
    assert again.first_seen_on == signal.first_seen_on


def test_a_dismissed_signal_stays_away(surging):
    run(surging)
    dismiss_signal(signal=Signal.objects.get(), dismissal="season", by=surging.cast.nils, at=NOW)
    run(surging)
    assert Signal.objects.get().state == SignalState.DISMISSED


def test_a_dismissed_signal_comes_back_when_it_has_grown_to_three_times(surging):
    find_signals(by=surging.cast.system, at=NOW - timedelta(days=4))
    signal = Signal.objects.get()
    dismiss_signal(signal=signal, dismissal="noise", by=surging.cast.nils, at=NOW - timedelta(days=4))
    Signal.objects.filter(pk=signal.pk).update(judged_excess=5)
    run(surging)
    signal.refresh_from_db()
    assert signal.state == SignalState.NEW
    assert Event.objects.filter(kind="signal.raised", data__again__say="it has clearly grown").exists()


def test_a_snoozed_signal_comes_back_on_its_day(surging):
    find_signals(by=surging.cast.system, at=NOW - timedelta(days=2))
    signal = Signal.objects.get()
    snooze_signal(
        signal=signal, until=TODAY - timedelta(days=1), by=surging.cast.nils, at=NOW - timedelta(days=2)
    )
    run(surging)
    signal.refresh_from_db()
    assert signal.state == SignalState.NEW


def test_what_an_open_case_is_about_is_merged_into_it(surging):
    run(surging)
    case = promote_signal(signal=Signal.objects.get(), by=surging.cast.nils, at=NOW)
    sow(surging, surging.charged, {(1, 0): 30.0}, seed=5, regions=("south",))
    run(surging)
    assert not Signal.objects.waiting().exists()
    assert set(Signal.objects.values_list("case", flat=True)) == {case.pk}


def test_a_late_coding_makes_its_day_be_counted_again(world):
    sow_quiet(world, days=100)
    run(world)
    old = TicketIssue.objects.filter(at__date=day_before(60)).first()
    TicketIssue.objects.create(
        ticket=old.ticket,
        issue=world.unfit,
        release=old.release,
        is_primary=False,
        source="person",
        coded_at=NOW,
        at=old.at,
    )
    before = len(DayCount.objects.get(day=day_before(60)).cells)
    run(world)
    assert len(DayCount.objects.get(day=day_before(60)).cells) > before


def test_a_slow_burn_is_found_over_quarters(world):
    sow_quiet(world, days=600, but=(world.late,))
    sow(world, world.late, {(600, 182): 2.0, (182, 91): 3.0, (91, 0): 4.2}, seed=7)
    run(world)
    assert Signal.objects.filter(kind="slow_burn", issue=world.late, dimension="").exists()


def test_who_may_not_run_the_analysis_can_not(world):
    with pytest.raises(NotAllowed):
        find_signals(by=world.cast.ana, at=NOW)
    assert not AnalysisRun.objects.exists()


def test_today_can_not_be_analysed_before_it_is_over(world):
    with pytest.raises(Invalid, match="not over"):
        find_signals(by=world.cast.nils, at=NOW, day=TODAY)


def test_a_signal_is_judged_once(surging):
    run(surging)
    signal = Signal.objects.get()
    dismiss_signal(signal=signal, dismissal="noise", by=surging.cast.nils, at=NOW)
    events = Event.objects.count()
    with pytest.raises(AlreadyJudged):
        promote_signal(signal=signal, by=surging.cast.nils, at=NOW)
    with pytest.raises(AlreadyJudged):
        snooze_signal(signal=signal, until=TODAY + timedelta(days=3), by=surging.cast.nils, at=NOW)
    assert Event.objects.count() == events


def test_a_signal_is_snoozed_until_a_day_to_come(surging):
    run(surging)
    with pytest.raises(Invalid):
        snooze_signal(signal=Signal.objects.get(), until=TODAY, by=surging.cast.nils, at=NOW)
    assert Signal.objects.get().state == SignalState.NEW


def test_an_agent_can_not_judge_signals(surging):
    run(surging)
    with pytest.raises(NotAllowed):
        dismiss_signal(signal=Signal.objects.get(), dismissal="noise", by=surging.cast.ana, at=NOW)
    assert Signal.objects.get().state == SignalState.NEW


def test_a_rise_of_one_version_is_explained_by_it_and_not_by_the_product_everything_has(world):
    sow_quiet(world, but=(world.charged,))
    sow(world, world.charged, {(330, 0): 2.0}, seed=1)
    Ticket.objects.filter(primary_issue=world.charged).update(product_version="3.1")
    sow(world, world.charged, {(10, 0): 6.0}, seed=2)
    Ticket.objects.filter(primary_issue=world.charged, product_version="").update(product_version="3.2")
    Ticket.objects.filter(primary_issue=world.charged).update(product=make_product("hub"))
    run(world)
    where = str(Signal.objects.get(issue=world.charged, dimension="").where)
    assert "version hub 3.2" in where
    assert "product" not in where


def test_the_run_says_how_many_lines_are_too_thin_to_show_a_doubling(world):
    sow_quiet(world, but=(world.login,), rate=12.0)
    sow(world, world.login, {(330, 0): 0.1}, seed=4, regions=("north",))
    assert "1 of the lines bring too few tickets to show a doubling" in str(run(world).sentence)
