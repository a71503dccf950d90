from datetime import timedelta

from apps.control import services
from apps.control.models import Clock, Escalation
from apps.output.models import Delivery
from helpdesk.models import Event, Status
from tests.factories import NOW, make_ticket

HOUR = timedelta(hours=1)


def tick(cast, at):
    return services.tick(by=cast.system, at=at)


def test_nothing_happens_before_its_time(cast, policy):
    services.start_clocks(ticket=make_ticket(cast), at=NOW)
    assert tick(cast, NOW + HOUR / 2) == 0


def test_a_clock_warns_once_in_its_last_quarter(cast, policy):
    services.start_clocks(ticket=make_ticket(cast), at=NOW)
    tick(cast, NOW + HOUR * 0.8)
    tick(cast, NOW + HOUR * 0.9)
    assert Event.objects.filter(kind="clock.warned").count() == 1


def test_a_broken_promise_is_told_once_and_shown_on_the_ticket(cast, policy):
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, at=NOW)
    tick(cast, NOW + 2 * HOUR)
    tick(cast, NOW + 3 * HOUR)
    ticket.refresh_from_db()
    assert Event.objects.filter(kind="clock.breached").count() == 1
    assert ticket.clock_state == "breached"
    assert Clock.objects.get(kind="acknowledge").breached_at == NOW + 2 * HOUR


def test_the_ladder_tells_the_assignee_and_the_leads_then_the_head(cast, policy):
    ticket = make_ticket(cast)
    ticket.assign(cast.ana, by=cast.ana, at=NOW)
    services.start_clocks(ticket=ticket, kinds=["acknowledge"], at=NOW)
    tick(cast, NOW + 2 * HOUR)
    assert {e.told.get() for e in Escalation.objects.all()} == {cast.ana, cast.lena}
    tick(cast, NOW + timedelta(days=2))
    assert {e.told.get() for e in Escalation.objects.all()} == {cast.ana, cast.lena, cast.omar}
    tick(cast, NOW + timedelta(days=9))
    assert Escalation.objects.count() == 3
    assert Delivery.objects.count() == 3


def test_a_met_clock_climbs_no_ladder(cast, policy):
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, kinds=["acknowledge"], at=NOW)
    tick(cast, NOW + 2 * HOUR)
    ticket.resolve(by=cast.ana, at=NOW + 2 * HOUR)
    services.stop_clocks(ticket=ticket, at=NOW + 2 * HOUR)
    before = Escalation.objects.count()
    tick(cast, NOW + timedelta(days=5))
    assert Escalation.objects.count() == before


def test_a_late_met_clock_stays_late(cast, policy):
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, kinds=["acknowledge"], at=NOW)
    tick(cast, NOW + 2 * HOUR)
    ticket.resolve(by=cast.ana, at=NOW + 2 * HOUR)
    services.stop_clocks(ticket=ticket, at=NOW + 2 * HOUR)
    assert Clock.objects.get().state == "met_late"


def test_ticking_asks_as_many_queries_for_twenty_quiet_clocks_as_for_one(
    cast, policy, django_assert_num_queries
):
    for _ in range(20):
        services.start_clocks(ticket=make_ticket(cast), at=NOW)
    with django_assert_num_queries(3):  # whom to warn, what is broken, which ladder to climb
        tick(cast, NOW)


def test_a_second_broken_promise_does_not_hide_the_one_that_was_broken_first(cast, policy):
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, at=NOW)
    tick(cast, NOW + 2 * HOUR)
    tick(cast, NOW + 25 * HOUR)
    ticket.refresh_from_db()
    assert Clock.objects.filter(state="breached").count() == 2
    assert (ticket.due_at, ticket.clock_state) == (NOW + HOUR, "breached")


def test_a_promise_is_not_broken_while_it_rests_and_one_that_is_broken_does_not_rest(cast, policy):
    resting, late = make_ticket(cast), make_ticket(cast)
    for ticket in (resting, late):
        services.start_clocks(ticket=ticket, kinds=["acknowledge"], at=NOW)
    resting.hold(Status.WAITING_CUSTOMER, by=cast.ana, at=NOW + HOUR / 2)
    services.pause_clocks(ticket=resting, at=NOW + HOUR / 2)
    tick(cast, NOW + 2 * HOUR)
    late.hold(Status.WAITING_CUSTOMER, by=cast.ana, at=NOW + 2 * HOUR)
    services.pause_clocks(ticket=late, at=NOW + 2 * HOUR)
    tick(cast, NOW + timedelta(days=9))
    assert {clock.ticket_id: clock.state for clock in Clock.objects.all()} == {
        resting.pk: "paused",
        late.pk: "breached",
    }


def test_whoever_has_the_ticket_is_written_to_once_before_a_promise_is_broken(cast, policy):
    ticket = make_ticket(cast)
    services.start_clocks(ticket=ticket, kinds=["acknowledge"], at=NOW)
    clock = Clock.objects.get()

    def told():
        return services.tell_of_warning(clock=Clock.objects.get(), by=cast.system, at=NOW)

    tick(cast, NOW + HOUR * 0.8)
    assert "control.tell_of_warning" in Event.objects.get(kind="clock.warned").owes
    assert not told()  # nobody has it
    ticket.assign(cast.ana, by=cast.ana, at=NOW)
    assert told()
    assert told()
    assert Delivery.objects.count() == 1
    letter = Delivery.objects.get()
    assert (letter.to, letter.headers["Auto-Submitted"]) == ([cast.ana.email], "auto-generated")
    assert f"Due soon: Acknowledge on #{ticket.pk}" in letter.subject
    clock.refresh_from_db()
    clock.state = Clock.State.MET
    clock.save()
    Delivery.objects.all().delete()
    assert not told()
