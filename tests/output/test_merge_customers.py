"""Two customers turn out to be one person, and perhaps not after all."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from rest_framework.test import APIClient

from apps.analysis.models import StaleDay
from apps.awareness.models import OptOut
from apps.intake.queries import customers_like, request_key, ticket_by_key
from apps.intake.services import Contact, open_ticket
from apps.output.customers import queries, services
from apps.output.customers.models import CustomerMerge, CustomerNote
from config.merging import MERGING
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.models import Customer, CustomerChange, CustomerPhone, Ticket
from tests.factories import NOW, make_ticket, make_token

LATER = NOW + timedelta(days=1)
ADDRESS = "zoe.miller@acme.test"


@pytest.fixture
def twin(cast) -> Customer:
    """Zoe under another address, as she came in by phone and by mail."""
    row = Customer.objects.create(
        email=ADDRESS,
        name="Zoe Miller",
        phone="06601234",
        value=Decimal("120.00"),
        external_id="C-7",
        created_at=NOW,
    )
    services.note_customer(customer=row, body="Calls late", by=cast.ada, at=NOW)
    CustomerPhone.objects.create(customer=row, number="111222", added_by=cast.ada, added_at=NOW)
    CustomerPhone.objects.create(customer=cast.zoe, number="111222", added_by=cast.ada, added_at=NOW)
    OptOut.objects.create(customer=row, at=NOW)
    OptOut.objects.create(customer=cast.zoe, at=NOW)
    make_ticket(cast)
    make_ticket(cast, customer=row)
    return row


@pytest.fixture
def merge(cast, twin) -> CustomerMerge:
    return services.merge_customers(kept=cast.zoe, gone=twin, by=cast.lena, at=NOW)


def everything() -> dict[str, list]:
    """Every row that refers to a customer, and what is known of them."""
    rows = {
        name: sorted(model.objects.values_list("pk", column))
        for name in MERGING
        if name.rpartition(".")[0] not in ("output.CustomerMerge", "helpdesk.CustomerChange")
        for model, column in [(apps.get_model(name.rpartition(".")[0]), name.rpartition(".")[2])]
    }
    known = ("pk", "email", "name", "phone", "value", "external_id", "merged_into")
    return rows | {"known": sorted(Customer.objects.values_list(*known), key=str)}


def test_every_reference_to_a_customer_is_known_to_the_merge():
    there = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and field.related_model is Customer
    }
    assert there == set(MERGING), (
        "Say in config/merging.py what becomes of its rows when two customers are merged."
    )


def test_everything_becomes_that_of_one(cast, twin, merge):
    cast.zoe.refresh_from_db()
    twin.refresh_from_db()
    assert set(Ticket.objects.values_list("customer", flat=True)) == {cast.zoe.pk}
    assert CustomerNote.objects.get().customer == cast.zoe
    assert sorted(cast.zoe.addresses.values_list("email", flat=True)) == [ADDRESS, "zoe@customer.test"]
    assert sorted(cast.zoe.phones.values_list("number", flat=True)) == ["111222"]
    # What was known stays, gaps are filled.
    known = (cast.zoe.name, cast.zoe.email, cast.zoe.phone, cast.zoe.value, cast.zoe.external_id)
    assert known == ("Zoe", "zoe@customer.test", "06601234", Decimal("120.00"), "C-7")
    assert (twin.email, twin.phone, twin.merged_into) == (None, "", cast.zoe)
    assert OptOut.objects.get().customer == cast.zoe


def test_the_doors_find_the_one_that_remained(cast, twin, merge):
    for contact in (Contact(email=ADDRESS), Contact(phone="06601234")):
        ticket = open_ticket(subject="x", body="x", customer=contact, channel="phone", by=cast.ana, at=LATER)
        assert ticket.customer == cast.zoe
    cast.zoe.refresh_from_db()
    assert cast.zoe.speaks_from(ADDRESS)
    assert customers_like("miller") == []
    assert [row.customer for row in queries.customers_found("zoe", user=cast.ada).rows] == [cast.zoe]


def test_the_days_of_their_tickets_are_counted_again(cast, twin):
    StaleDay.objects.all().delete()
    services.merge_customers(kept=cast.zoe, gone=twin, by=cast.lena, at=NOW)
    assert StaleDay.objects.count() == 1


def test_undone_everything_is_as_it_was(cast, twin):
    before = everything()
    merge = services.merge_customers(kept=cast.zoe, gone=twin, by=cast.lena, at=NOW)
    assert everything() != before
    services.undo_merge(merge=merge, by=cast.lena, at=LATER)
    assert everything() == before


def test_what_came_since_stays_where_it_came(cast, twin, merge):
    make_ticket(cast, customer=Customer.objects.get(pk=cast.zoe.pk))
    services.undo_merge(merge=merge, by=cast.lena, at=LATER)
    assert Ticket.objects.filter(customer=cast.zoe).count() == 2
    assert Ticket.objects.filter(customer=twin).count() == 1


def test_an_undone_or_old_or_followed_merge_is_not_undone(cast, twin, merge):
    with pytest.raises(services.CannotUndo):
        services.undo_merge(merge=merge, by=cast.lena, at=NOW + timedelta(days=31))
    third = Customer.objects.create(name="Third", created_at=NOW)
    make_ticket(cast, customer=third)
    second = services.merge_customers(
        kept=third, gone=Customer.objects.get(pk=cast.zoe.pk), by=cast.lena, at=NOW
    )
    assert Customer.objects.get(pk=twin.pk).merged_into == third
    with pytest.raises((services.CannotUndo, NotFound)):
        services.undo_merge(merge=merge, by=cast.ada, at=LATER)
    for one in (second, merge):
        services.undo_merge(merge=one, by=cast.ada, at=LATER)
    with pytest.raises(services.CannotUndo):
        services.undo_merge(merge=merge, by=cast.ada, at=LATER)
    assert Ticket.objects.filter(customer=twin).count() == 1


def test_what_is_needed_to_undo_is_forgotten_with_the_right_to_it(cast, merge):
    assert services.forget_old_merges(at=LATER) == 0
    assert services.forget_old_merges(at=NOW + timedelta(days=31)) == 1
    assert CustomerMerge.objects.get().record == {}


def test_a_ticket_that_was_being_opened_meanwhile_follows(cast, twin, merge):
    late = make_ticket(cast, customer=twin)
    assert services.carry_stragglers(by=cast.system, at=LATER) == 1
    late.refresh_from_db()
    assert late.customer == late.messages.get().customer == cast.zoe


def test_before_somebody_decides_neither_sees_anything_of_the_other(cast, twin):
    own, other = Ticket.objects.filter(customer=cast.zoe).get(), Ticket.objects.filter(customer=twin).get()
    other.merge_into(own, by=cast.ana, at=NOW)
    assert ticket_by_key(request_key(other)) == other
    assert not other.is_visible_to(cast.zoe_account)
    assert not cast.zoe.speaks_from(ADDRESS)


@pytest.mark.parametrize("who", ["ana", "omar", "mallory", "zoe_account"])
def test_who_may_not_merge_changes_nothing(cast, twin, who):
    before = everything()
    with pytest.raises((NotAllowed, NotFound)):
        services.merge_customers(kept=cast.zoe, gone=twin, by=getattr(cast, who), at=NOW)
    assert everything() == before


def test_one_that_is_the_same_or_gone_or_erased_is_refused(cast, twin, merge):
    zoe = Customer.objects.get(pk=cast.zoe.pk)
    with pytest.raises(services.SameCustomer):
        services.merge_customers(kept=zoe, gone=zoe, by=cast.ada, at=NOW)
    with pytest.raises(NotFound):
        services.merge_customers(kept=zoe, gone=twin, by=cast.ada, at=NOW)
    erased = Customer.objects.create(name="x", anonymised_at=NOW, created_at=NOW)
    with pytest.raises(services.IsErased):
        services.merge_customers(kept=zoe, gone=erased, by=cast.ada, at=NOW)


def test_two_that_may_be_one_are_suggested(cast, twin):
    Customer.objects.filter(pk=cast.zoe.pk).update(phone="06601234")
    cast.zoe.refresh_from_db()
    same_name = Customer.objects.create(email="z.miller@acme.test", name="Zoe Millar", created_at=NOW)
    Customer.objects.create(email="zoe.millar@gmail.com", name="Zoe Millar", created_at=NOW)
    assert queries.alike(cast.zoe, user=cast.ada, at=NOW).others == [(twin, "number")]
    assert queries.alike(twin, user=cast.ada, at=NOW).others == [(cast.zoe, "number"), (same_name, "name")]
    assert queries.alike(cast.zoe, user=cast.mallory, at=NOW).others == []


def test_the_pages_compare_merge_and_undo(cast, twin, sign_in):
    browser, at = sign_in(cast.lena), f"/customers/{cast.zoe.pk}/"
    assert "Zoe Miller" in browser.get(f"{at}merge/?q=miller").content.decode()
    assert ADDRESS in browser.get(f"{at}merge/?with={twin.pk}").content.decode()
    answer = browser.post(f"{at}merge/", {"with": twin.pk, "keep": twin.pk})
    assert answer["Location"] == f"/customers/{twin.pk}/"
    assert browser.get(at)["Location"] == f"/customers/{twin.pk}/"
    merge = CustomerMerge.objects.get()
    assert (merge.kept, merge.gone) == (twin, cast.zoe)
    assert "merged into this one" in browser.get(f"/customers/{twin.pk}/alike/").content.decode()
    browser.post(f"/customers/{twin.pk}/merges/{merge.pk}/undo/")
    assert browser.get(at).status_code == 200
    assert CustomerChange.objects.filter(customer=twin).count() == 2
    assert sign_in(cast.ana).get(f"{at}merge/").status_code == 403


def test_programs_do_the_same(cast, twin):
    api = APIClient()
    api.credentials(
        HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot, 'customers:read', 'customers:write')}"
    )
    at = f"/api/v1/customers/{cast.zoe.pk}/"
    made = api.post(f"{at}merge/", {"gone": twin.pk}, format="json")
    assert (made.status_code, made.json()["gone"]) == (201, twin.pk)
    assert api.post(f"{at}merge/", {"gone": twin.pk}, format="json").status_code == 404
    assert api.get(f"/api/v1/customers/{twin.pk}/").status_code == 404
    undone = api.post(f"{at}merges/{made.json()['id']}/undo/")
    assert undone.json()["undone_at"]
    assert api.post(f"{at}merges/{made.json()['id']}/undo/").status_code == 409
