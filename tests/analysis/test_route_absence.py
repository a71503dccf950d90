"""An owner who is away: who stands in, what they get, what they may, and until when."""

from datetime import timedelta

import pytest

from apps.analysis import services
from apps.analysis.queries.cases import needs_of
from apps.analysis.queries.history import history_of
from apps.output.models import Delivery
from apps.staff.services import end_absence, enter_absence
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Absence
from tests.analysis.stages import assessed, fresh, nothing_happens, routed
from tests.analysis.world import TODAY, sow
from tests.factories import NOW, make_user

LAST = TODAY + timedelta(days=7)
BACK = NOW + timedelta(days=8)


@pytest.fixture(autouse=True)
def some_tickets(world):
    sow(world, world.charged, {(20, 0): 1.0}, seed=1)


@pytest.fixture
def olga(world):
    return make_user("olga", "owner", world.cast.shipping)


def go_away(user, stand_in=None, *, first=TODAY, last=LAST, at=NOW):
    return enter_absence(user=user, first=first, last=last, stand_in=stand_in, by=user, at=at)


def addressees():
    return sorted(row.to[0].split("@")[0] for row in Delivery.objects.all())


def test_a_case_for_somebody_away_goes_to_the_stand_in_as_well_with_a_word_about_it(world, olga):
    go_away(world.cast.omar, olga)
    case = routed(world)
    assert (case.owner, case.stand_in) == (world.cast.omar, olga)
    assert addressees() == ["olga", "omar"]
    letter = Delivery.objects.get(to=["olga@desk.test"])
    assert "Omar is away until 13 May. Olga stands in." in letter.text
    assert "/o/" in letter.text
    assert "Olga stands in, answer due" in history_of(case.ref)[0].text


def test_the_stand_in_answers_in_the_owners_place(world, olga):
    go_away(world.cast.omar, olga)
    case = routed(world)
    assert [need.verb for need in needs_of(olga, at=NOW)] == ["Answer"]
    services.accept_case(case=case, by=olga, at=NOW)
    assert fresh(case).state == "investigating"


def test_without_a_stand_in_the_deputy_answers(world, olga):
    go_away(world.cast.omar)
    case = assessed(world)
    services.route_case(case=case, owner=world.cast.omar, deputy=olga, by=world.cast.nils, at=NOW)
    assert fresh(case).stand_in == olga
    assert addressees() == ["olga", "omar"]


def test_who_goes_while_a_case_waits_leaves_it_to_the_stand_in(world, olga, deliver_news):
    case = routed(world)
    go_away(world.cast.omar, olga)
    deliver_news()
    assert fresh(case).stand_in == olga
    assert addressees() == ["olga", "omar"]
    assert history_of(case.ref)[0].text == "let Olga stand in for Omar, who is away"
    deliver_news()
    services.cover_case(number=case.pk, by=world.cast.system, at=NOW)
    assert addressees() == ["olga", "omar"]


def test_an_absence_to_come_begins_on_its_day(world, olga, deliver_news):
    case = routed(world)
    go_away(world.cast.omar, olga, first=TODAY + timedelta(days=1))
    deliver_news()
    assert fresh(case).stand_in is None
    services.remind_owners(by=world.cast.system, at=NOW + timedelta(days=1))
    assert fresh(case).stand_in == olga


def test_when_the_owner_is_back_the_stand_in_and_their_links_are_out(world, olga, deliver_news):
    absence = go_away(world.cast.omar, olga)
    case = routed(world)
    key = services.make_link(case=case, user=olga, at=NOW)
    own = services.make_link(case=case, user=world.cast.omar, at=NOW)
    end_absence(absence=absence, by=world.cast.omar, at=NOW + timedelta(hours=1))
    deliver_news(NOW + timedelta(hours=1))
    assert fresh(case).stand_in is None
    assert services.link_by_key(key=own, at=NOW).user == world.cast.omar
    with pytest.raises(services.LinkExpired):
        services.link_by_key(key=key, at=NOW)
    with nothing_happens(case), pytest.raises((NotAllowed, NotFound)):
        services.accept_case(case=case, by=olga, at=NOW)


def test_the_absence_ends_by_itself(world, olga):
    go_away(world.cast.omar, olga)
    case = routed(world)
    services.remind_owners(by=world.cast.system, at=BACK)
    assert fresh(case).stand_in is None


def test_a_stand_in_who_is_away_passes_it_on_and_a_circle_ends_with_the_deputy(world, olga):
    dora = make_user("dora", "owner", world.cast.shipping)
    go_away(world.cast.omar, olga)
    go_away(olga, dora)
    assert routed(world).stand_in == dora
    go_away(dora, world.cast.omar)
    case = assessed(world)
    deputy = make_user("paul", "owner", world.cast.shipping)
    services.route_case(case=case, owner=world.cast.omar, deputy=deputy, by=world.cast.nils, at=NOW)
    assert fresh(case).stand_in == deputy


def test_where_everybody_is_away_the_head_stands_in(world, olga):
    go_away(olga)
    case = assessed(world)
    services.route_case(case=case, department=world.cast.billing, owner=olga, by=world.cast.nils, at=NOW)
    assert fresh(case).stand_in == world.cast.omar


def test_of_two_absences_the_one_entered_last_counts(world, olga):
    dora = make_user("dora", "owner", world.cast.shipping)
    go_away(world.cast.omar, olga)
    go_away(world.cast.omar, dora, at=NOW + timedelta(minutes=1))
    assert routed(world).stand_in == dora
    assert Absence.objects.count() == 2


def test_a_case_that_was_closed_meanwhile_goes_back_as_well(world, olga):
    go_away(world.cast.omar, olga)
    case = routed(world)
    services.close_case(case=case, outcome="cancelled", note="No", by=world.cast.nils, at=NOW)
    assert not services.cover_case(number=case.pk, by=world.cast.system, at=NOW)
    services.remind_owners(by=world.cast.system, at=BACK)
    assert fresh(case).stand_in is None
    assert not case.is_visible_to(olga)
