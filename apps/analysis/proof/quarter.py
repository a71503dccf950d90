"""How many of a quarter's proven fixes may be chance.

Decisions fall one by one, each on its own date, and none is taken back: so the family must be known before its
members are. It is: every plan has its date. The family of a decision is all that is due in its quarter; what is
still to come counts as if it showed nothing (p = 1). Benjamini and Hochberg (1995) over that family is then at
its strictest early in the quarter, and whatever it lets through would also be let through at the quarter's end:
p-values that come in later can only lower the others' q. With nothing but fixes without effect, the chance of
any false proof in a quarter stays under the rate; counting only "decided so far" would let it grow with each.
"""

from collections.abc import Sequence

from apps.analysis.discovery import q_values


def q_value(p: float, *, decided: Sequence[float] = (), still_due: int = 0) -> float:
    """The false-discovery rate of this decision: `decided` are the p-values of the quarter's earlier ones, and
    `still_due` says how many more have their date in it.
    """
    if still_due < 0:
        raise ValueError("fewer than none can't be due")
    return float(q_values([p, *decided, *[1.0] * still_due])[0])
