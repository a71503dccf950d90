"""Several score the same answers blind, and see then how far they mean the same."""

import pytest

from apps.evaluation.models import CalibrationSession, Review, Scoring
from apps.evaluation.quality import services
from apps.evaluation.quality.queries.calibration import item_page, session_page
from apps.evaluation.quality.services import (
    AlreadyScored,
    Given,
    NotEverybodyHasScored,
    NotOnThePanel,
    SessionClosed,
)
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event
from tests.evaluation.reviewing import answered, form, marks, second_lead, session
from tests.factories import NOW, make_ticket, make_user


def score(cast, item, by, **other):
    given = marks(item.session.scorecard, **other)
    return services.score_item(item=item, marks=given, by=by, at=NOW)


def page(found, user):
    return session_page(CalibrationSession.objects.get(pk=found.pk), user=user, configures=False)


def test_what_the_others_gave_shows_once_ones_own_is_in(cast):
    found = session(cast)
    (item,) = found.items.all()
    score(cast, item, second_lead(cast), wish=0)
    assert item_page(found, 1, user=cast.lena).rows == ()
    assert not page(found, cast.lena).is_shown
    score(cast, item, cast.lena)
    [wish] = [row for row in item_page(found, 1, user=cast.lena).rows if row.criterion.code == "wish"]
    assert ([cell.said for cell in wish.cells], wish.differs) == (["yes", "no"], True)


def test_who_only_looks_on_sees_it_when_it_is_closed(cast):
    found = session(cast)
    (item,) = found.items.all()
    score(cast, item, cast.lena)
    assert item_page(found, 1, user=cast.ada).rows == ()
    assert page(found, cast.ada).gaps == ()
    services.close_calibration(session=found, by=cast.ada, at=NOW)
    assert page(found, cast.ada).is_shown
    assert Event.objects.about("calibration", found.pk).count() == 2


def test_agreement_is_told_by_question(cast):
    found = session(cast, *[answered(cast) for _ in range(6)])
    for number, item in enumerate(found.items.all()):
        score(cast, item, cast.lena, wish=number % 2, remedy=4)
        score(cast, item, second_lead(cast), wish=number % 2, remedy=2)
    told = {row.criterion.code: row for row in page(found, cast.lena).agreements}
    assert told["wish"].agreement.value == pytest.approx(1)
    assert told["remedy"].agreement.value < 0
    assert told["wish"].is_enough
    assert told["language"].agreement.value is None  # everybody gave the same: nothing can be told apart


def test_the_gap_of_each_is_told_against_the_others(cast):
    found = session(cast)
    (item,) = found.items.all()
    score(cast, item, cast.lena, remedy=4)
    score(cast, item, second_lead(cast), remedy=1)
    gaps = {gap.reviewer.name: gap for gap in page(found, cast.lena).gaps}
    assert gaps["Lena"].signed == pytest.approx(1 / 17)
    assert gaps["Leo"].signed == pytest.approx(-1 / 17)
    assert gaps["Leo"].absolute == pytest.approx(1 / 17)


def test_the_panel_agrees_once_everybody_has_scored(cast):
    found = session(cast)
    (item,) = found.items.all()
    score(cast, item, cast.lena)
    agreed = marks(found.scorecard, remedy=3)
    with pytest.raises(NotEverybodyHasScored):
        services.agree_on_item(item=item, marks=agreed, by=cast.lena, at=NOW)
    score(cast, item, second_lead(cast), remedy=1)
    services.agree_on_item(item=item, marks=agreed, by=cast.lena, at=NOW)
    services.agree_on_item(item=item, marks=agreed, by=cast.ada, at=NOW)  # who opened it keeps the minutes
    assert Scoring.objects.filter(reviewer=None).count() == 1
    gaps = {gap.reviewer.name: gap for gap in page(found, cast.lena).gaps}
    assert gaps["Leo"].from_agreed == pytest.approx(2 / 3 / 17)


def test_a_score_stays(cast):
    found = session(cast)
    (item,) = found.items.all()
    score(cast, item, cast.lena)
    with pytest.raises(AlreadyScored):
        score(cast, item, cast.lena, wish=0)
    assert not Scoring.objects.filter(marks__value=0).exists()


def test_nobody_scores_after_it_is_closed(cast):
    found = session(cast)
    services.close_calibration(session=found, by=cast.ada, at=NOW)
    (item,) = found.items.all()
    with pytest.raises(SessionClosed):
        score(cast, item, cast.lena)
    with pytest.raises(SessionClosed):
        services.close_calibration(session=found, by=cast.ada, at=NOW)


def test_every_question_is_scored(cast):
    found = session(cast)
    (item,) = found.items.all()
    with pytest.raises(Invalid):
        services.score_item(item=item, marks={"wish": Given(1)}, by=cast.lena, at=NOW)
    assert not Scoring.objects.exists()


def test_only_the_panel_scores_and_speaks(cast):
    found = session(cast)
    (item,) = found.items.all()
    with pytest.raises(NotOnThePanel):
        score(cast, item, cast.ada)
    other = make_user("lou", "lead", cast.billing)
    with pytest.raises(NotOnThePanel):
        services.note_discussion(session=found, words="Hm", by=other)


def test_a_stranger_does_not_find_it(cast):
    found = session(cast)
    (item,) = found.items.all()
    with pytest.raises(NotFound):
        score(cast, item, make_user("sid", "lead", cast.shipping))
    with pytest.raises(NotAllowed):
        score(cast, item, cast.ana)


def test_it_is_closed_by_who_opened_it(cast):
    found = session(cast)
    with pytest.raises(NotAllowed):
        services.close_calibration(session=found, by=cast.lena, at=NOW)
    assert CalibrationSession.objects.get().is_open


def test_it_counts_in_nobodys_averages(cast):
    found = session(cast)
    score(cast, found.items.get(), cast.lena)
    assert not Review.objects.exists()


@pytest.mark.parametrize("wrong", ["one", "agent", "own", "unanswered", "hidden", "name"])
def test_a_session_that_would_tell_nothing_is_refused(cast, wrong):
    form()
    asked = {"title": "May", "tickets": [answered(cast)], "panel": [cast.lena, second_lead(cast)]}
    asked |= {
        "one": {"panel": [cast.lena]}, "agent": {"panel": [cast.lena, cast.ana]},
        "own": {"tickets": [answered(cast, cast.lena)]}, "unanswered": {"tickets": [make_ticket(cast)]},
        "hidden": {"tickets": [answered(cast, department=cast.shipping)]}, "name": {"title": " "},
    }[wrong]  # fmt: skip
    with pytest.raises(Invalid):
        services.open_calibration(**asked, department=cast.billing, by=cast.ada, at=NOW)
    assert not CalibrationSession.objects.exists()


def test_a_ticket_named_twice_is_refused(cast):
    ticket = answered(cast)
    with pytest.raises(Invalid, match="once"):
        session(cast, ticket, ticket)
    assert not CalibrationSession.objects.exists()
