"""A clock that can't be dealt with, among others: they are dealt with all the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from apps.control import services
from apps.control.models import Calendar, Clock, Escalation, ServicePolicy
from apps.output.models import Delivery
from helpdesk.models import Event
from tests.factories import NOW, make_cast, make_ticket

HOUR = timedelta(hours=1)
LATE = NOW + 2 * HOUR


def acknowledge(cast, *, at=NOW):
    ticket = make_ticket(cast, at=at)
    services.start_clocks(ticket=ticket, kinds=["acknowledge"], at=at)
    return Clock.objects.get(ticket=ticket)


@pytest.fixture
def faulty(cast, policy) -> Clock:
    """The first of all clocks; nobody knows when its ladder begins, since its calendar is in no time zone."""
    clock = acknowledge(cast, at=NOW - HOUR / 2)
    nowhere = Calendar.objects.create(name="Nowhere", time_zone="Nowhere/Else")
    clock.policy = ServicePolicy.objects.create(name="Broken", calendar=nowhere, order=999)
    clock.policy.rungs.create(tell="leads", after_minutes=0)
    clock.save()
    return clock


def breached():
    return set(Clock.objects.filter(state="breached").values_list("pk", flat=True))


def test_the_others_are_called_broken_and_their_ladders_are_climbed(cast, faulty):
    others = {acknowledge(cast).pk for _ in range(2)}
    with pytest.raises(ExceptionGroup):
        services.tick(by=cast.system, at=LATE)
    assert breached() == others
    assert set(Escalation.objects.values_list("clock", flat=True)) == others
    assert Event.objects.filter(kind="clock.breached").count() == 2


def test_the_faulty_one_keeps_no_half_of_a_step(cast, faulty, monkeypatch):
    monkeypatch.setattr(Clock, "save", lambda *_, **__: (_ for _ in ()).throw(ZeroDivisionError))
    with pytest.raises(ExceptionGroup):
        services.tick(by=cast.system, at=LATE)
    monkeypatch.undo()
    faulty.refresh_from_db()
    assert (faulty.state, faulty.warned_at) == ("running", None)
    assert not Event.objects.filter(kind__startswith="clock.").exists()


def test_it_holds_nobody_up_however_often_the_clock_ticks(cast, faulty):
    for hours in range(3):
        clock = acknowledge(cast, at=NOW + hours * HOUR)
        with pytest.raises(ExceptionGroup):
            services.tick(by=cast.system, at=LATE + hours * HOUR)
        assert clock.pk in breached()
    assert faulty.pk not in breached()


def test_its_fault_is_told_at_every_tick_until_it_is_mended(cast, faulty):
    with pytest.raises(ExceptionGroup) as raised:
        services.tick(by=cast.system, at=LATE)
    assert raised.group_contains(KeyError)  # no time zone of that name
    Calendar.objects.filter(name="Nowhere").update(time_zone="UTC")
    assert services.tick(by=cast.system, at=LATE) == 2  # broken, and the ladder climbed
    assert breached() == {faulty.pk}


@pytest.mark.django_db(transaction=True)
def test_workers_who_tick_at_once_share_the_clocks():
    cast = make_cast()
    services.lay_out_defaults()
    for _ in range(6):
        acknowledge(cast)

    def tick(_):
        try:
            return services.tick(by=cast.system, at=LATE)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(tick, range(4))) == 6 * 3  # warned, broken, climbed: each clock once
    assert Event.objects.filter(kind="clock.breached").count() == 6
    assert Delivery.objects.count() == 6  # to the lead
