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


def marked(text: str) -> SafeString:
    """Everything escaped, then the marked words framed."""
    framed = _MARKED.sub(r"<mark>\1</mark>", str(escape(text)))
    return mark_safe(framed.replace(START, "").replace(STOP, ""))  # noqa: S308 — escaped above
