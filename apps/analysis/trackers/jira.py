"""Jira, after version 2 of its REST API (Cloud and Data Center) and its `jira:issue_updated` and `comment_created`
webhooks.

An issue whose status has the category *done* is closed; it is done unless its resolution says that nothing was. The
marker is a label, found again by JQL. With an account the token is an API token (Basic); without, a personal one.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from apps.analysis.trackers.shapes import (
    Heard,
    Item,
    Letter,
    Standing,
    Trouble,
    Unreadable,
    Wire,
    moment,
    part,
    words_of,
)

PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,30}")
FIELDS = "summary,status,resolution,updated"
# Ends at which nothing was done, in the words Jira comes with.
NOTHING_DONE = frozenset({
    "won't do", "won't fix", "wont do", "wont fix", "duplicate", "cannot reproduce", "declined", "not a bug",
    "incomplete", "rejected", "abandoned", "cancelled", "canceled",
})  # fmt: skip


class Jira:
    """One project."""

    def __init__(self, *, base: str, project: str, token: str, account: str, item_type: str) -> None:
        self.base, self.project, self.item_type = base.rstrip("/"), project, item_type or "Task"
        key = base64.b64encode(f"{account}:{token}".encode()).decode()
        self.wire = Wire(
            self.base,
            {"Authorization": f"Basic {key}" if account else f"Bearer {token}", "Accept": "application/json"},
        )

    def check(self) -> None:
        self.wire.ask("GET", f"/rest/api/2/project/{quote(self.project)}")

    def create(self, letter: Letter, *, marker: str) -> Item:
        fields = {
            "project": {"key": self.project}, "issuetype": {"name": self.item_type},
            "summary": letter.title, "description": body_of(letter),
            "labels": [*(re.sub(r"\s+", "-", label) for label in letter.labels), marker],
        }  # fmt: skip
        made = self.wire.ask("POST", "/rest/api/2/issue", {"fields": fields})
        return Item(str(made.get("key", "")), letter.title, self._url(made.get("key")), _OPEN, None)

    def find(self, marker: str, *, since: datetime) -> Item | None:
        asked = urlencode({
            "jql": f'project = "{self.project}" AND labels = "{marker}"', "fields": FIELDS, "maxResults": 2,
        })  # fmt: skip
        try:
            found = self.wire.ask("GET", f"/rest/api/2/search/jql?{asked}")
        except Trouble as trouble:
            if not trouble.for_good:
                raise
            found = self.wire.ask("GET", f"/rest/api/2/search?{asked}")  # Data Center knows this one alone
        rows = found.get("issues") or []
        return self._item(rows[0]) if rows else None

    def item(self, key: str) -> Item:
        return self._item(self.wire.ask("GET", f"/rest/api/2/issue/{quote(key)}?fields={FIELDS}"))

    def comment(self, key: str, text: str) -> None:
        self.wire.ask("POST", f"/rest/api/2/issue/{quote(key)}/comment", {"body": text})

    def has_comment(self, key: str, marker: str, *, since: datetime) -> bool:
        path = f"/rest/api/2/issue/{quote(key)}/comment?orderBy=-created&maxResults=100"
        rows = self.wire.ask("GET", path).get("comments") or []
        return any(marker in str(row.get("body") or "") for row in rows)

    def _item(self, row: Mapping[str, Any]) -> Item:
        key, fields = str(row.get("key", "")), row.get("fields") or {}
        return Item(
            key=key,
            title=words_of(fields.get("summary"))[:250],
            url=self._url(key),
            standing=standing_of(fields),
            at=moment(fields.get("updated")),
        )

    def _url(self, key: object) -> str:
        return f"{self.base}/browse/{key}"


_OPEN = Standing(is_closed=False, is_done=False, words="open")


def body_of(letter: Letter) -> str:
    parts = [
        f"h3. {title}\n" + "\n".join(f"* {harmless(line)}" for line in lines)
        for title, lines in letter.sections
    ]
    if letter.quotes:
        parts.append(
            "h3. What customers say\n"
            + "\n".join(f"bq. {harmless(' '.join(q.split()))}" for q in letter.quotes)
        )
    return "\n\n".join(parts)


def harmless(text: str) -> str:
    """Words of others call nobody ([~name]) and open no macro ({...})."""
    return re.sub(r"[\[{]", lambda found: f"\\{found[0]}", text)


def standing_of(fields: Mapping[str, Any]) -> Standing:
    status, resolution = part(fields, "status"), words_of(part(fields, "resolution", "name"))[:60]
    closed = part(status, "statusCategory", "key") == "done"
    name = words_of(part(status, "name"))[:60] or ("done" if closed else "open")
    done = closed and resolution.lower().replace("\u2019", "'") not in NOTHING_DONE
    return Standing(closed, done, f"{name} ({resolution})" if closed and resolution else name)


def signature_of(headers: Mapping[str, str]) -> str:
    return headers.get("X-Hub-Signature", "")


def read(headers: Mapping[str, str], told: Any, *, project: str, body: bytes) -> Heard | None:
    """What a webhook tells of an issue of this project; None for everything else. Raises Unreadable."""
    kind, issue = part(told, "webhookEvent"), part(told, "issue")
    if kind not in ("jira:issue_updated", "comment_created"):
        return None
    key = part(issue, "key")
    if not isinstance(key, str) or not re.fullmatch(r"[A-Z][A-Z0-9_]*-\d+", key):
        raise Unreadable
    if key.rpartition("-")[0] != project:
        return None
    # Older servers name no delivery: then the same words are the same delivery.
    delivery = headers.get("X-Atlassian-Webhook-Identifier") or hashlib.sha256(body).hexdigest()
    heard: dict[str, Any] = {"delivery": f"{kind}:{delivery}"[:200], "key": key}
    if kind == "comment_created":
        comment = part(told, "comment")
        who = words_of(part(comment, "author", "displayName"))[:80]
        return Heard(
            **heard, who=who, at=moment(part(comment, "created")), comment=words_of(part(comment, "body"))
        )
    changed = part(told, "changelog", "items")
    fields = {part(one, "field") for one in changed} if isinstance(changed, list) else set()
    if not fields & {"status", "resolution"}:
        return None
    at = moment(part(issue, "fields", "updated")) or _moment_of(part(told, "timestamp"))
    standing = standing_of(part(issue, "fields") or {})
    return Heard(**heard, who=words_of(part(told, "user", "displayName"))[:80], at=at, standing=standing)


def _moment_of(milliseconds: object) -> datetime | None:
    usable = isinstance(milliseconds, int) and 0 < milliseconds < 10**14
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if usable else None  # type: ignore[operator]
