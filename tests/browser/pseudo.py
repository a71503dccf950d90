"""A language nobody speaks, made of our own texts: in brackets, two fifths longer, and from right to left.

What stands on a page without brackets was never marked for translation, or is what people wrote. It goes by the name
of Arabic, so that Django's own texts and dates come from the right as well.
"""

import re
from functools import cache
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
LANGUAGE = "ar"
NAMES = {"Desk", "Helpdesk", "UTC", "PNG"}
# What people wrote, in the words of our source; and the words of the queue's language, which are the same for all.
WRITTEN = {"home", "yes", "Delivery", "No fitting code", "Standard", "Office hours", "Waiting for parts"}
ASKED = {
    "open", "new", "waiting", "solved", "closed", "assigned", "unassigned", "coded", "uncoded", "overdue", "paused",
    "reopened", "merged", "replied", "unreplied", "followed", "refused", "no-fitting-code", "min",
}  # fmt: skip
SPARED = NAMES | WRITTEN | ASKED
OPEN, CLOSE, WORD = "⟦", "⟧", " كلمة"
# What a page says to eyes and ears that holds letters of ours and no bracket.
UNMARKED = """() => {
    const plain = (text) => /[a-z]{3}/i.test(text) && !/[⟦⟧]/.test(text)
    const unread = "script, style, code, kbd, pre, svg, textarea, [hidden], [lang]:not(html)"
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found = new Set()
    while (walk.nextNode()) {
        if (!walk.currentNode.parentElement.closest(unread)) found.add(walk.currentNode.data)
    }
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
        for (const node of document.querySelectorAll(`[${name}]`)) found.add(node.getAttribute(name))
    }
    return [...found].map((text) => text.replace(/\\s+/g, " ").trim()).filter(plain)
}"""


def write_catalogue(folder: Path) -> None:
    """What is complete in German is said in this language."""
    german = polib.mofile(str(ROOT / "helpdesk/locale/de/LC_MESSAGES/django.mo"))
    made = polib.MOFile()
    made.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for one in german:
        entry = polib.MOEntry(msgid=one.msgid, msgctxt=one.msgctxt, msgid_plural=one.msgid_plural)
        if one.msgid_plural:
            entry.msgstr_plural = {0: stretched(one.msgid), 1: stretched(one.msgid_plural)}
        else:
            entry.msgstr = stretched(one.msgid)
        made.append(entry)
    place = folder / LANGUAGE / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    made.save(str(place / "django.mo"))


def stretched(text: str) -> str:
    return OPEN + text + WORD * round(len(text) * 0.4 / len(WORD)) + CLOSE


def of_the_house(texts: list[str]) -> list[str]:
    """Those of them that stand in our source; the others are what people wrote."""
    return [text for text in texts if text not in SPARED and (is_said(text) or is_counted(text))]


def is_said(text: str) -> bool:
    return any(f"{mark}{text}{mark}" in source() for mark in "\"'")


def is_counted(text: str) -> bool:
    """Words around a number: `f"{count} tickets"`."""
    first, *others = re.split(r"\d[\d.,:]*", text)
    parts = [part for part in (first, *others) if len(part) > 4]
    return bool(others and parts) and all(
        f"}}{part}" in source() or f"{part}{{" in source() for part in parts
    )


@cache
def source() -> str:
    doors = [path for place in ("apps", "helpdesk") for path in (ROOT / place).rglob("*.py")]
    doors = [path for path in doors if "migrations" not in path.parts and path.name != "style_guide.py"]
    return "\n".join(path.read_text() for path in doors)
