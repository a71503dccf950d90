"""What charts read before, during and after a recoding: the same contacts, on the same days."""

from apps.analysis.queries.contacts import read_contacts
from apps.analysis.queries.taxonomy import place_names, read_taxonomy
from apps.analysis.services import count_series
from helpdesk.models import TaxonomyRelease, Ticket, TicketIssue
from helpdesk.services import MergeIssues, publish_taxonomy, recode_next_batch, recode_waiting, undo_release
from tests.analysis.world import day_before, make_world, sow
from tests.factories import NOW

FIRST, LAST = day_before(40), day_before(1)


def contacts():
    count_series(first=FIRST, last=LAST, at=NOW)
    return read_contacts(FIRST, LAST, names=place_names(), crosswalk=read_taxonomy().crosswalk)


def give_both(world, tickets):
    """These carry the other one of the merged issues as well."""
    release = TaxonomyRelease.objects.first()
    for ticket in tickets:
        ticket.classify(world.refund, release=release, by=world.cast.ana, at=NOW, primary=False)


def test_charts_are_right_from_the_first_moment_and_after_the_last_ticket(cast):
    world = make_world(cast)
    sow(world, world.charged, {(30, 0): 2.0}, seed=1)
    sow(world, world.refund, {(30, 0): 1.0}, seed=2)
    before = contacts()
    both = before.daily([world.charged.pk, world.refund.pk])
    publish_taxonomy(
        changes=[MergeIssues((world.refund.code,), into=world.charged.code)], note="", by=cast.ada, at=NOW
    )
    assert (contacts().daily([world.charged.pk]) == both).all()
    recode_next_batch(at=NOW, size=10)
    assert (contacts().daily([world.charged.pk]) == both).all()
    recode_waiting(at=NOW)
    after = contacts()
    assert (after.daily([world.charged.pk]) == both).all()
    assert (after.total == before.total).all()


def test_a_ticket_with_both_issues_is_one_contact_once_it_is_recoded(cast):
    world = make_world(cast)
    sow(world, world.charged, {(30, 0): 2.0}, seed=1)
    before = contacts().daily([world.charged.pk])
    give_both(world, Ticket.objects.order_by("pk")[:5])
    release = publish_taxonomy(
        changes=[MergeIssues((world.refund.code,), into=world.charged.code)], note="", by=cast.ada, at=NOW
    )
    assert (
        contacts().daily([world.charged.pk]).sum() == before.sum() + 5
    )  # the crosswalk alone counts them twice
    recode_waiting(at=NOW)
    assert (contacts().daily([world.charged.pk]) == before).all()
    undo_release(release=release, by=cast.ada, at=NOW)
    recode_waiting(at=NOW)
    assert TicketIssue.objects.filter(issue=world.refund).count() == 5
