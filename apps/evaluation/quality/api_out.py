"""What the API says of scorecards, reviews and calibration."""

from datetime import datetime
from typing import Any

from apps.analysis.agreement import Agreement
from apps.evaluation.models import CalibrationSession, Criterion, Review, Scorecard
from apps.evaluation.models.mark import Mark
from apps.evaluation.quality.queries.calibration import ItemPage, SessionPage
from apps.evaluation.quality.queries.reviews import ReviewPage


def scorecard(one: Scorecard) -> dict[str, Any]:
    return {
        "id": one.pk, "department": one.department.slug if one.department else None, "version": one.version,
        "name": one.name, "state": str(one.state), "pass_mark": one.pass_mark,
        "published_at": moment(one.published_at),
    }  # fmt: skip


def criterion(one: Criterion) -> dict[str, Any]:
    names = ("code", "group", "question", "looks_like", "scale", "weight", "is_critical", "about")
    return {name: getattr(one, name) for name in names}


def review(one: Review) -> dict[str, Any]:
    """What everybody who may see it reads; the score only of what is published."""
    done = one.is_done
    return {
        "id": one.pk, "ticket": one.ticket_id, "agent": person(one.agent), "reviewer": person(one.reviewer),
        "department": one.department.slug, "why": str(one.why), "chance": one.chance, "state": str(one.state),
        "scorecard": one.scorecard_id, "score": one.score if done else None,
        "system_score": one.system_score if done else None, "passed": one.passed if done else None,
        "made_at": moment(one.made_at), "published_at": moment(one.published_at), "answer": one.answer,
        "answered_at": moment(one.answered_at), "settlement": one.settlement, "settled_at": moment(one.settled_at),
    }  # fmt: skip


def marks(page: ReviewPage) -> dict[str, Any]:
    told = {
        code: mark_of(one) | ({"first_value": one.first_value} if one.is_corrected else {})
        for code, one in page.marks.items()
    }
    summary = page.review.summary if page.marks or page.review.is_done else ""
    criteria = [criterion(one) for one in page.criteria]
    return {"summary": summary, "marks": told, "criteria": criteria}


def mark_of(one: Mark) -> dict[str, Any]:
    return {"value": one.value, "note": one.note}


def session(one: CalibrationSession) -> dict[str, Any]:
    return {
        "id": one.pk, "title": one.title, "department": one.department.slug if one.department else None,
        "scorecard": one.scorecard_id, "state": str(one.state),
        "opened_at": moment(one.opened_at), "closed_at": moment(one.closed_at),
    }  # fmt: skip


def agreement(page: SessionPage) -> dict[str, Any]:
    """What was discussed is null to who has still to score."""
    return {
        "discussion": page.session.discussion if page.hears else None,
        "panel": [person(one) for one in page.panel],
        "items": [
            {"place": row.item.place, "ticket": row.item.ticket_id, "scored": row.scored, "is_mine": row.is_mine}
            for row in page.items
        ],
        "agreement": _alpha(page.overall) if page.overall else None,
        "criteria": {row.criterion.code: _alpha(row.agreement) for row in page.agreements},
        "gaps": [
            {
                "reviewer": person(gap.reviewer), "signed": gap.signed, "absolute": gap.absolute, "n": gap.n,
                "from_agreed": gap.from_agreed,
            }
            for gap in page.gaps
        ],
    }  # fmt: skip


def item(page: ItemPage) -> dict[str, Any]:
    return {
        "place": page.item.place, "ticket": page.item.ticket_id, "agent": person(page.item.agent),
        "criteria": [criterion(one) for one in page.criteria],
        "scorers": [person(one) for one in page.scorers],
        "scores": {
            row.criterion.code: [cell.said if cell else None for cell in row.cells] for row in page.rows
        },
        "agreed": {code: mark_of(one) for code, one in page.agreed.items()},
    }  # fmt: skip


def person(one: Any) -> dict[str, Any] | None:
    return {"id": one.pk, "name": one.name} if one else None


def moment(at: datetime | None) -> str | None:
    """As text at once: an answer that may be replayed is kept as JSON."""
    return at.isoformat() if at else None


def _alpha(found: Agreement) -> dict[str, Any]:
    return {
        "alpha": found.value, "low": found.low, "high": found.high, "n": found.n, "agreed": found.observed,
    }  # fmt: skip
