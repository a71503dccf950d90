from datetime import timedelta

import pytest

from apps.response.models import SecondReading
from apps.response.rules import services as rules
from apps.response.services import classify, draw_readings, read_again
from helpdesk import events
from helpdesk.models import Event, Role
from tests.factories import NOW, make_issue, make_ticket, make_user
from tests.response.ruling import TAG, all_of

CODED = NOW - timedelta(days=8)  # a Tuesday, in the week before


@pytest.fixture
def ana(cast, sign_in):
    """Ana's browser."""
    return sign_in(cast.ana)


@pytest.fixture
def issues(cast):
    return [
        make_issue("charged-twice", owner=cast.billing),
        make_issue("wrong-amount"),
        make_issue("no-invoice"),
    ]


@pytest.fixture
def coded(cast, issues):
    """So many tickets, coded by Ana last week."""

    def make(n=1, *, issue=issues[0], by=cast.ana, at=CODED, **fields):
        tickets = [make_ticket(cast, at=at, **fields) for _ in range(n)]
        for ticket in tickets:
            classify(ticket=ticket, issue=issue, suspected_cause="product", by=by, at=at)
        return tickets

    return make


@pytest.fixture
def bea(cast):
    """Another agent of Billing."""
    return make_user("bea", Role.AGENT, cast.billing)


@pytest.fixture
def differing(cast, coded, issues, bea):
    """A reading in which Bea differed from Ana."""
    coded()
    (reading,) = draw_readings(by=cast.system, at=NOW)
    read_again(reading=reading, issue=issues[1], by=bea, at=NOW)
    return SecondReading.objects.get()


@pytest.fixture
def rule(cast):
    """A rule in use, which marks every ticket unless said otherwise."""

    def make(name="Mark it", when="opened", conditions=None, acts=TAG, on=True, by=None, **more):
        by = by or cast.ada
        given = rules.RuleGiven(name, when, conditions or all_of(), acts, **more)
        row = rules.save_rule(given=given, by=by, at=NOW)
        return rules.switch_rule(rule=row, on=True, by=by, at=NOW) if on else row

    return make


@pytest.fixture
def obeyed():
    """Rules hear all there is to hear, and what they do themselves: what the worker does, at once."""

    def obey(at=NOW, name="response.obey_rules"):
        while owing := list(Event.objects.filter(owes__contains=[name]).order_by("pk")):
            for event in owing:
                events.deliver(event_id=event.pk, at=event.at, subscriber=name, now=at)

    return obey
