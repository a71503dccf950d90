"""A change set from the first idea to the release and back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import ChangeSet, DraftChange, Event, Issue, TaxonomyRelease
from helpdesk.services import (
    AddIssue,
    BuiltUpon,
    ChangedMeanwhile,
    EditIssue,
    MergeIssues,
    NeedsConfirmation,
    NotOpen,
    RetireIssue,
    TooLateToUndo,
    discard_change_set,
    draft_changes,
    plan_change_set,
    publish_change_set,
    publish_due_change_sets,
    publish_taxonomy,
    take_up_again,
    try_out,
    undo_release,
    withdraw_change,
)
from helpdesk.services.taxonomy_drafts import read_as
from tests.factories import NOW, make_cast, make_issue, make_ticket, make_user

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def draft(cast):
    return lambda *changes, by=None: draft_changes(changes=changes, by=by or cast.ada, at=NOW)


def publish(change_set, by, *, version=None, at=NOW, **given):
    version = change_set.version if version is None else version
    return publish_change_set(change_set=change_set, version=version, note="", by=by, at=at, **given)


def test_two_administrators_work_on_one_draft(cast, draft):
    eve = make_user("eve", "admin")
    first = draft(AddIssue("billing", "Billing"))
    second = draft(AddIssue("twice", "Twice", parent="billing"), by=eve)
    assert first == second
    assert list(DraftChange.objects.values_list("added_by", flat=True)) == [cast.ada.pk, eve.pk]
    assert not Issue.objects.exists()


def test_a_change_that_could_not_be_published_is_not_drafted(cast, draft):
    with pytest.raises(Invalid):
        draft(AddIssue("twice", "Twice", parent="nowhere"))
    assert not ChangeSet.objects.exists()


def test_trying_out_leaves_no_trace(cast, django_capture_on_commit_callbacks):
    make_issue("late")
    with django_capture_on_commit_callbacks() as told:
        tried = try_out(changes=[AddIssue("new", "New"), RetireIssue("late", "new")], by=cast.ada, at=NOW)
    assert (set(tried.before), set(tried.after)) == ({"late"}, {"late", "new"})
    assert read_as("late", tried.after) == "new"
    assert (Issue.objects.count(), TaxonomyRelease.objects.count()) == (1, 1)
    assert not told
    assert not Event.objects.exists()


def test_a_change_others_need_is_not_taken_out(cast, draft):
    found = draft(AddIssue("billing", "Billing"), AddIssue("twice", "Twice", parent="billing"))
    with pytest.raises(Invalid, match="Another change"):
        withdraw_change(change=found.changes.first(), by=cast.ada, at=NOW)
    assert found.changes.count() == 2


def test_a_change_is_taken_out(cast, draft):
    found = draft(AddIssue("billing", "Billing"), AddIssue("twice", "Twice", parent="billing"))
    withdraw_change(change=found.changes.last(), by=cast.ada, at=NOW)
    release = publish(ChangeSet.objects.get(), cast.ada)
    assert [one["code"] for one in release.changes] == ["billing"]


def test_publishing_makes_the_draft_a_release(cast, draft):
    found = draft(AddIssue("billing", "Billing"))
    release = publish(found, cast.ada)
    found.refresh_from_db()
    assert (found.state, found.release, ChangeSet.objects.draft()) == ("published", release, None)


def test_what_was_not_looked_at_is_not_published(cast, draft):
    seen = draft(AddIssue("billing", "Billing")).version
    draft(AddIssue("delivery", "Delivery"))
    with pytest.raises(ChangedMeanwhile):
        publish(ChangeSet.objects.get(), cast.ada, version=seen)
    assert not TaxonomyRelease.objects.exists()


def test_the_second_of_two_publishers_is_told_so(cast, draft):
    found = draft(AddIssue("billing", "Billing"))
    publish(found, cast.ada)
    with pytest.raises(NotOpen):
        publish(found, cast.ada)
    assert TaxonomyRelease.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_publishers_at_once_do_not_both_win():
    cast = make_cast()
    found = draft_changes(changes=[AddIssue("billing", "Billing")], by=cast.ada, at=NOW)

    def try_to(_):
        try:
            return publish(found, cast.ada).number
        except NotOpen:
            return "told so"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(try_to, range(4)))
    assert sorted(answers, key=str) == [1, "told so", "told so", "told so"]
    assert Issue.objects.filter(code="billing").count() == 1


def test_a_draft_given_up_is_not_published(cast, draft):
    found = draft(AddIssue("billing", "Billing"))
    discard_change_set(change_set=found, by=cast.ada, at=NOW)
    with pytest.raises(NotOpen):
        publish(found, cast.ada)


def test_more_than_a_hundred_tickets_want_their_number_typed(cast, draft, monkeypatch):
    monkeypatch.setattr("helpdesk.services.taxonomy_drafts.CONFIRM_ABOVE", 1)
    late, slow = make_issue("late"), make_issue("slow")
    for _ in range(2):
        make_ticket(cast).classify(late, release=TaxonomyRelease.objects.get(), by=cast.ana, at=NOW)
    found = draft(MergeIssues(("late",), into=slow.code))
    with pytest.raises(NeedsConfirmation, match="Type 2"):
        publish(found, cast.ada, confirmed=3)
    assert publish(found, cast.ada, confirmed=2)


def test_a_planned_set_is_published_once_when_its_time_has_come(cast, draft):
    found = draft(AddIssue("billing", "Billing"))
    plan_change_set(change_set=found, version=1, publish_at=LATER, note="By plan", by=cast.ada, at=NOW)
    publish_due_change_sets(at=LATER - timedelta(seconds=1))
    assert not TaxonomyRelease.objects.exists()
    publish_due_change_sets(at=LATER)
    publish_due_change_sets(at=LATER)
    release = TaxonomyRelease.objects.get()
    assert (release.note, release.published_by, release.published_at) == ("By plan", cast.ada, LATER)


def test_a_time_that_is_past_is_no_plan(cast, draft):
    found = draft(AddIssue("billing", "Billing"))
    with pytest.raises(Invalid, match="time to come"):
        plan_change_set(change_set=found, version=1, publish_at=NOW, note="", by=cast.ada, at=NOW)


def test_a_plan_that_no_longer_fits_waits_for_a_person(cast, draft):
    found = draft(AddIssue("billing", "Billing"))
    plan_change_set(change_set=found, version=1, publish_at=LATER, note="", by=cast.ada, at=NOW)
    publish_taxonomy(changes=[AddIssue("billing", "Mine")], note="", by=cast.ada, at=NOW)
    publish_due_change_sets(at=LATER)
    found.refresh_from_db()
    assert (found.state, found.refusal) == ("refused", "The code billing is taken.")
    assert take_up_again(change_set=found, by=cast.ada).state == "draft"


def test_what_is_planned_is_not_taken_up_while_another_draft_is_open(cast, draft):
    found = draft(AddIssue("billing", "Billing"))
    plan_change_set(change_set=found, version=1, publish_at=LATER, note="", by=cast.ada, at=NOW)
    draft(AddIssue("delivery", "Delivery"))
    with pytest.raises(Invalid, match="another draft"):
        take_up_again(change_set=found, by=cast.ada)


def test_an_undo_is_a_release_of_its_own(cast):
    first = publish_taxonomy(changes=[AddIssue("billing", "Billing")], note="", by=cast.ada, at=NOW)
    second = undo_release(release=first, by=cast.ada, at=NOW + timedelta(days=30))
    assert (second.number, second.undoes, TaxonomyRelease.objects.count()) == (2, first, 2)


def test_a_release_is_undone_for_thirty_days(cast):
    release = publish_taxonomy(changes=[AddIssue("billing", "Billing")], note="", by=cast.ada, at=NOW)
    with pytest.raises(TooLateToUndo):
        undo_release(release=release, by=cast.ada, at=NOW + timedelta(days=30, seconds=1))


def test_a_release_is_undone_once(cast):
    release = publish_taxonomy(changes=[AddIssue("billing", "Billing")], note="", by=cast.ada, at=NOW)
    undo_release(release=release, by=cast.ada, at=NOW)
    with pytest.raises(Invalid, match="already"):
        undo_release(release=release, by=cast.ada, at=NOW)


def test_what_a_later_release_stands_on_is_not_undone(cast):
    first = publish_taxonomy(changes=[AddIssue("billing", "Billing")], note="", by=cast.ada, at=NOW)
    second = publish_taxonomy(changes=[EditIssue("billing", label="Bills")], note="", by=cast.ada, at=NOW)
    with pytest.raises(BuiltUpon, match="Release 2"):
        undo_release(release=first, by=cast.ada, at=NOW)
    undo_release(release=second, by=cast.ada, at=NOW)
    assert undo_release(release=first, by=cast.ada, at=NOW).number == 4


def test_who_may_not_publish_may_not_draft(cast, draft):
    with pytest.raises(NotAllowed):
        draft(AddIssue("billing", "Billing"), by=cast.lena)


def test_the_database_knows_one_draft_only(cast, draft):
    from django.db import IntegrityError, transaction

    draft(AddIssue("billing", "Billing"))
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeSet.objects.create(begun_by=cast.ada, begun_at=NOW)
    assert connection.is_usable()
