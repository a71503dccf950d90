"""Tickets become one, in chains and several at once, and are parted again."""

import random
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone

from apps.intake import message_id
from apps.intake.queries import standing
from apps.intake.services import receive_mail
from apps.response import services
from apps.response.links.queries import links_of
from apps.response.links.services import add_link
from apps.response.models import Merge
from helpdesk.errors import DomainError, NotAllowed, NotFound
from helpdesk.models import Event, Message, Note, Participant, Status, Ticket
from tests.factories import NOW, make_cast, make_ticket, make_token
from tests.output.test_races import at_once

LATER = NOW + timedelta(days=2)


def merge(cast, ticket, into, at=NOW) -> None:
    services.merge(ticket=ticket, into=into, by=cast.ana, at=at)


def part(cast, ticket, at=LATER, by=None) -> Ticket:
    return services.undo_merge(ticket=ticket, by=by or cast.ana, at=at)


def fresh(ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def answer_to(ticket, settings, n=1) -> bytes:
    """The customer answers a mail that left for this ticket."""
    own = message_id.sign(ticket.pk, f"abc{n}", domain="desk.test", secret=settings.SECRET_KEY)
    return (
        f"From: Zoe <zoe@customer.test>\r\nTo: billing@desk.test\r\nSubject: Re: it\r\n"
        f"Message-ID: <z{ticket.pk}.{n}@c>\r\n"
        f"In-Reply-To: {own}\r\nReferences: {own}\r\n\r\nAnd another thing.\r\n"
    ).encode()


def mail_for(cast, ticket, settings, n=1, at=NOW) -> Ticket:
    """Where a mail for this ticket arrives."""
    mail = receive_mail(
        raw=answer_to(ticket, settings, n), mailbox="billing@desk.test", by=cast.system, at=at
    )
    return mail.ticket


def test_mail_for_the_first_of_a_chain_arrives_at_its_end(cast, settings):
    first, second, third = (make_ticket(cast) for _ in range(3))
    merge(cast, first, second)
    merge(cast, fresh(second), third)
    assert mail_for(cast, first, settings) == third


def test_a_long_chain_costs_one_query(cast, django_assert_num_queries):
    chain = [make_ticket(cast) for _ in range(25)]
    for one, other in pairwise(chain):
        merge(cast, fresh(one), fresh(other))
    first = fresh(chain[0])
    with django_assert_num_queries(1):
        assert standing(first) == chain[-1]


def test_five_become_part_of_one_together(cast):
    *five, into = (make_ticket(cast) for _ in range(6))
    services.merge_all(tickets=five, into=into, by=cast.ana, at=NOW)
    assert {fresh(one).merged_into_id for one in five} == {into.pk}


def test_where_one_of_five_can_not_none_is(cast):
    *five, into = (make_ticket(cast) for _ in range(6))
    merge(cast, five[2], five[3])
    events = Event.objects.count()
    with pytest.raises(services.TicketMerged), transaction.atomic():
        services.merge_all(tickets=five, into=into, by=cast.ana, at=NOW)
    assert Event.objects.count() == events
    assert not Ticket.objects.filter(merged_into=into).exists()


def test_two_merged_into_each_other_at_once_make_no_circle(transactional_db):
    cast = make_cast()
    for _ in range(4):
        one, other = make_ticket(cast), make_ticket(cast)
        outcomes = at_once(lambda: merge(cast, one, other), lambda: merge(cast, other, one))  # noqa: B023
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "TicketMerged"]


def test_tickets_that_hang_together_through_a_third_are_not_merged(cast):
    child, between, parent = (make_ticket(cast) for _ in range(3))
    for one, other in ((child, between), (between, parent)):
        add_link(ticket=one, other=other, as_="child_of", by=cast.ana, at=NOW)
    with pytest.raises(services.CannotMerge, match="hang together"):
        merge(cast, child, parent)
    merge(cast, child, between)


# The way back


def test_a_parted_ticket_stands_as_it_did_before(cast):
    ticket, into = make_ticket(cast), make_ticket(cast)
    ticket.hold(Status.WAITING_OWNER, by=cast.ana, at=NOW)
    add_link(ticket=ticket, other=make_ticket(cast), as_="blocks", by=cast.ana, at=NOW)
    before = (fresh(ticket).status, None, None, links_of(ticket, user=cast.ana), ticket.messages.get().pk)
    merge(cast, ticket, into)
    part(cast, ticket)
    now = fresh(ticket)
    assert (
        now.status,
        now.solved_at,
        now.closed_at,
        links_of(now, user=cast.ana),
        now.messages.get().pk,
    ) == before
    assert now.merged_into is None
    assert Event.objects.get(kind="ticket.unmerged").data["out_of"] == into.pk
    assert "of its own again" in Note.objects.filter(ticket=into).last().body


def test_a_ticket_that_was_closed_is_closed_again(cast):
    ticket = make_ticket(cast)
    ticket.close(by=cast.ana, at=NOW)
    merge(cast, ticket, make_ticket(cast), at=NOW + timedelta(hours=1))
    assert (part(cast, ticket).status, fresh(ticket).closed_at) == (Status.CLOSED, NOW)


def test_people_leave_with_the_ticket_that_brought_them_from_the_whole_chain(cast):
    ticket, twin, into, end = (make_ticket(cast) for _ in range(4))
    for one, emails in ((ticket, ("a@c.test", "b@c.test")), (twin, ("b@c.test",)), (end, ("c@c.test",))):
        for email in emails:
            Participant.objects.create(ticket=one, email=email, added_at=NOW)
    merge(cast, ticket, into)
    merge(cast, twin, into)
    merge(cast, fresh(into), end)
    assert {one.email for one in end.participants.all()} == {"a@c.test", "b@c.test", "c@c.test"}
    part(cast, ticket)
    assert {one.email for one in into.participants.all()} == {"b@c.test"}
    assert {one.email for one in end.participants.all()} == {"b@c.test", "c@c.test"}
    assert {one.email for one in ticket.participants.all()} == {"a@c.test", "b@c.test"}


def test_what_came_meanwhile_stays_and_is_told(cast, settings):
    ticket, into = make_ticket(cast), make_ticket(cast)
    merge(cast, ticket, into)
    assert mail_for(cast, ticket, settings, at=NOW + timedelta(hours=1)) == into
    mail_for(cast, into, settings, at=NOW + timedelta(hours=1))
    part(cast, ticket)
    assert into.messages.count() == 3
    assert "1 message that came for it meanwhile stayed here" in Note.objects.filter(ticket=into).last().body
    assert mail_for(cast, ticket, settings, n=2, at=LATER) == ticket


def test_a_parted_ticket_that_is_open_is_promised_an_answer_again(cast, deliver_news):
    from apps.control.models import Clock
    from apps.control.services import lay_out_defaults

    lay_out_defaults()
    ticket = make_ticket(cast)
    deliver_news()
    merge(cast, ticket, make_ticket(cast))
    deliver_news()
    assert not Clock.objects.unmet().filter(ticket=ticket).exists()
    part(cast, ticket)
    deliver_news(at=LATER)
    assert Clock.objects.unmet().filter(ticket=ticket).exists()


def cannot_part(cast, ticket, error, at=LATER, by=None) -> None:
    events = Event.objects.count()
    with pytest.raises(error), transaction.atomic():
        part(cast, ticket, at=at, by=by)
    assert Event.objects.count() == events


def test_a_merge_is_undone_within_thirty_days_by_who_may_and_once(cast):
    ticket = make_ticket(cast)
    cannot_part(cast, ticket, services.NotMerged)
    merge(cast, ticket, make_ticket(cast))
    cannot_part(cast, ticket, services.CannotUndoMerge, at=NOW + timedelta(days=31))
    cannot_part(cast, ticket, NotFound, by=cast.mallory)
    cannot_part(cast, ticket, NotAllowed, by=cast.omar)
    part(cast, ticket)
    cannot_part(cast, ticket, services.NotMerged)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_merged_and_parted_no_chain_comes_round_and_nothing_is_lost(cast, settings, seed):
    dice = random.Random(seed)
    tickets = [make_ticket(cast) for _ in range(6)]
    said = {message.pk: message.ticket_id for message in Message.objects.all()}
    for step in range(30):
        one, other = dice.sample(tickets, 2)
        at = NOW + timedelta(minutes=step)
        try:
            with transaction.atomic():
                if dice.random() < 0.6:
                    merge(cast, fresh(one), fresh(other), at=at)
                else:
                    part(cast, fresh(one), at=at)
        except DomainError:
            pass
        for ticket in tickets:
            way, now = set(), fresh(ticket)
            while now.merged_into_id is not None:
                assert now.pk not in way, "a chain came round"
                way.add(now.pk)
                now = fresh(now.merged_into)
            assert standing(fresh(ticket)) == now
    assert {message.pk: message.ticket_id for message in Message.objects.all()} == said
    assert Merge.objects.filter(undone_at=None).count() == Ticket.objects.exclude(merged_into=None).count()
    for n, ticket in enumerate(tickets):
        assert mail_for(cast, ticket, settings, n=n, at=LATER) == standing(fresh(ticket))
    assert Message.objects.count() == len(said) + len(tickets)


# The doors


def test_several_are_ticked_merged_and_parted_on_pages(cast, ana):
    one, other, into = make_ticket(cast), make_ticket(cast), make_ticket(cast)
    path = f"/t/{into.pk}/merge/several/"
    assert ana.post(path, {}).status_code == 422
    assert ana.post(path, {"tickets": [one.pk, other.pk]}).status_code == 302
    box = ana.get(f"/t/{into.pk}/links/").content.decode()
    assert f'action="/t/{one.pk}/merge/undo/"' in box
    assert ana.post(f"/t/{one.pk}/merge/undo/").status_code == 302
    assert (fresh(one).merged_into_id, fresh(other).merged_into_id) == (None, into.pk)


def test_a_program_merges_several_and_parts_one(cast, client):
    one, other, into = make_ticket(cast), make_ticket(cast), make_ticket(cast)
    api = {
        "content_type": "application/json",
        "headers": {"Authorization": f"Bearer {make_token(cast.robot)}"},
    }
    assert (
        client.post(
            f"/api/v1/tickets/{into.pk}/merge-in/", {"tickets": [one.pk, other.pk]}, **api
        ).status_code
        == 200
    )
    assert client.post(f"/api/v1/tickets/{one.pk}/merge/undo/", {}, **api).json()["merged_into"] is None
    assert client.post(f"/api/v1/tickets/{one.pk}/merge/undo/", {}, **api).status_code == 409


def test_a_merge_that_can_not_be_undone_any_more_offers_no_button(cast, sign_in):
    new, old = make_ticket(cast), make_ticket(cast)
    now = timezone.now()
    merge(cast, new, make_ticket(cast), at=now - timedelta(days=29))
    merge(cast, old, make_ticket(cast), at=now - timedelta(days=31))
    browser = sign_in(cast.ana)
    for ticket, offered in ((new, True), (old, False)):
        page = browser.get(f"/t/{ticket.pk}/").content.decode()
        assert "This ticket was merged" in page
        assert ("Undo the merge" in page) == offered
