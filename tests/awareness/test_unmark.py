"""A ticket that names a campaign there is none of is counted like every other."""

import pytest

from apps.analysis.models import StaleDay
from apps.awareness.services import unmark_unknown
from helpdesk.errors import NotAllowed
from helpdesk.models import Event
from tests.factories import NOW, make_ticket


def marked(cast, key):
    return make_ticket(cast, campaign=key)


def test_an_unknown_key_is_taken_away_and_its_day_is_counted_again(cast, campaign):
    ticket, asked = marked(cast, "nowhere"), marked(cast, campaign.key)
    StaleDay.objects.all().delete()
    assert unmark_unknown(by=cast.system, at=NOW) == 1
    ticket.refresh_from_db()
    asked.refresh_from_db()
    assert (ticket.campaign, asked.campaign) == ("", campaign.key)
    assert StaleDay.objects.exists()
    assert Event.objects.get(kind="ticket.unmarked").data == {"campaign": "nowhere"}
    assert unmark_unknown(by=cast.system, at=NOW) == 0


def test_agents_do_not_do_it(cast, campaign):
    ticket = marked(cast, "nowhere")
    with pytest.raises(NotAllowed):
        unmark_unknown(by=cast.ana, at=NOW)
    ticket.refresh_from_db()
    assert ticket.campaign == "nowhere"
