"""Eighteen months of the demo company go through the nights as they run; what was planted is found, and nothing else.

The truths and what may be reported besides them stand in docs/demo.md.
"""

from datetime import date, timedelta

import pytest
from django.db import transaction

from apps.analysis.deadlines import midnight
from apps.analysis.models import Case, Signal, Verdict
from apps.analysis.services import find_emerging, find_signals, run_analysis
from config.demo import planted, taxonomy, world
from config.demo.load import load
from config.demo.progress import Progress
from helpdesk.models import Ticket, User

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

END = date(2025, 11, 20)
# Nights before the last one, counted back: a year's worth of looks, and the days after the surge began.
NIGHTS = (300, 260, 235, 180, 90, 21, 7)
# With less than a year behind it the analysis says itself that it cannot rule out a season: there is one of heating.
HEATING = {profile.code for profile in taxonomy.profiles() if profile.season}
# Moved complaints rise where they moved to; the beeping hubs have no code.
CONSEQUENCES = {planted.DISPLACED_TO, "no-fitting-code"}
FALSE_ALARMS = 0.1  # the share of false ones among all alarms that the analysis allows itself


class Nights:
    """What was found on which night: (kind, issue code, place) by day."""

    def __init__(self, company):
        self.company = company
        self.found = {}

    def run(self, day, *, last=False):
        at = self.company.now if last else midnight(day + timedelta(days=1))
        machine = User.objects.system()
        if last:
            run_analysis(by=machine, at=at, day=day)
        else:
            find_signals(by=machine, at=at, day=day)
            find_emerging(by=machine, at=at, day=day)
        # The signals the company's own cases began with were written down by the loader, and are not the engines'.
        seen = Signal.objects.filter(last_seen_on=day).exclude(detector="the nightly analysis")
        self.found[day] = list(seen.select_related("issue"))

    def codes(self, day, *kinds):
        return {
            signal.issue.code
            for signal in self.found[day]
            if signal.issue and (not kinds or signal.kind in kinds)
        }


@pytest.fixture(scope="module")
def nights(django_db_setup, django_db_blocker):
    """The whole world, loaded once; the nights run over it in the order of time."""
    company = world.build(end=END)
    with django_db_blocker.unblock(), transaction.atomic():
        load(company, progress=Progress(quiet=True))
        told = Nights(company)
        for back in NIGHTS:
            told.run(END - timedelta(days=back))
        told.run(END, last=True)
        yield told
        transaction.set_rollback(True)


@pytest.fixture
def told(nights, db):
    return nights


def truth(told, kind):
    return next(truth for truth in planted.truths(told.company) if truth.kind == kind)


def verdict_on(code):
    return Verdict.objects.select_related("case").get(case__issue__code=code)


def test_a_fix_that_removed_the_cause_is_proven(told):
    fix = truth(told, "proven fix")
    verdict = verdict_on(fix.issue_code)
    assert verdict.verdict == fix.expected_finding
    assert verdict.is_proven
    # Eight to one: the plan had promised half.
    assert verdict.high < 0.5
    assert verdict.saved_likely > 0
    assert Case.objects.get(issue__code=fix.issue_code).state == "monitoring"  # until the customers are told


def test_the_rise_it_ended_was_a_surge_within_three_weeks(told):
    fix = truth(told, "proven fix")
    assert fix.issue_code not in told.codes(END - timedelta(days=260))
    assert fix.issue_code in told.codes(END - timedelta(days=235), "surge")


def test_retraining_that_changed_nothing_is_called_ineffective(told):
    fix = truth(told, "fix without effect")
    verdict = verdict_on(fix.issue_code)
    assert verdict.verdict == fix.expected_finding
    assert not verdict.is_proven
    assert Case.objects.get(issue__code=fix.issue_code).state == "investigating"


def test_a_complaint_that_only_moved_is_called_displaced(told):
    fix = truth(told, "displaced")
    verdict = verdict_on(fix.issue_code)
    assert verdict.verdict == fix.expected_finding
    assert verdict.ratio < 0.5  # it did fall
    assert verdict.neighbours_observed > verdict.neighbours_expected
    assert Case.objects.get(issue__code=fix.issue_code).state == "assess"


def test_a_season_is_never_called_a_signal(told):
    season = truth(told, "season")
    assert not Signal.objects.filter(issue__code=season.issue_code).exists()


def test_a_slow_burn_is_found(told):
    burn = truth(told, "slow burn")
    assert burn.issue_code in told.codes(END, burn.expected_finding)
    assert burn.issue_code not in told.codes(END, "surge")


def test_the_fault_nobody_has_coded_is_found_by_its_words(told):
    fault = truth(told, "emerging")
    (signal,) = [signal for signal in told.found[END] if signal.kind == fault.expected_finding]
    meant = [ticket for ticket in told.company.tickets if ticket.meant == fault.issue_code]
    shown = Ticket.objects.filter(pk__in=signal.examples)
    right = shown.filter(opened_at__in=[ticket.opened_at for ticket in meant])
    assert right.count() / shown.count() > 0.8
    assert shown.count() > len(meant) / 2


def test_the_fresh_surge_is_found_within_days_and_where_it_is(told):
    surge = truth(told, "surge")
    assert surge.issue_code not in told.codes(END - timedelta(days=21))
    assert surge.issue_code in told.codes(END - timedelta(days=7), "surge")
    (signal,) = [one for one in told.found[END] if one.kind == "surge" and one.issue.code == surge.issue_code]
    for name in dict(surge.where).values():
        assert name in signal.where
    assert signal.observed > 2 * signal.expected
    # One row, kept up to date night by night.
    assert Signal.objects.filter(kind="surge", issue__code=surge.issue_code).count() == 1


def test_nothing_else_is_reported_on_the_last_night(told):
    expected = {planted.SURGE, planted.SLOW_BURN} | CONSEQUENCES
    assert told.codes(END) <= expected


def test_earlier_nights_reported_what_was_so_and_hardly_anything_else(told):
    reported = [signal for day in told.found for signal in told.found[day] if signal.issue]
    planted_in = planted.QUIET_EXCEPTIONS - {planted.SEASONAL}
    others = [signal for signal in reported if signal.issue.code not in planted_in]
    seasons = [signal for signal in others if signal.issue.code in HEATING]
    assert all("a season is not ruled out" in signal.sentence for signal in seasons)
    assert len(others) - len(seasons) <= FALSE_ALARMS * len(reported)


def test_the_same_night_again_changes_nothing(told):
    before = list(Signal.objects.order_by("pk").values())
    find_signals(by=User.objects.system(), at=told.company.now, day=END)
    assert list(Signal.objects.order_by("pk").values()) == before
