"""A plan, a verdict and what they rest on are kept once, sealed, and read by everybody in their own language."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import pgtrigger
import pytest
from django.db import models
from django.urls import reverse
from django.utils.translation import override

from apps.analysis import services
from apps.analysis.models import Case, EffectivenessPlan, Verdict
from apps.analysis.queries.recheck import recheck
from apps.analysis.services.seal_plan import NOT_SEALED, digest, require_unbroken_seal
from tests.analysis.test_the_walk import SURGE, ago, walk_to_fixing, walk_to_monitoring
from tests.factories import NOW


@pytest.fixture
def judged_case(years):
    case = walk_to_monitoring(years)
    verdict = services.judge_case(case=case, by=years.cast.system, at=NOW)
    return Case.objects.get(pk=case.pk), Verdict.objects.get(pk=verdict.pk)


def test_a_verdict_its_plan_and_its_history_are_read_in_german(years, judged_case, sign_in):
    case, verdict = judged_case
    years.cast.nils.language = "de"
    years.cast.nils.save(update_fields=["language"])
    assert "were to be expected" in str(verdict.reason)
    page = sign_in(years.cast.nils).get(reverse("case", args=[case.pk])).content.decode()
    assert "Tickets, wo " in page
    assert "zugesagt waren" in page
    assert "Tickets am Tag mit" in page
    assert "nachgewiesen: Sagen Sie es den Kunden" in page
    for english in ("were to be expected", "Tickets a day with", "to confirm", "does not know the season"):
        assert english not in page


def test_the_seal_holds_in_every_language(years, judged_case):
    plan = EffectivenessPlan.objects.get(case=judged_case[0])
    assert plan.feasibility != str(plan.feasibility)
    with override("de"):
        assert digest(plan) == plan.digest
        require_unbroken_seal(plan)


def test_a_plan_that_was_sealed_in_plain_words_keeps_its_seal(years):
    """As they were sealed before sentences were kept: over the words themselves."""
    plan = EffectivenessPlan.objects.get(case=walk_to_fixing(years, at=ago(SURGE["found"])))
    with pgtrigger.ignore("analysis.EffectivenessPlan:frozen_plans_stay"):
        EffectivenessPlan.objects.filter(pk=plan.pk).update(
            metric="Tickets a day with Charged twice", feasibility="With 2 tickets a day you need 56 days."
        )
        plan.refresh_from_db()
        fields = [field for field in plan._meta.concrete_fields if field.name not in NOT_SEALED]
        facts = {field.attname: _as_before(field, getattr(plan, field.attname)) for field in fields}
        sealed = sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
        EffectivenessPlan.objects.filter(pk=plan.pk).update(digest=sealed)
    with override("de"):
        require_unbroken_seal(EffectivenessPlan.objects.get(pk=plan.pk))


def _as_before(field, value):
    if isinstance(field, models.FloatField):
        return repr(float(value))
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def test_a_verdict_of_before_comes_out_again(years, judged_case):
    """Kept in plain English, and computed again as a sentence: the same words."""
    _, verdict = judged_case
    with pgtrigger.ignore("analysis.Verdict:verdicts_stay"):
        Verdict.objects.filter(pk=verdict.pk).update(
            reason=str(verdict.reason), remarks=[str(remark) for remark in verdict.remarks]
        )
    old = Verdict.objects.get(pk=verdict.pk)
    assert isinstance(old.reason, str)
    with override("de"):
        assert all(line.holds for line in recheck(old).lines)
