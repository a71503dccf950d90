"""HTML of strangers: made harmless, and turned into plain text.

Sanitised on the way in, and again on the way out. Kept are the marks by which mail programs frame a quotation and a
signature, because `trim` and `signature` need them. A page of hostile nesting costs the HTML parser quadratic time and
memory, so the work is estimated first and such a page is read as text only.
"""

# ruff: noqa: SIM905  a paragraph of words is easier to read and to extend than a list of strings

import re
from collections import Counter

import nh3
from selectolax.lexbor import LexborHTMLParser

SCHEMES = frozenset({"https", "mailto", "cid"})
QUOTE_CLASSES = frozenset(
    """gmail_quote gmail_quote_container gmail_attr gmail_extra yahoo_quoted protonmail_quote moz-cite-prefix
    moz-forward-container moz-signature x_gmail_quote x_gmail_attr gmail_signature x_gmail_signature""".split()
)
QUOTE_IDS = frozenset(
    """divRplyFwdMsg x_divRplyFwdMsg appendonsend x_appendonsend isReplyContent x_isReplyContent
    ms-outlook-mobile-body-separator-line mail-editor-reference-message-container yahoo_quoted Signature x_Signature
    AppleMailSignature ms-outlook-mobile-signature""".split()
)
_TAGS = nh3.ALLOWED_TAGS | {"font", "includetail", "section", "u"}
_ATTRIBUTES = {
    "*": {"align", "class", "dir", "id", "lang", "title", "valign"},
    "a": {"href", "name"},
    "blockquote": {"cite", "type"},
    "col": {"span"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "td": {"colspan", "rowspan", "width"},
    "th": {"colspan", "rowspan", "width"},
}
_DROP_WITH_CONTENT = {
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "textarea",
    "select",
    "svg",
    "math",
    "object",
}
_MAX_WORK = 5_000_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_CLOSED_BY_PARSER = frozenset(
    """area base br col dd dt embed hr img input li link meta option p param source td th tr tbody thead
    track wbr""".split()
)
_BREAK = re.compile(
    r"<(?:br|hr)\b[^>]*>|</?(?:p|div|tr|table|ul|ol|blockquote|h[1-6]|pre|section|center|dl|dt|dd)\b[^>]*>"
)
_CELL = re.compile(r"</t[dh]>")
_ITEM = re.compile(r"<li\b[^>]*>")
_SPACES = re.compile(r"[ \t\xa0]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_CID = re.compile(r"\bsrc=\"cid:([^\"]{1,500})\"", re.IGNORECASE)


def is_too_tangled(html: str, limit: int = _MAX_WORK) -> bool:
    """Whether parsing would cost far more than the page's length: the sum, over all tags, of elements then open."""
    open_tags: Counter[str] = Counter()
    depth = work = 0
    for closing, tag in _TAG.findall(html):
        tag = tag.lower()
        if tag in _CLOSED_BY_PARSER:
            pass
        elif not closing:
            open_tags[tag] += 1
            depth += 1
        elif open_tags[tag]:
            open_tags[tag] -= 1
            depth -= 1
        work += depth
        if work > limit:
            return True
    return False


def sanitise(html: str, *, remote_images: bool = True) -> str:
    """The harmless part of `html`. Without `remote_images` only pictures that came with the mail keep their source."""

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "class":
            return " ".join(name for name in value.split() if quote_class(name)) or None
        if attribute == "id":
            return value if quote_id(value) else None
        if tag == "img" and attribute == "src" and not remote_images and not value.lower().startswith("cid:"):
            return None
        return value

    return nh3.clean(
        html,
        tags=set(_TAGS) - _DROP_WITH_CONTENT,
        clean_content_tags=_DROP_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def quote_class(name: str) -> bool:
    return name in QUOTE_CLASSES or name.endswith(
        "yahoo_quoted"
    )  # Yahoo prefixes its classes anew in each mail


def quote_id(value: str) -> bool:
    return value in QUOTE_IDS or "yahoo_quoted" in value[:100]


def content_ids(html: str) -> frozenset[str]:
    """The inline pictures that sanitised HTML refers to."""
    return frozenset(_CID.findall(html))


def to_text(sanitised: str) -> str:
    """Plain text of sanitised HTML (well-formed by then): one line a block, list items marked."""
    marked = _SPACES.sub(" ", sanitised.replace("\n", " "))
    marked = _CELL.sub(" ", _ITEM.sub("\n- ", _BREAK.sub("\n", marked)))
    body = LexborHTMLParser(marked).body
    return tidy(body.text() if body is not None else "")


def tidy(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def strip_tags(html: str) -> str:
    """Text of a page too tangled to parse."""
    return tidy(re.sub(r"<[^<>]{0,2000}>", " ", html))
