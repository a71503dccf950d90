from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from apps.analysis.models import Case, CaseState
from apps.awareness import services
from apps.awareness.models import Notice
from tests.evaluation.verdicts import judge
from tests.factories import NOW, make_issue

MONDAY = datetime(2026, 5, 11, 7, 0, tzinfo=NOW.tzinfo)


@pytest.fixture
def make_case(cast) -> Callable[..., Case]:
    """A case that waits for Omar's answer until Thursday, with money at risk."""

    def make(*, title="Charged twice", owner=None, due_on=date(2026, 5, 14), money="1000", **fields) -> Case:
        case = Case.open(
            title=title, detection_start=date(2026, 3, 1), detection_end=date(2026, 3, 28), by=cast.nils, at=NOW,
            money_likely=Decimal(money) if money else None, **fields,
        )  # fmt: skip
        case.move(CaseState.ASSESS, due_on=None, by=cast.nils, at=NOW)
        case.route(
            department=cast.billing,
            owner=owner or cast.omar,
            deputy=None,
            due_on=due_on,
            by=cast.nils,
            at=NOW,
        )
        return case

    return make


@pytest.fixture
def proven_case(cast) -> Callable[..., Case]:
    """A case whose fix was judged, at the point where the news of it goes out."""

    def make(verdict: str = "effective", *, at: datetime = NOW, label: str = "charged-twice") -> Case:
        case = Case.open(
            title="Proration job skips downgrades", issue=make_issue(label), detection_start=date(2025, 10, 1),
            detection_end=date(2025, 10, 28), owner=cast.omar, owner_department=cast.billing, by=cast.nils, at=at,
        )  # fmt: skip
        case.move(CaseState.ASSESS, due_on=None, by=cast.nils, at=at)
        case.move(CaseState.MONITORING, due_on=None, by=cast.nils, at=at)
        judge(case, verdict, at=at, saved="12000", by=cast.nils)
        return case

    return make


@pytest.fixture
def draft(cast, proven_case) -> Notice:
    return services.publish_fix(case=proven_case(), by=cast.system, at=NOW)


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)
