"""A known error beside a ticket: agents say whether it helped, the words are counted, and it retires with the proof."""

import pytest
from django.urls import reverse

from apps.analysis import services
from apps.analysis.models import Case, WorkaroundUse
from helpdesk.errors import NotFound
from helpdesk.models import Event
from tests.evaluation.verdicts import judge
from tests.factories import NOW, make_ticket


@pytest.fixture
def known(world):
    case = services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)
    services.publish_workaround(case=case, workaround="Pay by card.", by=world.cast.nils, at=NOW)
    return Case.objects.get(pk=case.pk)


def coded(world, **fields):
    ticket = make_ticket(world.cast, **fields)
    ticket.classify(world.charged, release=world.charged.release, by=world.cast.ana, at=NOW)
    return ticket


def say(world, known, ticket, helped, **who):
    return services.use_workaround(
        case=known, ticket=ticket, helped=helped, by=who.get("by", world.cast.ana), at=NOW
    )


def panel(client, ticket):
    return client.get(reverse("rca_panel", kwargs={"number": ticket.pk})).content.decode()


def test_what_agents_say_is_counted_beside_every_matching_ticket(world, known, sign_in):
    tickets = [coded(world) for _ in range(3)]
    client = sign_in(world.cast.ana)
    assert "Nobody has tried it yet." in panel(client, tickets[0])
    say(world, known, tickets[0], True)
    say(world, known, tickets[1], False)
    assert "Helped 1 of 2 customers." in panel(client, tickets[2])
    assert "Here it helped." in panel(client, tickets[0])
    assert Event.objects.filter(kind="workaround.used", about=known.ref).count() == 2


def test_said_again_the_later_word_counts(world, known):
    ticket = coded(world)
    say(world, known, ticket, True)
    say(world, known, ticket, False)
    assert WorkaroundUse.objects.get().helped is False


def test_the_button_on_the_ticket_says_it(world, known, sign_in):
    ticket, client = coded(world), sign_in(world.cast.ana)
    url = reverse("use_workaround", kwargs={"number": ticket.pk})
    assert client.post(url, {"case": known.pk, "helped": "no"}).status_code == 302
    assert WorkaroundUse.objects.get().helped is False


@pytest.mark.parametrize("given", [{}, {"helped": "perhaps"}, {"helped": "yes", "case": "999"}])
def test_another_word_is_refused_and_nothing_is_counted(world, known, sign_in, given):
    ticket = coded(world)
    url = reverse("use_workaround", kwargs={"number": ticket.pk})
    assert sign_in(world.cast.ana).post(url, {"case": known.pk} | given).status_code == 422
    assert not WorkaroundUse.objects.exists()


def test_a_case_without_a_workaround_takes_no_word(world, known):
    services.publish_workaround(case=known, workaround="", by=world.cast.nils, at=NOW)
    with pytest.raises(services.NoWorkaround):
        say(world, known, coded(world), True)


def test_a_colleague_of_another_department_has_no_word_on_the_ticket(world, known, sign_in):
    ticket = coded(world)
    url = reverse("use_workaround", kwargs={"number": ticket.pk})
    assert sign_in(world.cast.mallory).post(url, {"case": known.pk, "helped": "yes"}).status_code == 404
    with pytest.raises(NotFound):
        say(world, known, ticket, True, by=world.cast.mallory)


def test_a_proven_fix_retires_it(world, known, monkeypatch):
    from apps.analysis.services.judge_case import _move

    Case.objects.filter(pk=known.pk).update(state="monitoring")
    case = Case.objects.get(pk=known.pk)
    verdict = judge(case, "effective", at=NOW, saved="1", by=world.cast.nils)
    _move(case, verdict.plan, verdict, by=world.cast.nils, at=NOW)
    case.refresh_from_db()
    assert not case.is_known_error
    assert case.workaround == "Pay by card."
