from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from selectolax.lexbor import LexborHTMLParser

from apps.analysis.models import Case, CaseState
from apps.analysis.services import count_days
from apps.awareness import services
from apps.awareness.models import Notice
from tests.analysis.assumptions import assume
from tests.analysis.world import World, day_before, make_world, sow
from tests.awareness.asking import WORDS
from tests.evaluation.verdicts import judge
from tests.factories import NOW, make_issue

MONEY = {"customer_value": (50, 60, 80), "multiplier": (2, 3, 5), "loss_silent": ("0.05", "0.10", "0.20")}
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


def seen(html):
    """The words a reader of the HTML sees, piece by piece."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(["style", "title", "head"])
    return [" ".join(words.split()) for words in tree.body.text(separator="\n").split("\n") if words.strip()]


# --- the executive report


@pytest.fixture
def executives(cast) -> list[str]:
    emails = ["ceo@board.test", "cfo@board.test"]
    services.set_recipients(emails=emails, by=cast.ada, at=NOW)
    return emails


@pytest.fixture
def world(cast) -> World:
    return make_world(cast)


@pytest.fixture
def priced(world) -> World:
    """Twelve issues, the rarest of which has the dearest customers."""
    issues = [make_issue(f"cause-{number}") for number in range(8)]
    for number, issue in enumerate([*world.issues, *issues]):
        sow(world, issue, {(90, 0): 2.0 - 0.1 * number}, seed=number)
    sow(world, None, {(90, 0): 0.3}, seed=99)
    count_days(first=day_before(190), last=day_before(1), at=NOW)
    for parameter, values in MONEY.items():
        assume(world, parameter, *values)
    assume(world, "customer_value", 900, 1000, 1100, issue=issues[-1])
    return world


# --- campaigns


@pytest.fixture
def charged(cast):
    return make_issue("charged-twice", owner=cast.billing)


@pytest.fixture
def late(cast):
    return make_issue("late-parcel", owner=cast.shipping)


@pytest.fixture
def campaign(cast, charged, late):
    return services.open_campaign(**WORDS, reach=5_000, issues=[charged, late], by=cast.nils, at=NOW)
