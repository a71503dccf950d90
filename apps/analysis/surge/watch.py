"""The survey: every series compared with what its own history leads one to expect, on several windows."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from apps.analysis.baseline import Design, Fit, block_dispersion, design, fit, robustness
from apps.analysis.series import Calendar, Floats, Ints, as_counts, as_offset
from apps.analysis.surge.levels import Steps, find_steps
from apps.analysis.tails import at_least

_NEVER_YEARLY = 1e4  # a ridge this strong leaves no yearly wave to a series too young to show one
_LARGEST_LOG_VARIANCE = 0.5


@dataclass(frozen=True)
class Rules:
    """What counts as a surge. Lengths are in steps of the calendar (days, or weeks for `WEEKLY`).

    `handicaps` multiply the p-values of the `windows`; `level_steps`, `level_lag` and `level_doubt` (tickets)
    shape the local level; `lasting` are the lengths over which lasting noise is measured; series with fewer than
    `thin` tickets lean on their parent; `effective_windows` is what several windows are worth as tests;
    `year` and `echo_reach` say where last year's same weeks are; `least_family` keeps a small desk calm;
    `outlier_span` is the length over which old surges are recognised, so that they count less.
    """

    windows: tuple[int, ...] = (1, 3, 7, 14)
    handicaps: tuple[float, ...] = (1.0, 1.0, 1.0, 5.0)
    alarm: float = 5e-5
    watch: float = 1e-3
    false_discovery: float = 0.10
    least_excess: float = 3.0
    least_ratio: float = 1.3
    level_steps: int = 56
    level_lag: int = 7
    level_doubt: float = 20.0
    least_family: int = 300
    lasting: tuple[int, ...] = (7, 14)
    year_needs: int = 300
    thin: float = 200.0
    effective_windows: float = 3.0
    year: int = 364
    echo_reach: int = 7
    outlier_span: int = 7

    @property
    def reach(self) -> int:
        """The fewest watched steps that fill the longest window on the last of them."""
        return max(self.windows)


DAILY = Rules()
WEEKLY = Rules(
    windows=(1, 2),
    handicaps=(4.0, 1.0),  # what lasts two weeks is worth more than one wild week
    level_steps=0,
    level_lag=0,
    lasting=(4,),
    year_needs=43,
    effective_windows=1.5,
    alarm=1e-3,
    watch=1e-2,
    year=52,
    echo_reach=1,
    outlier_span=1,
)


@dataclass(frozen=True)
class Survey:
    """Every series looked at over the watched steps: observed, expected, p and best window (S, M); dispersion
    (S,); log_variance (S, M) of the expectation; level (S,), the factor of a step that was accepted, 1 for none;
    `first` is the index of the first watched step in the whole history.
    """

    observed: Floats
    expected: Floats
    p: Floats
    window: Ints
    dispersion: Floats
    log_variance: Floats
    level: Floats
    first: int
    rules: Rules = field(default=DAILY)

    def day(self, step: int = -1) -> Floats:
        """p-values (S,) of one watched step, allowing for several windows having been tried."""
        return np.minimum(1.0, self.p[:, step] * self.rules.effective_windows)


def survey(
    counts: npt.ArrayLike,
    calendar: Calendar,
    *,
    rules: Rules = DAILY,
    watched: int | None = None,
    offset: npt.ArrayLike | None = None,
    since: npt.ArrayLike | None = None,
    parents: npt.ArrayLike | None = None,
    accepted: npt.ArrayLike | None = None,
    elapsed: float = 1.0,
) -> Survey:
    """Compare the last `watched` steps of every series with what its own history leads one to expect.

    `counts` (S, T), oldest first, with the calendar's T steps (two years are plenty, 56 days the least);
    `offset` log exposure, broadcastable to (S, T); `since` (S,) index of the first step each series existed;
    `parents` (S,) index of the series that contains it, -1 for none; `accepted` (S,) index of the step from which
    a new level was accepted (`levels.py`), T or more for none; `elapsed` share of the last step's usual
    volume that has passed (see `elapsed_share`).
    """
    table = as_counts(counts)
    if table.shape[1] != len(calendar):
        raise ValueError("counts and calendar differ in length")
    watched = rules.reach * 2 if watched is None else watched
    first = table.shape[1] - watched
    if watched < rules.reach or first < 2 * rules.reach:
        raise ValueError(f"{table.shape[1]} steps are too few to watch {watched} of them")
    offsets = as_offset(offset, table.shape)
    model = design(calendar, reference=first - 1)
    level, doubt = np.ones(len(table)), np.zeros_like(table)
    rows = _with_new_level(accepted, table)
    if rows.size:
        begins = np.asarray(accepted, np.int64)[rows]
        born = None if since is None else np.asarray(since, np.int64)[rows]
        steps = _steps(table[rows], begins, model, first, offsets[rows], rules, born, elapsed)
        level[rows], doubt[rows] = steps.factor, steps.variance
        offsets = offsets.copy()
        offsets[rows] += steps.offset
    fitted = _history_fit(table, model, first, offsets, rules, since, parents)
    columns = model.columns[first:]
    curve = np.concatenate([fitted.expected, fitted.expect(columns, offsets[:, first:])], 1)
    curve *= season_echo(table, curve, fitted.dispersion, first, rules)
    expected = curve[:, first:] * _local_level(table, curve, fitted, first, rules)
    expected[:, -1] *= elapsed
    variance = np.minimum(fitted.log_variance(columns) + doubt[:, first:], _LARGEST_LOG_VARIANCE)
    observed = table[:, first:]
    lasting = block_dispersion(fitted, table[:, :first], rules.lasting)
    p, window = scan(observed, expected, fitted.dispersion, variance, rules, lasting)
    return Survey(observed, expected, p, window, fitted.dispersion, variance, level, first, rules)


def _with_new_level(accepted: npt.ArrayLike | None, table: Floats) -> Ints:
    """The rows whose accepted level has begun."""
    begins = np.full(len(table), table.shape[1]) if accepted is None else np.asarray(accepted, np.int64)
    rows: Ints = np.flatnonzero((begins > 0) & (begins < table.shape[1]))
    return rows


def _steps(
    table: Floats,
    begins: Ints,
    model: Design,
    first: int,
    offsets: Floats,
    rules: Rules,
    since: Ints | None,
    elapsed: float,
) -> Steps:
    weights = _known(table, since)
    weights[:, -1] *= elapsed >= 1.0  # a day that is not over says too little
    penalty = _penalties(table, model, first, weights, rules)
    return find_steps(table, begins, model, penalty, offsets, weights, rules.outlier_span)


def scan(
    observed: Floats,
    expected: Floats,
    dispersion: Floats,
    log_variance: Floats,
    rules: Rules = DAILY,
    lasting: Floats | None = None,
) -> tuple[Floats, Ints]:
    """Smallest handicapped upper-tail p over trailing windows, and the window that gave it; both (S, M).

    `dispersion` (S,) is that of single steps, `lasting` (S,) that of sums over `rules.lasting` steps;
    windows shorter than those take their share of the difference.
    """
    steps = np.arange(observed.shape[1])
    zero = np.zeros((len(observed), 1))
    seen = np.concatenate([zero, np.cumsum(observed, 1)], 1)
    due = np.concatenate([zero, np.cumsum(expected, 1)], 1)
    tails = []
    for window, handicap in zip(rules.windows, rules.handicaps, strict=True):
        start = np.maximum(steps + 1 - window, 0)
        mean = due[:, 1:] - due[:, start]
        noise = _noise(dispersion, lasting, window, rules)
        spread = noise[:, None] + mean * log_variance
        tails.append(np.minimum(1.0, handicap * at_least(seen[:, 1:] - seen[:, start], mean, spread)))
    stacked = np.stack(tails)
    best = stacked.argmin(0)
    return np.take_along_axis(stacked, best[None], 0)[0], np.asarray(rules.windows, np.int64)[best]


def _noise(dispersion: Floats, lasting: Floats | None, window: int, rules: Rules) -> Floats:
    if lasting is None or window == 1:
        return dispersion
    share = min(1.0, (window - 1) / (rules.lasting[0] - 1))
    noise: Floats = dispersion + share * (lasting - dispersion)
    return noise


def season_echo(table: Floats, curve: Floats, dispersion: Floats, first: int, rules: Rules) -> Floats:
    """Factors (S, T) for the watched steps and the level's, where the same weeks stood out every year before.

    Two yearly waves cannot follow a short sharp season, and the robust fit even takes last year's peak for an old
    surge. So where every earlier year that is on record lies three standard deviations above its curve within
    `echo_reach` steps of this date, the curve is raised by the smallest of those excesses.
    """
    start = max(first - rules.level_steps - rules.level_lag, rules.year + rules.echo_reach)
    steps = np.arange(start, table.shape[1])
    factors = np.ones_like(curve)
    if not steps.size:
        return factors
    zero = np.zeros((len(table), 1))
    seen = np.concatenate([zero, np.cumsum(table[:, :first], 1)], 1)
    due = np.concatenate([zero, np.cumsum(curve[:, :first], 1)], 1)
    echo = np.full((len(table), steps.size), np.inf)
    for back in range(rules.year, table.shape[1], rules.year):
        low, high = steps - back - rules.echo_reach, steps - back + rules.echo_reach + 1
        known = (low >= 0) & (high <= first)
        if not known.any():
            break
        low, high = np.where(known, low, 0), np.where(known, high, 0)
        y, mu = seen[:, high] - seen[:, low], due[:, high] - due[:, low]
        stands_out = y - mu > 3 * np.sqrt(dispersion[:, None] * mu)
        ratio = np.where(stands_out, y / np.maximum(mu, 1e-9), 1.0)
        echo = np.where(known, np.minimum(echo, ratio), echo)
    factors[:, start:] = np.where(np.isfinite(echo), echo, 1.0)
    return factors


def _history_fit(
    table: Floats,
    model: Design,
    first: int,
    offsets: Floats,
    rules: Rules,
    since: npt.ArrayLike | None,
    parents: npt.ArrayLike | None,
) -> Fit:
    """Fit on the steps before `first`, then thin children again, pulled towards their parent's shape."""
    weights = _known(table, since)[:, :first]
    history = model.between(0, first)
    fitted = fit(
        table[:, :first],
        history.columns,
        _penalties(table, model, first, weights, rules),
        offset=offsets[:, :first],
        weights=weights,
        outlier_span=rules.outlier_span,
    )
    above = np.full(len(table), -1) if parents is None else np.asarray(parents, np.int64)
    total = (table[:, :first] * weights).sum(1)
    thin = np.flatnonzero((above >= 0) & (total < rules.thin))
    if not thin.size:
        return fitted
    again = fit(
        table[thin, :first],
        history.columns,
        # A child may be too young to show a year, but not too young to inherit one.
        np.tile(model.penalty, (len(thin), 1)),
        offset=offsets[thin, :first],
        weights=weights[thin],
        prior=fitted.coefficients[above[thin]],
        outlier_span=rules.outlier_span,
    )
    return _replaced(fitted, thin, again)


def _known(table: Floats, since: npt.ArrayLike | None) -> Floats:
    """1 from the step on which a series began to exist, 0 before; (S, T)."""
    born = np.zeros(len(table), np.int64) if since is None else np.asarray(since, np.int64)
    return (np.arange(table.shape[1])[None] >= born[:, None]).astype(np.float64)


def _penalties(table: Floats, model: Design, first: int, weights: Floats, rules: Rules) -> Floats:
    """Ridge precisions (S, p): busy series may wave as they like, thin and young ones may not."""
    known = weights[:, :first]
    age = known.sum(1)
    penalty = np.tile(model.penalty, (len(table), 1))
    busy = (table[:, :first] * known).sum(1) / np.maximum(age, 1)
    penalty[busy > 10, model.yearly] /= 4
    # Under one ticket a day a year of data would rather draw a wave through noise than admit that it sees none.
    penalty[busy < 1, : model.yearly.stop] *= np.where(np.arange(model.yearly.stop) > 0, 5.0, 1.0)
    penalty[age < rules.year_needs, model.yearly] = _NEVER_YEARLY
    return penalty


def _replaced(whole: Fit, rows: Ints, part: Fit) -> Fit:
    merged = []
    for name in ("coefficients", "covariance", "dispersion", "weights", "expected"):
        values = getattr(whole, name).copy()
        values[rows] = getattr(part, name)
        merged.append(values)
    return Fit(*merged)


def _local_level(table: Floats, curve: Floats, fitted: Fit, first: int, rules: Rules) -> Floats:
    """Observed over expected in the steps just before each watched step, shrunk towards 1; (S, M)."""
    if not rules.level_steps:
        return np.ones((len(table), table.shape[1] - first))
    recent = robustness(table[:, first:], curve[:, first:], fitted.dispersion)
    weights = np.concatenate([fitted.weights, recent], 1)
    zero = np.zeros((len(table), 1))
    seen = np.concatenate([zero, np.cumsum(weights * table, 1)], 1)
    due = np.concatenate([zero, np.cumsum(weights * curve, 1)], 1)
    stop = np.arange(first, table.shape[1]) - rules.level_lag
    start = np.maximum(stop - rules.level_steps, 0)
    doubt = rules.level_doubt * fitted.dispersion[:, None]
    level: Floats = (seen[:, stop] - seen[:, start] + doubt) / (due[:, stop] - due[:, start] + doubt)
    return level
