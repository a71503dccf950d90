"""A level that people have accepted: from its day on a line is held against what it has been since.

Without it a step that is here to stay (a new market, a product sold twice as often) is an outlier of the robust fit for
a year, and a surge for as long as the local level needs to follow.

Method: the line's own baseline, over all its days, with one column more: a step on that day. Its coefficient is the
logarithm of the step, with its variance, and serves as an offset from then on. A step of a few days is as uncertain as
its tickets are few, and the expectation is less sure by that much.
"""

from dataclasses import dataclass

import numpy as np

from apps.analysis.baseline import Design, fit
from apps.analysis.series import Floats, Ints

_PRECISION = 0.1  # ridge on a step: hardly any, for people have said that there is one


@dataclass(frozen=True)
class Steps:
    """For some lines: the logarithm of their step as an offset (lines, days), its size as a factor (lines,) and the
    variance of its logarithm, 0 before the step (lines, days)."""

    offset: Floats
    factor: Floats
    variance: Floats


def find_steps(
    table: Floats, begins: Ints, model: Design, penalty: Floats, offset: Floats, weights: Floats, span: int
) -> Steps:
    """The steps of `table` (lines, days), each on its day `begins` (lines,).

    `penalty` (lines, columns of the model), `offset` and `weights` (lines, days) and `span` are those of the baseline.
    """
    days = np.arange(table.shape[1])
    size, variance = np.zeros(len(table)), np.zeros(len(table))
    for row, begin in enumerate(begins):
        one = slice(row, row + 1)
        found = fit(
            table[one],
            np.column_stack([model.columns, days >= begin]),
            np.append(penalty[row], _PRECISION),
            offset=offset[one],
            weights=weights[one],
            outlier_span=span,
        )
        size[row], variance[row] = found.coefficients[0, -1], found.covariance[0, -1, -1]
    after = days >= begins[:, None]
    return Steps(after * size[:, None], np.exp(size), after * variance[:, None])
