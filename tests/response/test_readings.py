"""Tickets that are coded twice: drawn by the week, read blind, settled by a third person."""

from datetime import date, timedelta

import pytest

from apps.intake.models import Suggestion
from apps.response import queries
from apps.response.models import ReadingState, SampledWeek, SecondReading
from apps.response.services import (
    AlreadyRead,
    NothingToSettle,
    OwnCode,
    UnusableIssue,
    draw_readings,
    give_remedy,
    merge,
    read_again,
    settle_reading,
)
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Event, Role, TicketIssue
from tests.factories import NOW, make_issue, make_ticket, make_user
from tests.response.conftest import CODED


def drawn(cast, at=NOW):
    return draw_readings(by=cast.system, at=at)


# --- the draw -----------------------------------------------------------------------------------------


def test_last_weeks_codes_are_drawn_from(cast, coded, issues):
    (ticket,) = coded()
    (reading,) = drawn(cast)
    assert (reading.ticket_id, reading.first_issue_id, reading.first_by_id) == (
        ticket.pk,
        issues[0].pk,
        cast.ana.pk,
    )
    assert (reading.first_at, reading.chance, reading.state) == (CODED, 1.0, "waiting")
    week = SampledWeek.objects.get(monday=date(2026, 4, 27))
    assert week.coded == 1
    assert Event.objects.filter(kind="sample.drawn", about=f"week:{week.pk}").get().data["drawn"] == 1


def test_a_week_is_drawn_from_once(cast, coded):
    coded(3)
    drawn(cast)
    coded(3)
    before = Event.objects.count()
    assert drawn(cast, NOW + timedelta(hours=1)) == []
    assert (SecondReading.objects.count(), Event.objects.count()) == (3, before)


def test_the_settings_say_how_many(cast, coded, settings):
    settings.READINGS_A_WEEK = 4
    coded(10)
    readings = drawn(cast)
    assert len(readings) == 4
    assert sum(1 / one.chance for one in readings) == pytest.approx(10)


def test_doubted_codes_are_drawn_more_often(cast, coded, issues, settings):
    settings.READINGS_A_WEEK = 6
    sure, doubted = coded(20), coded(5)
    for ticket in sure:
        Suggestion.objects.create(ticket=ticket, issue=issues[0], rank=1, confidence=0.98)
    for ticket in doubted:
        Suggestion.objects.create(ticket=ticket, issue=issues[1], rank=1, confidence=0.9)
    drawn(cast)
    asked = SecondReading.objects.filter(ticket__in=doubted)
    assert {one.why for one in asked} == {"doubted"}
    assert {one.suggested for one in asked} == {issues[1]}
    assert asked.count() > 6 * 5 / 25
    assert min(one.chance for one in asked) > 2 * max(
        one.chance for one in SecondReading.objects.filter(ticket__in=sure)
    )


def test_codes_whose_readers_differed_are_drawn_more_often(cast, coded, issues, bea, settings):
    for ticket in coded(8, at=CODED - timedelta(days=7)):
        reading = SecondReading(
            ticket=ticket, week=SampledWeek.objects.get_or_create(
                monday=date(2026, 4, 20), defaults={"coded": 8, "drawn_at": CODED})[0],
            why="any", chance=1.0, first_issue=issues[0], first_by=cast.ana, first_at=CODED,
        )  # fmt: skip
        reading.save()
        reading.read_as(issues[1], seconds=None, by=bea, at=CODED)
    settings.READINGS_A_WEEK = 8
    disputed, calm = coded(10), coded(10, issue=issues[2])
    drawn(cast)
    of = lambda tickets: SecondReading.objects.filter(ticket__in=tickets)  # noqa: E731
    assert {one.why for one in of(disputed)} == {"disputed"}
    assert of(disputed).first().chance > 1.5 * of(calm).first().chance


def test_codes_of_machines_and_of_this_week_are_not_drawn(cast, coded):
    coded(by=cast.system)
    coded(at=NOW)
    assert drawn(cast) == []


def test_merged_tickets_are_not_drawn(cast, coded):
    one, other = coded(2)
    merge(ticket=one, into=other, by=cast.ana, at=NOW)
    assert [reading.ticket_id for reading in drawn(cast)] == [other.pk]


def test_missed_weeks_are_drawn_later(cast, coded):
    coded(at=NOW - timedelta(days=22))
    coded(at=NOW - timedelta(days=50))
    assert len(drawn(cast)) == 1
    assert SampledWeek.objects.count() == 4


def test_what_nobody_read_in_time_lapses(cast, coded):
    coded()
    drawn(cast)
    draw_readings(by=cast.system, at=NOW + timedelta(days=61))
    assert SecondReading.objects.get().state == ReadingState.LAPSED
    assert Event.objects.filter(kind="reading.lapsed").count() == 1


def test_what_was_merged_meanwhile_lapses(cast, coded):
    one, other = coded(2)
    drawn(cast)
    merge(ticket=one, into=other, by=cast.ana, at=NOW)
    drawn(cast, NOW + timedelta(days=1))
    assert SecondReading.objects.get(ticket=one).state == ReadingState.LAPSED


def test_an_agent_does_not_draw(cast, coded):
    coded()
    with pytest.raises(NotAllowed):
        draw_readings(by=cast.ana, at=NOW)
    assert not SampledWeek.objects.exists()


# --- the second reader --------------------------------------------------------------------------------


def test_two_who_say_the_same_agree(cast, coded, issues, bea):
    (ticket,) = coded()
    (reading,) = drawn(cast)
    read_again(reading=reading, issue=issues[0], seconds=14, by=bea, at=NOW)
    reading.refresh_from_db()
    assert (reading.state, reading.true_issue, reading.seconds) == ("agreed", issues[0], 14)
    assert Event.objects.filter(kind="reading.done", about=f"reading:{reading.pk}").exists()
    assert not Event.objects.filter(ticket=ticket, kind__startswith="reading").exists()


def test_a_second_reading_leaves_the_ticket_as_it_is(cast, differing, issues):
    assert differing.state == ReadingState.DIFFERS
    assert differing.true_issue is None
    assert [(row.issue, row.is_primary) for row in differing.ticket.issues.all()] == [(issues[0], True)]


def refused(reading, issue, by, error):
    before = Event.objects.count()
    with pytest.raises(error):
        read_again(reading=reading, issue=issue, by=by, at=NOW)
    reading.refresh_from_db()
    assert (reading.state, Event.objects.count()) == ("waiting", before)


def test_nobody_reads_their_own_code_again(cast, coded, issues):
    coded()
    refused(drawn(cast)[0], issues[0], cast.ana, OwnCode)


def test_a_stranger_reads_nothing(cast, coded, issues):
    coded()
    refused(drawn(cast)[0], issues[0], cast.mallory, NotFound)


def test_an_owner_reads_nothing(cast, coded, issues):
    coded()
    refused(drawn(cast)[0], issues[0], cast.omar, NotAllowed)


def test_a_second_code_is_one_a_ticket_may_be_given(cast, coded, issues, bea):
    coded()
    make_issue("finer", parent=issues[2])
    refused(drawn(cast)[0], issues[2], bea, UnusableIssue)


def test_a_ticket_is_read_twice_not_thrice(cast, coded, issues, bea):
    coded()
    (reading,) = drawn(cast)
    read_again(reading=reading, issue=issues[0], by=bea, at=NOW)
    with pytest.raises(AlreadyRead):
        read_again(reading=reading, issue=issues[1], by=cast.lena, at=NOW)
    assert SecondReading.objects.get().second_by == bea


# --- the third person ---------------------------------------------------------------------------------


def test_the_third_person_corrects_the_ticket(cast, differing, issues):
    give_remedy(ticket=differing.ticket, remedy="refund", amount=5, by=cast.ada, at=NOW)
    settle_reading(reading=differing, issue=issues[1], by=cast.lena, at=NOW)
    differing.refresh_from_db()
    assert (differing.state, differing.true_issue, differing.settled_by) == ("settled", issues[1], cast.lena)
    row = TicketIssue.objects.get(ticket=differing.ticket)
    assert (row.issue, row.is_primary, row.coded_by, row.source) == (issues[1], True, cast.lena, "person")
    assert (row.suspected_cause, row.remedy, row.remedy_amount) == ("product", "refund", 5)
    kinds = list(Event.objects.filter(ticket=differing.ticket).order_by("id").values_list("kind", flat=True))
    assert kinds[-2:] == ["ticket.classified", "ticket.uncoded"]


def test_the_history_tells_of_the_correction(cast, differing, issues):
    settle_reading(reading=differing, issue=issues[1], by=cast.lena, at=NOW)
    told = [moment.text for moment in queries.history(differing.ticket)]
    assert "Not about Charged twice after all" in told
    assert "Coded as Wrong amount (before: Charged twice)" in told


def test_a_ticket_may_be_about_both(cast, differing, issues):
    settle_reading(reading=differing, issue=issues[1], keep_both=True, by=cast.lena, at=NOW)
    rows = differing.ticket.issues.order_by("-is_primary")
    assert [(row.issue, row.is_primary) for row in rows] == [(issues[1], True), (issues[0], False)]


def test_where_the_first_was_right_nothing_changes(cast, differing, issues):
    before = Event.objects.filter(ticket=differing.ticket).count()
    settle_reading(reading=differing, issue=issues[0], by=cast.lena, at=NOW)
    assert TicketIssue.objects.get(ticket=differing.ticket).coded_by == cast.ana
    assert Event.objects.filter(ticket=differing.ticket).count() == before


def test_neither_may_be_right(cast, differing, issues):
    settle_reading(reading=differing, issue=issues[2], by=cast.lena, at=NOW)
    assert TicketIssue.objects.get(ticket=differing.ticket).issue == issues[2]


def unsettled(reading, issue, by, error):
    before = Event.objects.count()
    with pytest.raises(error):
        settle_reading(reading=reading, issue=issue, by=by, at=NOW)
    reading.refresh_from_db()
    assert (reading.state, Event.objects.count()) == ("differs", before)


def test_an_agent_does_not_settle(cast, differing, issues):
    unsettled(differing, issues[1], make_user("cleo", Role.AGENT, cast.billing), NotAllowed)


@pytest.mark.parametrize("whose", ["first_by", "second_by"])
def test_none_of_the_two_settles(cast, differing, issues, whose):
    one = getattr(differing, whose)
    one.role = Role.LEAD
    one.save(update_fields=["role"])
    unsettled(differing, issues[1], one, OwnCode)


def test_a_lead_of_another_department_settles_nothing(cast, differing, issues):
    unsettled(differing, issues[1], make_user("mo", Role.LEAD, cast.shipping), NotFound)


def test_what_is_agreed_needs_no_settling(cast, coded, issues, bea):
    coded()
    (reading,) = drawn(cast)
    read_again(reading=reading, issue=issues[0], by=bea, at=NOW)
    with pytest.raises(NothingToSettle):
        settle_reading(reading=reading, issue=issues[1], by=cast.lena, at=NOW)


def test_a_merged_ticket_is_settled_and_left_alone(cast, differing, issues):
    merge(ticket=differing.ticket, into=make_ticket(cast), by=cast.ana, at=NOW)
    settle_reading(reading=differing, issue=issues[1], by=cast.lena, at=NOW)
    assert TicketIssue.objects.get(ticket=differing.ticket).issue == issues[0]
