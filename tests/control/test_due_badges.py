"""The time that a ticket has left reads the same in a list, above the conversation and among its promises."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.control import queries, services
from apps.control.clock import always_open, office_hours, open_until
from apps.control.models import Clock
from tests.factories import NOW, make_ticket

FRIDAY_EVENING = datetime(2026, 5, 8, 16, 30, tzinfo=UTC)


@pytest.fixture
def promised(cast, policy):
    """Tickets of Friday, half an hour before the office closes."""

    def make(count=1, at=FRIDAY_EVENING):
        tickets = [make_ticket(cast, at=at) for _ in range(count)]
        for ticket in tickets:
            services.start_clocks(ticket=ticket, at=at)
            ticket.refresh_from_db()
        return tickets

    return make


def test_a_weekend_costs_no_working_time(cast, promised):
    (ticket,) = promised()
    saturday = FRIDAY_EVENING + timedelta(days=1)
    [(number, face)] = queries.due_faces([ticket.pk], user=cast.ana, at=saturday)
    assert (number, face.kind, face.due_at) == (ticket.pk, "acknowledge", ticket.due_at)
    assert face.left == timedelta(minutes=30)
    assert face.closes == timedelta()
    assert face.target == timedelta(hours=1)


def test_the_badge_says_what_the_panel_says(cast, promised):
    (ticket,) = promised()
    for at in (FRIDAY_EVENING, FRIDAY_EVENING + timedelta(hours=2), FRIDAY_EVENING + timedelta(days=5)):
        [(_, badge)] = queries.due_faces([ticket.pk], user=cast.ana, at=at)
        assert badge in queries.faces_of(ticket, at=at)


def test_badges_take_one_query_however_many_there_are(cast, promised, django_assert_num_queries):
    numbers = [ticket.pk for ticket in promised(20)]
    with django_assert_num_queries(1):
        assert len(queries.due_faces(numbers, user=cast.ana, at=NOW)) == 20


def test_the_fragment_replaces_every_badge_of_a_ticket(cast, promised, sign_in):
    (ticket,) = promised()
    page = sign_in(cast.ana).get(f"/clocks/due/?number={ticket.pk}&number=x&number={10**30}").content.decode()
    assert f'data-due="{ticket.pk}"' in page
    assert f"hx-swap-oob=\"outerHTML:[data-due='{ticket.pk}']\"" in page
    assert "data-closes=" in page


def test_a_met_promise_leaves_its_place_to_the_next(cast, promised):
    (ticket,) = promised()
    Clock.objects.filter(ticket=ticket, kind="acknowledge").update(state="met", met_at=NOW)
    [(_, face)] = queries.due_faces([ticket.pk], user=cast.ana, at=NOW)
    assert face.kind == "first_reply"


def test_tickets_of_others_have_no_badge(cast, promised, sign_in):
    (ticket,) = promised()
    assert queries.due_faces([ticket.pk], user=cast.mallory, at=NOW) == []
    assert sign_in(cast.zoe_account).get(f"/clocks/due/?number={ticket.pk}").status_code == 403


@pytest.mark.parametrize(
    ("hour", "closes"),
    [((8, 10), 7.0), ((8, 8), None), ((8, 17), None), ((9, 10), None)],
)
def test_when_the_office_closes(hour, closes):
    day, at = hour
    moment = datetime(2026, 5, day, at, tzinfo=UTC)
    until = open_until(moment, office_hours("UTC"))
    assert until == (moment + timedelta(hours=closes) if closes else None)


def test_an_office_that_never_closes_is_open_for_days():
    assert open_until(NOW, always_open()) - NOW > timedelta(days=7)
