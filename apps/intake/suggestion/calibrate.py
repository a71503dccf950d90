"""How sure a suggestion may be.

Method: margins of coded tickets that were held out of training (five folds of up to 2,000 tickets; of more a fifth at
random) give (1) the temperature of a softmax, the divisor at which the tickets' own issues are likeliest (Guo and
others, "On Calibration of Modern Neural Networks", 2017); (2) the confidence from which nineteen in twenty were right.
Calibrated on average, not for each issue.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from apps.intake.suggestion.kinds import Floats, Ints

PRIOR_TEMPERATURE = 0.5
ENOUGH = 60
_SMALLEST_TEMPERATURE, _LARGEST_TEMPERATURE = 0.02, 5.0
_FOLDS, _MOST_IN_FOLDS = 5, 2_000
_PRECISION, _Z = (
    0.95,
    0.84,
)  # of an eightieth one-sided interval: a threshold found by looking is found too low
_FEWEST_SURE = 30
_LEAST_SURE = 0.5  # though everything had been right: tomorrow has its novelties

Bools = npt.NDArray[np.bool_]


def held_out(coded: int, seed: int) -> Iterator[Bools]:
    """Which of the coded tickets to hold out, one round after another; none while there are few."""
    if coded < ENOUGH:
        return
    turn = np.random.default_rng(seed).permutation(coded)
    if coded > _MOST_IN_FOLDS:
        yield np.isin(np.arange(coded), turn[: min(coded // _FOLDS, _MOST_IN_FOLDS)])
        return
    for fold in range(_FOLDS):
        yield np.isin(np.arange(coded), turn[fold::_FOLDS])


def temperature(margins: Floats, truth: Ints) -> float:
    from scipy.optimize import minimize_scalar

    def surprise(log_temperature: float) -> float:
        likelihood = softmax(margins / np.exp(log_temperature))[np.arange(len(truth)), truth]
        return float(-np.log(likelihood + 1e-9).mean())

    bounds = (np.log(_SMALLEST_TEMPERATURE), np.log(_LARGEST_TEMPERATURE))
    return float(np.exp(minimize_scalar(surprise, bounds=bounds, method="bounded").x))


def softmax(margins: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    shifted = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def sure_from(confidences: npt.NDArray[np.floating], right: Bools) -> float | None:
    """The lowest confidence from which nineteen in twenty were right, by the lower end of Wilson's interval.

    None when there is no such confidence, or fewer than 30 tickets above it.
    """
    order = np.argsort(-confidences, kind="stable")
    n = np.arange(1, len(order) + 1)
    share = right[order].cumsum() / n
    spread = _Z * np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    least = (share + _Z**2 / (2 * n) - spread) / (1 + _Z**2 / n)
    ends = np.append(np.diff(confidences[order]) < 0, True)  # equal confidences stand or fall together
    good = np.flatnonzero((least >= _PRECISION) & (n >= _FEWEST_SURE) & ends)
    return max(float(confidences[order][good[-1]]), _LEAST_SURE) if good.size else None
