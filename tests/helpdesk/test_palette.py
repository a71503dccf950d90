"""Go anywhere by its name: who finds what."""

import pytest

from apps.output.articles.services import draft_text
from helpdesk.palette import MOST, places
from tests.factories import NOW, make_issue, make_ticket
from tests.output.test_articles import WORDS, published, written


def found(text, user):
    return [(place.kind, place.label) for place in places(text, user=user)]


def test_a_number_leads_to_its_ticket(cast):
    ticket = make_ticket(cast, subject="Charged twice")
    for typed in (f"#{ticket.pk}", str(ticket.pk)):
        place = places(typed, user=cast.ana)[0]
        assert (place.kind, place.label, place.url) == (
            "Ticket",
            f"#{ticket.pk} Charged twice",
            f"/t/{ticket.pk}/",
        )


def test_what_somebody_must_not_see_is_not_found(cast):
    ticket = make_ticket(cast)
    assert found(f"#{ticket.pk}", cast.mallory) == []
    assert not [kind for kind, _ in found("zoe", cast.mallory) if kind == "Customer"]


@pytest.mark.parametrize("typed", ["zoe", "Zoe", "zoe@customer"])
def test_a_customer_is_found_by_name_and_address(cast, typed):
    make_ticket(cast)
    assert ("Customer", "Zoe · zoe@customer.test") in found(typed, cast.ana)


def test_words_lead_to_the_search_of_the_queue(cast):
    place = places("charged twice", user=cast.ana)[0]
    assert (place.kind, place.url) == ("Search", "/queue/?q=charged+twice")


def test_views_issues_and_sections_are_found_by_their_names(cast):
    make_issue("charged-twice")
    assert ("View", "My open") in found("my op", cast.ana)
    assert ("Issue", "Charged twice") in found("charged", cast.nils)
    assert ("Loop", "Signals") in found("signal", cast.nils)


def test_articles_are_found_by_a_title_readers_see_or_that_of_a_draft(cast):
    text = published(cast.lena, words={"title": "How to pay by card"})
    act = {"article": text.article, "by": cast.lena, "at": NOW}
    draft_text(language="en", words=WORDS | {"title": "How to pay"}, **act)
    draft_text(language="de", words=WORDS | {"title": "Mit Karte zahlen"}, **act)
    inside = {"visibility": "department", "department": cast.billing}
    written(cast.lena, words={"title": "Card tricks"}, values=inside)
    assert [label for kind, label in found("card", cast.ana) if kind == "Article"] == [
        "Card tricks", "How to pay by card",
    ]  # fmt: skip
    assert found("karte", cast.mallory) == [
        ("Search", "Tickets that say “karte”"),
        ("Article", "Mit Karte zahlen"),
    ]
    german = places("karte", user=cast.mallory)[1]
    assert german.url == f"/articles/{text.article_id}/?language=de"
    assert ("Article", "Card tricks") not in found("card", cast.mallory)
    assert [place.url for place in places("new art", user=cast.ana)][-1] == "/articles/new/"


def test_sections_nobody_may_enter_are_not_offered(cast):
    assert not [label for _, label in found("", cast.ana) if label == "API tokens"]
    assert [label for _, label in found("", cast.ada) if label == "API tokens"]


def test_at_most_five_of_a_kind_and_as_many_queries_for_one_as_for_many(cast, django_assert_max_num_queries):
    for number in range(20):
        make_issue(f"late-{number}")
    with django_assert_max_num_queries(7):
        issues = [kind for kind, _ in found("late", cast.ada) if kind == "Issue"]
    assert len(issues) == MOST


@pytest.mark.parametrize("typed", ["x" * 5_000, "#99999999999999999999", "%", "((", " "])
def test_nothing_that_is_typed_is_a_fault(cast, sign_in, typed):
    assert sign_in(cast.ada).get("/palette/", {"q": typed, "at": "1"}).status_code == 200


def test_the_rows_alone_for_whoever_types_and_a_page_for_whoever_has_no_scripts(cast, sign_in):
    ticket = make_ticket(cast)
    client = sign_in(cast.ana)
    rows = client.get("/palette/", {"q": f"#{ticket.pk}", "at": "3"}).content.decode()
    assert "<html" not in rows
    assert f'data-href="/t/{ticket.pk}/"' in rows
    assert f'href="/t/{ticket.pk}/"' in client.get("/palette/", {"q": f"#{ticket.pk}"}).content.decode()


def test_a_customer_has_no_palette(cast, sign_in):
    assert sign_in(cast.zoe_account).get("/palette/").status_code == 403
