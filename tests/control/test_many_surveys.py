"""Surveys of one night: one that can't be sent, two of one customer, two workers at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection

from apps.control import services, tasks
from apps.control.models import Survey
from apps.control.services import surveys
from apps.output.models import Delivery
from helpdesk.models import Customer
from tests.factories import NOW, make_cast, make_ticket

DAY = timedelta(days=1)
LONG_AGO = NOW - 9000 * DAY


def plan(cast, name, *, at=NOW):
    customer = Customer.objects.known_by(email=f"{name}@customer.test", name=name, at=NOW)
    ticket = make_ticket(cast, customer=customer)
    ticket.resolve(by=cast.ana, at=NOW)
    return services.plan_survey(ticket=ticket, at=at)


def send(cast, at=NOW + DAY):
    return services.send_due_surveys(by=cast.system, at=at)


def asked():
    return sorted(address for letter in Delivery.objects.all() for address in letter.to)


@pytest.fixture
def faulty(cast, monkeypatch) -> Survey:
    """The first survey of all, whose letter can't be written."""
    survey = plan(cast, "faulty", at=NOW - DAY)
    write = surveys.send_notice

    def broken(*, to, **letter):
        write(to=to, **letter)
        if to == "faulty@customer.test":
            raise ZeroDivisionError

    monkeypatch.setattr(surveys, "send_notice", broken)
    return survey


def test_a_survey_that_can_not_be_sent_does_not_keep_the_others(cast, faulty):
    plan(cast, "zack")
    plan(cast, "zora")
    with pytest.raises(ExceptionGroup, match="1 failed, 2 done"):
        send(cast)
    assert asked() == ["zack@customer.test", "zora@customer.test"]
    faulty.refresh_from_db()
    assert (faulty.sent_at, faulty.skipped) == (None, "")


def test_it_is_tried_again_and_holds_nobody_up(cast, faulty):
    for day, name in enumerate(("zack", "zora")):
        plan(cast, name)
        with pytest.raises(ExceptionGroup, match="1 failed, 1 done"):
            send(cast, NOW + (day + 1) * DAY)
        assert f"{name}@customer.test" in asked()


def test_the_task_counts_as_failed(cast, faulty):
    Survey.objects.filter(pk=faulty.pk).update(send_at=LONG_AGO)
    result = tasks.send_due_surveys.apply()
    assert result.state == "FAILURE"
    assert isinstance(result.result, ExceptionGroup)


def test_of_two_surveys_of_one_customer_one_is_sent(cast):
    plan(cast, "zack")
    plan(cast, "zack")
    assert send(cast) == 2
    assert asked() == ["zack@customer.test"]
    assert sorted(Survey.objects.values_list("skipped", flat=True)) == ["", "asked lately"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_one_customer_once(monkeypatch):
    cast = make_cast()
    plan(cast, "zack")
    plan(cast, "zack")
    decide, both_decided = surveys._reason_to_skip, threading.Barrier(2)

    def decide_slowly(survey, *, at):
        """Each waits until the other has decided as well; when they can't both, a second later, it goes on."""
        reason = decide(survey, at=at)
        with suppress(threading.BrokenBarrierError):
            both_decided.wait(1)
        return reason

    def work(_):
        try:
            return send(cast)
        finally:
            connection.close()

    monkeypatch.setattr(surveys, "_reason_to_skip", decide_slowly)
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(work, range(2)))
    send(cast)  # what both had to leave to each other
    assert asked() == ["zack@customer.test"]
    assert sorted(Survey.objects.values_list("skipped", flat=True)) == ["", "asked lately"]
