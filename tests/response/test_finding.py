from datetime import timedelta

import pytest

from apps.response import services
from apps.response.queries import find
from apps.response.query import read
from helpdesk.models import Attachment, Customer, Issue
from tests.factories import NOW, make_issue, make_product, make_ticket


@pytest.fixture
def world(cast):
    billing = make_issue("billing")
    refund = make_issue("refund", parent=billing)
    noor = Customer.objects.known_by(email="noor@customer.test", name="Noor Ali", at=NOW)
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
        ('customer:"Norr Ali"', {"noor"}),
        ("customer:zebedee", set()),
        ("march", {"noor"}),
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
def test_what_is_asked_for_is_found(cast, world, text, found):
    tickets, _ = find(read(text, at=NOW), user=cast.ana)
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
