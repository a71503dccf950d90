"""Every text of the house that is marked for translation, read from the source itself.

Python is read as syntax trees and templates with Django's own lexer, so that nobody needs the gettext programs. It
knows some marks of the house's own besides the usual ones: the first line of a refusal's docstring, which
`helpdesk/errors.py` says to people, the words of a `Section` of the navigation, and the sentences to keep that are made
with `said` and `counted` (`helpdesk/sentences.py`).
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

FOLDERS = ("helpdesk", "apps", "config")
LEFT_OUT = ("migrations", "demo", "management", "up", "services/embedded")
# What each mark takes, in order: c context, s singular, p plural.
MARKS = {
    "gettext": "s", "gettext_lazy": "s", "gettext_noop": "s", "ngettext": "sp", "ngettext_lazy": "sp",
    "pgettext": "cs", "pgettext_lazy": "cs", "npgettext": "csp", "npgettext_lazy": "csp",
}  # fmt: skip
KEPT = {"said": "s", "counted": "sp"}
_LITERAL = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_MARKED = re.compile(
    rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*(u?{_LITERAL}(?:\s*,\s*u?{_LITERAL})*)", re.DOTALL
)


@dataclass(frozen=True, order=True)
class Text:
    """One text to translate, as gettext knows it."""

    singular: str
    plural: str = ""
    context: str = ""


@cache
def marked() -> dict[Text, tuple[str, ...]]:
    """Every text with the files it stands in."""
    found: dict[Text, set[str]] = defaultdict(set)
    trees = {path: ast.parse(path.read_text()) for path in _files(".py")}
    refusals = _refusals(list(trees.values()))
    for path, tree in trees.items():
        for text in (*_called(tree), *_told(tree, refusals)):
            found[text].add(_name(path))
    for path in (*_files(".html"), *_files(".txt")):
        for text in _of_template(path.read_text()):
            found[text].add(_name(path))
    return {text: tuple(sorted(found[text])) for text in sorted(found)}


def _files(suffix: str) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).rglob(f"*{suffix}")):
            parts = path.relative_to(settings.BASE_DIR).parts
            if not set(parts) & set(LEFT_OUT) and (suffix == ".py" or "templates" in parts):
                yield path


def _name(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


def _called(tree: ast.Module) -> Iterator[Text]:
    names = _names(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        mark = names.get(called) or (
            called if isinstance(node.func, ast.Attribute) and called in MARKS else ""
        )
        if mark:
            yield from _text((MARKS | KEPT)[mark], [_constant(one) for one in node.args])
        elif called == "Section" and len(node.args) > 4:
            yield from (Text(words) for one in (node.args[0], node.args[4]) if (words := _constant(one)))


def _names(tree: ast.Module) -> dict[str, str]:
    """What this file calls each mark."""
    known = {"django.utils.translation": MARKS, "helpdesk.sentences": KEPT}
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in known
        for alias in node.names
        if alias.name in known[node.module]
    }


def _constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _text(takes: str, given: list[str]) -> Iterator[Text]:
    named = dict(zip(takes, given, strict=False))
    if named.get("s"):
        yield Text(named["s"], named.get("p", ""), named.get("c", ""))


def _refusals(trees: list[ast.Module]) -> set[str]:
    """Names of the classes that come from DomainError."""
    bases = {
        node.name: {ast.unparse(base).split(".")[-1] for base in node.bases}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known, more = set[str](), {"DomainError"}
    while more:
        known |= more
        more = {name for name, above in bases.items() if above & known} - known
    return known


def _told(tree: ast.Module, refusals: set[str]) -> Iterator[Text]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in refusals - {"DomainError"}:
            first = (ast.get_docstring(node) or "").splitlines()[:1]
            yield from (Text(line) for line in first)


def _of_template(source: str) -> Iterator[Text]:
    for name, given in _MARKED.findall(templatize(source)):
        words = [ast.literal_eval(one) for one in re.findall(_LITERAL, given, re.DOTALL)]
        yield from _text(MARKS["gettext" if name == "_" else name], words)
