"""The figures of the page of quality in plain words and numbers, and the same again as of any moment."""

from datetime import datetime
from typing import Any

from apps.analysis.provenance import Address, Answer, Provenance
from apps.analysis.queries.changes import changes_since, present_release
from apps.evaluation.quality.queries.team import Quality, TeamQuality, team_quality
from apps.evaluation.quality.scoring import Estimate
from apps.evaluation.queries.figures import USUAL_MONTHS
from apps.evaluation.queries.window import MONTHS, window
from helpdesk.models import Department

REVIEWS = {
    "review.published": "reviews published",
    "review.settled": "reviews settled",
    "ticket.classified": "coded again",
}
WORDS = ("months", "departments", "agents")


def quality(address: Address, at: datetime) -> Answer:
    """Scores by department, agent and criterion, and the causes in the system."""
    address.asks_for(*WORDS)
    months = address.asked.get("months", str(USUAL_MONTHS))
    if months not in map(str, MONTHS):
        raise ValueError(f"months is one of {', '.join(map(str, MONTHS))}")
    wanted = address.asked.get("departments")
    departments = _named(wanted)
    found = team_quality(
        window(months=int(months), at=at), departments=departments, whole_company=wanted is None,
        agents_of=[one.pk for one in _named(address.asked.get("agents", ""))],
    )  # fmt: skip
    where = Provenance.of(
        "quality", address.asked, release=present_release(), as_of=at, figures=quality_figures(found)
    )
    return Answer(quality_figures(found), where, changed=changes_since(at, REVIEWS))


def quality_from(
    found: TeamQuality,
    *,
    months: int,
    departments: list[Department] | None,
    agents_of: list[Department] | None,
) -> Provenance:
    """Where they come from; the address names departments unless it is all of them. One query."""
    words = {"months": str(months)}
    if departments is not None:
        words["departments"] = ",".join(sorted(one.slug for one in departments))
    if agents_of:
        words["agents"] = ",".join(sorted(one.slug for one in agents_of))
    figures = quality_figures(found)
    return Provenance.of(
        "quality", words, release=present_release(), as_of=found.window.until, figures=figures
    )


def quality_figures(found: TeamQuality) -> dict[str, Any]:
    """All that is computed, as the API says it."""
    return {
        **({"company": _told(found.whole)} if found.is_company else {"own": _told(found.whole)}),
        "passed": _estimate(found.passed),
        "departments": {one.key: _told(one) for one in found.departments},
        "agents": {one.key: _told(one) for one in found.agents},
        "criteria": {one.key: _told(one) | {"about": str(one.about)} for one in found.criteria},
        "causes": [
            {
                "about": str(one.about),
                "issue": one.issue.code if one.issue else None,
                "reviews": one.reviews,
            }
            for one in found.causes
        ],
    }


def _told(one: Quality) -> dict[str, Any]:
    drawn = {} if one.drawn is None else {"drawn": one.drawn}
    return _estimate(one.whole) | {"months": [_estimate(month) for month in one.by_month]} | drawn


def _estimate(found: Estimate) -> dict[str, Any]:
    """Of too few reviews the number alone is told."""
    told = {"n": found.n, "is_enough": found.is_enough}
    if not found.is_enough:
        return told | {"score": None, "low": None, "high": None}
    return told | {"score": _round(found.value), "low": _round(found.low), "high": _round(found.high)}


def _round(value: float | None) -> float | None:
    """Sums of the database come in no fixed order: their last digits are noise."""
    return None if value is None else round(value, 9)


def _named(slugs: str | None) -> list[Department]:
    """All of them without any named. Raises ValueError for one there is not."""
    rows = list(Department.objects.all())
    if slugs is None:
        return rows
    names = {name for name in slugs.split(",") if name}
    if unknown := names - {one.slug for one in rows}:
        raise ValueError(f"there is no department {', '.join(sorted(unknown))}")
    return [one for one in rows if one.slug in names]
