"""What somebody who has not signed in gets from every address: the login, a refusal, or a page for all."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# Meant for everybody, or guarded by a signed key in the address (a wrong key gives 404).
PUBLIC = {
    "home", "setup", "login", "health", "api_docs", "schema", "portal", "new_request", "changes",
    "forgotten_password", "choose_password", "theme_evidence_schema",
    "webhook_message_schema", "set_language", "account_sign_in", "search_help", "suggest_help",
    "known_issue",
}  # fmt: skip
SAMPLES = {
    "number": 987_654,
    "pk": 987_654,
    "key": "not-a-key",
    "view": "my-open",
}


def addresses(patterns=None, prefix=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern


def fill(route: str, pattern: URLPattern) -> str:
    path = "/" + route.replace("^", "").replace("$", "")
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.replace("Converter", "").lower()
        value = SAMPLES.get(name, 987_654 if kind == "int" else "x")
        for written in (f"<{kind}:{name}>", f"<str:{name}>", f"<{name}>"):
            path = path.replace(written, str(value))
    return path


@pytest.mark.parametrize(
    ("route", "pattern"), list(addresses()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_stranger_is_let_in_nowhere_he_should_not_be(db, route, pattern):
    for method in ("get", "post"):
        answer = getattr(Client(raise_request_exception=False), method)(fill(route, pattern))
        if pattern.name in PUBLIC:
            assert answer.status_code < 500
        elif answer.status_code in (301, 302):
            # Customers sign in at a door of their own.
            door = "/help/sign-in/" if route.startswith("help/") else "/login/"
            assert answer["Location"].startswith(door), f"{route} sends a stranger to {answer['Location']}"
        else:
            assert answer.status_code in (401, 403, 404, 405), (
                f"{route} answers a stranger with {answer.status_code}"
            )
