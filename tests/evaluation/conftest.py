from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from apps.analysis.models import Case, CaseState
from apps.evaluation import queries
from tests.evaluation.verdicts import judge
from tests.factories import NOW


@pytest.fixture
def measured() -> Callable[..., dict]:
    """Every tally by measure, of one department or the whole company, in the six months up to now."""

    def read(department=None, *, at: datetime = NOW) -> dict:
        window = queries.window(months=6, at=at)
        judged = queries.judged_cases(window)
        reports = queries.reports(
            window, departments=[department] if department else [], goals=[], judged=judged
        )
        return {standard.measure.value: standard.tally for standard in reports[-1].standards}

    return read


@pytest.fixture
def judged_case(cast) -> Callable[..., Case]:
    """A case of Billing whose fix was measured, with its verdict."""

    def make(verdict: str = "effective", *, department=None, saved: str = "1000") -> Case:
        at = NOW - timedelta(days=3)
        case = Case.open(
            title="Charged twice", owner_department=department or cast.billing, detection_start=date(2025, 10, 1),
            detection_end=date(2025, 10, 28), by=cast.nils, at=at,
        )  # fmt: skip
        case.move(CaseState.ASSESS, due_on=None, by=cast.nils, at=at)
        case.move(CaseState.MONITORING, due_on=None, by=cast.nils, at=at)
        judge(case, verdict, at=at, saved=saved, by=cast.nils)
        return case

    return make
