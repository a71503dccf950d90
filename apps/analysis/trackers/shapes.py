"""What a tracker is reduced to: items that are open or closed, and what is heard of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from helpdesk.outside import Answer, call

MOST = 4_000_000  # bytes of an answer: a hundred long issues
MOST_WORDS = 2_000


class Trouble(Exception):
    """The tracker did not do it. `for_good`: trying again will not help."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


class Unreadable(Exception):
    """A webhook whose body is not what the tracker sends."""


@dataclass(frozen=True)
class Standing:
    """How an item stands: closed is not yet done ("not planned"). `words`: as the tracker says it."""

    is_closed: bool
    is_done: bool
    words: str


@dataclass(frozen=True)
class Item:
    """An item as the tracker has it; `key` is its number or name there."""

    key: str
    title: str
    url: str
    standing: Standing
    at: datetime | None


@dataclass(frozen=True)
class Heard:
    """What one webhook tells of one item: how it stands, or what somebody said; neither: nothing we mind."""

    delivery: str
    key: str
    who: str
    at: datetime | None
    standing: Standing | None = None
    comment: str = ""


@dataclass(frozen=True)
class Letter:
    """What stands in a new item."""

    title: str
    sections: Sequence[tuple[str, Sequence[str]]]
    quotes: Sequence[str]
    labels: Sequence[str]


class Client(Protocol):
    """One project of one tracker."""

    def check(self) -> None: ...
    def create(self, letter: Letter, *, marker: str) -> Item: ...
    def find(self, marker: str, *, since: datetime) -> Item | None: ...
    def item(self, key: str) -> Item: ...
    def comment(self, key: str, text: str) -> None: ...
    def has_comment(self, key: str, marker: str, *, since: datetime) -> bool: ...


@dataclass(frozen=True)
class Wire:
    """How both are spoken to: JSON over HTTP, with what went wrong in words."""

    base: str
    headers: Mapping[str, str]

    def ask(self, method: str, path: str, given: Mapping[str, Any] | None = None) -> Any:
        """The answer, read. Raises Trouble."""
        body = None if given is None else json.dumps(given).encode()
        headers = {**self.headers, "Accept-Encoding": "identity"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        answer = call(method, f"{self.base.rstrip('/')}{path}", body=body, headers=headers, most=MOST)
        if not answer.is_taken:
            raise Trouble(_said(answer), for_good=answer.status in {400, 404, 405, 410, 422})
        try:
            return json.loads(answer.text) if answer.text.strip() else {}
        except ValueError as error:
            raise Trouble(_("It answered with something that is no JSON.")) from error


def _said(answer: Answer) -> str:
    if answer.status is None:
        return answer.error
    hints = {
        401: _(" (is the token right?)"),
        403: _(" (may the token do this?)"),
        404: _(" (is the project right?)"),
    }
    return f"{answer.status}{hints.get(answer.status, '')} {_reason(answer.text)[:200]}".strip()


def _reason(text: str) -> str:
    """Why it refuses: the words GitHub and Jira put into their JSON, or what came instead."""
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return " ".join(text.split())
    listed, named = said.get("errorMessages"), said.get("errors")
    words = [said.get("message"), *(listed if isinstance(listed, list) else ())]
    if isinstance(named, dict):
        words += [f"{field}: {why}" for field, why in named.items()]
    told = [" ".join(one.split()) for one in words if isinstance(one, str) and one.strip()]
    return " ".join(told) or " ".join(text.split())


def moment(text: object) -> datetime | None:
    """A time as trackers write it; Jira leaves out the colon of the zone."""
    if not isinstance(text, str):
        return None
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def part(of: object, *names: str) -> Any:
    """What lies at the end of a path of names; None where the path breaks off."""
    for name in names:
        of = of.get(name) if isinstance(of, dict) else None
    return of


def words_of(value: object) -> str:
    """A text of a stranger: cut, and without what a database could not keep."""
    return value.replace("\0", "").strip()[:MOST_WORDS] if isinstance(value, str) else ""
