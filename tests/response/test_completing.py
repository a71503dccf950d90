import pytest
from django.core.cache import cache

from apps.response.queries import complete
from helpdesk.models import Customer, Issue, TicketStatus
from tests.factories import NOW, make_issue, make_product, make_ticket
from tests.response.pages import count_queries


def labels(text, user, at=None):
    return [one.label for one in complete(text, len(text) if at is None else at, user=user)]


def test_keys_come_by_their_beginning_and_the_caret_stands_behind_them(cast):
    (is_, issue) = complete("refund -is", 10, user=cast.ana)
    assert (is_.label, is_.text, is_.caret) == ("is:", "refund -is:", 11)
    assert issue.label == "issue:"
    assert labels("", cast.ana) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("is:pa", ["is:paused"]),
        ("severity:critical,h", ["severity:critical,high"]),
        ("created:to", ["created:today"]),
        ("due:<1", ["due:<1h", "due:<1d"]),
        ("department:ship", ["department:shipping"]),
        ("owner:no", ["owner:none"]),
        ("product:la", ["product:lamp"]),
        ("issue:late", ["issue:billing/refund"]),
        ("assignee:@", ["assignee:@me"]),
        ("assignee:len", ["assignee:lena@desk.test"]),
        ('customer:"noor a', ["customer:noor@customer.test"]),
        ("customer:n", []),
        ("customer:noro", []),
        ("customer:noorr", ["customer:noor@customer.test"]),
        ("organisation:amsel", ['organisation:"Amsell Works"']),
        ("org:amssell", ['organisation:"Amsell Works"']),
        ("status:waiting-f", ["status:waiting-for-parts"]),
        ("refund -noo", ["Noor Ali"]),
        ("(tag:vip or assignee:@", ["assignee:@me"]),
        ("colour:r", []),
        ("is:zzz", []),
    ],
)
def test_after_a_key_come_its_values(cast, text, found):
    make_product()
    refund = make_issue("refund", parent=make_issue("billing"))
    Issue.objects.filter(pk=refund.pk).update(label="Refund late")
    TicketStatus.objects.create(key="waiting-for-parts", label="Waiting for parts", category="waiting_owner")
    noor = Customer.objects.known_by(email="noor@customer.test", name="Noor Ali", at=NOW)
    noor.organisation = "Amsell Works"
    noor.save(update_fields=["organisation"])
    make_ticket(cast, customer=noor)
    assert [label.replace(cast.lena.email, "lena@desk.test") for label in labels(text, cast.ana)] == found


def test_what_stands_behind_the_caret_stays(cast):
    (one,) = complete("is:pa sort:due", 5, user=cast.ana)
    assert (one.text, one.caret) == ("is:paused sort:due", 10)


def test_a_name_without_a_key_is_a_customers(cast):
    make_ticket(cast, customer=Customer.objects.known_by(email="noor@customer.test", name="Noor Ali", at=NOW))
    for typed, text in (
        ("noor al", "customer:noor@customer.test "),
        ("is:open noor ali", "is:open customer:noor@customer.test "),
        ("refund noor", "refund customer:noor@customer.test "),
        ("refund or noor", "refund or customer:noor@customer.test "),
    ):
        assert [one.text for one in complete(typed, len(typed), user=cast.ana)] == [text]


def test_a_customer_of_others_is_not_offered(cast):
    noor = Customer.objects.known_by(email="noor@customer.test", name="Noor Ali", at=NOW)
    make_ticket(cast, customer=noor)
    noor.organisation = "Amsell Works"
    noor.save(update_fields=["organisation"])
    for typed in ("customer:noor", "noor", "organisation:amsell"):
        assert labels(typed, cast.mallory) == []


def test_the_page_asks_for_it_with_one_query_of_its_own(cast, ana):
    answer = ana.get("/queue/complete/", {"q": "is:pa", "at": "5"})
    assert 'data-fill="is:paused "' in answer.content.decode()
    without = count_queries(ana, "/queue/complete/?q=is:pa&at=5")
    assert count_queries(ana, "/queue/complete/?q=department:b&at=12") == without + 1


@pytest.mark.parametrize(
    "asked", [{"q": "is:", "at": "x"}, {"q": "a" * 5000, "at": "99999999"}, {}, {"q": "\0is:", "at": "4"}]
)
def test_whatever_is_asked_is_answered(ana, asked):
    assert ana.get("/queue/complete/", asked).status_code in (200, 400)


def test_customers_are_not_offered_anything(cast, sign_in):
    assert sign_in(cast.zoe_account).get("/queue/complete/?q=is:&at=3").status_code == 403


def test_words_of_tickets_one_sees_are_offered_the_most_frequent_first(cast):
    for tags in (["vip", "very-late"], ["very-late"], ["gift"]):
        make_ticket(cast, tags=tags)
    make_ticket(cast, department=cast.shipping, tags=["very-secret"])
    cache.clear()
    assert labels("tag:v", cast.ana) == ["tag:very-late", "tag:vip"]
    assert labels("-tag:late", cast.ana) == ["tag:very-late"]
    assert labels("tag:no", cast.ana) == ["tag:none"]
    assert labels("region:n", cast.ana) == ["region:north"]
    assert labels("segment:", cast.ana) == ["segment:home"]
    assert labels("tag:v", cast.mallory) == ["tag:very-secret"]
