"""Surges: series that suddenly bring more contacts than they should (the "NB-scan").

The baseline of `baseline.py` is fitted for all series at once on the history before the stretch that is
watched, so a surge cannot explain itself away; old surges, by the day or by the week, count little. Where every
earlier year stood out in the same weeks, the curve is raised to match. A local level then follows slow shifts: over
eight weeks ending a week before each watched day, observed over expected, pulled towards 1 by twenty tickets' worth
of doubt; a new normal is absorbed in about ten weeks. Each watched day is tested on windows of 1, 3, 7 and 14 days
against a negative binomial whose variance also holds the uncertainty of the baseline and, for the longer windows,
noise that lasts for days. The longest window's p-value counts fivefold: as many outbreaks are found and fewer days
outside them are flagged.

Alarm: p below 5e-5, or a discovery at a false-discovery rate of 10 % over all series of that day (a family of
at least 300); and at least three tickets and 30 % more than expected. Watch: p below 1e-3. On simulated
series with nothing the matter that makes 4 to 6 alarms in a thousand series-months, and up to 13 where noise
or level is at its worst (`python -m bench.loop`).

Limits: under about 0.2 tickets a day a doubling cannot be seen (`smallest_visible_rise` says what can);
holidays must be in the calendar; a change of taxonomy looks like a surge unless old codes are mapped.
Sources: Farrington 1996, Noufaily 2013 and 2019, Benjamini and Hochberg 1995.
"""

from apps.analysis.surge.find import Surge, chance, find_surges, has_ended, sentence
from apps.analysis.surge.limits import elapsed_share, least_rate, smallest_visible_rise, visible_rise
from apps.analysis.surge.watch import DAILY, WEEKLY, Rules, Survey, scan, survey

__all__ = [
    "DAILY",
    "WEEKLY",
    "Rules",
    "Surge",
    "Survey",
    "chance",
    "elapsed_share",
    "find_surges",
    "has_ended",
    "least_rate",
    "scan",
    "sentence",
    "smallest_visible_rise",
    "survey",
    "visible_rise",
]
