import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis import ranking
from apps.analysis.ranking import rank, rank_bands, shrink_rates

CELLS = st.lists(
    st.tuples(st.integers(0, 50), st.floats(0.5, 500), st.floats(0, 20).map(lambda money: round(money, 2))),
    min_size=1,
    max_size=12,
)


def columns(cells):
    return tuple(np.array(part, float) for part in zip(*cells, strict=True))


def sparse_cells(seed):
    """400 thin cells: the generator of the reference, rate x cost."""
    chance = np.random.default_rng(seed)
    exposure = np.exp(chance.normal(np.log(30), 1.2, 400))
    truth = chance.gamma(0.6, 0.4 / 0.6, 400) * 0.1
    cost = np.exp(chance.normal(0, 0.5, 400))
    return chance.poisson(truth * exposure), exposure, cost, truth * cost


def test_bands_of_equal_counts_are_wide_and_seeded():
    low, high = rank_bands([50] * 5, [1.0] * 5, seed=3)
    assert (low <= 2).all()
    assert (high >= 4).all()
    assert (rank_bands([50] * 5, [1.0] * 5, seed=3)[0] == low).all()


def test_a_thin_cell_is_pulled_further_than_a_thick_one():
    exposure = np.array([10.0, 1000, 1000, 1000, 1000, 1000])
    tickets = np.array([4.0, 100, 90, 110, 95, 105])
    rates = shrink_rates(tickets, exposure)
    raw = tickets / exposure
    assert rates.rate[0] < raw[0] / 2
    assert np.abs(rates.rate[1:] / raw[1:] - 1).max() < 0.15
    assert rates.common == pytest.approx(0.1, rel=0.15)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0.5, 500)), min_size=1, max_size=12))
def test_shrinking_never_leaves_the_span_of_raw_rate_and_common_rate(cells):
    tickets, exposure = (np.array(part, float) for part in zip(*cells, strict=True))
    rates = shrink_rates(tickets, exposure)
    raw = tickets / exposure
    assert (rates.rate >= np.minimum(raw, rates.common) - 1e-9).all()
    assert (rates.rate <= np.maximum(raw, rates.common) + 1e-9).all()


def test_exposure_of_zero_is_refused():
    with pytest.raises(ValueError, match="positive"):
        shrink_rates([1, 2], [1, 0])


def test_a_shrunk_ranking_finds_more_of_the_true_top_ten_than_a_raw_one():
    found = {"raw": [], "shrunk": []}
    for seed in range(200, 230):  # seeds nobody tuned on
        counts, exposure, cost, truth = sparse_cells(seed)
        best, most = set(np.argsort(-truth)[:10].tolist()), np.sort(truth)[-10:].sum()
        orders = {
            "raw": np.argsort(-counts / exposure * cost),
            "shrunk": rank(counts, exposure, cost, seed=1, draws=50).order,
        }
        for name, order in orders.items():
            top = order[:10].tolist()
            found[name].append((len(best & set(top)) / 10, truth[top].sum() / most))
    (raw_hits, raw_cost), (hits, cost) = (np.mean(found[name], axis=0) for name in ("raw", "shrunk"))
    assert hits > raw_hits + 0.03
    assert cost > raw_cost + 0.03
    assert (hits, cost) > (0.55, 0.80)


def test_the_band_holds_the_true_rank_about_eight_times_in_ten():
    inside = []
    for seed in range(300, 308):
        counts, exposure, cost, truth = sparse_cells(seed)
        found = rank(counts, exposure, cost, seed=1, draws=400)
        true = ranking.places(truth)
        inside.append(np.mean((found.low <= true) & (true <= found.high)))
    assert np.mean(inside) == pytest.approx(0.8, abs=0.04)


def test_the_chance_of_being_among_the_first_means_what_it_says():
    said, came = [], []
    for seed in range(400, 410):
        counts, exposure, cost, truth = sparse_cells(seed)
        said.append(rank(counts, exposure, cost, seed=1, draws=400).chance_of_top)
        came.append(ranking.places(truth) <= 10)
    sure = (chance := np.concatenate(said)) > 0.5
    assert np.concatenate(came)[sure].mean() == pytest.approx(chance[sure].mean(), abs=0.12)


@settings(deadline=None, max_examples=40)
@given(CELLS)
def test_ranks_are_places_and_bands_hold_within_the_list(cells):
    counts, exposure, cost = columns(cells)
    found = rank(counts, exposure, cost, seed=2, draws=60, top=3)
    assert sorted(found.rank) == list(range(1, len(cells) + 1))
    assert (found.low >= 1).all()
    assert (found.low <= found.high).all()
    assert (found.high <= len(cells)).all()
    assert found.chance_of_top.sum() == pytest.approx(min(3, len(cells)))
    assert (np.diff(found.value[found.order]) <= 0).all()


@settings(deadline=None, max_examples=25)
@given(CELLS, st.floats(0.01, 100))
def test_the_order_does_not_change_with_the_currency(cells, factor):
    counts, exposure, cost = columns(cells)
    one, other = (rank(counts, exposure, money, seed=2, draws=40) for money in (cost, cost * factor))
    np.testing.assert_allclose(one.value * factor, other.value)
    assert (np.diff(one.value[other.order]) <= 1e-9 * one.value.max()).all()


def test_uncertain_weights_widen_the_band():
    chance = np.random.default_rng(4)
    counts = np.array([400.0, 300, 200, 100])
    low, high = rank_bands(counts, np.ones(4), seed=1, draws=500)
    wide_low, wide_high = rank_bands(counts, chance.lognormal(0, 1, (500, 4)), seed=1, draws=500)
    assert (high - low).sum() == 0
    assert (wide_high - wide_low).sum() >= 6
    with pytest.raises(ValueError, match="as many draws"):
        rank_bands(counts, np.ones((3, 4)), seed=1, draws=500)


def test_a_long_list_is_ranked_block_by_block_alike(monkeypatch):
    counts, exposure, cost, _ = sparse_cells(7)
    whole = rank(counts, exposure, cost, seed=1, draws=64)
    monkeypatch.setattr(ranking, "BLOCK", 1000)
    parts = rank(counts, exposure, cost, seed=1, draws=64)
    assert (whole.low == parts.low).all()
    assert (whole.high == parts.high).all()


def test_a_rank_is_written_with_its_band():
    assert ranking.rank_words(2, 1, 4) == "2 (1–4)"
    assert ranking.rank_words(3, 3, 3) == "3"
    assert rank([900, 90, 9], [100] * 3, [1.0] * 3, seed=1).words(0) == "1"


def test_nothing_to_rank_gives_nothing():
    assert rank([], [], [], seed=1).order.size == 0


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (([1, 2], [1.0], [1.0, 1.0]), "length"),
        (([1, 2], [1.0, 1.0], [1.0, -1.0]), "negative"),
        (([1, -2], [1.0, 1.0], [1.0, 1.0]), "negative"),
        (([1, 2], [1.0, 0.0], [1.0, 1.0]), "positive"),
    ],
)
def test_cells_that_cannot_be_are_refused(cells, said):
    with pytest.raises(ValueError, match=said):
        rank(*cells, seed=1)
