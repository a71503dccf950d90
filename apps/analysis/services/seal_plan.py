"""The seal of a frozen plan: nobody can change what counts as proof without being noticed."""

import hashlib
import json
import zlib
from datetime import UTC, datetime
from typing import Any

from django.db import models

from apps.analysis.models import EffectivenessPlan
from apps.analysis.proof import digest_of
from apps.analysis.queries.metric import Metric
from helpdesk import events
from helpdesk.errors import DomainError
from helpdesk.models import User
from helpdesk.sentences import SentenceField, kept

SEAL = 2
NOT_SEALED = frozenset({"id", "digest", "baseline", "seal"})  # the baseline is sealed by its own digest


class PlanTampered(DomainError):
    """The frozen plan is not the one that was agreed: its seal is broken. Nothing is judged by it."""

    code = "plan-tampered"


def frozen(plan: EffectivenessPlan, *, by: User, at: datetime) -> EffectivenessPlan:
    """Seal a plan: the digest shows that it is the one that was agreed."""
    plan.frozen_at, plan.frozen_by, plan.seal = at, by, SEAL
    plan.digest = digest(plan)
    plan.save(force_insert=True)
    data = {
        "plan": plan.pk,
        "cut": plan.expected_cut,
        "decision": plan.decision_on.isoformat(),
        "digest": plan.digest,
    }
    events.record("plan.frozen", about=plan.case.ref, by=by, at=at, data=data)
    return plan


def counted_baseline(metric: Metric, days: int) -> tuple[tuple[int, ...], ...]:
    """Tickets, neighbours and other contacts a day of the baseline."""
    series = (metric.tickets, metric.neighbours, metric.others)
    return tuple(tuple(map(int, counts[:days])) for counts in series)


def pack_baseline(counted: tuple[tuple[int, ...], ...]) -> bytes:
    return zlib.compress(json.dumps(counted).encode(), 9)


def require_unbroken_seal(plan: EffectivenessPlan) -> None:
    """Raises PlanTampered when the plan or its baseline is not what was frozen."""
    kept = frozen_baseline(plan)
    baseline_holds = plan.seal < SEAL or (kept is not None and digest_of(kept) == plan.baseline_digest)
    if digest(plan) != plan.digest or not baseline_holds:
        raise PlanTampered


def frozen_baseline(plan: EffectivenessPlan) -> tuple[tuple[int, ...], ...] | None:
    """The baseline as it was counted on freezing; None in older plans. Raises PlanTampered."""
    if plan.baseline is None:
        return None
    try:
        return tuple(map(tuple, json.loads(zlib.decompress(plan.baseline))))
    except (zlib.error, ValueError) as error:
        raise PlanTampered from error


def digest(plan: EffectivenessPlan) -> str:
    """SHA-256 over every field of the plan; in older ones, over those that decide the verdict."""
    if plan.seal < SEAL:
        names = (
            "case_id", "look", "metric", "denominator", "baseline_start", "baseline_end", "detection_start",
            "detection_end", "lag_days", "window_days", "expected_cut", "test", "alpha", "neighbours", "decision_on",
        )  # fmt: skip
        facts = {name: str(getattr(plan, name)) for name in names}
    else:
        fields = [field for field in plan._meta.concrete_fields if field.name not in NOT_SEALED]
        facts = {field.attname: _said(field, getattr(plan, field.attname)) for field in fields}
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _said(field: Any, value: Any) -> str:
    """The same text before it is stored and after it is read."""
    if isinstance(field, models.FloatField):
        return repr(float(value))
    if isinstance(field, SentenceField):
        return kept(value)  # in whichever language somebody looks at it
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)
