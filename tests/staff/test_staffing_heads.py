"""People from contacts: what waits on the line by Erlang C, what can wait within its promise."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from apps.staff.erlang import Target, answered_within, people_needed
from apps.staff.heads import Terms, levelled, needed, open_shares, parts_of_week, reached

OFFICE = open_shares([((9 * 60, 17 * 60),)] * 5 + [()] * 2)
NOTHING = np.zeros((7, 24))


def terms(**fields):
    given = {
        "target": Target(0.8, 20, 0.8), "live_minutes": 6.0, "deferred_minutes": 12.0, "promised_hours": 4,
        "shrinkage": 0.25, "blends": False,
    }  # fmt: skip
    return Terms(**given | fields)


def at(hour, contacts, day=0):
    hours = NOTHING.copy()
    hours[day, hour] = contacts
    return hours


def test_calls_are_erlang_c_and_shrinkage_comes_on_top():
    need = needed(live=at(10, 30), deferred=NOTHING, backlog=0, open_share=OFFICE, terms=terms())
    on_line = people_needed(3.0, handling=360, target=Target(0.8, 20, 0.8))
    assert need.live[0, 10] == on_line == 6
    assert need.rota[0, 10] == 8  # 6 / .75
    assert need.rota.sum() == 8


def test_mail_is_hours_of_work_by_hours_until_promised():
    need = needed(live=NOTHING, deferred=at(10, 40), backlog=0, open_share=OFFICE, terms=terms())
    # 40 x 12 minutes are 8 hours, in 4 hours by people at work four fifths of their time
    np.testing.assert_allclose(need.deferred[0, 9:15], [0, 2.5, 2.5, 2.5, 2.5, 0])
    assert need.rota[0, 10] == 4  # 2.5 / .75


def test_what_comes_at_night_is_there_in_the_morning():
    evening, weekend = at(20, 8), at(12, 8, day=5)
    assert levelled(evening, OFFICE > 0, promised=4)[1, 9:13].tolist() == [2, 2, 2, 2]
    assert levelled(weekend, OFFICE > 0, promised=4).sum() == 0  # for the week after


def test_a_backlog_is_work_of_the_first_hours():
    assert levelled(NOTHING, OFFICE > 0, promised=2, backlog=6)[0, 9:12].tolist() == [3, 3, 0]


def test_a_call_outside_of_the_hours_needs_nobody():
    need = needed(live=at(20, 30), deferred=NOTHING, backlog=0, open_share=OFFICE, terms=terms())
    assert need.rota.sum() == 0


def test_half_an_hour_of_opening_has_the_calls_of_half_an_hour():
    half = open_shares([((9 * 60 + 30, 17 * 60),)] * 7)
    assert half[0, 9] == 0.5
    late = needed(live=at(9, 15), deferred=NOTHING, backlog=0, open_share=half, terms=terms())
    whole = needed(live=at(10, 30), deferred=NOTHING, backlog=0, open_share=half, terms=terms())
    assert late.rota[0, 9] == whole.rota[0, 10]


def test_who_waits_for_calls_answers_mail_meanwhile():
    given = {"live": at(10, 30), "deferred": at(10, 10), "backlog": 0, "open_share": OFFICE}
    apart, both = needed(**given, terms=terms()), needed(**given, terms=terms(blends=True))
    assert apart.deferred[0, 10] > 0
    assert both.deferred[0, 10] == 0
    assert both.rota[0, 10] < apart.rota[0, 10]


@given(arrays(np.float64, (7, 24), elements=st.floats(0, 50)), st.integers(1, 40), st.floats(0, 100))
def test_no_work_is_lost_or_done_before_it_came_or_after_it_was_promised(contacts, promised, backlog):
    is_open = OFFICE > 0
    done = levelled(contacts, is_open, promised=promised, backlog=backlog)
    assert (done[~is_open] == 0).all()
    assert (done >= -1e-9).all()
    places = np.flatnonzero(is_open.ravel())
    came = np.array([contacts.ravel()[: place + 1].sum() for place in places]) + backlog
    finished = np.cumsum(done.ravel()[places])
    assert (finished <= came + 1e-6).all()
    # What was there `promised` open hours ago is done.
    if promised < len(places):
        assert (finished[promised - 1 :] >= came[: len(places) - promised + 1] - 1e-6).all()


@given(arrays(np.float64, (7, 24), elements=st.floats(0, 60)), st.floats(1, 2))
def test_more_contacts_never_need_fewer_people(contacts, more):
    def rota(times):
        return needed(
            live=contacts * times, deferred=contacts * times, backlog=0, open_share=OFFICE, terms=terms()
        ).rota

    assert (rota(more) >= rota(1.0)).all()


def test_the_scarcest_part_of_the_week_comes_first():
    rota = np.where(OFFICE > 0, 2.0, 0.0)
    rota[0, 9:12] = 6
    found = parts_of_week(date(2026, 5, 11), rota, np.where(OFFICE > 0, 4.0, 0.0), OFFICE)
    assert (found[0].weekday, found[0].part) == (0, "mornings")
    assert (found[0].needed, found[0].there, found[0].gap) == (6, 4, -2)
    assert len(found) == 10  # nobody is there in the evening, nor at the weekend


def test_who_is_there_answers_so_many_in_time():
    given = {"live": at(10, 30), "open_share": OFFICE, "terms": terms()}
    assert reached(there=np.full((7, 24), 8.0), **given) == pytest.approx(
        float(answered_within(3.0, 6, handling=360, within=20))
    )
    assert reached(there=np.full((7, 24), 3.0), **given) == 0
    assert reached(there=NOTHING, live=NOTHING, open_share=OFFICE, terms=terms()) is None


@pytest.mark.parametrize("wrong", [{"shrinkage": 1.0}, {"promised_hours": 0}])
def test_terms_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match="Shrinkage"):
        terms(**wrong)
