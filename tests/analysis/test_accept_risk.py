"""Accepted risks: the name under them, and the day they run out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from apps.analysis import services
from apps.analysis.models import Case
from apps.analysis.queries.cases import needs_of
from apps.analysis.queries.history import history_of
from apps.output.models import Delivery
from helpdesk.errors import NotAllowed
from tests.analysis.stages import SOON, fresh, nothing_happens, routed, routed_to
from tests.analysis.test_remind_owners import FRIDAY, THURSDAY, letters, remind, steps
from tests.analysis.world import sow
from tests.factories import NOW


@pytest.fixture
def case(world, olga):
    """Olga's, with a deputy; Omar is the head of the department."""
    return routed_to(world, olga)


@pytest.fixture
def accepted(world, case, olga):
    """Olga accepts the risk until a week from now, with Omar's approval."""
    services.accept_risk(
        case=case, approver=world.cast.omar, expires_on=SOON, note="Cheaper", by=olga, at=NOW
    )
    return fresh(case)


def test_whose_name_stands_under_a_risk_has_a_letter(world, accepted):
    assert letters() == [("omar", "Invoices are charged twice: its risk is accepted in your name")]


def test_before_a_risk_runs_out_it_is_asked_about_once(world, accepted, olga):
    services.confirm_risk(case=accepted, by=world.cast.omar, at=NOW)
    Delivery.objects.all().delete()
    assert [remind(world, THURSDAY), remind(world, THURSDAY), remind(world, FRIDAY)] == [1, 0, 0]
    subject = "Invoices are charged twice: the accepted risk runs out on 13 May"
    assert letters() == [("dora", subject), ("olga", subject), ("omar", subject)]
    for person in (olga, world.cast.omar):
        assert [need.verb for need in needs_of(person, at=FRIDAY)] == ["Is it still acceptable:"]


def test_a_risk_that_is_accepted_for_longer_is_asked_about_again_then(world, accepted, olga):
    services.confirm_risk(case=accepted, by=world.cast.omar, at=NOW)
    remind(world, THURSDAY)
    later = SOON + timedelta(days=28)
    services.accept_risk(
        case=accepted, approver=world.cast.omar, expires_on=later, note="Still", by=olga, at=FRIDAY
    )
    assert fresh(accepted).waits_for_approver
    services.confirm_risk(case=accepted, by=world.cast.omar, at=FRIDAY)
    assert (fresh(accepted).state, fresh(accepted).risk_expires_on) == ("closed", later)
    assert remind(world, NOW + timedelta(days=8)) == 0
    assert remind(world, NOW + timedelta(days=30)) == 1
    assert steps(accepted) == ["risk_ends", "risk_ends"]


def test_a_risk_that_ran_out_brings_its_case_back(world, accepted):
    day = datetime.combine(SOON, NOW.timetz()).replace(tzinfo=UTC)
    assert [remind(world, day), remind(world, day)] == [1, 0]
    case = fresh(accepted)
    assert (case.state, case.outcome, case.closed_at) == ("assess", "", None)
    assert history_of(case.ref)[0].text == "opened it again: the accepted risk has run out"
    assert "The accepted risk has run out:" in [need.verb for need in needs_of(world.cast.nils, at=day)]
    services.route_case(case=case, by=world.cast.nils, at=day)
    assert fresh(case).risk_expires_on is None


def test_a_case_closed_otherwise_has_no_risk_to_accept_for_longer(world, case, olga):
    services.close_case(case=case, outcome="cancelled", note="No", by=world.cast.nils, at=NOW)
    with nothing_happens(case), pytest.raises(services.WrongState):
        services.accept_risk(case=case, approver=world.cast.omar, expires_on=SOON, note="x", by=olga, at=NOW)


# --- the name under an accepted risk


def test_who_is_named_says_by_the_letters_link_that_they_accept_it(world, accepted, client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: THURSDAY)
    letter = Delivery.objects.get()
    (url,) = [line for line in letter.text.splitlines() if line.endswith("/confirm-risk/")]
    assert "refuse-risk" in letter.text
    path = "/" + url.split("/", 3)[3]
    assert "I accept the risk" in client.get(path).content.decode()
    assert fresh(accepted).risk_confirmed_at is None
    client.post(path)
    assert fresh(accepted).risk_confirmed_at is not None
    assert history_of(accepted.ref)[0].text == "confirmed that they accept the risk"


def test_who_does_not_accept_it_opens_the_case_again_and_its_owner_hears_why(world, accepted):
    Delivery.objects.all().delete()
    services.refuse_risk(case=accepted, note="Far too dear", by=world.cast.omar, at=THURSDAY)
    case = fresh(accepted)
    assert (case.state, case.outcome, case.risk_approved_by) == ("assess", "", None)
    assert [name for name, _ in letters()] == ["dora", "olga"]
    assert "Far too dear" in Delivery.objects.first().text
    assert history_of(case.ref)[0].text == "opened it again: they do not accept the risk"


def test_a_risk_nobody_confirms_in_three_working_days_comes_back(world, case, olga):
    services.accept_risk(
        case=case, approver=world.cast.omar, expires_on=SOON + timedelta(days=60), note="x", by=olga, at=NOW
    )
    assert "Say whether you accept the risk of" in [n.verb for n in needs_of(world.cast.omar, at=THURSDAY)]
    assert [remind(world, NOW + timedelta(days=day)) for day in (2, 5)] == [0, 0]
    assert remind(world, NOW + timedelta(days=6)) == 1
    assert fresh(case).state == "assess"
    assert history_of(case.ref)[0].text == "opened it again: nobody confirmed that the risk is accepted"


def test_nobody_else_confirms_it(world, accepted, olga):
    for who in (olga, world.cast.nils):
        with nothing_happens(accepted), pytest.raises(NotAllowed):
            services.confirm_risk(case=accepted, by=who, at=THURSDAY)


def test_what_is_confirmed_is_not_confirmed_again(world, accepted):
    services.confirm_risk(case=accepted, by=world.cast.omar, at=THURSDAY)
    with nothing_happens(accepted), pytest.raises(services.WrongState):
        services.refuse_risk(case=accepted, note="x", by=world.cast.omar, at=THURSDAY)


def test_who_approves_their_own_acceptance_has_said_so(world):
    sow(world, world.charged, {(40, 0): 1.0}, seed=1)
    case = routed(world)
    services.accept_risk(
        case=case, approver=world.cast.omar, expires_on=SOON, note="x", by=world.cast.omar, at=NOW
    )
    assert not fresh(case).waits_for_approver


def test_the_approvers_link_opens_nothing_once_it_is_said(world, accepted, client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: THURSDAY)
    letter = Delivery.objects.get()
    (url,) = [line for line in letter.text.splitlines() if line.endswith("/confirm-risk/")]
    services.confirm_risk(case=accepted, by=world.cast.omar, at=THURSDAY)
    Case.objects.filter(pk=accepted.pk).update(owner_department=world.cast.shipping)
    assert client.get("/" + url.split("/", 3)[3]).status_code == 403
