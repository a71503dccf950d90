"""Tags are offered while one types them."""

from apps.response.acting import perform, read_acts, undo
from helpdesk.models import Ticket
from tests.factories import NOW, make_ticket, make_token


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


def test_chips_put_tags_on_and_take_them_off_one_by_one(cast, ana):
    ticket = make_ticket(cast, tags=["Big Co, Ltd", "vip"])
    page = ana.post(f"/t/{ticket.pk}/tags/", {"add": "Very Loud, vip"}, follow=True).content.decode()
    assert 'value="Big Co, Ltd"' in page
    assert 'value="very-loud"' in page
    ana.post(f"/t/{ticket.pk}/tags/", {"remove": "vip"})
    ticket.refresh_from_db()
    assert ticket.tags == ["Big Co, Ltd", "very-loud"]
    refused = ana.post(f"/t/{ticket.pk}/tags/", {"add": ",".join(f"tag{n}" for n in range(20))})
    assert (refused.status_code, ticket.tags) == (422, ["Big Co, Ltd", "very-loud"])


def test_an_act_takes_a_tag_off_that_was_imported_in_another_spelling_and_puts_it_back(cast):
    ticket = make_ticket(cast, tags=["VIP", "Big Co"])
    done = perform(ticket=ticket, acts=read_acts([{"act": "untag", "value": "vip"}]), by=cast.ana, at=NOW)
    assert Ticket.objects.get().tags == ["VIP", "Big Co"]
    done = perform(ticket=ticket, acts=read_acts([{"act": "untag", "value": "VIP"}]), by=cast.ana, at=NOW)
    assert Ticket.objects.get().tags == ["Big Co"]
    assert not undo(done=done, by=cast.ana, at=NOW)[0].stays
    assert Ticket.objects.get().tags == ["Big Co", "VIP"]
