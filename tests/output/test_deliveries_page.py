from datetime import timedelta

from apps.output import services
from apps.output.models import Delivery, State
from tests.factories import NOW, make_ticket
from tests.response.pages import count_queries

AFTER = NOW + timedelta(seconds=11)


def failed(cast, message) -> Delivery:
    delivery = services.deliver(message=message, by=cast.system, at=NOW)
    Delivery.objects.filter(pk=delivery.pk).update(state=State.SENDING)
    delivery.refresh_from_db()
    delivery.fail(error="550 no such user", by=cast.system, at=AFTER)
    return delivery


def test_letters_are_listed_with_their_fate(cast, replied, sign_in):
    failed(cast, replied())
    page = sign_in(cast.lena).get("/admin/deliveries/?state=failed").content.decode()
    assert "zoe@customer.test" in page
    assert "550 no such user" in page
    assert "Try again" in page


def test_a_failed_letter_is_tried_again_by_a_button(cast, replied, sign_in):
    delivery = failed(cast, replied())
    sign_in(cast.lena).post(f"/admin/deliveries/{delivery.pk}/retry/")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.QUEUED, 0)


def test_letters_of_other_departments_are_not_listed_nor_retried(cast, replied, sign_in):
    delivery = failed(cast, replied())
    cast.lena.department = cast.shipping
    cast.lena.save()
    lena = sign_in(cast.lena)
    assert "zoe@customer.test" not in lena.get("/admin/deliveries/").content.decode()
    assert lena.post(f"/admin/deliveries/{delivery.pk}/retry/").status_code == 404


def test_agents_do_not_manage_letters(cast, replied, sign_in):
    delivery = failed(cast, replied())
    ana = sign_in(cast.ana)
    assert ana.get("/admin/deliveries/").status_code == 403
    assert ana.post(f"/admin/deliveries/{delivery.pk}/retry/").status_code == 403
    delivery.refresh_from_db()
    assert delivery.state == State.FAILED


def test_the_list_costs_the_same_for_one_letter_and_for_many(cast, replied, sign_in):
    lena = sign_in(cast.lena)
    failed(cast, replied())
    one = count_queries(lena, "/admin/deliveries/")
    for _ in range(10):
        failed(cast, replied())
    assert count_queries(lena, "/admin/deliveries/") == one


def test_the_list_is_paged(cast, sign_in):
    for number in range(60):
        services.send_notice(
            to="omar@desk.test",
            subject=f"Notice {number:02}",
            text="x",
            key=f"n{number}",
            by=cast.system,
            at=NOW,
        )
    ada = sign_in(cast.ada)
    first = ada.get("/admin/deliveries/")
    letters = first.context["letters"]
    second = ada.get(f"/admin/deliveries/?before={letters.next_before}").context["letters"]
    assert [len(letters.rows), len(second.rows), second.next_before] == [50, 10, None]


def test_a_ticket_shows_how_each_reply_fares(cast, replied, sign_in):
    message = replied()
    services.deliver(message=message, by=cast.system, at=NOW)
    ana = sign_in(cast.ana)
    page = ana.get(f"/t/{message.ticket_id}/deliveries/", headers={"HX-Request": "true"}).content.decode()
    assert f'id="delivery-{message.pk}"' in page
    assert f'action="/messages/{message.pk}/undo/"' in page
    assert "<html" not in page
    assert "<html" in ana.get(f"/t/{message.ticket_id}/deliveries/").content.decode()


def test_a_stranger_learns_nothing_of_the_letters_of_a_ticket(cast, sign_in):
    assert sign_in(cast.mallory).get(f"/t/{make_ticket(cast).pk}/deliveries/").status_code == 404
