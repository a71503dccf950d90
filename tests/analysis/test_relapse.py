import numpy as np
import pytest

from apps.analysis import relapse
from tests.analysis import planted


@pytest.mark.parametrize(("level", "dispersion"), [(0.3, 1.0), (2.0, 1.5), (10.0, 2.0)])
def test_a_level_that_holds_is_seldom_called_a_relapse_in_a_whole_year(level, dispersion):
    counts = planted.counts(np.full((800, 365), level), seed=1, dispersion=dispersion)
    assert relapse.watch(counts, level, dispersion).alarmed.mean() <= 0.05


def test_a_doubling_at_two_a_day_is_seen_in_about_a_week():
    counts = planted.counts(np.full((400, 60), 4.0), seed=2, dispersion=1.5)
    watched = relapse.watch(counts, 2.0, 1.5)
    assert watched.alarmed.all()
    assert np.median(watched.first_alarm + 1) <= 8


def test_fewer_tickets_are_never_a_relapse():
    assert not relapse.watch(np.zeros((3, 400)), 2.0, 1.5).alarmed.any()


def test_evidence_starts_afresh_every_year():
    counts = np.zeros((1, 20))
    counts[0, 10:] = 9
    watched = relapse.watch(counts, 3.0, 1.0, restart_every=10)
    whole = relapse.watch(counts[:, 10:], 3.0, 1.0)
    assert watched.log_evidence[0, 10:].tolist() == pytest.approx(whole.log_evidence[0].tolist())


def test_an_expected_season_is_not_a_relapse():
    expected = 3 * np.exp(0.8 * np.sin(np.arange(365) / 58))
    counts = planted.counts(np.tile(expected, (300, 1)), seed=3, dispersion=1.5)
    assert relapse.watch(counts, expected, 1.5).alarmed.mean() <= 0.05


def test_the_evidence_of_a_day_does_not_depend_on_later_days():
    counts = planted.counts(np.full((5, 80), 4.0), seed=4)
    whole, part = (relapse.watch(table, 2.0, 1.3).log_evidence for table in (counts, counts[:, :30]))
    assert whole[:, :30] == pytest.approx(part)


def test_a_watch_of_no_days_has_no_alarm():
    assert not relapse.watch(np.zeros((2, 0)), 1.0, 1.0).alarmed.any()


def test_the_ceiling_lies_above_the_level():
    assert relapse.ceiling(20.0, 1.5) > 25
    assert relapse.ceiling(20.0, 3.0) > relapse.ceiling(20.0, 1.0)


def test_a_level_of_zero_is_refused():
    with pytest.raises(ValueError, match="above zero"):
        relapse.watch(np.ones((1, 5)), 0.0, 1.0)


def test_a_certain_false_alarm_is_refused():
    with pytest.raises(ValueError, match="false alarm"):
        relapse.watch(np.ones((1, 5)), 1.0, 1.0, ever_false=1.0)


def test_the_sentence_carries_its_false_alarm_rate():
    text = relapse.sentence(31, 12.4, "Charged twice", days=9)
    assert str(text) == (
        "Charged twice is back: 31 tickets in 9 days, where the proven level allows 12. "
        "A watch like this is wrong at most 5 times in 100 a year."
    )


def test_a_relapse_began_about_when_it_began():
    counts = planted.counts(
        np.r_[np.full(100, 2.0), np.full(60, 5.0)] * np.ones((200, 1)), seed=6, dispersion=1.5
    )
    watched = relapse.watch(counts, 2.0, 1.5)
    late = watched.first_alarm >= 100
    assert late.mean() > 0.9
    assert np.median(np.abs(watched.began[late] - 100)) <= 3
    assert (watched.began[late] <= watched.first_alarm[late]).all()


def test_what_never_came_back_never_began():
    assert relapse.watch(np.zeros((2, 30)), 2.0, 1.5).began.tolist() == [-1, -1]


def test_a_relapse_after_the_restart_began_in_its_own_year():
    counts = np.zeros((1, 20))
    counts[0, 10:] = 9
    watched = relapse.watch(counts, 3.0, 1.0, restart_every=10)
    assert watched.began[0] == 10


def test_a_level_known_only_roughly_is_watched_from_its_upper_end():
    # 60 tickets tell a level give or take a quarter: from the middle of that, a year's watch cries wolf.
    chance = np.random.default_rng(8)
    told = chance.poisson(60, size=400) / 30
    upper = (told * 30 + 1.645 * np.sqrt(told * 30)) / 30
    counts = planted.counts(np.full((400, 365), 2.0), seed=9)
    assert relapse.watch(counts, told[:, None], 1.3).alarmed.mean() > 0.1
    assert relapse.watch(counts, upper[:, None], 1.3).alarmed.mean() <= 0.05
