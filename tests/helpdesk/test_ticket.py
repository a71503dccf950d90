import pytest
from django.db import IntegrityError, transaction

from helpdesk.models import Event, Status, TaxonomyRelease, Ticket, matches_words, numbers_matching
from tests.factories import NOW, make_issue, make_ticket


def kinds(ticket):
    return list(ticket.events.order_by("id").values_list("kind", flat=True))


def test_every_change_of_a_ticket_leaves_one_event(cast):
    ticket = make_ticket(cast)
    act = {"by": cast.ana, "at": NOW}
    ticket.assign(cast.ana, **act)
    ticket.begin(**act)
    ticket.hold(Status.WAITING_CUSTOMER, **act)
    ticket.resolve(**act)
    ticket.reopen(reason="not solved", **act)
    ticket.close(**act)
    expected = "opened", "received", "assigned", "begun", "held", "resolved", "reopened", "closed"
    assert tuple(kind.partition(".")[2] for kind in kinds(ticket)) == expected


def test_an_event_of_a_status_tells_from_and_to(cast):
    ticket = make_ticket(cast)
    ticket.resolve(by=cast.ana, at=NOW)
    assert Event.objects.get(kind="ticket.resolved").data == {"from": "new", "to": "solved"}


def test_the_first_issue_of_a_ticket_is_primary_and_a_new_primary_makes_it_second(cast):
    ticket, first, second = make_ticket(cast), make_issue("charged-twice"), make_issue("late-invoice")
    act = {"by": cast.ana, "at": NOW, "release": TaxonomyRelease.objects.get()}
    ticket.classify(first, primary=False, **act)
    ticket.classify(second, **act)
    ticket.refresh_from_db()
    assert ticket.primary_issue == second
    assert dict(ticket.issues.values_list("issue__code", "is_primary")) == {
        "charged-twice": False, "late-invoice": True,
    }  # fmt: skip


def test_the_same_issue_twice_is_one_row(cast):
    ticket, issue = make_ticket(cast), make_issue()
    act = {"by": cast.ana, "at": NOW, "release": TaxonomyRelease.objects.get()}
    ticket.classify(issue, **act)
    ticket.classify(issue, suspected_cause="process", **act)
    assert ticket.issues.get().suspected_cause == "process"


def test_the_primary_issue_stays_primary_when_it_is_given_again_as_a_second_one(cast):
    ticket, issue = make_ticket(cast), make_issue()
    act = {"by": cast.ana, "at": NOW, "release": TaxonomyRelease.objects.get()}
    ticket.classify(issue, **act)
    ticket.classify(issue, primary=False, **act)
    assert ticket.issues.get().is_primary


def test_the_database_refuses_two_primary_issues(cast):
    ticket, first, second = make_ticket(cast), make_issue("charged-twice"), make_issue("late-invoice")
    act = {"by": cast.ana, "at": NOW, "release": TaxonomyRelease.objects.get()}
    ticket.classify(first, **act)
    ticket.classify(second, primary=False, **act)
    with pytest.raises(IntegrityError), transaction.atomic():
        ticket.issues.update(is_primary=True)


def test_a_subject_of_any_length_is_cut_to_what_fits(cast):
    assert len(make_ticket(cast, subject="x" * 10_000).subject) == 500


def test_what_the_customer_was_that_day_stays_on_the_ticket(cast):
    ticket = make_ticket(cast)
    cast.zoe.region = "south"
    cast.zoe.save()
    ticket.refresh_from_db()
    assert (ticket.region, ticket.segment) == ("north", "home")


def test_search_finds_subjects_messages_and_for_colleagues_notes(cast):
    from helpdesk.models import Note

    ticket = make_ticket(cast, subject="Rechnung", body="Der Kunde wartet seit Wochen auf Erstattungen")
    Note.add(ticket=ticket, body="proration job", by=cast.ana, at=NOW)

    def found(text, *, notes):
        """As one set, and asked of each: the same."""
        numbers = Ticket.objects.filter(pk__in=numbers_matching(text, notes=notes))
        assert list(numbers) == list(Ticket.objects.filter(matches_words(text, notes=notes)))
        return list(numbers)

    assert found("rechnung", notes=False) == found("Wochen", notes=False) == [ticket]
    assert found("proration", notes=True) == [ticket]
    assert found("proration", notes=False) == []


def test_a_message_of_any_size_is_kept_whole_and_indexed_as_far_as_it_can_be(cast):
    ticket = make_ticket(cast, body=" ".join(f"w{number}" for number in range(200_000)))
    assert ticket.messages.get().body.endswith("w199999")
    assert list(numbers_matching("w77", notes=False)) == [{"pk": ticket.pk}]
