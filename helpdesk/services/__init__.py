"""Use cases of the house itself: the first administrator, keys for programs, editions of the taxonomy."""

from helpdesk.services.forget import forget_expired
from helpdesk.services.preferences import set_preferences
from helpdesk.services.setup import AlreadySetUp, create_first_admin
from helpdesk.services.taxonomy import IssueHasChildren, publish_taxonomy, refused_changes
from helpdesk.services.taxonomy_changes import (
    KEEP,
    AddIssue,
    Change,
    EditIssue,
    MergeIssues,
    MoveIssue,
    ReinstateIssue,
    RetireIssue,
    SplitIssue,
)
from helpdesk.services.taxonomy_drafts import (
    BuiltUpon,
    ChangedMeanwhile,
    NeedsConfirmation,
    NotOpen,
    TooLateToUndo,
    TriedOut,
    codes_in_drafts,
    discard_change_set,
    draft_changes,
    plan_change_set,
    publish_change_set,
    publish_due_change_sets,
    take_up_again,
    try_out,
    undo_release,
    withdraw_change,
)
from helpdesk.services.taxonomy_recoding import recode_next_batch, recode_waiting, stop_recoding
from helpdesk.services.tokens import issue_token, revoke_token

__all__ = [
    "KEEP",
    "AddIssue",
    "AlreadySetUp",
    "BuiltUpon",
    "Change",
    "ChangedMeanwhile",
    "EditIssue",
    "IssueHasChildren",
    "MergeIssues",
    "MoveIssue",
    "NeedsConfirmation",
    "NotOpen",
    "ReinstateIssue",
    "RetireIssue",
    "SplitIssue",
    "TooLateToUndo",
    "TriedOut",
    "codes_in_drafts",
    "create_first_admin",
    "discard_change_set",
    "draft_changes",
    "forget_expired",
    "issue_token",
    "plan_change_set",
    "publish_change_set",
    "publish_due_change_sets",
    "publish_taxonomy",
    "recode_next_batch",
    "recode_waiting",
    "refused_changes",
    "revoke_token",
    "set_preferences",
    "stop_recoding",
    "take_up_again",
    "try_out",
    "undo_release",
    "withdraw_change",
]
