"""Use cases of the house itself: the first administrator, keys for programs, editions of the taxonomy."""

from helpdesk.services.forget import forget_expired
from helpdesk.services.setup import AlreadySetUp, create_first_admin
from helpdesk.services.taxonomy import (
    AddIssue,
    EditIssue,
    IssueHasChildren,
    RetireIssue,
    publish_taxonomy,
)
from helpdesk.services.tokens import issue_token, revoke_token

__all__ = [
    "AddIssue",
    "AlreadySetUp",
    "EditIssue",
    "IssueHasChildren",
    "RetireIssue",
    "create_first_admin",
    "forget_expired",
    "issue_token",
    "publish_taxonomy",
    "revoke_token",
]
