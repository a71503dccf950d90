"""How sure a share is that was counted.

Method: Wilson's score interval, which keeps its promise for small numbers and for shares near 0 and 1, where the usual
one does not. 90 %, as everywhere in the house.
"""

from math import sqrt

Z90 = 1.645


def wilson(share: float, n: float) -> tuple[float, float]:
    """The 90 % interval of a share that was seen in `n` even answers."""
    squared = Z90**2
    middle = (share + squared / (2 * n)) / (1 + squared / n)
    reach = Z90 / (1 + squared / n) * sqrt(share * (1 - share) / n + squared / (4 * n**2))
    return max(middle - reach, 0.0), min(middle + reach, 1.0)
