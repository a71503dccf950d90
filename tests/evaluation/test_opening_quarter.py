"""Prevention opens on a quarter that has something to show."""

from datetime import date

import pytest
from django.utils import timezone

from apps.analysis.deadlines import today
from apps.evaluation.incentive import Deeds
from apps.evaluation.queries import scoreboard as board
from apps.evaluation.queries.quarters import Quarter
from helpdesk.models import Department

ENOUGH = Deeds(tried=1, promised=0.5, proven=0.4, saved=900.0, dearest=100.0)
QUARTER = Quarter.of(date(2026, 2, 1))


@pytest.fixture
def scored_in(monkeypatch):
    """Shipping did enough for a score in these quarters, nobody anything in any other."""

    def did(quarters):
        real = board.read_deeds

        def read_deeds(asked, *, departments, at):
            known = real(asked, departments=departments, at=at)
            return {key: ENOUGH if key in scored else deeds for key, deeds in known.items()}

        shipping = Department.objects.get(slug="shipping").pk
        scored = {(shipping, quarter.first) for quarter in quarters}
        monkeypatch.setattr(board, "read_deeds", read_deeds)

    return did


@pytest.mark.parametrize(
    ("scored", "opens_on"),
    [
        ((0, 1, 2), 1),  # the last that is over
        ((0, 3), 0),  # the running one, where the last that is over has none
        ((2, 3), 2),
        ((4,), 4),
        ((5,), 1),  # more than a year ago is too long ago to open on
        ((), 1),
    ],
)
def test_the_page_opens_on_the_newest_quarter_in_which_somebody_has_a_score(
    cast, sign_in, scored_in, scored, opens_on
):
    running = Quarter.of(today(timezone.now()))
    scored_in([running.before(back) for back in scored])
    page = sign_in(cast.ada).get("/standards/prevention/")
    assert page.context["quarter"] == running.before(opens_on)
    assert {row.quarter for row in page.context["rows"]} == {running.before(opens_on)}
    found = [row.department.slug for row in page.context["rows"] if row.score.value is not None]
    assert found == (["shipping"] if opens_on in scored else [])


def test_the_quarter_that_was_asked_for_is_shown_without_a_score_too(cast, sign_in, scored_in):
    scored_in([QUARTER])
    page = sign_in(cast.ada).get("/standards/prevention/?quarter=2025-Q4")
    assert page.context["quarter"].name == "2025-Q4"
