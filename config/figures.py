"""Every kind of figure that can be computed again: what its address begins with, and the function that answers.

A name "ledger" stands for itself, "signal" for `signal:12`, "case/money" for `case:31/money`. A function is given the
address that was read and the moment (that of the address, or now), and returns an `apps.analysis.provenance.Answer`.
"""

FIGURES: dict[str, str] = {
    "analysis": "apps.analysis.queries.answers.analysis",
    "issue": "apps.analysis.queries.answers.issue",
    "ledger": "apps.analysis.queries.answers.ledger",
    "department": "apps.analysis.queries.answers.department",
    "exposure": "apps.analysis.queries.answers.exposure",
    "case": "apps.analysis.queries.answers.case",
    "case/verdict": "apps.analysis.services.recompute.case_verdict",
    "verdict": "apps.analysis.services.recompute.verdict",
    "trial": "apps.analysis.services.recompute.trial",
    "plan": "apps.analysis.services.recompute.plan",
    "case/money": "apps.analysis.services.recompute.case_money",
    "signal": "apps.analysis.services.recompute.signal",
    "standards": "apps.evaluation.queries.figures.standards",
    "coding-quality": "apps.evaluation.queries.figures.coding_quality",
    "quality": "apps.evaluation.quality.figures.quality",
    "digest": "apps.awareness.figures.digest",
}
