"""Names in a text: `@Lena Fischer`, or `@lena@desk.example` where two have one name. Pure.

An @ counts at the beginning of a word, so that addresses of mail mention nobody; of names that fit the longest does,
and what is nobody's name is words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_AT = re.compile(r"(?<![\w@.+-])@")


@dataclass(frozen=True)
class Person:
    pk: int
    name: str
    email: str


@dataclass(frozen=True)
class Named:
    """Who is named, in order and once each, and names that several people have."""

    people: tuple[Person, ...]
    unclear: tuple[str, ...]


def named(text: str, among: Iterable[Person]) -> Named:
    words: dict[str, list[Person]] = {}
    for person in among:
        for word in {person.name.casefold(), person.email.casefold()} - {""}:
            words.setdefault(word, []).append(person)
    longest_first = sorted(words, key=len, reverse=True)
    found: dict[int, Person] = {}
    unclear: dict[str, None] = {}
    # Each letter by itself, so that places in the folded text are places in the text.
    folded = "".join(char.casefold() if len(char.casefold()) == 1 else char for char in text)
    for at in _AT.finditer(text):
        rest = folded[at.end() :]
        word = next((word for word in longest_first if _begins(rest, word)), "")
        if not word:
            continue
        if len(words[word]) > 1:
            unclear[text[at.end() : at.end() + len(word)]] = None
        else:
            found[words[word][0].pk] = words[word][0]
    return Named(tuple(found.values()), tuple(unclear))


def _begins(rest: str, word: str) -> bool:
    after = rest[len(word) : len(word) + 1]
    return rest.startswith(word) and not (after.isalnum() or after == "_")
