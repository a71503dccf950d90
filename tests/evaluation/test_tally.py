import pytest

from apps.evaluation.tally import Standing, Tally, standing, total


@pytest.mark.parametrize(
    ("good", "counted", "target", "found"),
    [
        (90, 100, 0.9, Standing.MET),
        (89, 100, 0.9, Standing.MISSED),
        (9, 9, 0.9, Standing.TOO_FEW),
        (0, 10, 0.9, Standing.MISSED),
        (0, 0, 0.9, Standing.TOO_FEW),
        (0, 100, None, Standing.NO_GOAL),
    ],
)
def test_a_share_is_judged_when_enough_was_counted(good, counted, target, found):
    assert standing(Tally(good, counted), target) == found


def test_months_add_up_by_what_was_counted_and_not_by_their_shares():
    assert total([Tally(1, 1), Tally(0, 9), Tally()]).share == 0.1


def test_nothing_counted_is_no_share():
    assert Tally().share is None
