"""How many alarms may be false when thousands of things are looked at.

Benjamini and Hochberg (1995): among the discoveries at level q, the expected share of false ones is at most
q, for independent tests and for the kind of positive dependence that sister series have. Benjamini and
Yekutieli (2001) holds under any dependence, at the price of a factor of about ln(n).
"""

import numpy as np
import numpy.typing as npt

from apps.analysis.series import Bools, Floats


def q_values(p_values: npt.ArrayLike, *, any_dependence: bool = False) -> Floats:
    """The smallest false-discovery rate at which each test would still be a discovery.

    Same shape as given (tables are taken as one family); not-a-number marks "not tested" and stays so.
    """
    p = np.asarray(p_values, np.float64)
    tested = ~np.isnan(p)
    found = p[tested]
    if ((found < 0) | (found > 1)).any():
        raise ValueError("p-values lie between 0 and 1")
    q = np.full(p.shape, np.nan)
    if not found.size:
        return q
    order = np.argsort(found)
    rank = np.arange(1, found.size + 1)
    factor = (1 / rank).sum() if any_dependence else 1.0
    stepped = np.minimum.accumulate((found[order] * found.size * factor / rank)[::-1])[::-1]
    adjusted = np.empty_like(found)
    adjusted[order] = np.minimum(stepped, 1.0)
    q[tested] = adjusted
    return q


def discoveries(p_values: npt.ArrayLike, rate: float = 0.05, *, any_dependence: bool = False) -> Bools:
    """Which tests may be called discoveries with at most `rate` of them expected to be false."""
    if not 0 < rate < 1:
        raise ValueError("the false-discovery rate lies between 0 and 1")
    return np.nan_to_num(q_values(p_values, any_dependence=any_dependence), nan=1.0) <= rate


def sentence(looked_at: int, found: int, rate: float) -> str:
    """One plain sentence on what was looked at and how many of the findings may be chance."""
    noun = "line" if looked_at == 1 else "lines"
    if not found:
        return f"We looked at {looked_at:,} {noun} and none stands out."
    return (
        f"We looked at {looked_at:,} {noun}; {found:,} stood out, "
        f"of which about {rate * found:.1f} may be chance."
    )
