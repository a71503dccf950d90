from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.response import macros, services
from apps.response.queries import find
from apps.response.query import MAX_TOKENS, Term, Words, read
from helpdesk.models import Customer, Issue
from tests.factories import NOW, make_issue, make_product, make_ticket


def test_conditions_words_and_order_are_told_apart():
    query = read('is:open -tag:vip "exact words" refund -late sort:due', at=NOW)
    assert query.terms == (Term("is", "open", token="is:open"), Term("tag", "vip", True, "-tag:vip"))
    assert query.words == (Words('"exact words"'), Words("refund"), Words("late", negated=True))
    assert query.sort == "due"


@pytest.mark.parametrize(
    ("text", "sign", "moment"),
    [
        ("created:>7d", "<", NOW - timedelta(days=7)),
        ("created:<2h", ">", NOW - timedelta(hours=2)),
        ("due:<1h", "<", NOW + timedelta(hours=1)),
        ("due:30m", "<", NOW + timedelta(minutes=30)),
        ("created:>2026-05-01", ">", datetime(2026, 5, 1, tzinfo=UTC)),
        ("updated:<2026-05-01", "<", datetime(2026, 5, 1, tzinfo=UTC)),
    ],
)
def test_ages_count_back_and_due_times_forward(text, sign, moment):
    (term,) = read(text, at=NOW).terms
    assert (term.value, term.moment) == (sign, moment)


def test_words_joined_by_or_are_one_group():
    assert read("(refund or credit) twice", at=NOW).words == (Words("refund or credit"), Words("twice"))


WRONG = ["is:opne", "colour:red", "severity:5", "created:soon", "created:2026-02-31", "sort:x", "is:"]


@pytest.mark.parametrize("token", WRONG)
def test_a_wrong_token_is_told_and_the_rest_runs(token):
    query = read(f"is:open {token} refund", at=NOW)
    assert [wrong.token for wrong in query.wrong] == [token]
    assert (len(query.terms), len(query.words)) == (1, 1)


def test_an_address_on_the_web_is_words():
    assert read("https://help.test/a", at=NOW).wrong == ()


def test_nobody_asks_for_the_impossible():
    query = read(" ".join(["is:open"] * 500), at=NOW)
    assert len(query.terms) <= MAX_TOKENS
    assert query.wrong


@given(st.text(max_size=600))
def test_whatever_is_typed_is_read(text):
    read(text, at=NOW)


# What it finds


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
    services.solve(ticket=made["old"], by=cast.ana, at=NOW)
    return made


@pytest.mark.parametrize(
    ("text", "found"),
    [
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


# Macros


def test_fields_are_filled_and_gaps_are_named():
    filled = macros.fill(
        "Dear {{customer}}, {{ product }} {{ nonsense }}", {"customer": "Zoe", "product": " "}
    )
    assert filled.text == "Dear Zoe, {{ product }} {{ nonsense }}"
    assert filled.missing == ("product", "nonsense")


def test_what_a_customer_calls_herself_fills_no_field():
    assert macros.fill("{{ customer }}", {"customer": "{{ agent }}", "agent": "Ana"}).text == "{{ agent }}"
