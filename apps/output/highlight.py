"""Showing where words were found. PostgreSQL marks them with two characters no text needs; here they become <mark>."""

import re
from typing import Final

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import CharField, F, Func, Value
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Private-use characters; a text that holds them itself loses them, and nothing else.
START: Final = "\ue000"
STOP: Final = "\ue001"
MAX_READ = 20_000  # characters a headline is made from: the beginning of a very long mail is enough
_WORD = re.compile(r"[^\W_]{2,}")
_MARKED = re.compile(f"{START}(.*?){STOP}", re.DOTALL)


def headline(field: str, query: SearchQuery) -> SearchHeadline:
    """An excerpt around the words. Costly: ask for it only for the rows that are shown."""
    text = Func(
        F(field), Value(f"{START}{STOP}"), Value("  "), function="translate", output_field=CharField()
    )
    return SearchHeadline(
        Func(text, Value(1), Value(MAX_READ), function="substr", output_field=CharField()),
        query,
        config="english",
        start_sel=START,
        stop_sel=STOP,
        max_words=32,
        min_words=12,
        max_fragments=2,
        fragment_delimiter=" … ",
    )


def framed(name: str, text: str) -> str:
    """A name with the parts of it that were typed between the two characters: PostgreSQL takes `invoice_march.pdf`
    for one word. An ending may differ, as it may where the words were found."""
    stems = {word[: max(3, len(word) - 2)] for word in _WORD.findall(text)}
    if not stems:
        return name
    either = "|".join(re.escape(stem) for stem in sorted(stems, key=len, reverse=True))
    return re.sub(rf"(?<![^\W_])(?:{either})[^\W_]*", rf"{START}\g<0>{STOP}", name, flags=re.IGNORECASE)


def marked(text: str) -> SafeString:
    """Everything escaped, then the marked words framed."""
    framed = _MARKED.sub(r"<mark>\1</mark>", str(escape(text)))
    return mark_safe(framed.replace(START, "").replace(STOP, ""))  # noqa: S308 — escaped above
