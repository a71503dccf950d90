"""From what was typed to the tree of what is asked, by recursive descent: a function for each rule of the grammar."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from apps.response.query.fields import condition
from apps.response.query.tree import All, Any, Node, Not, Query, Term, Words, Wrong

MAX_TOKENS, MAX_WORDS, MAX_DEPTH, MAX_LENGTH = 24, 8, 5, 500
# Parentheses stand apart; a word may hold a pair of its own, as f(x) does.
TOKEN = re.compile(
    r'-?\(|\)|-?(?:[A-Za-z_]+(?:\.[\w-]+)?:)?(?:"[^"]*"?|[^\s"()]+(?:\([^\s"()]*\)[^\s"()]*)*)|-'
)
KEYED = re.compile(r"([A-Za-z_]+(?:\.[\w-]+)?):(.*)", re.DOTALL)
_NUMBER = re.compile(r"#\d{1,18}")
_NOT_KEYS = ("http", "https", "mailto")


def read(text: str, *, at: datetime) -> Query:
    """Understand what was typed; `at` is the moment from which ages count, and its zone that of days."""
    text = " ".join(text.replace("\0", "").split())
    reader = _Reader(text, at)
    where = reader.everything()
    return Query(text, where, reader.sort, tuple(sorted(reader.wrong, key=lambda wrong: wrong.start)))


@dataclass(frozen=True)
class _Token:
    text: str
    start: int

    @property
    def joins(self) -> bool:
        return self.text in ("or", "OR", "Or")

    @property
    def opens(self) -> bool:
        return self.text in ("(", "-(")


@dataclass
class _Reader:
    text: str
    at: datetime
    sort: str = ""
    wrong: list[Wrong] = field(default_factory=list)
    words: int = 0
    place: int = 0

    def __post_init__(self) -> None:
        found = [_Token(match[0], match.start()) for match in TOKEN.finditer(self.text[:MAX_LENGTH])]
        self.tokens = found[:MAX_TOKENS]
        if len(found) > MAX_TOKENS or len(self.text) > MAX_LENGTH:
            end = found[MAX_TOKENS].start if len(found) > MAX_TOKENS else MAX_LENGTH
            self.wrong.append(
                Wrong(
                    "…",
                    _("only the first %(max_tokens)s parts are read.") % {"max_tokens": MAX_TOKENS},
                    end,
                    len(self.text),
                )
            )

    def everything(self) -> All:
        """All there is. A parenthesis that closes nothing is told, and what follows it still read."""
        parts: list[Node] = []
        while self.now is not None:
            if node := self.any(0):
                parts += node.parts if isinstance(node, All) else [node]
            if (stray := self.now) is not None:
                self.refuse(stray, _("this parenthesis closes nothing."))
                self.place += 1
        return All(tuple(parts))

    @property
    def now(self) -> _Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def any(self, depth: int) -> Node | None:
        """One of several, or the only one."""
        choices = [self.all(depth)]
        while (joint := self.now) is not None and joint.joins:
            self.place += 1
            before, after = choices[-1], self.all(depth)
            if before is None or after is None:
                self.refuse(joint, _("“or” stands between two conditions."))
            choices.append(after)
        kept = [choice for choice in choices if choice is not None]
        return _one_of(kept) if len(kept) > 1 else kept[0] if kept else None

    def all(self, depth: int) -> Node | None:
        """Everything side by side."""
        parts: list[Node] = []
        while (token := self.now) is not None and not token.joins and token.text != ")":
            self.place += 1
            node = self.inside(token, depth) if token.opens else self.part(token, depth)
            if node is not None:
                parts.append(node)
        return All(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None

    def inside(self, opening: _Token, depth: int) -> Node | None:
        """What stands in parentheses. Too deep ones are told, and read as if they were not there."""
        if depth == MAX_DEPTH:
            self.refuse(opening, _("parentheses go %(max_depth)s deep.") % {"max_depth": MAX_DEPTH})
        before = len(self.wrong)
        node = self.any(min(depth + 1, MAX_DEPTH))
        if self.now is None:
            self.refuse(opening, _("this parenthesis is not closed."))
        else:
            self.place += 1
            if node is None and len(self.wrong) == before:
                self.refuse(opening, _("nothing stands in this parenthesis."))
        return Not(node) if node is not None and opening.text == "-(" else node

    def part(self, token: _Token, depth: int) -> Node | None:
        """A condition, or words; None where it was wrong, or only says how to sort."""
        negated = token.text.startswith("-")
        bare = token.text.removeprefix("-")
        keyed = KEYED.fullmatch(bare)
        if _NUMBER.fullmatch(bare):
            node: Node | None = Term("number", bare[1:], token=bare)
        elif keyed and keyed[1].lower() not in _NOT_KEYS:
            node = self.condition(token, keyed[1].lower(), keyed[2])
        else:
            node = self.look_for(token, bare)
        if isinstance(node, Term) and node.key == "sort":
            if negated or depth:
                self.refuse(token, _("an order stands by itself."))
            else:
                self.sort = node.value
            return None
        return Not(node) if negated and node is not None else node

    def condition(self, token: _Token, key: str, raw: str) -> Node | None:
        values = [raw.strip('"')] if raw.startswith('"') else raw.split(",")
        found = [condition(token.text.removeprefix("-"), key, value, at=self.at) for value in values]
        if reasons := [one for one in found if isinstance(one, str)]:
            self.refuse(token, reasons[0])
            return None
        terms = [one for one in found if isinstance(one, Term)]
        return terms[0] if len(terms) == 1 else Any(tuple(terms))

    def look_for(self, token: _Token, bare: str) -> Words | None:
        if not bare.strip('"-'):
            return None
        self.words += 1
        if self.words > MAX_WORDS:
            self.refuse(
                token, _("only the first %(max_words)s words are looked for.") % {"max_words": MAX_WORDS}
            )
            return None
        return Words(bare + '"' if bare.count('"') % 2 else bare)

    def refuse(self, token: _Token, reason: str) -> None:
        self.wrong.append(Wrong(token.text, reason, token.start, token.start + len(token.text)))


def _one_of(choices: list[Node]) -> Node:
    """Words alone are one question to the full-text index."""
    if all(isinstance(choice, Words) for choice in choices):
        return Words(" or ".join(choice.token for choice in choices))
    return Any(tuple(choices))
