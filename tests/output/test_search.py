import pytest

from apps.output.highlight import marked
from apps.output.queries import search
from apps.response import queries as response_queries
from apps.response import services as response
from apps.response.query import read
from apps.response.sides.services import open_side
from helpdesk.models import Attachment, Customer
from tests.factories import NOW, make_ticket, make_token
from tests.response.pages import count_queries


@pytest.fixture
def ana(cast, sign_in):
    return sign_in(cast.ana)


def kinds(text, user) -> set[str]:
    return {hit.kind for hit in search(text, user=user).hits}


def test_words_are_found_in_subjects_messages_and_notes(cast):
    ticket = make_ticket(cast, subject="The zebra invoice", body="A zebra was billed.")
    response.add_note(ticket=ticket, body="Zebras again.", by=cast.ana, at=NOW)
    open_side(ticket=ticket, to=["eve@zoo.test"], subject="?", body="Whose zebra?", by=cast.ana, at=NOW)
    assert kinds("zebra", cast.ana) == {"ticket", "message", "note", "side"}
    found, _ = response_queries.find(read("whose", at=NOW), user=cast.ana)
    assert list(found) == [ticket]


@pytest.mark.parametrize(
    "text", ['"charged twice"', "charged -refund", "nothing or charged", "Gebühr", "4711-B"]
)
def test_the_ways_of_asking(cast, text):
    make_ticket(cast, subject="x", body="I was charged twice. Die Gebühr für 4711-B war falsch.")
    assert kinds(text, cast.ana) == {"message"}


@pytest.mark.parametrize(
    "text", ['"twice charged"', "charged -twice", "&", "'", "!!", "a & | b", "\\", "<->", "((", '"']
)
def test_what_does_not_fit_finds_nothing_and_breaks_nothing(cast, text):
    make_ticket(cast, subject="x", body="I was charged twice.")
    assert kinds(text, cast.ana) == set()


def test_the_page_shows_where_and_escapes_the_rest(cast, ana):
    make_ticket(cast, subject="x", body="<script>alert(1)</script> the zebra <b>was</b> billed")
    page = ana.get("/search/?q=zebra").content.decode()
    assert "<mark>zebra</mark>" in page
    assert "<b>was" not in page
    assert "alert(1)</script>" not in page


def test_marks_of_the_text_itself_do_not_become_tags():
    assert marked("a \ue000b\ue001 c \ue001 <i>") == "a <mark>b</mark> c  &lt;i&gt;"


def test_a_number_leads_to_its_ticket(cast, ana):
    ticket = make_ticket(cast)
    assert f'href="/t/{ticket.pk}/"' in ana.get(f"/search/?q=%23{ticket.pk}").content.decode()


def test_a_customer_is_found_by_address_and_name(cast):
    make_ticket(cast)
    assert search("zoe@cust", user=cast.ana).customers == [cast.zoe]
    assert search("ZOE", user=cast.ana).customers == [cast.zoe]


def test_a_stranger_finds_neither_words_nor_people_nor_numbers(cast):
    ticket = make_ticket(cast, subject="zebra", body="zebra")
    response.add_note(ticket=ticket, body="zebra", by=cast.ana, at=NOW)
    Customer.objects.create(name="Zoe Elsewhere", created_at=NOW)
    for text in ("zebra", "zoe", str(ticket.pk)):
        found = search(text, user=cast.mallory)
        assert (found.hits, found.customers, found.ticket) == ([], [], None)


def test_what_was_taken_back_is_not_found(cast):
    message = response.reply(ticket=make_ticket(cast), body="zebra", by=cast.ana, at=NOW)
    message.withdraw(by=cast.ana, at=NOW)
    assert kinds("zebra", cast.ana) == set()


def test_a_search_costs_the_same_for_one_hit_and_for_many(cast, ana):
    # person, number, customers, four kinds looked for, three kinds shown
    def zebra():
        response.add_note(
            ticket=make_ticket(cast, subject="zebra", body="zebra"), body="zebra", by=cast.ana, at=NOW
        )

    zebra()
    one = count_queries(ana, "/search/?q=zebra")
    for _ in range(8):
        zebra()
    assert count_queries(ana, "/search/?q=zebra") == one <= 11


def test_customers_may_not_search(cast, sign_in):
    assert sign_in(cast.zoe_account).get("/search/?q=zebra").status_code == 403


def test_programs_search_too(cast, client):
    make_ticket(cast, subject="zebra")
    headers = {"Authorization": f"Bearer {make_token(cast.robot)}"}
    answer = client.get("/api/v1/search/?q=zebra", headers=headers)
    assert answer.json()["data"][0]["excerpt"] == "<mark>zebra</mark>"
    assert client.get("/api/v1/search/", headers=headers).status_code == 422


def test_the_name_of_a_file_is_found_and_what_was_typed_is_marked_in_it(cast, ana):
    ticket = make_ticket(cast)
    Attachment.keep(
        name="Invoice_March<1>.pdf",
        content=b"x",
        content_type="application/pdf",
        message=ticket.messages.get(),
    )
    (hit,) = search("invoices march", user=cast.ana).hits
    assert (hit.kind, hit.ticket, hit.excerpt) == (
        "file", ticket, "<mark>Invoice</mark>_<mark>March</mark>&lt;1&gt;.pdf"
    )  # fmt: skip
    assert "<mark>March</mark>" in ana.get("/search/?q=march").content.decode()
    assert search("march", user=cast.mallory).hits == []
