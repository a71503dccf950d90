"""Did the fix work? What a plan can prove, what was observed against what was expected, and the verdict.

Three steps, three files: `plan` says beforehand how many tickets and weeks a promised cut needs; `ratio`
compares observed with expected after the action, with honest error; `verdict` turns that into one of seven
words.
"""

from apps.analysis.proof.plan import (
    Feasibility,
    feasibility,
    power_of,
    smallest_provable_cut,
    tickets_needed,
    weeks_needed,
)
from apps.analysis.proof.ratio import (
    Comparison,
    Finding,
    Windows,
    compare,
    corrected_for_coding,
    placebo_variance,
)
from apps.analysis.proof.verdict import Judgement, Verdict, judge

__all__ = [
    "Comparison",
    "Feasibility",
    "Finding",
    "Judgement",
    "Verdict",
    "Windows",
    "compare",
    "corrected_for_coding",
    "feasibility",
    "judge",
    "placebo_variance",
    "power_of",
    "smallest_provable_cut",
    "tickets_needed",
    "weeks_needed",
]
