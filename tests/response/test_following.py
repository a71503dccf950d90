"""Who is copied, who follows, who is mentioned: told once, and only while they may see the ticket."""

from datetime import timedelta

import pytest
from django.db import transaction

from apps.intake.services import Contact, follow_up
from apps.output.models import Delivery
from apps.response import queries, services
from apps.response.addresses import addresses_in
from apps.response.following.mentions import Person, named
from apps.response.following.services import follow, unfollow
from apps.response.models import Follower, Mention
from apps.response.query import read
from apps.response.services import Composer, save_draft
from helpdesk.errors import DomainError, NotFound
from helpdesk.models import Message, Note, Ticket
from tests.factories import NOW, make_ticket, make_token, make_user
from tests.response.pages import count_queries

SECRET = "xyzzy-only-for-colleagues"


def answer(cast, ticket, **more) -> Message:
    return services.reply(ticket=ticket, body="We look at it.", by=cast.ana, at=NOW, **more)


def note(cast, ticket, body, by=None) -> Note:
    return services.add_note(ticket=ticket, body=body, by=by or cast.ana, at=NOW)


def told() -> list[tuple[str, str]]:
    """Notices that wait to leave: to whom, and what they say first."""
    return sorted((one.to[0], one.text.split("\n")[0]) for one in Delivery.objects.filter(kind="notice"))


# Copies


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (["a@x.test, b@x.test"], ["a@x.test", "b@x.test"]),
        (["Bob <B@x.test>; c@x.test", "b@x.test"], ["b@x.test", "c@x.test"]),
        (["", " "], []),
    ],
)
def test_addresses_are_read_as_people_type_them(typed, found):
    assert addresses_in(typed) == found


def test_an_answer_is_copied_to_those_it_names(cast, deliver_news):
    ticket = make_ticket(cast)
    ticket.participants.create(email="boss@customer.test", added_at=NOW)
    everybody, nobody = answer(cast, ticket), answer(cast, ticket, cc=[])
    some = answer(cast, ticket, cc=["Max <max@partner.test>, zoe@customer.test"])
    deliver_news()
    sent = {one.message_id: one.cc for one in Delivery.objects.filter(kind="reply")}
    assert sent == {everybody.pk: ["boss@customer.test"], nobody.pk: [], some.pk: ["max@partner.test"]}
    assert not ticket.participants.filter(email="max@partner.test").exists()
    assert "copied to max@partner.test" in " ".join(one.text for one in queries.history(ticket))


@pytest.mark.parametrize("typed", ["nobody", "a@b", "billing@desk.test", "BILLING@desk.test, x@y.test"])
def test_what_is_no_address_or_ours_is_not_copied(cast, typed):
    ticket = make_ticket(cast)
    with pytest.raises(DomainError), transaction.atomic():
        answer(cast, ticket, cc=[typed])
    assert not Message.objects.filter(direction="out").exists()


def test_whoever_was_copied_and_answers_takes_part_and_the_customer_stays(cast):
    ticket = make_ticket(cast)
    answer(cast, ticket, cc=["max@partner.test"])
    said = follow_up(
        ticket=ticket, body="I know why.", sender=Contact("max@partner.test", "Max"), by=cast.system, at=NOW
    )
    ticket.refresh_from_db()
    assert (ticket.customer, said.customer) == (cast.zoe, None)
    assert ticket.participants.get().email == "max@partner.test"


def test_whom_one_copies_is_kept_with_the_draft_and_told_in_the_conversation(cast, ana):
    ticket = make_ticket(cast)
    ticket.participants.create(email="boss@customer.test", added_at=NOW)
    page = ana.get(f"/t/{ticket.pk}/").content.decode()
    assert 'value="boss@customer.test" data-kept checked' in page
    save_draft(
        ticket=ticket, kind="reply", text="Dear", cc=["max@partner.test"], composer=Composer("w", 1),
        by=cast.ana, at=NOW,
    )  # fmt: skip
    page = ana.get(f"/t/{ticket.pk}/").content.decode()
    assert 'value="max@partner.test" data-kept checked' in page
    assert 'value="boss@customer.test" data-kept checked' not in page
    sent = {"body": "Hello", "then": "", "cc_told": "1", "cc": ["max@partner.test", "eve@partner.test"]}
    assert ana.post(f"/t/{ticket.pk}/reply/", sent).status_code == 302
    assert "max@partner.test, eve@partner.test" in ana.get(f"/t/{ticket.pk}/").content.decode()
    refused = ana.post(f"/t/{ticket.pk}/reply/", sent | {"cc": "billing@desk.test"})
    assert refused.status_code == 422
    assert 'value="billing@desk.test" data-kept checked' in refused.content.decode()


# Following


def test_those_who_follow_are_told_of_what_others_do(cast, deliver_news):
    ticket = make_ticket(cast)
    deliver_news()
    for user in (cast.lena, cast.ana):
        follow(ticket=ticket, by=user, at=NOW)
    note(cast, ticket, SECRET)
    # An answer and a state at one moment are one letter.
    services.reply(ticket=ticket, body="Done.", then="solve", by=cast.ana, at=NOW + timedelta(hours=1))
    follow_up(ticket=ticket, body="No.", by=cast.system, at=NOW + timedelta(hours=2))
    deliver_news()
    assert told() == [
        ("ana@desk.test", "Zoe wrote."),
        ("lena@desk.test", "Ana added a note."),
        ("lena@desk.test", "Ana answered."),
        ("lena@desk.test", "Zoe wrote."),
    ]
    assert not any(SECRET in f"{one.subject}{one.text}{one.html}" for one in Delivery.objects.all())
    unfollow(ticket=ticket, by=cast.ana, at=NOW)
    assert [one.user for one in Follower.objects.all()] == [cast.lena]


def test_whoever_may_not_see_it_any_more_is_told_nothing_and_follows_no_longer(cast, deliver_news):
    ticket = make_ticket(cast)
    follow(ticket=ticket, by=cast.lena, at=NOW)
    Ticket.objects.filter(pk=ticket.pk).update(department=cast.shipping)
    note(cast, ticket, "Hm", by=cast.mallory)
    deliver_news()
    assert told() == []
    assert not Follower.objects.exists()


def test_a_stranger_follows_nothing(cast, sign_in):
    ticket = make_ticket(cast)
    with pytest.raises(NotFound):
        follow(ticket=ticket, by=cast.mallory, at=NOW)
    assert sign_in(cast.mallory).post(f"/t/{ticket.pk}/people/", {"act": "follow"}).status_code == 404
    with pytest.raises(DomainError):
        follow(ticket=ticket, by=cast.robot, at=NOW)


def test_one_follows_in_the_box_and_by_program(cast, ana, client):
    ticket = make_ticket(cast)
    panel = f"/t/{ticket.pk}/people/"
    ana.post(panel, {"act": "follow"})
    assert "Follow no longer" in ana.get(panel).content.decode()
    found, _ = queries.find(read("is:followed", at=NOW), user=cast.ana)
    assert list(found) == [ticket]
    place = f"/api/v1/tickets/{ticket.pk}/followers/"
    assert [one["email"] for one in ana.get(place).json()["data"]] == [cast.ana.email]
    assert ana.delete(place).status_code == 204
    assert ana.post(place).status_code == 201
    few = count_queries(ana, panel)
    for number in range(9):
        follow(ticket=ticket, by=make_user(f"agent{number}", "agent", cast.billing), at=NOW)
    assert count_queries(ana, panel) == few
    as_robot = {"Authorization": f"Bearer {make_token(cast.robot)}"}
    assert client.get("/api/v1/mentions/", headers=as_robot).json() == {"data": []}


# Mentions


@pytest.mark.parametrize(
    ("text", "people", "unclear"),
    [
        ("@Ana look", (1,), ()),
        ("Hi @ana, and @ANA LUND!", (1, 2), ()),
        ("(@ana lund) @Analyst", (2,), ()),
        ("write to zoe@ana.test", (), ()),
        ("@bo@desk.test @bo", (3,), ("bo",)),
        ("@nobody at all", (), ()),
    ],
)
def test_names_are_read_out_of_a_text(text, people, unclear):
    among = [
        Person(1, "Ana", "ana@desk.test"),
        Person(2, "Ana Lund", "lund@desk.test"),
        Person(3, "Bo", "bo@desk.test"),
        Person(4, "Bo", "bo2@desk.test"),
    ]
    found = named(text, among)
    assert tuple(one.pk for one in found.people) == people
    assert found.unclear == unclear


def test_whoever_is_mentioned_is_told_once_and_finds_it(cast, deliver_news):
    ticket, other = make_ticket(cast), make_ticket(cast)
    deliver_news()
    follow(ticket=ticket, by=cast.lena, at=NOW)
    written = note(cast, ticket, f"@Lena and @lena@desk.test: {SECRET} @Ana")
    note(cast, other, "nobody@lena")
    deliver_news()
    deliver_news()
    assert told() == [("lena@desk.test", "Ana mentions you in a note.")]
    letter = Delivery.objects.get(kind="notice")
    assert f"/t/{ticket.pk}/#note-{written.pk}" in letter.text
    assert SECRET not in f"{letter.subject}{letter.text}{letter.html}"
    for user, found in ((cast.lena, [ticket]), (cast.ana, [])):
        assert list(queries.find(read("mentions:@me", at=NOW), user=user)[0]) == found


def test_mentions_make_one_follow_where_one_wants_that(cast):
    ticket = make_ticket(cast)
    cast.lena.follow_mentions = False
    cast.lena.save()
    note(cast, ticket, "@Lena @Omar")
    assert [one.user for one in Follower.objects.all()] == [cast.omar]


def test_nobody_is_mentioned_who_may_not_see_the_ticket(cast):
    ticket = make_ticket(cast)
    with pytest.raises(DomainError, match=r"Mallory \(Shipping\) can't see") as refused, transaction.atomic():
        note(cast, ticket, "@Mallory look")
    assert refused.value.pointer == "body"
    assert not Note.objects.exists()
    assert not Mention.objects.exists()


def test_whoever_lost_the_right_meanwhile_is_not_told(cast, deliver_news):
    ticket = make_ticket(cast)
    note(cast, ticket, "@Lena")
    Ticket.objects.filter(pk=ticket.pk).update(department=cast.shipping)
    deliver_news()
    assert told() == []
    assert not queries.find(read("mentions:@me", at=NOW), user=cast.lena)[0].exists()


def test_names_are_offered_of_those_who_may_see_it(cast, ana):
    ticket = make_ticket(cast)
    place = f"/t/{ticket.pk}/colleagues/"
    assert 'data-fill="Lena"' in ana.get(place, {"q": "le"}).content.decode()
    assert ana.get(place, {"q": "mal"}).content.decode().strip() == ""
    assert "data-completes" in ana.get(f"/t/{ticket.pk}/").content.decode()
    assert [one["ticket"] for one in ana.get("/api/v1/mentions/").json()["data"]] == []
    assert ana.get("/queue/?view=mentions").status_code == 200
