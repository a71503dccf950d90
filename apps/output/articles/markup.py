"""Markdown of an article as HTML that is safe to show, and as bare words.

Method: CommonMark with tables by markdown-it-py, in which raw HTML stays text; then nh3 lets through the tags below
and no attribute but a link's address, a list's first number, and what a picture needs. Links lead to https, http,
mailto, or within the house. `files/12` is the article's own file of that number: as a picture it is shown, as a link it
is loaded. Pictures of others are not shown: they would be fetched from there, and others would learn of every reader;
what they say stands in their place. Headings begin at h2, below the article's title. Limits: 50,000 characters take
some 20 ms.
"""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Protocol

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "s", "a", "code", "pre", "blockquote", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td", "img",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "img": {"src", "alt", "width", "height", "loading"}}
SCHEMES = {"https", "http", "mailto"}
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_SPACES = re.compile(r"\s+")
_FILE = re.compile(r"files/([1-9]\d{0,9})/?")


class Shown(Protocol):
    """A file of the article whose words these are."""

    pk: int
    width: int | None
    height: int | None

    @property
    def url(self) -> str: ...


def html_of(text: str, files: Iterable[Shown] = ()) -> SafeString:
    """For pages: what is not allowed is left out, and so is a file that is none of `files`."""
    tokens = _markdown.parse(text)
    _begin_at_two(tokens)
    _put_in(tokens, {file.pk: file for file in files})
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


def _put_in(tokens: list[Token], files: dict[int, Shown]) -> None:
    for token in _inline(tokens):
        name = "src" if token.type == "image" else "href"
        number = _number(token.attrs.get(name))
        file = files.get(number or 0)
        if number and file:
            token.attrs[name] = file.url
        if token.type == "image" and file and file.width and file.height:
            token.attrs |= {"width": file.width, "height": file.height, "loading": "lazy"}
        elif token.type == "image":
            token.type, token.content = "text", token.content or ""


def files_named(*texts: str) -> set[int]:
    """The numbers of the article's own files that words show or lead to."""
    said = (_inline(_markdown.parse(text)) for text in texts if "files/" in text)
    named = (token.attrs.get("src") or token.attrs.get("href") for tokens in said for token in tokens)
    return {number for address in named if (number := _number(address))}


def _inline(tokens: list[Token]) -> Iterator[Token]:
    """Pictures and links, also a picture that is one."""
    for token in tokens:
        yield from (child for child in token.children or () if child.type in ("image", "link_open"))


def _number(address: object) -> int | None:
    found = _FILE.fullmatch(str(address or ""))
    return int(found[1]) if found else None


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
