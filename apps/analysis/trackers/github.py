"""GitHub issues, after its REST API (version 2022-11-28) and its `issues` and `issue_comment` webhooks.

An issue closed as *completed* is done; closed as *not planned* or *duplicate* it is closed and not done. The marker is
a comment of HTML in the body, found again by listing the issues changed since (the search index lags behind).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from apps.analysis.trackers.shapes import (
    Heard,
    Item,
    Letter,
    Standing,
    Unreadable,
    Wire,
    moment,
    part,
    words_of,
)

HOME = "https://api.github.com"
PROJECT = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
PAGES = 10  # of a hundred issues, looked through for a marker


class GitHub:
    """One repository."""

    def __init__(self, *, base: str, project: str, token: str) -> None:
        self.repository = f"/repos/{project}"
        self.wire = Wire(
            base or HOME,
            {
                "Authorization": f"Bearer {token}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )

    def check(self) -> None:
        self.wire.ask("GET", self.repository)

    def create(self, letter: Letter, *, marker: str) -> Item:
        given = {"title": letter.title, "body": body_of(letter, marker), "labels": list(letter.labels)}
        return item_of(self.wire.ask("POST", f"{self.repository}/issues", given))

    def find(self, marker: str, *, since: datetime) -> Item | None:
        for page in range(1, PAGES + 1):
            asked = urlencode({
                "state": "all", "sort": "created", "direction": "desc", "per_page": 100, "page": page,
                "since": f"{since:%Y-%m-%dT%H:%M:%SZ}",
            })  # fmt: skip
            rows = self.wire.ask("GET", f"{self.repository}/issues?{asked}")
            for row in rows:
                if marker in (row.get("body") or "") and "pull_request" not in row:
                    return item_of(row)
            if len(rows) < 100:
                break
        return None

    def item(self, key: str) -> Item:
        return item_of(self.wire.ask("GET", f"{self.repository}/issues/{key}"))

    def comment(self, key: str, text: str) -> None:
        self.wire.ask("POST", f"{self.repository}/issues/{key}/comments", {"body": text})

    def has_comment(self, key: str, marker: str, *, since: datetime) -> bool:
        asked = urlencode({"per_page": 100, "since": f"{since:%Y-%m-%dT%H:%M:%SZ}"})
        rows = self.wire.ask("GET", f"{self.repository}/issues/{key}/comments?{asked}")
        return any(marker in (row.get("body") or "") for row in rows)


def body_of(letter: Letter, marker: str) -> str:
    parts = [
        f"### {title}\n\n" + "\n".join(f"- {harmless(line)}" for line in lines)
        for title, lines in letter.sections
    ]
    if letter.quotes:
        quotes = "\n\n".join(f"> {harmless(' '.join(quote.split()))}" for quote in letter.quotes)
        parts.append(f"### What customers say\n\n{quotes}")
    return "\n\n".join([*parts, f"<!-- {marker} -->"])


def harmless(text: str) -> str:
    """Words of others calls nobody (@name), refers to no issue (#12) and opens no HTML."""
    return re.sub(r"([@#])(?=\w)", "\\1\u200b", text.replace("<", "&lt;"))


def item_of(row: Mapping[str, Any]) -> Item:
    return Item(
        key=str(row.get("number", "")),
        title=words_of(row.get("title"))[:250],
        url=words_of(row.get("html_url"))[:500],
        standing=standing_of(row),
        at=moment(row.get("updated_at")),
    )


def standing_of(row: Mapping[str, Any]) -> Standing:
    reason = str(row.get("state_reason") or "completed")
    if row.get("state") != "closed":
        return Standing(is_closed=False, is_done=False, words="open")
    return Standing(
        is_closed=True, is_done=reason == "completed", words=f"closed as {reason.replace('_', ' ')}"
    )


def signature_of(headers: Mapping[str, str]) -> str:
    return headers.get("X-Hub-Signature-256", "")


def read(headers: Mapping[str, str], told: Any, *, project: str) -> Heard | None:
    """What a webhook tells of an issue of this repository; None for everything else. Raises Unreadable."""
    kind, action = headers.get("X-GitHub-Event", ""), part(told, "action")
    delivery, issue = headers.get("X-GitHub-Delivery", ""), part(told, "issue")
    if kind not in ("issues", "issue_comment"):
        return None
    if not delivery or not isinstance(issue, dict) or not isinstance(issue.get("number"), int):
        raise Unreadable
    if str(part(told, "repository", "full_name") or "").lower() != project.lower() or "pull_request" in issue:
        return None
    heard: dict[str, Any] = {"delivery": f"{kind}:{delivery}"[:200], "key": str(issue["number"])}
    heard["who"] = words_of(part(told, "sender", "login"))[:80]
    if kind == "issues" and action in ("closed", "reopened"):
        return Heard(**heard, at=moment(issue.get("updated_at")), standing=standing_of(issue))
    if kind == "issue_comment" and action == "created":
        comment = part(told, "comment")
        return Heard(**heard, at=moment(part(comment, "created_at")), comment=words_of(part(comment, "body")))
    return None
