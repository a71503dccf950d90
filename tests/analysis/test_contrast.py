import numpy as np
import pytest

from apps.analysis.contrast import Finding, Fourfold, contrast, odds_ratio, sentence


def table(inside, outside, others_inside, others_outside, weeks=1):
    """The same counts in each of so many weeks."""
    return Fourfold(*(np.full(weeks, float(n)) for n in (inside, outside, others_inside, others_outside)))


def drawn(seed, *, weeks=12, tickets=6.0, share=0.2, odds=1.0, others=200):
    dice = np.random.default_rng(seed)
    beside = dice.binomial(others, share, weeks)
    case = dice.poisson(tickets, weeks)
    inside = dice.binomial(case, odds * share / (odds * share + 1 - share))
    return Fourfold(*(n.astype(float) for n in (inside, case - inside, beside, others - beside)))


def test_one_week_is_the_plain_odds_ratio():
    found, dispersion = odds_ratio(table(12, 8, 50, 150))
    assert found.ratio == pytest.approx(12 * 150 / (8 * 50))
    # Woolf's error of a single table.
    assert found.error == pytest.approx((1 / 12 + 1 / 8 + 1 / 50 + 1 / 150) ** 0.5)
    assert dispersion == 1


def test_a_place_that_grows_is_not_taken_for_the_cause():
    """Summed up, the place has three times the odds; in no single week it has."""
    weeks = Fourfold(np.array([8.0, 240]), np.array([72.0, 60]), np.array([20.0, 160]), np.array([180.0, 40]))
    assert odds_ratio(weeks)[0].ratio == pytest.approx(1, abs=0.01)
    assert contrast(weeks).finding == Finding.AGAINST


@pytest.mark.parametrize(
    ("inside", "outside", "finding"),
    [
        (30, 10, Finding.SUPPORTS),
        (40, 160, Finding.AGAINST),
        (3, 12, Finding.TOO_FEW),
        (6, 3, Finding.TOO_FEW),  # under ten tickets nothing is told, however clear it looks
    ],
)
def test_what_is_said_of_a_place_with_a_fifth_of_all_contacts(inside, outside, finding):
    assert contrast(table(inside, outside, 400, 1600)).finding == finding


def test_an_issue_that_always_lived_there_speaks_against_the_place():
    before = table(16, 4, 100, 100, weeks=40)
    found = contrast(table(48, 12, 100, 100, weeks=6), before)
    assert found.is_rise
    assert found.finding == Finding.AGAINST
    assert (
        contrast(table(48, 12, 100, 100, weeks=6)).finding == Finding.SUPPORTS
    )  # which is why one looks before


def test_what_rose_elsewhere_as_well_has_another_cause_besides():
    before = table(1, 4, 50, 150, weeks=20)
    found = contrast(table(12, 12, 50, 150, weeks=6), before)
    assert found.finding == Finding.SUPPORTS
    assert found.rose_elsewhere
    assert "not the whole cause" in str(sentence(found, "region north"))


def test_a_version_that_was_not_there_yet_is_held_against_the_others_alone():
    found = contrast(table(9, 3, 20, 180, weeks=3), table(0, 4, 0, 200, weeks=20))
    assert not found.is_rise
    assert found.finding == Finding.SUPPORTS


def test_all_inside_is_a_number_and_no_infinity():
    found = contrast(table(20, 0, 100, 100))
    assert found.finding == Finding.SUPPORTS
    assert np.isfinite([found.odds.ratio, found.odds.low, found.odds.high]).all()


def test_no_ticket_at_all_tells_nothing():
    found = contrast(table(0, 0, 100, 100))
    assert found.finding == Finding.TOO_FEW
    assert "Under 10 tickets" in str(sentence(found, "region north"))


def test_weeks_that_cling_to_one_place_widen_the_interval():
    spread = table(10, 10, 100, 100, weeks=8)
    clinging = Fourfold(
        np.array([20.0, 0] * 4), np.array([0.0, 20] * 4), spread.others_inside, spread.others_outside
    )
    assert contrast(clinging).dispersion > 2
    assert contrast(clinging).odds.error > 1.5 * contrast(spread).odds.error


def test_a_place_that_is_nothing_special_is_called_so_rarely():
    called = sum(contrast(drawn(seed)).finding == Finding.SUPPORTS for seed in range(400))
    assert called <= 0.075 * 400


def test_three_times_the_odds_are_found():
    found = [contrast(drawn(seed, odds=3.0)) for seed in range(100)]
    assert sum(one.finding == Finding.SUPPORTS for one in found) >= 90
    assert sum(one.odds.low <= 3 <= one.odds.high for one in found) >= 80


def test_the_sentence_says_what_was_seen_and_what_was_to_be_expected():
    said = str(sentence(contrast(table(30, 10, 400, 1600)), "version hub 4.2"))
    assert said.startswith(
        "30 of 40 tickets are in version hub 4.2, where the other contacts of the same weeks"
    )
    assert "lead to expect 8." in said
