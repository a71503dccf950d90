import pytest
from django.db import IntegrityError, transaction

from helpdesk import statements
from helpdesk.models import Channel, Department, Message, Ticket
from tests.factories import NOW


def unsaved(cast, **fields):
    return Ticket(
        subject="Ümlaut % and 'quotes'", customer=cast.zoe, department=cast.billing, channel=Channel.API,
        occurred_at=NOW, opened_at=NOW, updated_at=NOW, **fields,
    )  # fmt: skip


def test_a_row_is_inserted_as_the_orm_would(cast):
    rows = [unsaved(cast, tags=["a", "b%s"], custom={"order": {"no": 7}}) for _ in range(2)]
    statements.insert(rows[0])
    rows[1].save(force_insert=True)

    first, second = Ticket.objects.filter(pk__in=[row.pk for row in rows]).values()
    assert {**first, "id": 0} == {**second, "id": 0}


def test_the_row_knows_its_key_and_that_it_is_saved(cast):
    ticket = unsaved(cast)
    statements.insert(ticket)
    assert Ticket.objects.get(pk=ticket.pk) == ticket
    ticket.subject = "Changed"
    ticket.save(update_fields=["subject"])
    assert Ticket.objects.get(pk=ticket.pk).subject == "Changed"


def test_a_column_the_database_makes_is_read_when_it_is_asked_for(cast):
    ticket = unsaved(cast)
    statements.insert(ticket)
    assert "quot" in ticket.search


def test_constraints_hold(cast):
    statements.insert(unsaved(cast, external_id="x"))
    with pytest.raises(IntegrityError), transaction.atomic():
        statements.insert(unsaved(cast, external_id="x"))


def test_a_lookup_finds_the_first_row_with_the_one_it_follows(cast, django_assert_num_queries):
    by_slug = statements.Lookup(Department, "WHERE own.slug = %s", follow="head")
    Department.objects.filter(pk=cast.billing.pk).update(head=cast.omar)
    with django_assert_num_queries(1):
        found = by_slug(cast.billing.slug)
        assert (found, found.head) == (cast.billing, cast.omar)


def test_a_lookup_that_finds_nothing_says_so(cast):
    assert statements.Lookup(Message, "WHERE own.message_id = %s")("<nobody@x.test>") is None
