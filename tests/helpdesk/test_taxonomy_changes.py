"""Each kind of change, what it refuses, and that its reverse brings back what was."""

import pytest

from helpdesk.errors import Invalid
from helpdesk.models import Issue
from helpdesk.services import (
    AddIssue,
    EditIssue,
    IssueHasChildren,
    MergeIssues,
    MoveIssue,
    ReinstateIssue,
    RetireIssue,
    SplitIssue,
    publish_taxonomy,
    undo_release,
)
from helpdesk.services.taxonomy_changes import read, written
from tests.factories import NOW, make_issue


@pytest.fixture
def publish(cast):
    return lambda *changes: publish_taxonomy(changes=changes, note="test", by=cast.ada, at=NOW)


@pytest.fixture
def tree(cast):
    """Billing with three leaves, and delivery with one."""
    billing, delivery = make_issue("billing"), make_issue("delivery")
    for code in ("twice", "wrong-amount", "no-invoice"):
        make_issue(code, parent=billing, owner=cast.billing)
    make_issue("late", parent=delivery, owner=cast.shipping, definition="It came late.")


def words():
    """The tree as people see it: all that a reverse must bring back."""
    fields = (
        "code", "path", "label", "definition", "examples", "owner_department", "valid_to", "replaced_by",
        "default_severity",
    )  # fmt: skip
    return list(Issue.objects.values_list(*fields))


def test_an_edit_changes_only_what_it_names(tree, publish):
    publish(EditIssue("late", label="Late parcel", examples=("Where is it?",)))
    node = Issue.objects.get(code="late")
    assert (node.label, node.definition, node.examples) == ("Late parcel", "It came late.", ["Where is it?"])


def test_a_moved_node_takes_everything_below_along(tree, publish):
    publish(MoveIssue("delivery", parent="billing"))
    assert Issue.objects.get(code="late").path == "billing/delivery/late"
    assert Issue.objects.get(code="delivery").parent.code == "billing"


@pytest.mark.parametrize("parent", ["billing", "twice"])
def test_a_node_is_not_moved_below_itself(tree, publish, parent):
    with pytest.raises(Invalid, match="below itself"):
        publish(MoveIssue("billing", parent=parent))


def test_a_move_deeper_than_four_levels_is_refused(tree, publish):
    publish(AddIssue("a", "A", parent="twice"))
    with pytest.raises(Invalid, match="deeper"):
        publish(MoveIssue("delivery", parent="a"))


def test_merged_issues_are_retired_and_read_as_the_one_that_stays(tree, publish):
    publish(MergeIssues(("wrong-amount", "no-invoice"), into="twice"))
    gone = Issue.objects.filter(code__in=["wrong-amount", "no-invoice"])
    assert {node.replaced_by.code for node in gone} == {"twice"}
    assert not gone.valid(NOW.date()).exists()


@pytest.mark.parametrize("codes", [("twice",), ("billing",), ()])
def test_an_issue_is_not_merged_into_itself_nor_with_a_branch(tree, publish, codes):
    with pytest.raises((Invalid, IssueHasChildren)):
        publish(MergeIssues(codes, into="twice"))


def test_a_reason_is_not_merged_into_the_lack_of_one(tree, publish):
    make_issue("none", kind="no_code")
    with pytest.raises(Invalid, match="different kinds"):
        publish(MergeIssues(("twice",), into="none"))


def test_a_split_issue_gives_way_to_its_parts(tree, publish):
    publish(
        AddIssue("by-card", "By card", parent="billing"), AddIssue("by-bank", "By bank", parent="billing"),
        SplitIssue("twice", ("by-card", "by-bank"), read_as="by-card"),
    )  # fmt: skip
    node = Issue.objects.get(code="twice")
    assert (node.valid_to, node.replaced_by.code) == (NOW.date(), "by-card")


def test_a_split_needs_two_parts(tree, publish):
    with pytest.raises(Invalid, match="two parts"):
        publish(SplitIssue("twice", ("no-invoice",)))


def test_a_retired_issue_comes_back(tree, publish):
    publish(RetireIssue("late", replaced_by="twice"))
    publish(ReinstateIssue("late"))
    node = Issue.objects.get(code="late")
    assert (node.valid_to, node.replaced_by) == (None, None)


def test_what_is_added_and_retired_on_one_day_was_never_valid(tree, publish):
    publish(AddIssue("oops", "Oops"))
    publish(RetireIssue("oops"))
    assert not Issue.objects.valid(NOW.date()).filter(code="oops").exists()


CHANGES = [
    [
        EditIssue(
            "late",
            label="Slow",
            definition="",
            examples=("a", "b"),
            owner_department=None,
            default_severity=1,
        )
    ],
    [MoveIssue("late", parent="billing"), MoveIssue("billing", parent="delivery")],
    [MergeIssues(("wrong-amount", "no-invoice"), into="twice")],
    [RetireIssue("late", replaced_by="twice"), RetireIssue("delivery")],
]


@pytest.mark.parametrize("changes", CHANGES)
def test_undoing_a_release_brings_back_what_was(cast, tree, publish, changes):
    before = words()
    release = publish(*changes)
    assert words() != before
    undo_release(release=release, by=cast.ada, at=NOW)
    assert words() == before


def test_undoing_a_split_gives_the_parts_back_to_the_whole(cast, tree, publish):
    release = publish(
        AddIssue("by-card", "By card", parent="billing"), AddIssue("by-bank", "By bank", parent="billing"),
        SplitIssue("twice", ("by-card", "by-bank")),
    )  # fmt: skip
    undo_release(release=release, by=cast.ada, at=NOW)
    assert Issue.objects.get(code="twice").valid_to is None
    assert {node.replaced_by.code for node in Issue.objects.filter(code__startswith="by-")} == {"twice"}


def test_every_change_reads_as_it_was_written(cast):
    changes = [
        AddIssue("a", "A", examples=("x",), owner_department=cast.billing, owner=cast.omar), EditIssue("a", owner=None),
        MoveIssue("a", "b"), MergeIssues(("a", "b"), "c", recode=False), SplitIssue("a", ("b", "c"), "b"),
        RetireIssue("a", "b"), ReinstateIssue("a"),
    ]  # fmt: skip
    assert [read(written(change)) for change in changes] == changes
