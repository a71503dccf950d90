"""What moves on a page is added up as browsers do it."""

import pytest

from bench.paint import shifted


@pytest.mark.parametrize(
    ("shifts", "worst"),
    [
        ([], 0.0),
        ([(200, 0.01)], 0.01),
        ([(200, 0.01), (900, 0.02)], 0.03),  # in one go
        ([(200, 0.01), (1_900, 0.02)], 0.02),  # a second without a movement lies between them
        (
            [
                (0, 0.01),
                (900, 0.01),
                (1_800, 0.01),
                (2_700, 0.01),
                (3_600, 0.01),
                (4_500, 0.01),
                (5_400, 0.5),
            ],
            0.5,
        ),
    ],
)
def test_what_moves_in_one_go_counts_together(shifts, worst):
    assert shifted(shifts) == pytest.approx(worst)
