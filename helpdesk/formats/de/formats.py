"""Dates as German writes them: a number of a day or a rank has a point, "5. Mai 2026" where English has "5 May 2026".

Pages name their formats themselves (`date:"j M Y"`), and Django asks this module for each of them by name.
"""

import re

_DAY_BEFORE_MONTH = re.compile(r"\bj (?=[FMN])")


def __getattr__(name: str) -> str:
    if _DAY_BEFORE_MONTH.search(name):
        return _DAY_BEFORE_MONTH.sub("j. ", name)
    raise AttributeError(name)
