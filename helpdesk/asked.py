"""Asking points further right about tickets without knowing them: see `config/asked.py`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from importlib import import_module
from operator import or_
from typing import Any

from django.db.models import Q
from django.db.models.expressions import Combinable
from django.utils.module_loading import import_string

from helpdesk.models import Message, Ticket, User


@dataclass(frozen=True)
class KnownIssue:
    """Something we know of and work on, in the words for customers. `path`: of the issue it is about, "" where it is of
    none; `follow_url`: where a request is sent to by who only wants to hear when it is solved."""

    title: str
    text: str
    meanwhile: str
    news_on: date | None
    code: str
    path: str
    follow_url: str

    def is_about(self, path: str) -> bool:
        """Whether this issue is the one it is about, or stands below it."""
        return bool(self.path) and f"{path}/".startswith(f"{self.path}/")


def tickets_with(word: str, value: str, *, at: datetime) -> Q:
    """The tickets that a word of the search box means."""
    found: Q = import_string(import_module("config.asked").CONDITIONS[word])(value, at=at)
    return found


def acts_of_others() -> dict[str, Any]:
    """What else can be done to tickets: kinds of acts (`apps/response/acting/kinds.py`) by name."""
    return {name: import_string(kind) for name, kind in import_module("config.asked").ACTS.items()}


def take_back(*, message: Message, by: User, at: datetime) -> None:
    """Take an answer back before it leaves, with what it did; nobody is asked to write it again. Raises a refusal once
    it has left."""
    import_string(import_module("config.asked").TAKE_BACK)(
        message=message, to_write_again=False, by=by, at=at
    )


def letters_shown() -> Q:
    """What of a machine's letters their readers find again on the page of their request."""
    functions = import_module("config.asked").LETTERS_SHOWN
    shown: Q = reduce(or_, (import_string(name)() for name in functions))
    return shown


def request_facts(ticket: Ticket) -> list[tuple[str, str]]:
    """What else the customer reads on the page of their request: labels, and what stands beside each."""
    functions = import_module("config.asked").REQUEST_FACTS
    return [fact for name in functions for fact in import_string(name)(ticket)]


def known_like(message: str, *, language: str, at: datetime) -> list[KnownIssue]:
    """Of what we know already that which the words of a message may be about, the likeliest first; two at most."""
    functions = map(import_string, import_module("config.asked").KNOWN_LIKE)
    return [known for function in functions for known in function(message, language=language, at=at)][:2]


def known_issues(at: datetime) -> list[KnownIssue]:
    """What customers who ask for help may read that we know already, the newest first."""
    functions = import_module("config.asked").KNOWN_ISSUES
    return [known for name in functions for known in import_string(name)(at)]


def refusal(ticket: Ticket, *, name: str, at: datetime) -> str:
    """What somebody of this name who writes on the ticket now is told; empty where their words are heard."""
    said: str = import_string(import_module("config.asked").REFUSAL)(ticket, name=name, at=at)
    return said


@dataclass(frozen=True)
class SinceDays:
    """Since when so many working days have passed, by the calendar in which a ticket is timed."""

    # No ticket's is later: what an index can be asked for.
    latest: datetime
    # Of a ticket, as an expression beside its rows.
    own: Combinable


def since_working_days(numbers: Collection[int], *, at: datetime) -> Mapping[int, SinceDays]:
    """For each of these numbers of working days: since when so many have passed now, for a ticket."""
    found: Mapping[int, SinceDays] = import_string(import_module("config.asked").WORKING_DAYS)(numbers, at=at)
    return found
