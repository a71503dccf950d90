import pytest

from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event, Issue, TaxonomyRelease
from helpdesk.services import AddIssue, EditIssue, IssueHasChildren, RetireIssue, publish_taxonomy
from tests.factories import NOW, make_issue


def publish(cast, *changes, by=None):
    return publish_taxonomy(changes=changes, note="test", by=by or cast.ada, at=NOW)


def test_a_change_set_is_published_as_the_next_edition(cast):
    release = publish(
        cast, AddIssue(code="billing", label="Billing"), AddIssue("twice", "Twice", parent="billing")
    )
    assert release.number == 1
    assert Issue.objects.get(code="twice").path == "billing/twice"
    assert Event.objects.get(kind="taxonomy.published").about == f"release:{release.pk}"


def test_an_edit_keeps_the_code_and_remembers_what_was(cast):
    make_issue("late")
    publish(
        cast,
        EditIssue("late", label="Late parcel", definition="", owner_department=cast.shipping, owner=None),
    )
    node = Issue.objects.get(code="late")
    assert (node.label, node.owner_department, node.release.number) == ("Late parcel", cast.shipping, 2)
    assert "Late" in [event.label for event in Issue.pgh_event_model.objects.filter(pgh_obj=node)]


def test_a_retired_issue_stays_for_old_tickets(cast):
    make_issue("late")
    make_issue("slow")
    publish(cast, RetireIssue("late", replaced_by="slow"))
    node = Issue.objects.get(code="late")
    assert node.valid_to == NOW.date()
    assert node.replaced_by.code == "slow"
    assert node not in Issue.objects.valid(NOW.date())


@pytest.mark.parametrize(
    "change",
    [AddIssue(code="late", label="Again"), AddIssue("new", "New", parent="nowhere"), RetireIssue("nowhere")],
)
def test_a_change_that_cannot_be_refuses_the_whole_set(cast, change):
    make_issue("late")
    with pytest.raises(Invalid):
        publish(cast, AddIssue(code="good", label="Good"), change)
    assert not Issue.objects.filter(code="good").exists()
    assert TaxonomyRelease.objects.count() == 1


def test_an_issue_with_others_below_it_is_not_retired(cast):
    make_issue("late", parent=make_issue("parcels"))
    with pytest.raises(IssueHasChildren):
        publish(cast, RetireIssue("parcels"))


def test_only_administrators_publish(cast):
    with pytest.raises(NotAllowed):
        publish(cast, AddIssue(code="billing", label="Billing"), by=cast.ana)
    assert not TaxonomyRelease.objects.exists()
