"""Of two presses at once one opens a ticket."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apps.analysis import services
from apps.intake.services import Contact
from helpdesk.models import Customer, Ticket
from tests.analysis.stages import assessed, fresh
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 4


@pytest.mark.parametrize("email", ["jo@new.test", "zoe@customer.test"])
def test_who_presses_several_times_at_once_follows_once(world, email):
    """Once with an address nobody knows, which is all there is to hold, and once with a customer's."""
    case = assessed(world)
    words = {"title": "Bills come twice", "text": "We know."}
    services.publish_case_notice(case=case, **words, by=world.cast.nils, at=NOW)
    notice, start = fresh(case).notice, Barrier(AT_ONCE)

    def press(_number):
        try:
            start.wait(10)
            followed = services.follow_known_issue(
                notice=notice, customer=Contact(email), by=world.cast.system, at=NOW
            )
            return followed.again, followed.ticket.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = sorted(pool.map(press, range(AT_ONCE)))
    assert [again for again, _ticket in told] == [False, True, True, True]
    assert len({ticket for _again, ticket in told}) == 1
    assert (Ticket.objects.count(), Customer.objects.filter(email=email).count()) == (1, 1)
