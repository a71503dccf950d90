"""What a filled-in scorecard comes to, and what drawn reviews say of all answers.

`result`: points are shares of a criterion's scale (no 0, yes 1; 1 to 4 as 0, 1/3, 2/3, 1), averaged by weight over what
applies, apart for what the agent did and for what the system let them do. Under the pass mark a criterion is missed; a
critical one that is missed fails the review, and leaves its score as it is.

`estimate`: the mean of all answers out of drawn ones, each weighted by 1 / its chance (Hajek's ratio, which is nearly
unbiased: the preference for unhappy answers falls out), with the interval of a score test. How many evenly drawn
yes-or-no answers would be as uncertain is taken from the linearised variance (Korn and Graubard, Survey Methodology
24, 1998) with one answer of the largest possible variance added, and goes into Wilson's formula with Student's
quantile. Where everybody got the same, Kish's effective number stands for the variance, which would be nought.

Limits: that agents and weeks are strata, and that the answers are not endless, is left out: intervals are rather too
wide. Measured at the 90 % level, answers in trouble drawn three times as often and worse, 600 samples each of 10, 20,
30 and 60: they hold the truth in 86 to 97 % (yes or no, 50 to 95 % of them yes), 90 to 97 % (1 to 4), 94 to 100 %
(scores of whole reviews).
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from apps.analysis.agreement import share_interval

LEVEL = 0.9
ENOUGH = 10  # reviews; of fewer, nothing is said
SCALES: dict[str, dict[int, float]] = {
    "yes_no": {0: 0.0, 1: 1.0},
    "four": {1: 0.0, 2: 1 / 3, 3: 2 / 3, 4: 1.0},
}
_ALMOST = 1e-9
_MOST_VARIANCE = 0.25  # of anything between 0 and 1


@dataclass(frozen=True)
class Marked:
    """One criterion as it was answered; `value` None where it did not apply."""

    code: str
    scale: str
    weight: int
    is_critical: bool
    about: str
    value: int | None

    @property
    def is_about_agent(self) -> bool:
        return self.about == "agent"

    @property
    def points(self) -> float | None:
        return None if self.value is None else SCALES[self.scale][self.value]


@dataclass(frozen=True)
class Result:
    """Shares of points of agent and system, None where nothing applied; the codes that were missed, the agent's apart
    from the system's; the critical ones among the agent's; whether the review is passed."""

    score: float | None
    system: float | None
    missed: tuple[str, ...]
    missed_system: tuple[str, ...]
    failed: tuple[str, ...]
    passed: bool | None


@dataclass(frozen=True)
class Estimate:
    """A mean between 0 and 1 with its interval, from `n` reviews worth `effective` evenly drawn ones."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    effective: float

    @property
    def is_enough(self) -> bool:
        return self.n >= ENOUGH


NOTHING = Estimate(None, None, None, 0, 0.0)


def result(marks: Iterable[Marked], *, pass_mark: float) -> Result:
    """What a filled-in form comes to."""
    marks = list(marks)
    agent = [mark for mark in marks if mark.is_about_agent]
    system = [mark for mark in marks if not mark.is_about_agent]
    missed, missed_system = (_missed(part, pass_mark) for part in (agent, system))
    failed = tuple(mark.code for mark in agent if mark.is_critical and mark.code in missed)
    score = _score(agent)
    passed = None if score is None else not failed and score >= pass_mark - _ALMOST
    return Result(score, _score(system), missed, missed_system, failed, passed)


def is_missed(points: float | None, pass_mark: float) -> bool:
    return points is not None and points < pass_mark - _ALMOST


@dataclass(frozen=True)
class Sums:
    """All that a weighted mean needs of its reviews, to be added up by month, agent and department: their number, the
    sums of weights w and of w squared, of w x, and of w squared times x and x squared."""

    n: int = 0
    w: float = 0.0
    ww: float = 0.0
    wx: float = 0.0
    wwx: float = 0.0
    wwxx: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    @classmethod
    def of(cls, values: npt.ArrayLike, weights: npt.ArrayLike) -> "Sums":
        """Of values between 0 and 1 and weights above 0, (n,) each."""
        x, w = np.asarray(values, np.float64), np.asarray(weights, np.float64)
        if x.shape != w.shape or x.ndim != 1:
            raise ValueError("every value needs its weight")
        if not ((x >= -_ALMOST) & (x <= 1 + _ALMOST)).all() or not (np.isfinite(w) & (w > 0)).all():
            raise ValueError("values are shares, weights are above 0")
        squared = w * w
        return cls(
            len(x),
            float(w.sum()),
            float(squared.sum()),
            float(w @ x),
            float(squared @ x),
            float(squared @ (x * x)),
        )


def added(sums: Iterable[Sums]) -> Sums:
    return sum(sums, Sums())


def estimate(sums: Sums, *, level: float = LEVEL) -> Estimate:
    """The mean of all answers out of drawn ones."""
    if not sums.n:
        return NOTHING
    mean = min(max(sums.wx / sums.w, 0.0), 1.0)
    effective = sums.w**2 / sums.ww
    spread = sums.wwxx - 2 * mean * sums.wwx + mean**2 * sums.ww
    if sums.n == 1 or spread < _ALMOST * sums.ww:
        low, high = share_interval(mean, effective, level=level)
        return Estimate(mean, low, high, sums.n, effective)
    variance = spread / sums.w**2 * sums.n / (sums.n - 1)
    low, high = _interval(mean, variance, effective, level)
    return Estimate(mean, low, high, sums.n, effective)


def _interval(mean: float, variance: float, effective: float, level: float) -> tuple[float, float]:
    """Wilson's, of as many yes-or-no answers as would be as uncertain."""
    careful = (effective * mean + 0.5) / (effective + 1)
    one = (effective * effective * variance + _MOST_VARIANCE) / (effective + 1)
    worth = effective * min(max(careful * (1 - careful) / one, 0.5), 100.0)
    z = float(student.ppf(0.5 + level / 2, max(effective - 1, 1)))
    middle = (mean + z**2 / (2 * worth)) / (1 + z**2 / worth)
    half = z / (1 + z**2 / worth) * float(np.sqrt(mean * (1 - mean) / worth + z**2 / (4 * worth**2)))
    return max(min(middle - half, mean), 0.0), min(max(middle + half, mean), 1.0)


def _score(marks: Sequence[Marked]) -> float | None:
    given = [(mark.points, mark.weight) for mark in marks if mark.points is not None]
    weight = sum(weight for _, weight in given)
    return sum(points * weight for points, weight in given) / weight if weight else None


def _missed(marks: Sequence[Marked], pass_mark: float) -> tuple[str, ...]:
    return tuple(mark.code for mark in marks if is_missed(mark.points, pass_mark))
