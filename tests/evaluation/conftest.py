from collections.abc import Callable
from datetime import datetime

import pytest

from apps.analysis.models import Case
from apps.evaluation import queries
from tests.evaluation.verdicts import open_judged
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
        return open_judged(verdict, department=department or cast.billing, by=cast.nils, saved=saved)

    return make
