"""Did the fix work? What a plan can prove, what was observed against what was expected, and the verdict.

`plan` says beforehand how many tickets and weeks a promised cut needs; `spending` how sure each look must be;
`ratio` compares observed with expected after the action, with honest error; `quarter` says how many of a
quarter's proofs may be chance; `coding` takes the coders' errors out; `voices` hears the customers; `verdict`
turns that into one of eight words. `decide` does all of it from a `record`, which can be stored and judged again;
`ledger` adds up what was saved while the proof held.
"""

from apps.analysis.proof.coding import Audit, Correction, correct, corrected_for_coding
from apps.analysis.proof.decide import Decision, decide
from apps.analysis.proof.ledger import Holding, Saved, sum_up
from apps.analysis.proof.plan import (
    Feasibility,
    Outlook,
    feasibility,
    outlook,
    power_of,
    smallest_provable_cut,
    tickets_needed,
    weeks_needed,
)
from apps.analysis.proof.quarter import q_value
from apps.analysis.proof.ratio import Comparison, Finding, Windows, compare, placebo_variance
from apps.analysis.proof.record import METHOD, Record, digest_of
from apps.analysis.proof.spending import Design, levels
from apps.analysis.proof.verdict import Judgement, Verdict, judge
from apps.analysis.proof.voices import Voices

__all__ = [
    "METHOD",
    "Audit",
    "Comparison",
    "Correction",
    "Decision",
    "Design",
    "Feasibility",
    "Finding",
    "Holding",
    "Judgement",
    "Outlook",
    "Record",
    "Saved",
    "Verdict",
    "Voices",
    "Windows",
    "compare",
    "correct",
    "corrected_for_coding",
    "decide",
    "digest_of",
    "feasibility",
    "judge",
    "levels",
    "outlook",
    "placebo_variance",
    "power_of",
    "q_value",
    "smallest_provable_cut",
    "sum_up",
    "tickets_needed",
    "weeks_needed",
]
