"""Everything the house says can be read in every language it speaks, and nothing is said that is not marked for it."""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType

from config.words import KEPT, Text, marked
from tests.house.source import ROOT, house

OTHERS = [language for language, _ in settings.LANGUAGES if language != "en"]
# Samples for developers, and frames of reports that are put together elsewhere.
NOT_SPOKEN = ("style_guide.html", "mail/report.txt", "mail/report.html")
# Names of things: formats, protocols and the house itself.
NAMES = re.compile(
    r"\b(CSV|XLSX|PNG|SVG|PDF|JSON|URL|API|UTC|TARP|Desk|Ctrl|Shift|Enter|Esc|Tab|Space|Alt|nbsp|middot|hellip|ITIL)\b"
)
READ_ALOUD = re.compile(r'(?<![:\w-])(?:title|aria-label|placeholder|alt|label|lead|text)="([^"<>]*)"')
# What is no text of a page: classes and targets that a block holds, attributes of a part, units and addresses.
NO_WORDS = re.compile(
    r"(portal-wide|show-list|said|min|#main|name@example\.com|manage\.py recompute|[.():' ])*\Z"
)
_ATTRIBUTES = re.compile(r'[\w:@-]+="[^"]*"?')
_UNSPOKEN = re.compile(r"<(style|script|code|kbd|pre|svg|samp)\b.*?</\1>|<!--.*?-->", re.DOTALL)


def catalogue(language: str) -> Path:
    return settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"


def placeholders(words: str) -> list[str]:
    return sorted(set(re.findall(r"%\(\w+\)[a-z]|\{\w*\}|</?\w+", words)))


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language):
    known = {
        Text(one.msgid, one.msgid_plural, one.msgctxt or "")
        for one in polib.pofile(str(catalogue(language)))
        if one.translated()
    }
    missing = [text.singular for text in marked() if text not in known]
    assert not missing, f"`manage.py words`, then translate in {catalogue(language)}:\n" + "\n".join(missing)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_names_what_the_text_names(language):
    """A placeholder that is missing or misspelt breaks the page in that language alone."""
    wrong = []
    for one in polib.pofile(str(catalogue(language))):
        told = one.msgstr_plural.values() if one.msgid_plural else [one.msgstr]
        # One of something need not be counted in words: "Ein Tag", "%(n)s Tage".
        asked = placeholders(one.msgid_plural or one.msgid)
        wrong += [one.msgid for words in list(told)[-1:] if placeholders(words) != asked]
        wrong += [one.msgid for words in told if not set(placeholders(words)) <= set(asked)]
    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_a_percent_sign_of_its_own_is_written_as_in_the_text(language):
    """“90 % sicher” would be read as a value in the form “% s”, and say something else without any fault."""
    wrong = []
    for one in polib.pofile(str(catalogue(language))):
        named = "%(" in one.msgid + one.msgid_plural
        for words in (*one.msgstr_plural.values(), one.msgstr):
            alone = re.sub(r"%\(\w+\)[sd]", "", words.replace("%%", "") if named else words)
            wrong += [one.msgid] if "%" in alone and (named or "%" not in one.msgid) else []
    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_compiled_is_what_was_translated(language):
    path = catalogue(language)
    compiled = polib.mofile(str(path.with_suffix(".mo")))
    read = {(one.msgctxt, one.msgid): (one.msgstr, one.msgstr_plural) for one in compiled}
    written = {
        (one.msgctxt, one.msgid): (one.msgstr, one.msgstr_plural)
        for one in polib.pofile(str(path))
        if one.translated()
    }
    assert read == written, "Compile it: `manage.py words`."


def test_a_sentence_to_keep_is_written_where_it_is_marked():
    """Put together from pieces, or read from a variable, it would be in no catalogue: nobody could translate it."""
    wrong = []
    for module in house():
        marks = {
            alias.asname or alias.name: len(KEPT[alias.name])
            for node in module.nodes
            if isinstance(node, ast.ImportFrom) and node.module == "helpdesk.sentences"
            for alias in node.names
            if alias.name in KEPT
        }
        wrong += [
            module.at(call.lineno)
            for call in module.nodes
            if isinstance(call, ast.Call)
            and (texts := marks.get(ast.unparse(call.func)))
            and not all(isinstance(one, ast.Constant) for one in call.args[:texts])
        ]
        if module.name != "helpdesk/sentences.py":
            wrong += [module.at(line) for line, name in module.calls if name.endswith("Sentence")]
    assert not wrong, f"Write the text out in `said(...)` or `counted(...)`: {wrong}"


def test_templates_say_nothing_that_is_not_marked():
    found = [
        f"{path.relative_to(ROOT)}: {' '.join(words.split())[:80]}"
        for folder in ("helpdesk", "apps")
        for path in sorted((ROOT / folder).rglob("templates/**/*"))
        if path.suffix in (".html", ".txt") and not any(name in str(path) for name in NOT_SPOKEN)
        for words in bare(path.read_text())
    ]
    assert not found, "Put them into {% translate %}:\n" + "\n".join(found)


def bare(source: str) -> list[str]:
    """The words between the tags and in the attributes that are read aloud, of the template's own text."""
    text, inside = [], ""
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.token_type == TokenType.BLOCK and token.contents else ""
        if inside:
            inside = "" if name == f"end{inside}" else inside
        elif name in ("blocktranslate", "blocktrans", "comment"):
            inside = name
        text.append(token.contents if token.token_type == TokenType.TEXT and not inside else " ")
    shown = _UNSPOKEN.sub(" ", "".join(text))
    said = [
        *READ_ALOUD.findall(shown),
        *(_ATTRIBUTES.sub("", words) for words in re.split(r"<[^>]*>", shown)),
    ]
    return [
        words
        for words in said
        if re.search(r"[^\W\d_]{3,}", NAMES.sub("", words)) and not NO_WORDS.match(" ".join(words.split()))
    ]
