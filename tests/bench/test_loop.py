"""A small slice of every benchmark: the numbers of the whole come from `python -m bench.loop`."""

import numpy as np
import pytest

from bench.loop import localise, proof, ranking, relapse, surge
from bench.loop.generators import fixes, measures, stream, tickets
from bench.loop.table import Measure, gathered, printed


def short_of(measures_found):
    return [row.measure.name for row in gathered(measures_found) if not row.reached]


def test_planted_causes_are_found_among_sparse_tickets():
    found = {one.name: one.value for one in localise.ticket_measures(3, "plain", tickets.PLAIN, instances=4)}
    assert found["plain: F1"] >= 0.8
    assert found["plain: precision"] == 1
    assert found["plain: top-1"] == 1


def test_planted_causes_are_found_through_growth_gaps_and_copies():
    found = {one.name: one.value for one in localise.ticket_measures(4, "hard", tickets.HARD, instances=4)}
    assert found["hard: F1"] >= 0.75
    assert found["hard: precision"] == 1


def test_faults_are_found_in_measured_amounts():
    assert not short_of(localise.amount_measures(5, "L", measures.L, 4, least=0.95, reference=1.0))
    score = localise.scored(
        localise._amount_case(measures.instance(measures.S, 300 + number)) for number in range(4)
    )
    assert score.precision >= 0.9
    assert score.right_first == 1


def test_outbreaks_are_found_in_daily_signals():
    found = {one.name: one.value for one in surge.daily_measures(2, copies=1)}
    assert found["daily: specificity"] >= 0.96
    assert found["daily: sensitivity"] >= 0.65


def test_a_fix_that_did_nothing_is_seldom_proven_and_half_fewer_are():
    setting = fixes.SETTINGS[4]
    nothing, half = (proof._proven(proof._compared(setting, 150, left, seed=7)).mean() for left in (1.0, 0.5))
    assert nothing <= 0.12
    assert half >= 0.8


def test_a_watch_seldom_cries_wolf():
    assert not short_of(relapse.run(3, series=400))


def test_shrunk_rates_rank_better_than_raw_ones():
    assert not short_of(ranking.run(3, worlds=12))


def test_a_stream_has_rising_issues_nobody_coded():
    labels = [f"issue {number % 16}" for number in range(320)]
    drawn = stream.stream(labels, seed=1)
    coded = {labels[i] for i in drawn.coded}
    assert len(drawn.rising) == 3
    assert not coded & set(drawn.rising)
    late = drawn.day >= stream.RISE_ON
    rising = np.isin([labels[i] for i in drawn.text], drawn.rising)
    assert (rising & late).sum() > 5 * (rising & ~late).sum()


@pytest.mark.parametrize("design", [measures.S, measures.L], ids=["S", "L"])
def test_a_planted_fault_changes_its_leaves_by_its_share(design):
    world = measures.instance(design, 11)
    attribute_values = [dict(place) for place in world.causes]
    inside = np.any(
        [np.all([world.leaves[:, a] == v for a, v in place.items()], 0) for place in attribute_values], 0
    )
    larger = np.maximum(world.real, world.forecast)
    share = np.abs(world.real - world.forecast)[inside] / np.maximum(larger[inside], 1e-9)
    assert np.median(share[larger[inside] > 0]) > 0.15


def test_the_table_tells_mean_range_and_what_is_short():
    rows = gathered(
        [Measure("surge", "POD", value, 0.5, reference=0.45) for value in (0.4, 0.5)]
        + [Measure("x", "shown", 1.0)]
    )
    text = printed(rows).splitlines()
    assert "0.450" in text[1]
    assert "0.400-0.500" in text[1]
    assert text[1].endswith("SHORT")
    assert text[2].endswith("1.000")
