"""How tickets hang together, and what a parent does for its children."""

from itertools import pairwise

import pytest
from django.db import transaction

from apps.intake.files import File, keep_files
from apps.response import services as response
from apps.response.links import queries, services
from apps.response.links.models import RELATIONS, JointAnswer, LinkKind, TicketLink
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event, Message, Note, Ticket
from tests.factories import NOW, make_cast, make_ticket, make_token
from tests.output.test_races import at_once
from tests.response.pages import count_queries


def link(cast, ticket, other, as_="related_to", by=None) -> TicketLink:
    return services.add_link(ticket=ticket, other=other, as_=as_, by=by or cast.ana, at=NOW)


def seen(cast, ticket, by=None) -> list[tuple[str, int]]:
    return [(one.relation.name, one.number) for one in queries.links_of(ticket, user=by or cast.ana)]


def cannot(cast, ticket, other, as_, error=services.CannotLink, by=None) -> None:
    before = (Event.objects.count(), TicketLink.objects.count())
    with pytest.raises(error), transaction.atomic():
        link(cast, ticket, other, as_, by)
    assert (Event.objects.count(), TicketLink.objects.count()) == before


OTHER_WAY = {
    "parent_of": "child_of", "blocks": "blocked_by", "duplicate_of": "duplicated_by", "related_to": "related_to",
    "follow_up_of": "followed_by",
}  # fmt: skip
OTHER_WAY |= {there: here for here, there in OTHER_WAY.items()}


@pytest.mark.parametrize("as_", RELATIONS)
def test_a_link_is_read_from_both_its_tickets_and_told_on_both(cast, as_):
    ticket, other = make_ticket(cast), make_ticket(cast)
    link(cast, ticket, other, as_)
    assert seen(cast, ticket) == [(as_, other.pk)]
    assert seen(cast, other) == [(OTHER_WAY[as_], ticket.pk)]
    told = {(event.ticket_id, event.data["as"]) for event in Event.objects.filter(kind="link.added")}
    assert told == {(ticket.pk, as_), (other.pk, OTHER_WAY[as_])}


def test_two_tickets_are_linked_once_a_kind_either_way_round(cast):
    ticket, other = make_ticket(cast), make_ticket(cast)
    link(cast, ticket, other, "blocks")
    for one, two in ((ticket, other), (other, ticket)):
        cannot(cast, one, two, "blocks")
    link(cast, ticket, other, "related_to")


def test_a_ticket_is_not_linked_to_itself(cast):
    ticket = make_ticket(cast)
    cannot(cast, ticket, ticket, "related_to")


@pytest.mark.parametrize("as_", ["child_of", "parent_of", "blocks", "duplicate_of"])
def test_what_leads_somewhere_never_comes_round(cast, as_):
    chain = [make_ticket(cast) for _ in range(4)]
    for one, other in pairwise(chain):
        link(cast, one, other, as_)
    cannot(cast, chain[-1], chain[0], as_)
    link(cast, chain[-1], chain[0], "related_to")


def test_an_unknown_kind_is_refused(cast):
    cannot(cast, make_ticket(cast), make_ticket(cast), "friend_of", Invalid)


def test_one_links_what_one_sees_by_a_role_that_may(cast):
    ticket, hidden = make_ticket(cast), make_ticket(cast, department=cast.shipping)
    cannot(cast, ticket, hidden, "blocks", NotFound)
    cannot(cast, ticket, make_ticket(cast), "blocks", NotAllowed, by=cast.omar)


def test_of_a_ticket_one_may_not_see_the_box_tells_the_number_alone(cast, ana):
    ticket, hidden = make_ticket(cast), make_ticket(cast, department=cast.shipping, subject="Their secret")
    link(cast, ticket, hidden, "blocks", by=cast.ada)
    page = ana.get(f"/t/{ticket.pk}/links/").content.decode()
    assert f"#{hidden.pk}" in page
    assert "Their secret" not in page
    (shown,) = queries.links_of(ticket, user=cast.ana)
    assert shown.ticket is None


def test_a_link_is_taken_off_from_either_ticket(cast):
    ticket, other = make_ticket(cast), make_ticket(cast)
    services.remove_link(link=link(cast, ticket, other, "blocks"), ticket=other, by=cast.ana, at=NOW)
    assert not TicketLink.objects.exists()
    assert Event.objects.filter(kind="link.removed").count() == 2


def test_a_link_of_other_tickets_is_not_taken_off(cast):
    made = link(cast, make_ticket(cast), make_ticket(cast))
    with pytest.raises(NotFound):
        services.remove_link(link=made, ticket=make_ticket(cast), by=cast.ana, at=NOW)
    assert TicketLink.objects.exists()


def test_links_of_a_merged_ticket_are_those_of_the_one_it_went_to(cast):
    ticket, into, parent, twin = (make_ticket(cast) for _ in range(4))
    for one in (ticket, into):
        link(cast, one, parent, "child_of")
    link(cast, ticket, twin)
    link(cast, ticket, into, "duplicate_of")
    response.merge(ticket=ticket, into=into, by=cast.ana, at=NOW)
    assert seen(cast, into) == [("child_of", parent.pk), ("related_to", twin.pk)]
    assert seen(cast, parent) == [("parent_of", into.pk)]
    services.remove_link(
        link=TicketLink.objects.filter(kind="child").first(), ticket=into, by=cast.ana, at=NOW
    )
    assert seen(cast, parent) == []


def test_four_links_made_at_once_leave_no_circle(transactional_db):
    cast = make_cast()
    ring = [make_ticket(cast) for _ in range(4)]
    for _ in range(5):
        pairs = list(zip(ring, ring[1:] + ring[:1], strict=True))
        outcomes = at_once(
            *(lambda one=one, other=other: link(cast, one, other, "child_of") for one, other in pairs)
        )
        assert sorted(type(one).__name__ for one in outcomes) == ["CannotLink", *["TicketLink"] * 3]
        TicketLink.objects.all().delete()


# The box and the API


def test_a_number_or_words_name_the_other_ticket(cast, ana):
    ticket, other = make_ticket(cast), make_ticket(cast, subject="Zebra crossing")
    path = f"/t/{ticket.pk}/links/"
    assert "Zebra" in ana.get(f"{path}found/?q=zebra").content.decode()
    assert ana.post(path, {"as": "blocks", "other": f"#{other.pk} Zebra"}).status_code == 302
    assert ana.post(path, {"as": "related_to", "other": "zebra"}).status_code == 302
    assert seen(cast, ticket) == [("blocks", other.pk), ("related_to", other.pk)]
    again = ana.post(path, {"as": "blocks", "other": str(other.pk)})
    assert (again.status_code, "linked so already" in again.content.decode()) == (422, True)
    nobody = ana.post(path, {"as": "blocks", "other": "giraffe"})
    assert (nobody.status_code, "giraffe" in nobody.content.decode()) == (422, True)


def test_words_that_several_hold_are_asked_back(cast, ana):
    ticket = make_ticket(cast)
    for _ in range(2):
        make_ticket(cast, subject="Zebra crossing")
    answer = ana.post(f"/t/{ticket.pk}/links/", {"as": "blocks", "other": "zebra"})
    assert (answer.status_code, answer.content.decode().count('name="other" value="#')) == (422, 2)
    assert not TicketLink.objects.exists()


def test_the_box_costs_the_same_for_one_link_and_for_twenty(cast, ana):
    few, many = make_ticket(cast), make_ticket(cast)
    link(cast, few, make_ticket(cast), "parent_of")
    for _ in range(20):
        link(cast, many, make_ticket(cast), "parent_of")
    # session, person, ticket, own numbers, links, where they ended, tickets, answers under way, merged
    assert count_queries(ana, f"/t/{few.pk}/links/") == count_queries(ana, f"/t/{many.pk}/links/") <= 10


def test_a_program_links_and_unlinks(cast, client):
    ticket, other = make_ticket(cast), make_ticket(cast)
    api = {
        "content_type": "application/json",
        "headers": {"Authorization": f"Bearer {make_token(cast.robot)}"},
    }
    path = f"/api/v1/tickets/{ticket.pk}/links/"
    made = client.post(path, {"relation": "blocks", "ticket": other.pk}, **api)
    assert made.status_code == 201
    (shown,) = client.get(path, headers=api["headers"]).json()["links"]
    assert (shown["relation"], shown["ticket"], shown["status"]) == ("blocks", other.pk, "new")
    assert client.post(path, {"relation": "blocked_by", "ticket": other.pk}, **api).status_code == 409
    assert client.post(path, {"relation": "friend", "ticket": other.pk}, **api).status_code == 422
    assert client.delete(f"{path}{shown['id']}/", **api).status_code == 204
    assert client.get(path, headers=api["headers"]).json() == {"links": []}


# Children


def a_child(cast, ana_asks=True, **more) -> Ticket:
    ticket = make_ticket(cast)
    said = ticket.messages.get()
    keep_files(said, [File("bill.pdf", "application/pdf", b"%PDF")])
    fields = {
        "department": cast.shipping,
        "subject": "",
        "task": "Find the parcel",
        "messages": [said],
    } | more
    return services.open_child(ticket=ticket, **fields, by=cast.ana, at=NOW)


def test_a_child_of_another_department_begins_with_the_customers_words_and_a_note(cast, deliver_news):
    child = a_child(cast)
    (parent,) = queries.links_of(child, user=cast.ada)
    first = child.messages.get()
    assert (parent.relation.name, child.department, child.customer) == ("child_of", cast.shipping, cast.zoe)
    assert (first.body, first.attachments.get().name) == ("Please look at my invoice.", "bill.pdf")
    assert "Find the parcel" in Note.objects.get(ticket=child).body
    deliver_news()
    assert child.messages.get() == first, "the customer knows of one request"


@pytest.mark.parametrize("wrong", [{"task": "  "}, {"messages": []}])
def test_a_child_has_a_task_and_words_of_the_customer(cast, wrong):
    with pytest.raises(Invalid), transaction.atomic():
        a_child(cast, **wrong)
    assert not TicketLink.objects.exists()


def test_a_child_is_opened_on_its_page(cast, ana):
    ticket = make_ticket(cast)
    path = f"/t/{ticket.pk}/children/open/"
    said = ticket.messages.get().pk
    assert ana.post(path, {"subject": "Parcel", "task": "", "messages": [said]}).status_code == 422
    given = {"subject": "Parcel", "task": "Find it", "messages": [said], "department": cast.shipping.pk}
    assert ana.post(path, given).status_code == 302
    assert seen(cast, ticket) == [("parent_of", Ticket.objects.get(subject="Parcel").pk)]


def family(cast, n: int) -> tuple[Ticket, list[Ticket]]:
    parent, young = make_ticket(cast, subject="The outage"), [make_ticket(cast) for _ in range(n)]
    for child in young:
        TicketLink.objects.create(
            first=child, second=parent, kind=LinkKind.CHILD, made_by=cast.ana, made_at=NOW
        )
    return parent, young


def answer(cast, parent, young, body="Hello {{ customer_first }}, it works again.", **more) -> JointAnswer:
    numbers = [child.pk for child in young]
    return services.answer_children(ticket=parent, body=body, children=numbers, by=cast.ana, at=NOW, **more)


def test_each_child_gets_the_answer_in_its_own_customers_name(cast):
    parent, young = family(cast, 2)
    answer(cast, parent, young, then="solve")
    for child in young:
        child.refresh_from_db()
        assert child.messages.get(direction="out").body == "Hello Zoe, it works again."
        assert child.status == "solved"
    assert not parent.messages.filter(direction="out").exists()


def test_many_children_are_answered_by_a_worker_once_each(cast, monkeypatch):
    monkeypatch.setattr("apps.response.links.services.children.AT_ONCE", 2)
    parent, young = family(cast, 3)
    response.merge(ticket=young[0], into=make_ticket(cast), by=cast.ana, at=NOW)
    TicketLink.objects.filter(first=young[0]).delete()
    answered = answer(cast, parent, young[1:], then="")
    more = [make_ticket(cast) for _ in range(3)]
    for child in more:
        link(cast, child, parent, "child_of")
    waiting = answer(cast, parent, more)
    assert answered.rows.exclude(done_at=None).count() == 2
    assert waiting.rows.filter(done_at=None).count() == 3
    assert queries.links_box(parent, user=cast.ana, at=NOW).answering == 3
    response.merge(ticket=more[0], into=make_ticket(cast), by=cast.ana, at=NOW)
    services.answer_waiting_children(at=NOW)
    services.answer_waiting_children(at=NOW)
    assert [child.messages.filter(direction="out").count() for child in more] == [0, 1, 1]
    assert "merged" in waiting.rows.get(ticket=more[0]).why_not


def test_only_children_are_answered_and_with_words(cast):
    parent, young = family(cast, 1)
    for wrong in (
        {"body": " "},
        {"body": "Dear {{ custmer }}"},
        {"young": [make_ticket(cast)]},
        {"young": []},
    ):
        with pytest.raises(Invalid), transaction.atomic():
            answer(cast, **({"parent": parent, "young": young} | wrong))
    assert not JointAnswer.objects.exists()


def test_a_solved_parent_offers_to_answer_its_open_children_and_does_nothing_by_itself(cast, ana):
    parent, (child,) = family(cast, 1)
    response.solve(ticket=parent, by=cast.ana, at=NOW)
    child.refresh_from_db()
    assert child.status == "new"
    assert f"/t/{parent.pk}/children/answer/" in ana.get(f"/t/{parent.pk}/links/").content.decode()


def test_what_each_child_would_read_is_shown_before_it_is_sent(cast, ana):
    parent, (child, other) = family(cast, 2)
    path = f"/t/{parent.pk}/children/answer/"
    given = {"shown": "1", "body": "Hi {{ customer_first }}!", "then": "", "children": [child.pk]}
    assert "Hi Zoe!" in ana.post(path, given).content.decode()
    assert not Message.objects.filter(direction="out").exists()
    assert ana.post(path, given | {"send": "1"}).status_code == 302
    assert child.messages.filter(direction="out").exists()
    assert not other.messages.filter(direction="out").exists()
    assert ana.post(path, {"shown": "1", "body": "", "send": "1"}).status_code == 422


def test_a_program_opens_a_child_and_answers_all(cast, client):
    ticket = make_ticket(cast)
    api = {
        "content_type": "application/json",
        "headers": {"Authorization": f"Bearer {make_token(cast.robot)}"},
    }
    path = f"/api/v1/tickets/{ticket.pk}/children/"
    given = {"department": "shipping", "task": "Find it", "messages": [ticket.messages.get().pk]}
    child = client.post(path, given, **api).json()["number"]
    done = client.post(f"{path}answers/", {"body": "Found", "children": [child]}, **api)
    assert (done.status_code, done.json()["tickets"][0]["why_not"]) == (202, "")
    again = client.get(f"{path}answers/{done.json()['id']}/", headers=api["headers"]).json()
    assert again["tickets"][0]["message"] == Message.objects.get(direction="out").pk
