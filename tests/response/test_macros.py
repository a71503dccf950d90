"""Macros: kept, found, looked at, used with an answer or by themselves, counted and taken back."""

import pytest
from django.db import transaction

from apps.output import services as output
from apps.output.models import Delivery
from apps.response import macros
from apps.response.acting import Act
from apps.response.bulk.services import begin_bulk, do_at_once, undo_bulk
from apps.response.macros.queries import kept_macros, macros_for
from apps.response.macros.services import apply_macro, reply_using, save_macro
from apps.response.models import Draft, Macro, MacroUse
from apps.response.services import Composer, save_draft
from helpdesk.errors import DomainError, Invalid, NotAllowed, NotFound
from helpdesk.models import CustomField, Event, Message, Note, Ticket
from tests.factories import NOW, make_ticket, make_token
from tests.response.pages import count_queries

ACTS = (Act("tag", "refunded"), Act("rate", 2), Act("note", "Paid by hand"), Act("assign", "@me"))


def make_macro(cast, name="Refund", body="Dear {{ customer.first_name|there }},", **more) -> Macro:
    return save_macro(name=name, body=body, by=more.pop("by", cast.lena), at=NOW, **more)


def refused(error, act) -> str:
    before = Event.objects.count(), list(Macro.objects.values()), Message.objects.count()
    with pytest.raises(error) as raised, transaction.atomic():
        act()
    assert (Event.objects.count(), list(Macro.objects.values()), Message.objects.count()) == before
    return str(raised.value)


# Texts


@pytest.mark.parametrize(
    ("body", "text", "missing"),
    [
        ("Dear {{customer.name}}", "Dear Zoe", ()),
        ("Dear {{ customer }}, {{ agent }}", "Dear Zoe, {{ customer }}", ()),  # as fields were called before
        ("Hi {{ customer.first_name|there }}", "Hi there", ()),
        ("Hi{{ customer.first_name| }}!", "Hi!", ()),
        ("Your {{ product }}, {{ nonsense }}", "Your {{ product }}, {{ nonsense }}", ("product", "nonsense")),
    ],
)
def test_fields_are_filled_and_gaps_are_named(body, text, missing):
    # What an agent is called here fills no field either.
    filled = macros.fill(body, {"customer.name": "Zoe", "product": " ", "agent.name": "{{ customer }}"})
    assert (filled.text, filled.missing) == (text, missing)


def test_a_macro_that_could_not_work_is_refused(cast):
    for words, given in (
        ("Did you mean customer.name", {"body": "{{ custmer.name }}"}),
        ("left over", {"body": "{{ customer.name }} {{ oops"}),
        ("Write a text, or choose", {"body": " "}),
        ("what becomes of the ticket", {"body": "Hi", "acts": [Act("solve")]}),
        ("no text to send", {"body": "", "acts": [Act("tag", "x")], "then": "solve"}),
        ("no such colleague", {"body": "Hi", "acts": [Act("assign", 987_654)]}),
        ("every department", {"body": "Hi", "is_own": True, "department": cast.billing}),
    ):
        assert words in refused(Invalid, lambda given=given: make_macro(cast, **given))
    make_macro(cast)
    assert "already" in refused(Invalid, lambda: make_macro(cast))


def test_a_macro_fills_in_fields_of_the_desks_own_and_speaks_of_them(cast, sign_in):
    CustomField.objects.create(key="size", label="Size", kind="choice", choices=["S", "M"], needed="solve")
    for given in (
        {"body": "{{ field.colour }}"},
        {"acts": [Act("fill", (("colour", "red"),))]},
        {"acts": [Act("fill", (("size", "XL"),))]},
    ):
        refused(Invalid, lambda given=given: make_macro(cast, **given))
    given = {"name": "Size", "body": "You want {{ field.order }}size M", "then": "solve", "is_active": "on"}
    lena = sign_in(cast.lena)
    assert lena.post("/macros/", given | {"sharing": "shared", "does-field-size": "M"}).status_code == 422
    given["body"] = "It is {{ field.size|known }}."
    assert lena.post("/macros/", given | {"sharing": "shared", "does-field-size": "M"}).status_code == 302
    macro, ticket = Macro.objects.get(), make_ticket(cast)
    assert '<option value="M" selected>' in lena.get(f"/macros/{macro.pk}/").content.decode()
    page = sign_in(cast.ana).get(f"/t/{ticket.pk}/macros/{macro.pk}/").content.decode()
    assert "Size: M" in page
    use = apply_macro(ticket=ticket, macro=Macro.objects.get(), by=cast.ana, at=NOW)
    ticket.refresh_from_db()
    assert (use.message.body, ticket.custom, ticket.status) == ("It is known.", {"size": "M"}, "solved")


def test_who_may_keep_which(cast):
    mine = make_macro(cast, is_own=True, by=cast.ana)
    assert make_macro(cast, by=cast.lena).owner is None  # the name is free: the other is Ana's own
    refused(NotAllowed, lambda: make_macro(cast, "Another", by=cast.ana))
    refused(NotFound, lambda: save_macro(name="Hi", body="x", macro=mine, by=cast.lena, at=NOW))
    refused(NotAllowed, lambda: make_macro(cast, is_own=True, by=cast.nils))


def test_macros_are_found_by_name_and_words_where_they_may_be_used(cast):
    own = make_macro(cast, "My own refund", by=cast.ana, is_own=True)
    here = make_macro(cast, "Billing", body="About the refund", department=cast.billing)
    make_macro(cast, "Elsewhere", body="About the refund", department=cast.shipping)
    make_macro(cast, "Refund of another", by=cast.lena, is_own=True)
    make_macro(cast, "Refund of old", is_active=False)
    ticket = make_ticket(cast)
    assert macros_for(ticket, cast.ana, words="refund") == [own, here]
    assert macros_for(ticket, cast.ana, words="refund own") == [own]


# Use


def test_a_reply_with_a_macro_does_what_it_does_in_one_transaction(cast):
    ticket, macro = make_ticket(cast), make_macro(cast, acts=ACTS, then="wait")
    message = reply_using(ticket=ticket, macro=macro, body="Dear Zoe", by=cast.ana, at=NOW)
    ticket.refresh_from_db()
    assert (ticket.tags, ticket.severity, ticket.assignee) == (["refunded"], 2, cast.ana)
    assert ticket.status == "waiting_customer"
    assert Note.objects.get().body == "Paid by hand"
    assert MacroUse.objects.get().message == message


def test_what_the_button_says_comes_before_the_state_of_the_macro(cast):
    ticket = make_ticket(cast)
    reply_using(
        ticket=ticket, macro=make_macro(cast, then="wait"), body="x", then="solve", by=cast.ana, at=NOW
    )
    ticket.refresh_from_db()
    assert ticket.status == "solved"


def test_an_act_that_is_refused_keeps_the_answer_back(cast):
    ticket, macro = make_ticket(cast), make_macro(cast, acts=[Act("assign", cast.omar.pk)])
    assert "can't answer" in refused(
        DomainError, lambda: reply_using(ticket=ticket, macro=macro, body="x", by=cast.ana, at=NOW)
    )
    assert not MacroUse.objects.exists()


def test_a_reply_that_is_taken_back_takes_what_the_macro_did_along(cast):
    ticket, macro = make_ticket(cast), make_macro(cast, acts=ACTS)
    message = reply_using(ticket=ticket, macro=macro, body="Dear Zoe", by=cast.ana, at=NOW)
    output.undo(message=message, by=cast.ana, at=NOW)
    ticket.refresh_from_db()
    assert (ticket.tags, ticket.severity, ticket.assignee) == ([], 3, None)
    assert not Note.objects.exists()
    assert not MacroUse.objects.exists()
    assert Draft.objects.get().macro == macro


def test_a_macro_by_itself_sends_its_text_or_only_acts(cast):
    ticket = make_ticket(cast)
    apply_macro(ticket=ticket, macro=make_macro(cast, body="", acts=[Act("solve")]), by=cast.ana, at=NOW)
    ticket.refresh_from_db()
    assert ticket.status == "solved"
    assert not Message.objects.filter(direction="out").exists()
    apply_macro(ticket=ticket, macro=make_macro(cast, "Two"), by=cast.ana, at=NOW)
    assert Message.objects.get(direction="out").body == "Dear Zoe,"


def test_a_gap_in_the_text_is_sent_to_nobody(cast):
    ticket, macro = make_ticket(cast), make_macro(cast, body="Your {{ product }}")
    assert "product" in refused(
        DomainError, lambda: apply_macro(ticket=ticket, macro=macro, by=cast.ana, at=NOW)
    )


def test_one_of_another_department_is_not_used(cast):
    ticket, macro = make_ticket(cast), make_macro(cast, department=cast.shipping)
    refused(DomainError, lambda: apply_macro(ticket=ticket, macro=macro, by=cast.ana, at=NOW))
    refused(DomainError, lambda: reply_using(ticket=ticket, macro=macro, body="x", by=cast.ana, at=NOW))


def test_on_many_tickets_a_macro_is_sent_to_each_and_one_that_only_acts_can_be_undone(cast):
    one, two = make_ticket(cast), make_ticket(cast)
    says = make_macro(cast, body="Dear {{ customer.name }},", acts=[Act("tag", "told")])
    does = make_macro(cast, "Does", body="", acts=[Act("tag", "seen")])
    job = begin_bulk(acts=[Act("macro", says.pk)], numbers=[one.pk, two.pk], by=cast.ana, at=NOW)
    do_at_once(job=job, at=NOW)
    assert Message.objects.filter(direction="out", body="Dear Zoe,").count() == 2
    job = begin_bulk(acts=[Act("macro", does.pk)], numbers=[one.pk, two.pk], by=cast.ana, at=NOW)
    assert job.acts == [{"act": "tag", "value": "seen"}]
    do_at_once(job=job, at=NOW)
    assert Ticket.objects.filter(tags=["told", "seen"]).count() == 2
    assert {(row.macro, row.uses) for row in kept_macros(cast.lena, at=NOW)} == {(says, 2), (does, 1)}


# Pages and programs


def test_answers_that_were_sent_to_many_are_taken_back_together_until_they_have_left(cast, deliver_news):
    macro = make_macro(cast, acts=ACTS, then="solve")
    tickets = [make_ticket(cast) for _ in range(3)]
    deliver_news()
    job = begin_bulk(acts=[Act("macro", macro.pk)], numbers=[one.pk for one in tickets], by=cast.ana, at=NOW)
    do_at_once(job=job, at=NOW)
    deliver_news()
    left = Delivery.objects.get(ticket=tickets[0], kind="reply")
    Delivery.objects.filter(pk=left.pk).update(state="sending")
    do_at_once(job=undo_bulk(job=job, by=cast.ana, at=NOW), at=NOW)
    rows = list(job.rows.order_by("ticket_id").values_list("state", flat=True))
    assert rows == ["stays", "undone", "undone"]
    assert "has left already" in str(job.rows.get(state="stays").why)
    for ticket in tickets:
        ticket.refresh_from_db()
    assert [(one.status, one.tags) for one in tickets] == [
        ("solved", ["refunded"]),
        ("open", []),
        ("open", []),
    ]
    assert list(Delivery.objects.filter(kind="reply").order_by("ticket_id").values_list("state", flat=True)) == [
        "sending", "withdrawn", "withdrawn",
    ]  # fmt: skip
    assert not Draft.objects.exists()


def test_a_macro_is_looked_at_inserted_and_sent_on_the_pages(cast, ana):
    ticket = make_ticket(cast)
    macro = make_macro(cast, body="Dear {{ customer.name }}, {{ product }}", acts=ACTS, then="wait")
    shown = ana.get(f"/t/{ticket.pk}/macros/{macro.pk}/").content.decode()
    for words in ("Dear Zoe, {{ product }}", "<code>product</code>", "Assign to me", "Wait for the customer"):
        assert words in shown
    page = ana.get(f"/t/{ticket.pk}/?macro={macro.pk}").content.decode()
    assert "Dear Zoe, {{ product }}</textarea>" in page
    assert f'name="macro" value="{macro.pk}"' in page
    found = ana.get(f"/t/{ticket.pk}/macros/", {"words": "refund"}).content.decode()
    assert f"/t/{ticket.pk}/macros/{macro.pk}/" in found
    ana.post(f"/t/{ticket.pk}/reply/", {"body": "Dear Zoe", "then": "", "macro": macro.pk})
    ticket.refresh_from_db()
    assert (ticket.tags, ticket.status) == (["refunded"], "waiting_customer")
    assert ana.post(f"/t/{ticket.pk}/macros/{macro.pk}/apply/").status_code == 422  # no product


def test_the_macro_of_a_draft_is_kept_with_it(cast, ana):
    ticket, macro = make_ticket(cast), make_macro(cast, acts=ACTS)
    save_draft(
        ticket=ticket, kind="reply", text="Dear", macro=macro.pk, composer=Composer("w", 1), by=cast.ana, at=NOW
    )  # fmt: skip
    assert f'name="macro" value="{macro.pk}"' in ana.get(f"/t/{ticket.pk}/").content.decode()


def test_macros_are_kept_on_their_page(cast, sign_in):
    lena, ana = sign_in(cast.lena), sign_in(cast.ana)
    given = {
        "name": "Hi",
        "body": "Hi {{ customer.name }}",
        "then": "wait",
        "is_active": "on",
        "sharing": "shared",
    }
    assert lena.post("/macros/", given | {"body": "{{ custmer }}"}).status_code == 422
    assert lena.post("/macros/", given | {"does-tag": "a, b", "does-assign": "assign:@me"}).status_code == 302
    macro = Macro.objects.get()
    assert [one["act"] for one in macro.acts] == ["assign", "tag", "tag"]
    assert "a, b" in lena.get(f"/macros/{macro.pk}/").content.decode()
    assert ana.get(f"/macros/{macro.pk}/").status_code == 404
    assert ana.post("/macros/", given | {"name": "Mine", "sharing": "own"}).status_code == 302
    assert Macro.objects.get(owner=cast.ana).name == "Mine"
    assert "Mine" not in lena.get("/macros/").content.decode()
    apply_macro(ticket=make_ticket(cast), macro=macro, by=cast.ana, at=NOW)
    cost = count_queries(lena, "/macros/")
    for number in range(20):
        make_macro(cast, f"Macro {number}")
    assert count_queries(lena, "/macros/") == cost


def test_programs_keep_and_use_macros(cast, client):
    ticket = make_ticket(cast)
    as_robot = {
        "headers": {"Authorization": f"Bearer {make_token(cast.robot)}"},
        "content_type": "application/json",
    }
    given = {"name": "Hi", "body": "Hi {{ customer.name }}", "acts": [{"act": "tag", "value": "hi"}]}
    made = client.post("/api/v1/macros/", given, **as_robot)
    assert made.status_code == 201
    pk, place = made.json()["id"], f"/api/v1/tickets/{ticket.pk}/macros/"
    assert client.post("/api/v1/macros/", {"name": "x", "body": "{{ nope }}"}, **as_robot).status_code == 422
    assert client.patch(f"/api/v1/macros/{pk}/", {"then": "solve"}, **as_robot).json()["then"] == "solve"
    assert [one["id"] for one in client.get(place, **as_robot).json()["data"]] == [pk]
    shown = client.get(f"{place}{pk}/", **as_robot).json()
    assert (shown["text"], shown["told"]) == ("Hi Zoe", ["Tag “hi”", "Solve"])
    assert client.post(f"{place}{pk}/apply/", {}, **as_robot).json()["status"] == "solved"
    said = {"body": "Hello", "macro": pk}
    assert client.post(f"/api/v1/tickets/{ticket.pk}/replies/", said, **as_robot).status_code == 201
    assert client.get("/api/v1/macros/?unused=1", **as_robot).json()["data"] == []
    assert client.delete(f"/api/v1/macros/{pk}/", **as_robot).status_code == 204
    assert client.post(f"{place}{pk}/apply/", {}, **as_robot).status_code == 422
