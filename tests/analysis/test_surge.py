from datetime import date, timedelta

import numpy as np
import pytest

from apps.analysis import surge
from tests.analysis import planted

LENGTH = 700


def look(table, calendar=None, **options):
    calendar = calendar or planted.days(np.shape(table)[1])
    return surge.find_surges(surge.survey(table, calendar, **options))


def test_a_planted_surge_is_found_with_its_size_and_beginning():
    mean = planted.usual(40, LENGTH)
    mean[7, -6:] *= 4
    found = look(planted.counts(mean, seed=1))
    assert found[0].series == 7
    assert found[0].is_alarm
    assert found[0].ratio == pytest.approx(4, rel=0.4)
    assert abs(found[0].started - (LENGTH - 6)) <= 2
    assert len([one for one in found if one.is_alarm]) <= 2  # one discovery in ten may be chance


def test_a_season_is_not_called_a_surge():
    step = np.arange(LENGTH)
    peak_today = np.exp(1.0 * np.cos(2 * np.pi * (step - LENGTH) / 365.25))
    table = planted.counts(3 * planted.WEEK[step % 7] * peak_today * np.ones((60, 1)), seed=2)
    assert not [one for one in look(table) if one.is_alarm]


def test_a_short_sharp_season_is_not_called_a_surge_the_second_time():
    step = np.arange(548)
    away = (step - 545 + 182) % 365 - 182  # days from the peak, which came a year ago and is back now
    mean = 4 * planted.WEEK[step % 7] * (1 + 2.5 * np.exp(-0.5 * (away / 9) ** 2)) * np.ones((30, 1))
    table = planted.counts(mean, seed=2)
    for today in (530, 537, 544, 548):
        assert len([one for one in look(table[:, :today]) if one.is_alarm]) <= 1
    table[4, -5:] *= 3
    assert 4 in [one.series for one in look(table) if one.is_alarm]


def test_a_known_holiday_is_not_called_a_surge():
    first = planted.FIRST
    last = first + timedelta(days=LENGTH - 1)
    holidays = {first + timedelta(days=n) for n in range(40, LENGTH - 1, 45)} | {last}
    calendar = planted.days(LENGTH, holidays)
    mean = planted.usual(30, LENGTH, level=8)
    mean[:, calendar.holiday] *= 3
    table = planted.counts(mean, seed=3)
    assert not [one for one in look(table, calendar) if one.is_alarm]
    assert [one for one in look(table, planted.days(LENGTH)) if one.is_alarm]


def test_more_customers_are_not_a_surge_when_the_exposure_is_known():
    exposure = np.ones(LENGTH)
    exposure[-10:] = 3.0
    table = planted.counts(planted.usual(20, LENGTH, level=5) * exposure, seed=4)
    assert not [one for one in look(table, offset=np.log(exposure)) if one.is_alarm]
    assert len([one for one in look(table) if one.is_alarm]) == 20


def test_an_old_surge_does_not_hide_a_new_one():
    hidden = 0
    for seed in range(12):
        mean = planted.usual(5, LENGTH)
        mean[3, -5:] *= 5
        fresh = 3 in [one.series for one in look(planted.counts(mean, seed=seed)) if one.is_alarm]
        mean[3, -200:-180] *= 6
        after = 3 in [one.series for one in look(planted.counts(mean, seed=seed)) if one.is_alarm]
        hidden += fresh and not after
    assert hidden <= 2  # the same counts can't be drawn with and without it


def test_a_new_normal_is_absorbed_within_six_weeks():
    mean = planted.usual(20, LENGTH, level=5)
    mean[:, -70:] *= 1.8
    assert len([one for one in look(planted.counts(mean, seed=6)) if one.is_alarm]) <= 1


def test_thin_series_raise_no_alarm_for_a_ticket_or_two():
    table = np.zeros((50, LENGTH))
    table[:, -1] = 2
    assert not look(table)


def test_a_series_without_any_ticket_is_quiet():
    assert not look(np.zeros((3, LENGTH)))


def test_a_short_history_does_not_crash_and_finds_a_big_surge():
    mean = planted.usual(10, 90, level=3, season=0)
    mean[2, -7:] *= 5
    assert [one.series for one in look(planted.counts(mean, seed=8)) if one.is_alarm] == [2]


def test_a_young_series_is_judged_from_its_first_day_on():
    mean = planted.usual(10, LENGTH, level=4)
    mean[4, :-120] = 0
    table = planted.counts(mean, seed=9)
    since = np.zeros(10, int)
    since[4] = LENGTH - 120
    assert 4 not in [one.series for one in look(table, since=since) if one.is_alarm]


def test_a_thin_child_inherits_its_parents_week():
    step = np.arange(LENGTH)
    shape = np.where(step % 7 == (LENGTH - 1) % 7, 5.0, 0.3)
    mean = np.stack([20 * shape, 0.15 * shape])
    table = planted.counts(mean, seed=10, dispersion=1)
    alone = surge.survey(table, planted.days(LENGTH))
    led = surge.survey(table, planted.days(LENGTH), parents=[-1, 0])
    share = [one.expected[1, -1] / one.expected[1, -7:].sum() for one in (alone, led)]
    truth = 5 / 6.8
    assert abs(share[1] - truth) < abs(share[0] - truth)
    assert share[1] == pytest.approx(truth, abs=0.08)


def test_a_child_that_surges_with_its_parent_is_folded_into_it():
    mean = planted.usual(2, LENGTH, level=6)
    mean[:, -5:] *= 3
    table = planted.counts(mean, seed=11)
    found = surge.find_surges(surge.survey(table, planted.days(LENGTH)), parents=[-1, 0])
    assert {one.series: one.parent for one in found} == {0: None, 1: 0}


def test_the_morning_of_a_quiet_day_is_not_taken_for_a_drop_or_a_surge():
    table = planted.counts(planted.usual(30, LENGTH, level=10), seed=12).astype(float)
    table[:, -1] = np.round(table[:, -1] * 0.1)
    seen = surge.survey(table, planted.days(LENGTH), elapsed=0.1)
    assert not [one for one in surge.find_surges(seen, elapsed=0.1) if one.is_alarm]


def test_a_surge_shows_before_the_day_is_over():
    table = planted.counts(planted.usual(30, LENGTH, level=10), seed=13).astype(float)
    table[:, -1] = np.round(table[:, -1] * 0.5)
    table[5, -1] = 40
    seen = surge.survey(table, planted.days(LENGTH), elapsed=0.5)
    assert [one.series for one in surge.find_surges(seen, elapsed=0.5) if one.is_alarm] == [5]


def test_false_alarms_stay_rare_on_series_with_nothing_the_matter():
    table = planted.counts(planted.usual(400, LENGTH + 28, level=1.0), seed=14)
    seen = surge.survey(table, planted.days(LENGTH + 28), watched=56)
    over = seen.p[:, -30:] < seen.rules.alarm
    fresh = over & ~np.concatenate([np.zeros((400, 1), bool), over[:, :-1]], 1)
    assert fresh.sum() * 1000 / 400 <= 20  # per 1,000 series-months; 10 is the goal on average


def test_a_weekly_calendar_finds_a_planted_surge():
    step = np.arange(160)
    mean = 6 * np.exp(0.3 * np.cos(2 * np.pi * step / 52.18)) * np.ones((20, 1))
    mean[9, -2:] *= 4
    found = look(planted.counts(mean, seed=15), planted.weeks(160), rules=surge.WEEKLY)
    assert found[0].series == 9


def test_the_same_series_gets_the_same_p_alone_and_in_company():
    table = planted.counts(planted.usual(600, 200), seed=16)
    calendar = planted.days(200)
    together, alone = surge.survey(table, calendar), surge.survey(table[555:556], calendar)
    assert together.p[555] == pytest.approx(alone.p[0], rel=1e-6)


def test_a_surge_ends_after_three_ordinary_days():
    expected = np.full(6, 4.0)
    assert surge.has_ended(np.array([20, 18, 15, 5, 4, 3.0]), expected, 1.3)
    assert not surge.has_ended(np.array([20, 18, 15, 12, 4, 3.0]), expected, 1.3)


def test_too_little_history_is_refused():
    with pytest.raises(ValueError, match="too few"):
        surge.survey(np.ones((1, 40)), planted.days(40))


def test_counts_that_do_not_match_the_calendar_are_refused():
    with pytest.raises(ValueError, match="length"):
        surge.survey(np.ones((1, 100)), planted.days(90))


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="not negative"):
        surge.survey(-np.ones((1, 100)), planted.days(100))


@pytest.mark.parametrize(("hour", "share"), [(0.0, 0.0), (12.0, 0.5), (23.9999, 1.0)])
def test_without_a_profile_the_day_passes_evenly(hour, share):
    assert surge.elapsed_share(np.zeros(168), 48 + hour) == pytest.approx(share, abs=0.001)


def test_office_hours_shape_the_day():
    hourly = np.zeros(168)
    hourly[9:17] = 500.0
    assert surge.elapsed_share(hourly, 9.0) < 0.02
    assert surge.elapsed_share(hourly, 13.0) == pytest.approx(0.5, abs=0.02)


def test_the_busier_a_line_the_smaller_the_rise_it_shows():
    rises = [surge.smallest_visible_rise(level) for level in (0.2, 1.0, 5.0, 20.0)]
    assert rises == sorted(rises, reverse=True)
    assert rises[0] >= 5
    assert surge.smallest_visible_rise(0.001) is None


def test_the_sentence_can_be_read_by_anybody():
    one = surge.Surge(0, True, 7, 41.0, 18.2, (13, 23), 2e-4, 0.01, 5, None)
    text = surge.sentence(one, "‘Card not arrived’ in North", started=date(2025, 6, 3))
    assert str(text) == (
        "‘Card not arrived’ in North: 41 tickets in the last 7 days, we expect 18 (13 to 23 is usual). "
        "By chance this happens about once in 5 years for a line like this. Started on Tue 3 Jun."
    )


def test_every_day_of_the_calendar_knows_its_weekday():
    assert planted.days(8).weekday.tolist() == [date(2023, 1, 2 + n).weekday() for n in range(8)]


def test_the_least_rate_is_where_a_rise_begins_to_show():
    for factor in (2.0, 5.0):
        rate = surge.least_rate(factor)
        assert surge.smallest_visible_rise(1.05 * rate) <= factor
        assert (surge.smallest_visible_rise(0.9 * rate) or np.inf) > factor
    assert surge.least_rate(5.0) < surge.least_rate(2.0)


@pytest.mark.parametrize("rate", [0.001, 0.05, 0.3, 1.1, 4.0, 25.0, 140.0])
def test_the_rise_of_many_lines_is_found_by_the_same_rules(rate):
    near = {surge.smallest_visible_rise(rate * off) for off in (0.97, 1.0, 1.03)}
    assert surge.visible_rise(rate) in near
