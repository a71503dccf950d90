"""A customer with an account may know of the own ticket, but never of what colleagues tell each other on it."""

import pytest

from apps.control import services as control
from helpdesk.models import Note
from tests.factories import NOW, make_ticket

SECRET = "He is a difficult one"
ACTS = ["reply", "note", "assign", "classify", "rate", "describe", "hold", "solve", "reopen", "move", "merge"]


@pytest.fixture
def zoe(cast, sign_in):
    """Zoe's browser."""
    return sign_in(cast.zoe_account)


@pytest.mark.parametrize("act", [*ACTS, "remedy", "root-cause/link", "root-cause/flag"])
@pytest.mark.parametrize(
    "given", [{}, {"body": "x", "severity": 1, "waiting_on": "waiting_owner", "into": 1}]
)
def test_an_act_of_the_desk_shows_a_customer_nothing(cast, zoe, act, given):
    ticket = make_ticket(cast)
    Note.add(ticket=ticket, body=SECRET, by=cast.ana, at=NOW)
    answer = zoe.post(f"/t/{ticket.pk}/{act}/", given)
    assert answer.status_code == 403
    assert SECRET not in answer.content.decode()


def test_a_referral_is_not_for_the_customer(cast, zoe):
    referral = control.refer(
        ticket=make_ticket(cast), department=cast.shipping, question=SECRET, by=cast.ana, at=NOW
    )
    answer = zoe.get(f"/referrals/{referral.pk}/")
    assert answer.status_code == 403
    assert SECRET not in answer.content.decode()
