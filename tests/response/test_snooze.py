from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.output.models import Delivery
from apps.response import services
from apps.response.services import NotNow
from apps.response.snoozing.models import Snooze
from apps.response.snoozing.services import snooze, wake, wake_due
from apps.response.snoozing.times import times
from helpdesk.errors import Invalid, NotFound
from helpdesk.models import Event, Message
from tests.factories import NOW, make_ticket
from tests.response.pages import count_queries

SOON, LATER = NOW + timedelta(hours=2), NOW + timedelta(hours=3)


@pytest.fixture
def mine(cast):
    ticket = make_ticket(cast, subject="Mine")
    services.assign(ticket=ticket, assignee=cast.ana, by=cast.ana, at=NOW)
    return ticket


@pytest.fixture
def subjects(ana):
    def listed(asked="view=my-open"):
        return [row.ticket.subject for row in ana.get(f"/queue/?{asked}").context["page"].rows]

    return listed


def test_a_snoozed_ticket_leaves_ones_own_list_and_no_other(cast, ana, mine, subjects, sign_in):
    assert subjects() == ["Mine"]
    answer = ana.post(f"/t/{mine.pk}/snooze/", {"until": "tomorrow"})
    assert answer.status_code == 302
    assert subjects() == []
    assert subjects("view=snoozed") == subjects("view=all-open") == subjects("q=is:snoozed") == ["Mine"]
    assert "You put this off until" in ana.get(f"/t/{mine.pk}/").content.decode()
    lena = sign_in(cast.lena)
    assert "You put this off until" not in lena.get(f"/t/{mine.pk}/").content.decode()
    assert lena.get("/queue/?q=is:snoozed").context["page"].rows == []


def test_when_its_time_comes_it_is_back_once_on_top_and_marked(cast, ana, mine, subjects):
    urgent = make_ticket(cast, subject="Urgent", due_at=NOW)
    services.assign(ticket=urgent, assignee=cast.ana, by=cast.ana, at=NOW)
    snooze(ticket=mine, until=SOON, by=cast.ana, at=NOW)
    assert wake_due(by=cast.system, at=NOW) == 0
    assert subjects() == ["Urgent"]
    assert wake_due(by=cast.system, at=LATER) == 1
    assert wake_due(by=cast.system, at=LATER) == 0
    assert subjects() == ["Mine", "Urgent"]
    assert subjects("q=is:back") == ["Mine"]
    assert Event.objects.filter(kind="ticket.woken").count() == 1
    assert "Back from snooze since" in ana.get(f"/t/{mine.pk}/").content.decode()
    ana.post(f"/t/{mine.pk}/wake/")
    assert subjects() == ["Urgent", "Mine"]


def test_an_answer_takes_the_mark_off(cast, mine, subjects):
    snooze(ticket=mine, until=SOON, by=cast.ana, at=NOW)
    wake_due(by=cast.system, at=SOON)
    services.reply(ticket=mine, body="Here I am.", by=cast.ana, at=LATER)
    assert subjects("q=is:back") == []


def test_the_customer_wakes_it(cast, mine, subjects, deliver_news):
    snooze(ticket=mine, until=SOON, by=cast.ana, at=NOW)
    snooze(ticket=mine, until=SOON, by=cast.lena, at=NOW)
    Message.receive(ticket=mine, customer=cast.zoe, body="?", by=cast.system, at=NOW, channel="email",
                    sender_name="Zoe", sender_email="zoe@customer.test")  # fmt: skip
    deliver_news()
    assert subjects() == ["Mine"]
    assert set(Snooze.objects.values_list("why", flat=True)) == {"customer"}
    assert wake_due(by=cast.system, at=LATER) == 0


def test_a_reminder_is_written_once_to_who_wanted_one(cast, mine, deliver_news):
    snooze(ticket=mine, until=SOON, by_mail=True, by=cast.ana, at=NOW)
    snooze(ticket=mine, until=SOON, by=cast.lena, at=NOW)
    wake_due(by=cast.system, at=SOON)
    deliver_news(at=SOON)
    (letter,) = Delivery.objects.filter(key__startswith="snooze:")
    assert letter.to == [cast.ana.email]
    assert "Mine" in letter.subject


def test_what_was_solved_meanwhile_comes_back_quietly(cast, mine):
    snooze(ticket=mine, until=SOON, by_mail=True, by=cast.ana, at=NOW)
    services.solve(ticket=mine, by=cast.ana, at=NOW)
    wake_due(by=cast.system, at=SOON)
    assert not Event.objects.filter(kind="ticket.woken").exists()
    assert Snooze.objects.get().seen_at == SOON


def test_snoozing_again_moves_the_time(cast, mine):
    snooze(ticket=mine, until=SOON, by=cast.ana, at=NOW)
    snooze(ticket=mine, until=LATER, by=cast.ana, at=NOW)
    assert Snooze.objects.get().until == LATER
    assert wake_due(by=cast.system, at=SOON) == 0
    wake(ticket=mine, by=cast.ana, at=SOON)
    assert Snooze.objects.get().why == "hand"


@pytest.mark.parametrize("until", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=400)])
def test_a_time_gone_by_or_far_away_is_refused(cast, mine, until):
    with pytest.raises(Invalid):
        snooze(ticket=mine, until=until, by=cast.ana, at=NOW)
    assert not Event.objects.filter(kind="ticket.snoozed").exists()


def test_what_is_solved_is_not_snoozed_nor_what_one_may_not_see(cast, mine):
    with pytest.raises(NotFound):
        snooze(ticket=mine, until=SOON, by=cast.mallory, at=NOW)
    services.solve(ticket=mine, by=cast.ana, at=NOW)
    with pytest.raises(NotNow):
        snooze(ticket=mine, until=SOON, by=cast.ana, at=NOW)


def test_another_time_must_be_said(ana, mine):
    page = ana.post(f"/t/{mine.pk}/snooze/", {"until": "on", "on": ""})
    assert page.status_code == 422
    assert "Say when" in page.content.decode()
    assert ana.post(f"/t/{mine.pk}/snooze/", {"until": "on", "on": "2020-01-01T08:00"}).status_code == 422


def test_times_are_those_of_ones_own_zone():
    at = datetime(
        2026, 3, 28, 21, 30, 7, tzinfo=ZoneInfo("Europe/Berlin")
    )  # a Saturday, before summer time begins
    assert {name: when.isoformat() for name, when in times(at).items()} == {
        "2h": "2026-03-28T23:30:00+01:00",
        "tomorrow": "2026-03-29T08:00:00+02:00",
        "monday": "2026-03-30T08:00:00+02:00",
        "week": "2026-04-04T08:00:00+02:00",
    }


def test_programs_snooze_for_themselves(cast, ana, mine):
    url = f"/api/v1/tickets/{mine.pk}/snooze/"
    body = {"until": "2030-01-01T08:00:00Z"}
    assert ana.post(url, body, content_type="application/json").status_code == 422  # beyond a year
    assert ana.delete(url).status_code == 204


def test_a_list_with_marks_costs_the_same_for_one_and_for_twenty(cast, ana, mine):
    one = count_queries(ana, "/queue/?view=my-open")
    for number in range(20):
        ticket = make_ticket(cast, subject=str(number))
        services.assign(ticket=ticket, assignee=cast.ana, by=cast.ana, at=NOW)
        snooze(ticket=ticket, until=SOON, by=cast.ana, at=NOW)
    wake_due(by=cast.system, at=SOON)
    assert count_queries(ana, "/queue/?view=my-open") == one
