from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.response import services
from apps.response.queries import common_words, find, finding, paging, queue, queue_page
from apps.response.queries.common_words import common_among
from apps.response.query import read
from helpdesk.models import Attachment, Customer, Issue, Message, Organisation, User
from tests.factories import NOW, make_issue, make_product, make_ticket


@pytest.fixture
def world(cast):
    billing = make_issue("billing")
    refund = make_issue("refund", parent=billing)
    noor = Customer.objects.known_by(email="noor@customer.test", name="Noor Ali", at=NOW)
    Customer.objects.filter(pk=noor.pk).update(organisation="Amsell Works")
    User.objects.filter(pk=cast.ana.pk).update(name="Ana Whitlock")
    made = {
        "plain": make_ticket(cast, subject="Plain"),
        "refund": make_ticket(cast, subject="Refund", severity=1, tags=["vip"], product=make_product()),
        "noor": make_ticket(
            cast, subject="Invoice", body="It was billed twice", customer=noor, channel="email"
        ),
        "old": make_ticket(
            cast, subject="Old", at=NOW - timedelta(days=30), due_at=NOW, clock_state="breached"
        ),
        "hidden": make_ticket(cast, subject="Hidden", department=cast.shipping),
    }
    Issue.objects.filter(pk=refund.pk).update(owner_department=cast.shipping)
    services.classify(ticket=made["refund"], issue=refund, by=cast.ana, at=NOW)
    services.assign(ticket=made["plain"], assignee=cast.ana, by=cast.ana, at=NOW)
    services.add_note(ticket=made["noor"], body="Zebra", by=cast.ana, at=NOW)
    said = made["noor"].messages.get()
    Attachment.keep(name="invoice_march.pdf", content_type="application/pdf", content=b"%PDF", message=said)
    services.solve(ticket=made["old"], by=cast.ana, at=NOW)
    return made


@pytest.fixture(params=["each word as a set", "each word in one ticket after the other"])
def way(request, monkeypatch):
    """Words that stand everywhere are looked for in another way, and the same is found."""
    if "after" in request.param:
        monkeypatch.setattr(finding, "common_among", lambda texts: texts)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("noor@customer.test", {"noor"}),
        ("NOOR@customer.test", {"noor"}),
        ("is:open -noor@customer.test", {"plain", "refund"}),
        ("", {"plain", "refund", "noor", "old"}),
        ("is:open", {"plain", "refund", "noor"}),
        ("-is:open", {"old"}),
        ("is:solved", {"old"}),
        ("assignee:@me", {"plain"}),
        ("assignee:ana", {"plain"}),
        ("assignee:none is:open", {"refund", "noor"}),
        ("issue:billing", {"refund"}),
        ("issue:billing/refund", {"refund"}),
        ("-issue:billing is:open", {"plain", "noor"}),
        ("issue:none is:open", {"plain", "noor"}),
        ("owner:shipping", {"refund"}),
        ("owner:billing", set()),
        ("owner:none", set()),
        ("-owner:shipping is:open", {"plain", "noor"}),
        ("tag:vip", {"refund"}),
        ("-tag:vip is:open", {"plain", "noor"}),
        ("severity:critical", {"refund"}),
        ("product:lamp", {"refund"}),
        ("channel:email", {"noor"}),
        ("customer:noor@customer.test", {"noor"}),
        ('customer:"Noor Ali"', {"noor"}),
        ("department:shipping", set()),
        ("created:>7d", {"old"}),
        ("created:<7d", {"plain", "refund", "noor"}),
        ("due:<1h", {"old"}),
        ("is:overdue", {"old"}),
        ("billed", {"noor"}),
        ("invoice twice", {"noor"}),  # one word in the subject, the other in the body
        ('"billed twice"', {"noor"}),
        ('"twice billed"', set()),
        ("refund or old", {"refund", "old"}),
        ("invoice -twice", {"plain", "refund", "old"}),
        ("zebra", {"noor"}),
        ("hidden", set()),
        ("nonsense:x billed", {"noor"}),
        ("(tag:vip or billed) is:open", {"refund", "noor"}),
        ("-(tag:vip or billed) is:open", {"plain"}),
        ("-(tag:vip severity:critical) is:open", {"plain", "noor"}),
        ("severity:critical,high", {"refund"}),
        ("channel:email or assignee:@me", {"plain", "noor"}),
        ("(is:solved or (tag:vip (issue:billing or billed)))", {"refund", "old"}),
        ("customer:noo", {"noor"}),
        ("organisation:amsell", {"noor"}),
        ("org:amssell", {"noor"}),
        ("assignee:whit", {"plain"}),
        ('customer:"Norr Ali"', {"noor"}),
        ("customer:zebedee", set()),
        ("march", {"noor"}),
        ("-march is:open", {"plain", "refund"}),
        ("tag:vip or march", {"refund", "noor"}),
        ("invoice_march.pdf", {"noor"}),
        ("has:attachment", {"noor"}),
        ("has:note", {"noor"}),
        ("tag:none is:open", {"plain", "noor"}),
        ("due:none", {"plain", "refund", "noor"}),
        ("created:today", {"plain", "refund", "noor"}),
        ("created:40d..20d", {"old"}),
        ("solved:today", {"old"}),
        ("is:unreplied is:solved", {"old"}),
        ("department:nowhere or tag:vip", {"refund"}),
    ],
)
def test_what_is_asked_for_is_found(cast, world, way, text, found):
    tickets, _ = find(read(text, at=NOW), user=cast.ana, top=True)
    names = {ticket.pk: name for name, ticket in world.items()}
    assert {names[pk] for pk in tickets.values_list("pk", flat=True)} == found


def test_a_number_finds_its_ticket(cast, world):
    tickets, _ = find(read(f"#{world['noor'].pk}", at=NOW), user=cast.ana)
    assert tickets.get() == world["noor"]


@pytest.mark.parametrize(
    "text", ["department:nowhere", "issue:no/where", "product:no", "assignee:nobody-here"]
)
def test_a_name_there_is_nothing_of_is_told_and_left_out(cast, world, text):
    tickets, wrong = find(read(f"{text} is:open", at=NOW), user=cast.ana)
    assert [one.token for one in wrong] == [text]
    assert tickets.count() == 3


def test_an_organisation_of_just_this_name_is_meant_before_those_like_it(cast, world):
    Organisation.objects.create(name="Amsell", created_at=NOW)
    tickets, wrong = find(read("organisation:amsell", at=NOW), user=cast.ana)
    assert (list(tickets), wrong) == ([], ())


def test_what_was_meant_is_told(cast):
    reasons = [one.reason for one in read("tga:vip is:opne colour:red", at=NOW).wrong]
    assert [reason.startswith("Did you mean") for reason in reasons] == [True, True, False]
    assert "“tag:”" in reasons[0]
    assert "“is:open”" in reasons[1]


# --- words that stand everywhere


@pytest.fixture
def a_large_desk(cast, monkeypatch):
    """Forty tickets, all of which may be read for the sample; the older half comes first."""
    tickets = [
        make_ticket(cast, subject="Order", body=f"My order number{n} {'lately' if n >= 20 else 'once'}")
        for n in range(40)
    ]
    newest = Message.objects.latest("pk").pk
    monkeypatch.setattr(common_words, "FEW", 1)
    monkeypatch.setattr(common_words, "SAMPLE", 20)
    monkeypatch.setattr(
        common_words, "range", lambda begin, end, step: range(newest - 39, end), raising=False
    )
    return tickets


def test_common_is_what_many_say_lately_and_ever(a_large_desk):
    asked = {"order", '"my order"', "lately", "once", "number7", '"lately order"'}
    assert common_among(frozenset(asked)) == {"order", '"my order"', "lately"}


def test_a_word_of_last_week_alone_is_not_common(a_large_desk, monkeypatch):
    monkeypatch.setattr(common_words, "SAMPLE", 1)
    assert common_among(frozenset({"number39", "order"})) == {"order"}


def test_what_was_withdrawn_makes_no_word_common(a_large_desk):
    Message.objects.update(withdrawn_at=NOW)
    assert common_among(frozenset({"order"})) == set()


def test_how_many_words_there_are_costs_two_queries(a_large_desk, django_assert_num_queries):
    with django_assert_num_queries(2):
        common_among(frozenset({"order", "lately", "once"}))
    with django_assert_num_queries(0):
        common_among(frozenset())


def test_a_small_desk_is_asked_nothing_more(world, monkeypatch, django_assert_num_queries):
    # Numbers of messages go on from the tests before.
    monkeypatch.setattr(common_words, "FEW", Message.objects.latest("pk").pk + 1)
    with django_assert_num_queries(1):
        assert common_among(frozenset({"invoice"})) == set()


def test_pages_of_a_common_word_follow_each_other(cast, a_large_desk, monkeypatch):
    monkeypatch.setattr(paging, "PAGE", 15)
    monkeypatch.setattr(queue, "PAGE", 15)
    seen, after = [], ""
    for _ in range(3):
        page = queue_page(user=cast.ana, text="order sort:updated", after=after, at=NOW)
        seen += [row.ticket.pk for row in page.rows]
        after = parse_qs(urlsplit(page.next_url).query).get("after", [""])[0]
    assert (len(seen), after) == (40, "")
    assert seen == sorted((ticket.pk for ticket in a_large_desk), reverse=True)
