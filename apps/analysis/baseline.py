"""What to expect when nothing is the matter: a robust quasi-Poisson baseline for thousands of series at once.

    log expected = offset + level + trend + two yearly waves + weekday + holiday + day after a holiday

All series share one design matrix, so a Newton step for all of them is one matrix product (weights times the
products of the columns) and one batch of small solves: cost grows as series x steps x columns squared. Small
ridge penalties keep thin series sane (they shrink towards no effect, or towards a parent's coefficients).
Earlier surges are weighted down by their Anscombe residual so that they do not inflate the baseline
(Farrington 1996; Noufaily 2013, weights (2.58 / r)^2), and dispersion is shrunk a little towards 1.3 and
never below 1.
"""

from dataclasses import dataclass

import numpy as np

from apps.analysis.series import Calendar, Floats, as_offset

OUTLIER = 2.58  # standardised residual above which a step counts for less (Noufaily 2013)
_LEVEL, _TREND, _YEARLY, _WEEKDAY, _HOLIDAY = 1e-6, 2.0, 2.0, 0.2, 0.05  # ridge precisions
_TYPICAL_DISPERSION, _DISPERSION_WEIGHT = 1.3, 10.0
_ETA_LIMIT = 15.0  # keeps exp() finite while a thin series is still finding its level
_BLOCK = 512  # series fitted together: a few megabytes of work space, which stays in the processor's cache


@dataclass(frozen=True)
class Design:
    """Columns of the model (steps, columns), their ridge precisions, and which of them are yearly waves."""

    columns: Floats
    penalty: Floats
    yearly: slice

    def between(self, start: int, stop: int) -> "Design":
        return Design(self.columns[start:stop], self.penalty, self.yearly)


@dataclass(frozen=True)
class Fit:
    """A baseline for S series over T steps: coefficients (S, p), covariance (S, p, p) with dispersion in it,
    dispersion (S,), robustness weights (S, T) and expected counts (S, T).
    """

    coefficients: Floats
    covariance: Floats
    dispersion: Floats
    weights: Floats
    expected: Floats

    def expect(self, columns: Floats, offset: Floats) -> Floats:
        """Expected counts (S, H) on further steps whose design columns are (H, p)."""
        return _exp(self.coefficients @ columns.T + offset)

    def log_variance(self, columns: Floats) -> Floats:
        """Variance (S, H) of the logarithm of those expectations, from the uncertainty of the fit alone."""
        variance: Floats = np.einsum("hp,spq,hq->sh", columns, self.covariance, columns, optimize=True)
        return variance


def design(calendar: Calendar, *, harmonics: int = 2, trend: bool = True, reference: int = -1) -> Design:
    """Design columns for a calendar; the trend is per year, and zero at the step `reference`."""
    position = calendar.position.astype(np.float64)
    blocks: list[tuple[float, Floats]] = [(_LEVEL, np.ones(len(calendar)))]
    if trend:
        blocks.append((_TREND, (position - position[reference]) / calendar.steps_a_year))
    first_wave = len(blocks)
    for order in range(1, harmonics + 1):
        angle = 2 * np.pi * order * position / calendar.steps_a_year
        blocks += [(_YEARLY, np.cos(angle)), (_YEARLY, np.sin(angle))]
    yearly = slice(first_wave, len(blocks))
    if calendar.weekday is not None:
        blocks += [(_WEEKDAY, (calendar.weekday == day).astype(np.float64)) for day in range(1, 7)]
    for mark in (calendar.holiday, calendar.after_holiday):
        if mark is not None:
            blocks.append((_HOLIDAY, mark.astype(np.float64)))
    return Design(np.stack([column for _, column in blocks], 1), np.array([p for p, _ in blocks]), yearly)


def fit(
    counts: Floats,
    columns: Floats,
    penalty: Floats,
    *,
    offset: Floats | None = None,
    weights: Floats | None = None,
    prior: Floats | None = None,
    robust: bool = True,
    outlier_span: int = 1,
) -> Fit:
    """Fit the baseline of every series.

    `counts` (S, T); `columns` (T, p); `penalty` ridge precisions, (p,) or (S, p); `offset` log exposure,
    broadcastable to (S, T); `weights` (S, T), 0 leaves a step out; `prior` (S, p) coefficients to shrink
    towards; `outlier_span` steps over which outliers are looked for as well as step by step. Needs about 56 steps
    to mean something; a series without any ticket fits a level near zero.
    """
    series, width = counts.shape[0], columns.shape[1]
    offset = as_offset(offset, counts.shape)
    weights = np.broadcast_to(np.ones(1) if weights is None else weights, counts.shape)
    prior = np.zeros((series, width)) if prior is None else prior
    penalties = np.broadcast_to(penalty, (series, width))
    pairs = (columns[:, :, None] * columns[:, None, :]).reshape(len(columns), -1)
    blocks = [
        _fit_block(
            counts[cut],
            columns,
            pairs,
            penalties[cut],
            offset[cut],
            weights[cut],
            prior[cut],
            robust,
            outlier_span,
        )
        for cut in (slice(start, start + _BLOCK) for start in range(0, series, _BLOCK))
    ]
    return Fit(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))


def robustness(counts: Floats, expected: Floats, dispersion: Floats, span: int = 1) -> Floats:
    """Weights (S, T): 1 for the ordinary, falling with the square of upward Anscombe residuals beyond 2.58.

    With a `span` the sums over that many steps around each one are weighed as well, and the smaller weight holds: a
    surge of weeks is made of days of which hardly one is an outlier by itself.
    """
    weights = _outlier_weights(counts, expected, dispersion)
    if span == 1 or counts.shape[1] < span:
        return weights
    start = np.clip(np.arange(counts.shape[1]) - span // 2, 0, counts.shape[1] - span)
    around = [np.cumsum(np.pad(part, ((0, 0), (1, 0))), 1) for part in (counts, expected)]
    observed, due = (total[:, start + span] - total[:, start] for total in around)
    return np.minimum(weights, _outlier_weights(observed, due, dispersion))


def block_dispersion(fitted: Fit, counts: Floats, lengths: tuple[int, ...]) -> Floats:
    """Dispersion (S,) of sums over blocks of `lengths` steps where that is larger than the step-by-step one.

    Catches noise that lasts for weeks, which step-by-step residuals do not see; each is shrunk to the
    ordinary one.
    """
    kept = fitted.weights > 0.2
    observed, expected = counts * kept, fitted.expected * kept
    largest, steps = fitted.dispersion.copy(), counts.shape[1]
    for length in lengths:
        blocks = steps // length
        if blocks < 4:
            continue
        shape = (len(counts), blocks, length)
        y = observed[:, -blocks * length :].reshape(shape).sum(2)
        mu = expected[:, -blocks * length :].reshape(shape).sum(2)
        squares = (y - mu) ** 2 / np.maximum(mu, 1e-9)
        # One old surge must not pass for lasting noise, whatever escaped the weights day by day.
        typical = np.maximum(largest, 2.2 * np.median(squares, 1))[:, None]
        found = np.minimum(squares, OUTLIER**2 * typical).sum(1) / max(blocks - 2, 1)
        largest = np.maximum(largest, (blocks * found + 6.0 * fitted.dispersion) / (blocks + 6.0))
    return largest


def _outlier_weights(counts: Floats, expected: Floats, dispersion: Floats) -> Floats:
    cube_root = np.cbrt(expected)
    residual = (
        1.5 * (np.cbrt(counts) ** 2 - cube_root**2) / (np.sqrt(dispersion)[:, None] * np.sqrt(cube_root))
    )
    weights: Floats = (OUTLIER / np.maximum(residual, OUTLIER)) ** 2
    return weights


def _exp(eta: Floats) -> Floats:
    level: Floats = np.exp(np.clip(eta, -_ETA_LIMIT, _ETA_LIMIT))
    return level


def _fit_block(
    counts: Floats,
    columns: Floats,
    pairs: Floats,
    penalty: Floats,
    offset: Floats,
    given: Floats,
    prior: Floats,
    robust: bool,
    outlier_span: int,
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Three passes of Newton steps; after each but the last, outliers are weighted down."""
    width = columns.shape[1]
    ridge = penalty[:, :, None] * np.eye(width)
    weights, beta = np.array(given), np.array(prior)
    beta[:, 0] = np.log(((counts * given).sum(1) + 0.5) / ((np.exp(offset) * given).sum(1) + 1e-9))
    freedom = np.maximum(given.sum(1) - width, 5.0)
    passes = (8, 3, 3) if robust else (12,)
    for number, steps in enumerate(passes, start=1):
        for _ in range(steps):
            expected = _exp(beta @ columns.T + offset)
            curvature = ((weights * expected) @ pairs).reshape(-1, width, width) + ridge
            slope = (weights * (counts - expected)) @ columns - (beta - prior) * penalty
            # A step is clipped because an empty series would otherwise leap beyond what exp() can hold.
            beta += np.clip(np.linalg.solve(curvature, slope[:, :, None])[:, :, 0], -3.0, 3.0)
        expected = _exp(beta @ columns.T + offset)
        dispersion = _dispersion(counts, expected, weights, freedom)
        if number < len(passes):
            weights = given * robustness(counts, expected, dispersion, outlier_span)
            weights *= (given.sum(1) / np.maximum(weights.sum(1), 1e-9))[:, None]
    curvature = ((weights * expected) @ pairs).reshape(-1, width, width) + ridge
    covariance = np.linalg.inv(curvature) * dispersion[:, None, None]
    return beta, covariance, dispersion, weights, expected


def _dispersion(counts: Floats, expected: Floats, weights: Floats, freedom: Floats) -> Floats:
    pearson = (weights * (counts - expected) ** 2 / expected).sum(1) / freedom
    pulled = (freedom * pearson + _DISPERSION_WEIGHT * _TYPICAL_DISPERSION) / (freedom + _DISPERSION_WEIGHT)
    dispersion: Floats = np.maximum(1.0, pulled)
    return dispersion
