"""Markdown of an article as HTML that is safe to show, and as bare words.

Method: CommonMark with tables by markdown-it-py, in which raw HTML stays text; then nh3 lets through the tags below
and no attribute but a link's address and a list's first number. Links lead to https, http, mailto, or within the house.
Pictures are not shown: they would be fetched from others, who would learn of every reader. Headings begin at h2, below
the article's title. Limits: 50,000 characters take some 20 ms.
"""

import html
import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "s", "a", "code", "pre", "blockquote", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"https", "http", "mailto"}
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
_SPACES = re.compile(r"\s+")


def html_of(text: str) -> SafeString:
    """For pages: what is not allowed is left out."""
    tokens = _markdown.parse(text)
    _begin_at_two(tokens)
    made = _markdown.renderer.render(tokens, _markdown.options, {})
    safe = nh3.clean(
        made, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer"
    )
    return mark_safe(safe)  # noqa: S308 (nh3 has just cleaned it)


def _begin_at_two(tokens: list[Token]) -> None:
    """The highest heading is an h2, and none is more than one level below the one before it."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest, last = min((int(token.tag[1]) for token in headings), default=1), 1
    for opens, closes in zip(headings[::2], headings[1::2], strict=True):
        last = min(int(opens.tag[1]) - highest + 2, last + 1, 4)
        opens.tag = closes.tag = f"h{last}"


def words_of(text: str) -> str:
    """The words alone, for search and excerpts."""
    return _SPACES.sub(" ", " ".join(_said(_markdown.parse(text)))).strip()


def _said(tokens: list[Token]) -> list[str]:
    words: list[str] = []
    for token in tokens:
        if token.children:
            words += ["".join(_piece(child) for child in token.children)]
        elif token.type in ("fence", "code_block"):
            words.append(token.content)
    return [html.unescape(word) for word in words]


def _piece(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content
