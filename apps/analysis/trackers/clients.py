"""Which client speaks for a tracker, and how its webhooks are trusted and read."""

import hashlib
import hmac
import json
from collections.abc import Mapping

from apps.analysis.trackers import github, jira
from apps.analysis.trackers.models import Tracker, TrackerKind
from apps.analysis.trackers.shapes import Client, Heard, Unreadable
from helpdesk.sealed import CantBeOpened, unseal


def client_of(tracker: Tracker) -> Client:
    token = unseal(tracker.token)
    if tracker.kind == TrackerKind.GITHUB:
        return github.GitHub(base=tracker.base_url, project=tracker.project, token=token)
    return jira.Jira(
        base=tracker.base_url, project=tracker.project, token=token, account=tracker.account,
        item_type=tracker.item_type,
    )  # fmt: skip


def is_signed(tracker: Tracker, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the tracker itself sent this: HMAC-SHA256 of the raw body, compared in constant time. Where our own
    secret can't be opened any more nothing is right, and a new one is to be made.
    """
    given = (github if tracker.kind == TrackerKind.GITHUB else jira).signature_of(headers)
    try:
        secret = unseal(tracker.hook_secret)
    except CantBeOpened:
        return False
    right = "sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex()
    return hmac.compare_digest(given.encode(), right.encode())


def heard_of(tracker: Tracker, headers: Mapping[str, str], body: bytes) -> Heard | None:
    """What a webhook tells; None when it is nothing we mind. Raises Unreadable."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(told, dict):
        raise Unreadable
    if tracker.kind == TrackerKind.GITHUB:
        return github.read(headers, told, project=tracker.project)
    return jira.read(headers, told, project=tracker.project, body=body)
