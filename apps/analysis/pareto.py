"""Which few issues carry most of the load: shares, cumulative shares, ranks with their uncertainty.

Totals, so nothing is shrunk (`ranking` has the rates of thin cells). Ranks carry an 80 % band: each count is
redrawn from what it could have been. Tickets without a code are a bar of their own, always last and never
ranked. Source: Juran.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from apps.analysis import ranking

VITAL = 0.8  # the cumulative share up to which an issue belongs to the vital few


@dataclass(frozen=True)
class Bar:
    """One bar: its key, count, weight (the count, or what it stands for), share of all, cumulative share from the top,
    whether it belongs to the vital few, and its rank with an 80 % band. The uncoded bar has no rank.
    """

    key: str
    count: float
    weight: float
    share: float
    cumulative: float
    is_vital: bool
    rank: int | None
    rank_low: int | None
    rank_high: int | None


@dataclass(frozen=True)
class Pareto:
    """Bars from the heaviest down, then the uncoded one if any; and the share of tickets with a code."""

    bars: tuple[Bar, ...]
    total: float
    coded_share: float

    @property
    def vital(self) -> tuple[Bar, ...]:
        return tuple(bar for bar in self.bars if bar.is_vital)


def pareto(
    keys: Sequence[str],
    tickets: npt.ArrayLike,
    *,
    seed: int,
    unit_weight: npt.ArrayLike | None = None,
    unit_draws: npt.ArrayLike | None = None,
    uncoded: float | None = None,
    uncoded_weight: float | None = None,
    uncoded_key: str = "uncoded",
    draws: int = 1000,
) -> Pareto:
    """Order issues by tickets, or by tickets times `unit_weight` (n,), the money one ticket stands for;
    `unit_draws` (draws, n) says how well that is known.

    Uncoded tickets weigh as much as the average coded one, unless `uncoded_weight` says what they weigh; none at all
    are a bar of zero, None is no bar. Ties keep the order given.
    """
    count = np.asarray(tickets, np.float64)
    unit = np.ones_like(count) if unit_weight is None else np.asarray(unit_weight, np.float64)
    if not len(keys) == len(count) == len(unit):
        raise ValueError("keys, tickets and weights differ in length")
    if (count < 0).any() or (unit < 0).any() or min(uncoded or 0.0, uncoded_weight or 0.0) < 0:
        raise ValueError("tickets and weights cannot be negative")
    weight = count * unit
    coded = float(count.sum())
    if uncoded_weight is None:
        uncoded_weight = (uncoded or 0.0) * (float(weight.sum()) / coded if coded else 1.0)
    total = float(weight.sum()) + uncoded_weight
    drawn = None if unit_draws is None else np.asarray(unit_draws, np.float64)
    low, high = ranking.rank_bands(
        count, unit if drawn is None else drawn, seed=seed, draws=draws if drawn is None else len(drawn)
    )
    bars, running = [], 0.0
    for place, i in enumerate(np.argsort(-weight, kind="stable").tolist(), start=1):
        share = float(weight[i]) / total if total else 0.0
        # Vital are the bars needed to reach four fifths of what is coded, the one that crosses the line too.
        vital = weight[i] > 0 and running < VITAL * (total - uncoded_weight) / total
        running += share
        bars.append(
            Bar(
                keys[i],
                float(count[i]),
                float(weight[i]),
                share,
                running,
                bool(vital),
                place,
                int(low[i]),
                int(high[i]),
            )
        )
    if uncoded is not None:
        share = uncoded_weight / total if total else 0.0
        bars.append(Bar(uncoded_key, uncoded, uncoded_weight, share, 1.0, False, None, None, None))
    everything = coded + (uncoded or 0.0)
    return Pareto(tuple(bars), total, coded / everything if everything else 1.0)


def sentence(result: Pareto, *, noun: str = "", coded: float | None = None) -> str:
    """One plain sentence: how few issues make how much, and how much nobody has coded.

    `coded` is the share of tickets with a code, where the bars count something else.
    """
    vital = result.vital
    if not vital:
        return _("There is nothing to rank yet.")
    text = _("%(few)s of %(all)s %(noun)s make %(share)s of the total") % {
        "few": len(vital), "all": sum(bar.rank is not None for bar in result.bars), "noun": noun or _("issues"),
        "share": f"{vital[-1].cumulative:.0%}",
    }  # fmt: skip
    missing = 1 - (result.coded_share if coded is None else coded)
    if missing <= 0:
        return f"{text}."
    return _("%(text)s; %(missing)s of tickets carry no code.") % {"text": text, "missing": f"{missing:.0%}"}


def rank_words(bar: Bar) -> str:
    """A rank as shown: “2 (1–4)”."""
    if bar.rank is None or bar.rank_low is None or bar.rank_high is None:
        return "not ranked"
    return ranking.rank_words(bar.rank, bar.rank_low, bar.rank_high)
