"""Where a change comes from: which combination of attributes (product, version, region, ...) explains it.

`counts` compares tickets now with tickets before; `measures` compares measured amounts (minutes, money) with
their forecasts. Both work leaf by leaf (a leaf is a combination of values that occurs, never the full cross
product) and by the same three steps: find the one place that explains most, set it aside, look again.
"""

from apps.analysis.localise.counts import Cause, Localisation, Rules, localise, sentence
from apps.analysis.localise.cuboids import MISSING, Place
from apps.analysis.localise.measures import Deviation, localise_measures

__all__ = [
    "MISSING",
    "Cause",
    "Deviation",
    "Localisation",
    "Place",
    "Rules",
    "localise",
    "localise_measures",
    "sentence",
]
