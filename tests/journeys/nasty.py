"""What nobody means to send, and all that could receive it: every address, parameter and field, found by looking."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.forms import BaseForm
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

ROOT = Path(__file__).resolve().parents[2]
TOO_BIG = 2**63
TEXTS = (
    "", "a\0b", "x" * 20_000, "9" * 5_000, str(TOO_BIG), "-1", "1e400", "NaN", "0001-01-01", "9999-12-31",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0000-00-00", "2026-W99", "٣", "½", "../../etc/passwd",
    "'; DROP TABLE helpdesk_ticket; --", "%00%ff", "{{ 7 }}", "<svg onload=alert(1)>", "\r\nBcc: eve@x.test",
    "\u202eمرحبا\u202c 👩‍👩‍👧‍👦", "\U0001f468" * 300, "((((", '"', "-", "a:b:c", "is:", "created:>9999-12-31",
    "due:<9999w", "#" + "9" * 30, "eyJ.x.y", "=?utf-8?q?=00?=", "\ufeff", "\x1b[2J", "[]", "{}", "null", "true",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, TOO_BIG, 10**400, 1.5, [], {}, [[]], [None], {"a": None}, "", " ", "\ud800",
    {"\ud800": "\ud800"}, "x" * 20_000, "9" * 5_000, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "NaN", "\u202eمرحبا👩‍👩‍👧‍👦", ["\ud800"], [["a"] * 100] * 10, "eyJ.x.y", "a@b",
    "../..",
)  # fmt: skip


def deep(levels: int) -> bytes:
    """JSON in JSON in JSON."""
    return b'{"a":' * levels + b"1" + b"}" * levels


def turned(values: tuple[Any, ...], names: list[str], turn: int) -> dict[str, Any]:
    """Each name with another of the values; in the next turn each with yet another."""
    return {name: values[(place + turn * 7) % len(values)] for place, name in enumerate(names)}


# --- pages --------------------------------------------------------------------------------------------


def addresses(patterns: Any = None, prefix: str = "/") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every page's route and the converters of its parameters."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, dict(pattern.pattern.converters)


def filled(route: str, **values: object) -> str:
    """The route with these values for its parameters: by name, or by the kind of converter ("int", "str")."""
    return re.sub(
        r"<(?:(\w+):)?(\w+)>", lambda found: str(values.get(found[2], values.get(found[1] or "str"))), route
    )


def pages() -> list[str]:
    return sorted({route for route, _ in addresses() if not route.startswith("/api/")} - {"/logout/"})


@cache
def names_of_parameters() -> list[str]:
    """Whatever a view reads from a query string or a form, by looking at the code of the doors."""
    read = re.compile(r"(?:GET|POST|asked|params)(?:\.get|\.getlist)?[\[(]\"(\w+)\"")
    doors = [path for place in ("apps", "helpdesk") for path in (ROOT / place).rglob("*.py")]
    found = {name for path in doors for name in read.findall(path.read_text())}
    return sorted(found | {name for form in _below(BaseForm) for name in getattr(form, "base_fields", ())})


def _below(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        if child.__module__.startswith(("apps.", "helpdesk.")):
            yield child
        yield from _below(child)


# --- the API ------------------------------------------------------------------------------------------


@cache
def operations() -> list[tuple[str, str, list[str], list[str]]]:
    """(method, path, names of query parameters, names of body fields) of everything the API's description names."""
    description = json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))
    known = description["components"]["schemas"]
    found = []
    for path, methods in description["paths"].items():
        for method, told in methods.items():
            query = [one["name"] for one in told.get("parameters", []) if one["in"] == "query"]
            content = (
                told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            )
            fields = known.get(content.get("$ref", "").rpartition("/")[2], content).get("properties", {})
            found.append((method.upper(), path.replace("{", "<").replace("}", ">"), query, sorted(fields)))
    return found
