"""Tags are offered while one types them."""

from tests.factories import make_ticket, make_token


def test_tags_in_use_are_offered_where_the_caret_is(cast, ana):
    make_ticket(cast, tags=["vip", "loud"])
    make_ticket(cast, tags=["vip", "view"])
    make_ticket(cast, tags=["very secret"], department=cast.shipping)
    page = ana.get("/queue/tags/", {"q": "loud, v, x", "at": 7}).content.decode()
    assert page.index('data-fill="loud, vip, x"') < page.index('data-fill="loud, view, x"')
    assert "secret" not in page
    assert "vip" not in ana.get("/queue/tags/", {"q": "vip, v", "at": 6}).content.decode().replace(
        "vip, ", ""
    )


def test_the_form_of_tags_asks_for_them(cast, ana):
    ticket = make_ticket(cast)
    assert 'data-completes="/queue/tags/"' in ana.get(f"/t/{ticket.pk}/change/describe/").content.decode()


def test_who_may_not_tag_is_offered_none(cast, sign_in):
    assert sign_in(cast.omar).get("/queue/tags/").status_code == 403


def test_a_program_reads_tags_with_their_counts(cast, client):
    make_ticket(cast, tags=["vip"])
    headers = {"Authorization": f"Bearer {make_token(cast.robot)}"}
    assert client.get("/api/v1/tags/?q=v", headers=headers).json() == {
        "tags": [{"name": "vip", "tickets": 1}]
    }
