"""Go anywhere by its name: what the palette offers for what was typed. Who answers stands in `config/palette.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import islice

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.context import SECTIONS
from helpdesk.models import User

MOST = 5  # of one kind
LONGEST = 200  # letters


@dataclass(frozen=True)
class Place:
    """Somewhere to go: what it is called, what it is, and where."""

    label: str
    kind: str
    url: str


Source = Callable[[str, User], Iterable[Place]]


def places(text: str, *, user: User) -> list[Place]:
    """What this person may open and what is called so, at most five of a kind. Without words: the sections.

    Each source makes at most two queries, and none for what it cannot know.
    """
    text = " ".join(text.replace("\0", "").split())[:LONGEST]
    return [place for source in _sources() for place in islice(source(text, user), MOST if text else None)]


@cache
def _sources() -> tuple[Source, ...]:
    named = (path.rpartition(".") for path in import_module("config.palette").SOURCES)
    return tuple(getattr(import_module(module), name) for module, _dot, name in named)


def sections(text: str, user: User) -> Iterable[Place]:
    """The places of the side navigation."""
    for section in SECTIONS:
        if section.lets_in(user) and text.lower() in _(section.label).lower():
            yield Place(_(section.label), _(section.group), reverse(section.url_name))
